/**
 * One page of items that are in order already, and the token for the next one, which names the last item of this page:
 * what is deleted meanwhile does not make the next page skip anything.
 */
export function pageOf<T>(
  items: T[],
  { limit, token, keyOf }: { limit: number; token: string | undefined; keyOf: (item: T) => string },
): { page: T[]; next?: string } {
  const page = items.slice(token === undefined ? 0 : startAfter(items.map(keyOf), fromToken(token))).slice(0, limit);
  const last = page.at(-1);
  const isLast = last === undefined || last === items.at(-1);
  return { page, next: isLast ? undefined : Buffer.from(keyOf(last)).toString('base64url') };
}

function fromToken(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}

function startAfter(keys: string[], last: string): number {
  const at = keys.indexOf(last);
  if (at >= 0) return at + 1;
  const next = keys.findIndex((key) => key > last);
  return next < 0 ? keys.length : next;
}
