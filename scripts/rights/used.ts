import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../handlers.ts';

/** The actions that the runs have shown each role to need, by the roles' logical ids. */
export type UsedRights = Record<string, readonly string[]>;

export const usedRightsPath = join(root, 'test/cloudformation/used-rights.json');

interface Line {
  right?: { principal: string; action: string };
}

/** What recordings say of the roles with these logical ids: of the local cloud's `--record`, and of `chaos --rights`. */
export async function usedRights(lines: AsyncIterable<string>, roles: ReadonlySet<string>): Promise<UsedRights> {
  const found = new Map<string, Set<string>>();
  for await (const line of lines) {
    // By far most of the lines are calls, and long.
    if (!line.startsWith('{"right":')) continue;
    const { principal, action } = (JSON.parse(line) as Line).right!;
    const role = roleIn(principal);
    if (role && roles.has(role)) found.set(role, (found.get(role) ?? new Set()).add(action));
  }
  return Object.fromEntries([...found].map(([role, actions]) => [role, [...actions].sort()] as const).sort(byName));
}

/** Keeps what is known, by the roles' names. */
export function writeUsedRights(used: UsedRights): void {
  const sorted = Object.fromEntries(Object.entries(used).sort(byName));
  writeFileSync(usedRightsPath, `${JSON.stringify(sorted, null, 2)}\n`);
  // How long a list is decides where lines break.
  execFileSync(join(root, 'node_modules/.bin/biome'), ['format', '--write', usedRightsPath], { stdio: 'pipe' });
}

/** The logical id of a role that CloudFormation has named: `arn:…:assumed-role/<stack>-<logical id>-<random>/<session>`. */
function roleIn(principal: string): string | undefined {
  return /:assumed-role\/[^/]+-([A-Za-z0-9]+)-[A-Z0-9]+\//.exec(principal)?.[1];
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/**
 * What is known with what recordings have shown besides: no recording shows all, so what one leaves out stays known. What
 * was known of rights that the roles no longer have goes; what was recorded beyond them stays, so that it is seen.
 */
export function mergedRights(
  known: UsedRights,
  recorded: UsedRights,
  granted: ReadonlyMap<string, ReadonlySet<string>>,
): UsedRights {
  const roles = new Set([...Object.keys(known), ...Object.keys(recorded)]);
  const merged = [...roles].map((role) => {
    const still = (known[role] ?? []).filter((action) => granted.get(role)?.has(action));
    return [role, [...new Set([...still, ...(recorded[role] ?? [])])].sort()] as const;
  });
  return Object.fromEntries(merged.filter(([, actions]) => actions.length > 0).sort(byName));
}
