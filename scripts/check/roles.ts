import type { Permission } from '@studio-resources/core';
import type { Statement } from './provider.ts';

/** Rights that the runtime itself needs, in every role: writing the function's own log. */
const ownLog = new Set(['logs:CreateLogStream', 'logs:PutLogEvents']);

/**
 * Compares a handler's declared permissions with its role in provider.yaml, both ways: nothing missing, nothing
 * unused. Pseudo parameters and parameters of the template stand for `*` in a declaration.
 */
export function checkRole(id: string, permissions: readonly Permission[], statements: Statement[]): string[] {
  const declared = new Set(permissions.map(({ action, resource, condition }) => right(action, resource, condition)));
  const granted = new Set(
    statements.flatMap(({ actions, resources, condition }) =>
      actions.flatMap((action) => resources.map((resource) => right(action, resource, condition))),
    ),
  );
  const problems: string[] = [];
  for (const one of declared) if (!granted.has(one)) problems.push(`provider.yaml: the role of ${id} lacks ${one}`);
  for (const one of granted) {
    if (!declared.has(one) && !ownLog.has(one.split(' ')[0]!)) {
      problems.push(`provider.yaml: the role of ${id} grants what its handler does not declare: ${one}`);
    }
    if (/^[^ ]*\*/.test(one)) problems.push(`provider.yaml: the role of ${id} has a wildcard action: ${one}`);
  }
  return problems;
}

function right(action: string, resource: string, condition: unknown): string {
  const where = condition ? ` when ${JSON.stringify(sorted(condition))}` : '';
  return `${action} on ${pattern(resource)}${where}`;
}

function pattern(text: string): string {
  // The provider's parameter says which roles; a declaration can only say that it is roles.
  if (text === '${ExecutionRoleArns}') return 'arn:*:iam::*:role/*';
  return text.replace(/\$\{[^}]+\}/g, '*');
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
