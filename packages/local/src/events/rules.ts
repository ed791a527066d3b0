import type { Scope, Store } from '../store.ts';

/** A rule of the default event bus. */
export interface Rule {
  name: string;
  arn: string;
  isEnabled: boolean;
  pattern: Pattern;
  targets: { Id: string; Arn: string }[];
}

/** What an event has to be like: members to match, and for each value the ones that fit. */
export type Pattern = { [name: string]: Pattern | readonly unknown[] };

export function rulesIn(store: Store, scope: Scope): Map<string, Rule> {
  return store.table('events', scope, 'rules');
}

/** What is wrong with a pattern, if anything; what is not understood here is wrong too. */
export function patternProblem(pattern: unknown, path = ''): string | undefined {
  if (!isMap(pattern)) return `${path || 'The pattern'} must be an object or an array`;
  for (const [name, inner] of Object.entries(pattern)) {
    const place = path === '' ? name : `${path}.${name}`;
    const problem = Array.isArray(inner) ? listProblem(inner, place) : patternProblem(inner, place);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function listProblem(values: readonly unknown[], place: string): string | undefined {
  const strange = values.filter(isMap).filter((value) => matcherOf(value) === undefined);
  return strange.length === 0
    ? undefined
    : `${place}: the local cloud knows only exists, prefix and anything-but, not ${JSON.stringify(strange[0])}`;
}

/** Does an event fit? */
export function matches(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([name, inner]) => {
    const value = isMap(event) ? event[name] : undefined;
    if (!Array.isArray(inner)) return matches(inner as Pattern, value);
    return inner.some((wanted) => (isMap(wanted) ? matcherOf(wanted)!(value) : value === wanted));
  });
}

function matcherOf(wanted: Record<string, unknown>): ((value: unknown) => boolean) | undefined {
  const [[kind, given] = ['']] = Object.entries(wanted);
  // As in AWS, a template's text may stand for a boolean.
  if (kind === 'exists') return (value) => (value !== undefined) === (String(given) === 'true');
  if (kind === 'prefix') return (value) => typeof value === 'string' && value.startsWith(String(given));
  if (kind === 'anything-but') return (value) => value !== undefined && ![given].flat().includes(value);
  return undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
