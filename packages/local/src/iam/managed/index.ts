import { readFileSync } from 'node:fs';
import type { ManagedPolicy } from './managed-policy.ts';

export type { ManagedPolicy } from './managed-policy.ts';

/** A policy a line, by name; `npm run managed-policies` writes it. */
const file = new URL('../../../data/managed-policies.jsonl', import.meta.url);

/** The lines by path and name. They are read when the first policy is asked for, and each is parsed when it is. */
let lines: Map<string, string> | undefined;
const parsed = new Map<string, ManagedPolicy>();

/** The policy of an ARN such as `arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole`. */
export function findManagedPolicy(arn: string): ManagedPolicy | undefined {
  const [, name] = /^arn:[^:]+:iam::aws:policy(\/.+)$/.exec(arn) ?? [];
  return name === undefined ? undefined : policyCalled(name);
}

/** All of them, by path and name. */
export function managedPolicies(): ManagedPolicy[] {
  return [...allLines().keys()].map((name) => policyCalled(name)!);
}

/** The day on which AWS last published one of them: those of later are not here. */
export function lastPublished(): string {
  let last = '';
  for (const line of allLines().values()) {
    const [, updated = ''] = /"updated":"([^"T]+)/.exec(line) ?? [];
    if (updated > last) last = updated;
  }
  return last;
}

/** The path and name of the policy that has the ARN's name under another path. */
export function findByNameAlone(arn: string): string | undefined {
  const name = arn.slice(arn.lastIndexOf('/'));
  return [...allLines().keys()].find((one) => one.endsWith(name));
}

/** Is this the ARN of an AWS managed policy, known here or not? */
export function isManagedByAws(arn: string): boolean {
  return /^arn:[^:]+:iam::aws:policy\//.test(arn);
}

function policyCalled(name: string): ManagedPolicy | undefined {
  const known = parsed.get(name);
  const line = allLines().get(name);
  if (known || line === undefined) return known;
  const { document, ...rest } = JSON.parse(line) as Omit<ManagedPolicy, 'document'> & { document: unknown };
  const policy = { ...rest, document: JSON.stringify(document) };
  parsed.set(name, policy);
  return policy;
}

function allLines(): Map<string, string> {
  lines ??= new Map(
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [, name, path] = /^\{"name":"([^"]+)","path":"([^"]+)"/.exec(line)!;
        return [`${path}${name}`, line] as const;
      }),
  );
  return lines;
}
