/** The condition keys of a request, spelled in any case: one value, or a list for a key that has several. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** The values of a key, whatever its case; undefined if the request does not have it. */
export function valuesOf(context: Context, key: string): readonly string[] | undefined {
  const value = Object.hasOwn(context, key) ? context[key] : findIgnoringCase(context, key);
  return typeof value === 'string' ? [value] : value;
}

function findIgnoringCase(context: Context, key: string): string | readonly string[] | undefined {
  const wanted = key.toLowerCase();
  for (const [name, value] of Object.entries(context)) {
    if (name.toLowerCase() === wanted) return value;
  }
  return undefined;
}
