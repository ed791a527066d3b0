import { closest, distance } from 'fastest-levenshtein';
import { AwsError } from '../../errors.ts';

/** What to do about a property of a resource. `path` leads to it through the resource's properties. */
export interface Advice {
  path: readonly (string | number)[];
  text: string;
}

/** AWS's text for properties that are not as they must be, and our advice on each. */
export class InvalidProperties extends AwsError {
  readonly advice: readonly Advice[];

  constructor(message: string, advice: readonly Advice[]) {
    super('ValidationError', message);
    this.advice = advice;
  }
}

/** Advice to give one of these names, or these values, instead: the nearest, where one is near. */
export function instead(given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  if (near !== undefined) return `give ${near} instead of ${given}`;
  return known.length === 0 ? `leave out ${given}` : `leave out ${given}, or give one of ${known.join(', ')}`;
}

function nearest(given: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const near = closest(given, known);
  return distance(given.toLowerCase(), near.toLowerCase()) <= Math.max(2, given.length / 3) ? near : undefined;
}

/** AWS's text, whole, and under it a line of ours: where in the template each thing is, and the way out. */
export function withAdvice(
  text: string,
  advice: readonly Advice[],
  logicalId: string,
  lineOf: (path: string) => number | undefined,
): string {
  if (advice.length === 0) return text;
  const parts = advice.map(({ path, text: way }) => {
    const place = ['/Resources', logicalId, 'Properties', ...path].join('/');
    const line = lineOf(place);
    return `${place}${line === undefined ? '' : ` (line ${line})`}: ${way}`;
  });
  return `${text}\nLocal cloud: ${parts.join('; ')}`;
}
