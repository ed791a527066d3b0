import { AwsError } from '../../errors.ts';
import { CallCheck } from './calls.ts';
import { requiredCapabilities } from './capabilities.ts';
import { checkCycles } from './graph.ts';
import { isMap } from './intrinsics.ts';
import { isUnprocessed, preview, processed } from './language-extensions.ts';
import { readTransforms } from './macros.ts';
import { checkNames, evaluatedParts } from './names.ts';
import { readParameters } from './parameter-section.ts';
import { readResources } from './resource-section.ts';
import type { ConditionScope } from './scope.ts';
import { Section } from './section.ts';
import { readConditions, readMappings, readOutputs, readRules } from './sections.ts';
import { readSource, type Source, templateError } from './source.ts';
import type { Template } from './template.ts';

export type {
  Mappings,
  OutputDeclaration,
  ParameterDeclaration,
  ResourceDeclaration,
  RuleDeclaration,
  Template,
} from './template.ts';

/** Bytes. */
const LIMITS = { TemplateBody: 51_200, TemplateURL: 1_000_000 };

const SECTIONS = [
  ...['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Rules', 'Mappings', 'Conditions'],
  ...['Transform', 'Resources', 'Outputs'],
];

/** Throws the `ValidationError` for a template that is too long for the way in which it is given. */
export function checkSize(body: string, given: keyof typeof LIMITS): void {
  const limit = LIMITS[given];
  if (Buffer.byteLength(body) <= limit) return;
  throw new AwsError(
    'ValidationError',
    given === 'TemplateURL'
      ? `Template may not exceed ${limit} bytes in size.`
      : `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${limit}`,
  );
}

/**
 * Reads a template, YAML or JSON, and checks all of it that can be checked without parameters.
 *
 * Throws `ValidationError` with CloudFormation's text and the place: `Template format error: … (line 3, column 5)`.
 */
export function parseTemplate(body: string): Template {
  checkSize(body, 'TemplateURL');
  const source = readSource(body);
  const root = rootOf(source);
  const transforms = readTransforms(root);
  const isPreview = transforms.length > 0 && isUnprocessed(root.members);
  return read({ body, source, transforms, isPreview }, isPreview ? preview(root.members) : root.members);
}

/**
 * What `AWS::LanguageExtensions` makes of a template, in JSON and parsed, once its parameters have values; undefined where
 * the template has nothing for it to do. `template` is the same one, parsed without them.
 *
 * Throws `ValidationError` with CloudFormation's text.
 */
export async function processTemplate(
  { body, isPreview, mappings, transforms }: Template,
  scope: ConditionScope,
): Promise<{ template: Template; processedBody: string } | undefined> {
  if (!isPreview) return undefined;
  const source = readSource(body);
  const members = await processed(rootOf(source).members, mappings, scope);
  const template = read({ body, source, transforms, isPreview: false }, members);
  return { template, processedBody: JSON.stringify(members) };
}

function rootOf(source: Source): Section {
  if (!isMap(source.root)) throw templateError('Template format error: unsupported structure.', source.at(''));
  return new Section(source, '', source.root);
}

function read(
  { body, source, transforms, isPreview }: { body: string; source: Source; transforms: string[]; isPreview: boolean },
  members: Record<string, unknown>,
): Template {
  const root = new Section(source, '', members);
  const unknown = Object.keys(root.members).filter((member) => !SECTIONS.includes(member));
  if (unknown.length > 0) {
    throw root.error(`Invalid template property or properties [${unknown.join(', ')}]`, unknown[0]);
  }
  const resources = root.findSection('Resources');
  if (!resources || Object.keys(resources.members).length === 0) {
    throw root.error('Template format error: At least one Resources member must be defined.', 'Resources');
  }
  const declared = readResources(resources);
  const template: Template = {
    body,
    at: source.at,
    version: readVersion(root),
    description: readDescription(root),
    parameters: readParameters(root.findSection('Parameters')),
    mappings: readMappings(root.findSection('Mappings')),
    conditions: readConditions(root.findSection('Conditions')),
    rules: readRules(root.findSection('Rules')),
    resources: declared,
    outputs: readOutputs(root.findSection('Outputs')),
    metadata: root.findSection('Metadata')?.members,
    transforms,
    isPreview,
    ...requiredCapabilities({ resources: declared, transforms }),
  };
  checkCalls(template, source);
  if (isPreview) return template;
  checkNames(template, source);
  checkCycles(template, source);
  return template;
}

function checkCalls(template: Template, source: Source): void {
  const check = new CallCheck(source, template.transforms);
  for (const [name, value] of template.conditions) check.boolean(value, `/Conditions/${name}`, 'condition');
  for (const [name, { condition, assertions }] of template.rules) {
    if (condition !== undefined) check.boolean(condition, `/Rules/${name}/RuleCondition`, 'rule');
    for (const [index, { assert }] of assertions.entries()) {
      check.boolean(assert, `/Rules/${name}/Assertions/${index}/Assert`, 'rule');
    }
  }
  for (const resource of template.resources.values()) {
    for (const [part, value] of evaluatedParts(resource)) {
      check.value(value, `/Resources/${resource.logicalId}/${part}`, 'value');
    }
  }
  for (const { name, value, exportName } of template.outputs.values()) {
    check.value(value, `/Outputs/${name}/Value`, 'value');
    check.value(exportName, `/Outputs/${name}/Export/Name`, 'value');
  }
}

function readVersion(root: Section): string | undefined {
  const version = root.findText('AWSTemplateFormatVersion');
  if (version !== undefined && version !== '2010-09-09') {
    throw root.error(
      'Template format error: unsupported value for AWSTemplateFormatVersion.',
      'AWSTemplateFormatVersion',
    );
  }
  return version;
}

function readDescription(root: Section): string | undefined {
  const description = root.findText('Description');
  if (description !== undefined && Buffer.byteLength(description) > 1024) {
    throw root.error("Template format error: 'Description' length is greater than 1024.", 'Description');
  }
  return description;
}
