import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';

/** How many items CloudFormation gives at a time. */
const SIZE = 100;

/** One page of a list, in the order of the keys. Throws `ValidationError` for a token that is none. */
export function page<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  token: string | undefined,
  { descending = false } = {},
): { items: T[]; token?: string } {
  return pageOf(items, keyOf, { token, size: SIZE, descending }, () => {
    return new AwsError('ValidationError', 'NextToken is invalid');
  });
}
