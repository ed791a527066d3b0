import type { Identity } from './identity.ts';
import { matchesAction } from './match.ts';
import type { Elements, Policy, Statement } from './policy.ts';

/**
 * Whether an identity may do this action to anything at all: every kind of its policies has a statement that allows the
 * action, whatever the resource and the conditions, and none denies it for everything.
 */
export function isAllowedAnywhere({ policies, boundary, session }: Identity, action: string): boolean {
  const kinds = [policies, boundary && [boundary], session].filter((kind) => kind !== undefined);
  return kinds.every((kind) => grants(kind, action));
}

function grants(policies: readonly Policy[], action: string): boolean {
  const statements = policies.flatMap((policy) => policy.statements).filter(({ actions }) => names(actions, action));
  return statements.some(({ effect }) => effect === 'Allow') && !statements.some(deniesEverything);
}

function names(actions: Elements | undefined, action: string): boolean {
  return actions !== undefined && actions.values.some((pattern) => matchesAction(pattern, action)) !== actions.not;
}

function deniesEverything({ effect, resources, conditions }: Statement): boolean {
  const all = resources !== undefined && !resources.not && resources.values.includes('*');
  return effect === 'Deny' && all && conditions.length === 0;
}
