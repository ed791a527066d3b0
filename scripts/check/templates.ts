import type { Definition } from '../reference/definition.ts';
import { readTemplateFiles } from '../templates/files.ts';
import { checkCustomResources } from './custom-resources.ts';
import { checkDescriptions } from './descriptions.ts';
import { type Finding, unexplained } from './findings.ts';
import { checkFunctions } from './functions.ts';
import { checkImports } from './imports.ts';
import { checkParameters } from './parameters.ts';
import { checkPolicies } from './policies.ts';
import type { Source } from './sources.ts';
import { checkStateMachines } from './state-machines.ts';
import { checkByValidator } from './validate.ts';

/** What is wrong with the templates among these sources, and not explained in them. */
export async function checkTemplates(
  sources: readonly Source[],
  definitions: readonly Definition[],
): Promise<Finding[]> {
  const { files, unreadable } = readTemplateFiles(sources);
  const found: Finding[] = [...checkImports(files), ...checkByValidator(files, definitions)];
  for (const file of files) {
    found.push(...checkDescriptions(file), ...checkParameters(file), ...checkCustomResources(file, definitions));
    found.push(...checkFunctions(file), ...checkStateMachines(file), ...(await checkPolicies(file)));
  }
  return [...unreadable.map((each) => ({ ...each, rule: 'template' })), ...unexplained(found, files)];
}
