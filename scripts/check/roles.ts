import type { Permission } from '@studio-resources/core';
import type { Statement } from './provider.ts';

/**
 * What every function's role may grant: its own log, telling the responder, the key that encrypts all of it, and what it
 * takes to be in a VPC.
 */
const ofLambda = [
  /^logs:(CreateLogStream|PutLogEvents) on /,
  /^lambda:InvokeFunction on arn:\*:lambda:\*:\*:function:\*$/,
  /^kms:(Decrypt|GenerateDataKey) on arn:\*:kms:\*:\*:key\/\*$/,
  /^ec2:(CreateNetworkInterface|DeleteNetworkInterface) on arn:\*:ec2:\*:\*:\*\/\*$/,
  /^ec2:DescribeNetworkInterfaces on \*$/,
];

/** What a reference of the template stands for; a declaration can only say what kind of thing it is. */
const references: Record<string, string> = {
  '${ExecutionRoleArns}': 'arn:*:iam::*:role/*',
  '${AccessPoint.Arn}': 'arn:*:elasticfilesystem:*:*:access-point/*',
  '${KmsKeyArn}': 'arn:*:kms:*:*:key/*',
  '${Responder.Arn}': 'arn:*:lambda:*:*:function:*',
  '${StudioResourcesResponder}': 'arn:*:lambda:*:*:function:*',
  '${StudioResourcesWaiter}': 'arn:*:states:*:*:stateMachine:*',
  '${Waiter}': 'arn:*:states:*:*:stateMachine:*',
};

/**
 * Compares a handler's declared permissions with its role in the template, both ways: nothing missing, nothing
 * unused. Pseudo parameters and parameters of the template stand for `*` in a declaration.
 */
export function checkRole(
  id: string,
  permissions: readonly Permission[],
  statements: Statement[],
  template = 'provider.yaml',
): string[] {
  const declared = new Set(permissions.map(({ action, resource, condition }) => right(action, resource, condition)));
  const granted = new Set(
    statements.flatMap(({ actions, resources, condition }) =>
      actions.flatMap((action) => resources.map((resource) => right(action, resource, condition))),
    ),
  );
  const problems: string[] = [];
  for (const one of declared) if (!granted.has(one)) problems.push(`${template}: the role of ${id} lacks ${one}`);
  for (const one of granted) {
    if (!declared.has(one) && !ofLambda.some((right) => right.test(one))) {
      problems.push(`${template}: the role of ${id} grants what its handler does not declare: ${one}`);
    }
    if (/^[^ ]*\*/.test(one)) problems.push(`${template}: the role of ${id} has a wildcard action: ${one}`);
  }
  return problems;
}

function right(action: string, resource: string, condition: unknown): string {
  const where = condition ? ` when ${JSON.stringify(sorted(condition))}` : '';
  return `${action} on ${pattern(resource)}${where}`;
}

function pattern(text: string): string {
  return references[text] ?? text.replace(/\$\{[^}]+\}/g, '*');
}

function sorted(value: unknown): unknown {
  if (typeof value === 'string') return pattern(value);
  if (Array.isArray(value)) return value.length === 1 ? sorted(value[0]) : value.map(sorted).sort();
  if (!value || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
