import type { Section } from './section.ts';
import type { ResourceDeclaration } from './template.ts';

const ATTRIBUTES = [
  ...['Type', 'Properties', 'DependsOn', 'Condition', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata'],
  ...['CreationPolicy', 'UpdatePolicy'],
];
/** Of a custom resource alone; it changes nothing. cfn-lint's schema of a resource has it. */
const CUSTOM_ATTRIBUTES = [...ATTRIBUTES, 'Version'];
const CUSTOM_TYPE = /^(?:Custom::|AWS::CloudFormation::CustomResource$)/;

const DELETION_POLICIES = ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'];
const REPLACE_POLICIES = ['Delete', 'Retain', 'Snapshot'];

/** Reads `Resources`. */
export function readResources(section: Section): Map<string, ResourceDeclaration> {
  const resources = new Map<string, ResourceDeclaration>();
  section.atMost(500, 'resources');
  for (const [logicalId, declaration] of section.named('Resource')) {
    resources.set(logicalId, readResource(logicalId, declaration));
  }
  return resources;
}

function readResource(logicalId: string, section: Section): ResourceDeclaration {
  const type = section.findText('Type');
  if (!type) {
    throw section.error(`Template format error: [${section.path}] Every Resources object must contain a Type member.`);
  }
  section.only(
    CUSTOM_TYPE.test(type) ? CUSTOM_ATTRIBUTES : ATTRIBUTES,
    (member) => `Invalid template resource property '${member}'`,
  );
  section.findText('Version');
  return {
    logicalId,
    type,
    properties: section.findSection('Properties')?.members ?? {},
    dependsOn: readDependsOn(section),
    condition: readCondition(section),
    deletionPolicy: readPolicy(logicalId, section, 'DeletionPolicy', DELETION_POLICIES),
    updateReplacePolicy: readPolicy(logicalId, section, 'UpdateReplacePolicy', REPLACE_POLICIES),
    metadata: section.findSection('Metadata')?.members,
    creationPolicy: section.findSection('CreationPolicy')?.members,
    updatePolicy: section.findSection('UpdatePolicy')?.members,
    line: section.line,
  };
}

function readDependsOn(section: Section): string[] {
  const value = section.members.DependsOn ?? [];
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) {
    throw section.error('Template format error: DependsOn must be a string or list of strings.', 'DependsOn');
  }
  for (const [index, name] of value.entries()) {
    if (typeof name === 'string') continue;
    throw section.error('Template format error: Every DependsOn value must be a string.', `DependsOn/${index}`);
  }
  return value;
}

/** A resource's or an output's condition: the name of one. */
export function readCondition(section: Section): string | undefined {
  const { Condition: condition } = section.members;
  if (condition !== undefined && typeof condition !== 'string') {
    throw section.error('Template format error: Every Condition member must be a string.', 'Condition');
  }
  return condition;
}

function readPolicy(logicalId: string, section: Section, name: string, known: string[]): string | undefined {
  const policy = section.findText(name);
  if (policy !== undefined && !known.includes(policy)) {
    throw section.error(`Template format error: Unrecognized ${name} ${policy} for resource ${logicalId}`, name);
  }
  return policy;
}
