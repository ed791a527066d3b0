import { AwsError } from '../../errors.ts';
import { withWayOut } from '../template/way-out.ts';

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

/** AWS's text, whole, and under it a line of ours: where in the template each thing is, and the way out. */
export function withAdvice(
  text: string,
  advice: readonly Advice[],
  logicalId: string,
  lineOf: (path: string) => number | undefined,
): string {
  const parts = advice.map(({ path, text: way }) => {
    const place = ['/Resources', logicalId, 'Properties', ...path].join('/');
    const line = lineOf(place);
    return `${place}${line === undefined ? '' : ` (line ${line})`}: ${way}`;
  });
  return withWayOut(text, parts);
}
