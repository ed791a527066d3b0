import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';

interface PageInput {
  Marker?: string;
  MaxItems?: number;
}

/** One page of a list, as IAM gives it: 100 items unless asked otherwise, in order of `keyOf`. */
export function page<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  { Marker: token, MaxItems: size = 100 }: PageInput,
): { items: T[]; more: { IsTruncated: boolean; Marker?: string } } {
  const result = pageOf(items, keyOf, { token, size }, () => new AwsError('ValidationError', 'Invalid Marker.'));
  return {
    items: result.items,
    more: { IsTruncated: result.token !== undefined, ...(result.token !== undefined && { Marker: result.token }) },
  };
}

/** Those whose path begins with a prefix. */
export function under<T extends { path: string }>(items: Iterable<T>, prefix = '/'): T[] {
  return [...items].filter(({ path }) => path.startsWith(prefix));
}
