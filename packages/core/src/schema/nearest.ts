import { distance } from 'fastest-levenshtein';

/** Names the known name that is nearest to `name`, as a clause to end an error with. */
export function nearest(name: string, known: readonly string[]): string {
  const [best] = known.toSorted((a, b) => far(name, a) - far(name, b));
  if (best === undefined) return '; none is known here';
  return far(name, best) <= Math.ceil(name.length / 2)
    ? `; did you mean ${best}?`
    : `; the nearest known one is ${best}`;
}

/** The edits between two names. Case does not count, and a name within the other is next to it. */
function far(name: string, candidate: string): number {
  const [a, b] = [name.toLowerCase(), candidate.toLowerCase()];
  return a.includes(b) || b.includes(a) ? Math.min(1, distance(a, b)) : distance(a, b);
}
