import type { Definition } from '../reference/definition.ts';
import type { TemplateFile, TemplateFiles } from '../templates/files.ts';
import { checkCustomResources } from './custom-resources.ts';
import { checkDescriptions } from './descriptions.ts';
import { type Finding, unexplained } from './findings.ts';
import { checkFunctions } from './functions.ts';
import { checkImports } from './imports.ts';
import { checkParameters } from './parameters.ts';
import { checkPolicies } from './policies.ts';
import { checkPolicySizes } from './policy-sizes.ts';
import type { ResultCache } from './result-cache.ts';
import { checkStateMachines } from './state-machines.ts';
import { checkByValidator } from './validate.ts';

/**
 * What is wrong with the templates among these sources, and not explained in them. Where `isWanted` is given, of those
 * alone; the others are there for what they export.
 */
export async function checkTemplates(
  { files, unreadable }: TemplateFiles,
  definitions: readonly Definition[],
  { isWanted = () => true, cache }: { isWanted?: (file: TemplateFile) => boolean; cache?: ResultCache } = {},
): Promise<Finding[]> {
  const wanted = files.filter(isWanted);
  const found: Finding[] = [...checkImports(wanted, files), ...checkByValidator(wanted, definitions, cache)];
  for (const file of wanted) {
    found.push(...checkDescriptions(file), ...checkParameters(file), ...checkCustomResources(file, definitions));
    found.push(...checkFunctions(file), ...checkStateMachines(file), ...(await checkPolicies(file)));
    found.push(...checkPolicySizes(file));
  }
  return [...unreadable.map((each) => ({ ...each, rule: 'template' })), ...unexplained(found, wanted)];
}
