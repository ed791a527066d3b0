import { distance } from 'fastest-levenshtein';

/** AWS's text, whole, and under it a line of the local cloud's own: what to do. The same text where nothing is known. */
export function withWayOut(text: string, ways: readonly string[]): string {
  return ways.length === 0 ? text : `${text}\nLocal cloud: ${ways.join('; ')}`;
}

/** What to do about a name or a value that is none of these: give the nearest, where one is near. */
export function instead(given: string, known: readonly string[]): string {
  const [way] = meant(given, known);
  if (way !== undefined) return way;
  return known.length === 0 ? `leave out ${given}` : `leave out ${given}, or give one of ${known.join(', ')}`;
}

/** The same for a name that AWS may have, and the local cloud does not know. */
export function insteadOfUnknown(given: string, known: readonly string[]): string {
  const [way] = meant(given, known);
  return way ?? `${instead(given, known)}; if AWS has ${given} here, it is what the local cloud lacks`;
}

/** What to do about a name that there is not; nothing where there is none like it. */
export function meant(given: string, known: readonly string[]): string[] {
  const near = nearest(given, known);
  return near === undefined ? [] : [`give ${near} instead of ${given}`];
}

/** The name that was meant, where one is near enough. Case does not count. */
function nearest(given: string, known: readonly string[]): string | undefined {
  const far = (name: string) => distance(given.toLowerCase(), name.toLowerCase());
  const [near] = known.toSorted((one, other) => far(one) - far(other));
  // Of a name of one letter, every other one would be near.
  const most = Math.min(given.length - 1, Math.max(2, given.length / 3));
  return near !== undefined && far(near) <= most ? near : undefined;
}
