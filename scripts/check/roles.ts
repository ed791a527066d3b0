import type { Permission } from '@studio-resources/core';
import type { Statement } from './provider.ts';

/**
 * What every function's role may grant: its own log, telling the responder, the key that encrypts all of it, the one that
 * encrypts the secret of the waiter's states, and what it takes to be in a VPC.
 */
const ofLambda = [
  /^logs:(CreateLogStream|PutLogEvents) on /,
  /^lambda:InvokeFunction on arn:\*:lambda:\*:\*:function:\*$/,
  /^kms:(Decrypt|GenerateDataKey) on arn:\*:kms:\*:\*:key\/\*$/,
  /^kms:Decrypt on arn:\*:kms:\*:\*:key\/\* when \{"StringEquals":\{"kms:EncryptionContext:SecretARN":"arn:[^"]*"\}\}$/,
  /^ec2:(CreateNetworkInterface|DeleteNetworkInterface) on arn:\*:ec2:\*:\*:\*\/\*$/,
  /^ec2:DescribeNetworkInterfaces on \*$/,
];

/** What a reference of the template stands for; a declaration can only say what kind of thing it is. */
const references: Record<string, string> = {
  '${ExecutionRoleArns}': 'arn:*:iam::*:role/*',
  '${AWS::Region}': '*',
  '${AccessPoint.Arn}': 'arn:*:elasticfilesystem:*:*:access-point/*',
  '${KmsKeyArn}': 'arn:*:kms:*:*:key/*',
  '${NamePrefix}': '*',
  '${ShareOwnerAccountIds}': '*',
  '${Responder.Arn}': 'arn:*:lambda:*:*:function:*',
  '${StateKey}': 'arn:*:secretsmanager:*:*:secret:*',
  '${StudioResourcesResponder}': 'arn:*:lambda:*:*:function:*',
  '${StudioResourcesStateKey}': 'arn:*:secretsmanager:*:*:secret:*',
  '${StudioResourcesWaiter}': 'arn:*:states:*:*:stateMachine:*',
  '${Value}': '*',
  '${Waiter}': 'arn:*:states:*:*:stateMachine:*',
};

/** The rights that a role lacks, and those that it has without need. */
export interface RoleDifference {
  missing: readonly Permission[];
  unused: readonly string[];
}

/**
 * Compares a handler's declared permissions with its role in the template, both ways: nothing missing, nothing
 * unused. Pseudo parameters and parameters of the template stand for `*` in a declaration.
 */
export function compareRole(permissions: readonly Permission[], statements: readonly Statement[]): RoleDifference {
  const declared = new Set(permissions.map(rightOf));
  const granted = new Set(statements.flatMap(rightsOf));
  return {
    missing: permissions.filter((each) => !granted.has(rightOf(each))),
    unused: [...granted].filter((each) => !declared.has(each) && !isOfLambda(each)),
  };
}

/** Where the role of the function with this logical id differs from what its handler declares. */
export function checkRole(
  id: string,
  permissions: readonly Permission[],
  statements: readonly Statement[],
  template = 'provider.yaml',
): string[] {
  const { missing, unused } = compareRole(permissions, statements);
  const wildcards = new Set(statements.flatMap(rightsOf).filter((each) => /^[^ ]*\*/.test(each)));
  return [
    ...[...new Set(missing.map(rightOf))].map((each) => `${template}: the role of ${id} lacks ${each}; ${remedy}`),
    ...unused.map(
      (each) => `${template}: the role of ${id} grants what its handler does not declare: ${each}; ${remedy}`,
    ),
    ...[...wildcards].map((each) => `${template}: the role of ${id} has a wildcard action: ${each}`),
  ];
}

const remedy = 'write it with npm run permissions';

/** Is this a right that every function's role may have? */
export function isOfLambda(right: string): boolean {
  return ofLambda.some((each) => each.test(right));
}

/** A declared permission as it is compared. */
export function rightOf({ action, resource, condition }: Permission): string {
  return right(action, resource, condition);
}

/** The rights that a statement grants, as they are compared. */
export function rightsOf({ actions, resources, condition }: Statement): string[] {
  return actions.flatMap((action) => resources.map((resource) => right(action, resource, condition)));
}

/** What the rights on these resources under this condition have in common: without their actions. */
export function scopeOf(resource: string, condition: unknown): string {
  return right('', resource, condition);
}

function right(action: string, resource: string, condition: unknown): string {
  const where = condition ? ` when ${JSON.stringify(sorted(condition))}` : '';
  return `${action} on ${pattern(resource)}${where}`;
}

/** A reference that is a whole value stands for one thing, and not for everything. */
function pattern(text: string): string {
  if (/^\$\{[^}]+\}$/.test(text)) return references[text] ?? text;
  return text.replace(/\$\{[^}]+\}/g, '*');
}

function sorted(value: unknown): unknown {
  if (typeof value === 'string') return pattern(value);
  if (Array.isArray(value)) return value.length === 1 ? sorted(value[0]) : value.map(sorted).sort();
  if (!value || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [pattern(key), sorted(inner)]),
  );
}
