import type { AwsError } from './errors.ts';

/** What a caller asks of one page of a list. */
export interface PageRequest {
  /** What the page before gave; the first page has none. */
  token?: string;
  /** How many items at most. Left out: all of them. */
  size?: number;
  descending?: boolean;
}

/**
 * One page of a list, ordered by `keyOf`. The token carries the last key, not a position: items that come and go
 * between two pages neither repeat others nor hide them.
 *
 * @throws what `invalid` makes, when the token is not one that this function gave.
 */
export function pageOf<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  { token, size, descending = false }: PageRequest,
  invalid: () => AwsError,
): { items: T[]; token?: string } {
  const sign = descending ? -1 : 1;
  const compare = (a: string, b: string) => (a < b ? -sign : a > b ? sign : 0);
  let rest = [...items].map((item) => ({ item, key: keyOf(item) })).sort((a, b) => compare(a.key, b.key));
  if (token !== undefined) {
    const last = lastKey(token);
    if (last === undefined) throw invalid();
    rest = rest.filter(({ key }) => compare(key, last) > 0);
  }
  const page = rest.slice(0, size);
  const more = page.length < rest.length;
  return { items: page.map(({ item }) => item), token: more ? tokenOf(page.at(-1)!.key) : undefined };
}

const mark = 'after:';

function tokenOf(key: string): string {
  return Buffer.from(mark + key).toString('base64url');
}

function lastKey(token: string): string | undefined {
  const text = Buffer.from(token, 'base64url').toString();
  return text.startsWith(mark) ? text.slice(mark.length) : undefined;
}
