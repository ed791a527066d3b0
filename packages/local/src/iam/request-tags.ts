/** The tags that a request gives, in whichever of the usual shapes; undefined if it gives none. */
export function requestTags(input: Record<string, unknown>): Record<string, string> | undefined {
  const given = input.Tags ?? input.tags ?? input.TagList ?? tagSpecifications(input);
  if (typeof given !== 'object' || given === null) return undefined;
  const tags = Array.isArray(given) ? Object.fromEntries(given.flatMap(readTag)) : strings(given);
  return Object.keys(tags).length > 0 ? tags : undefined;
}

/** The keys of the tags that a request gives or takes away. */
export function requestTagKeys(input: Record<string, unknown>): string[] {
  const removed = input.TagKeys ?? input.tagKeys;
  if (Array.isArray(removed)) return removed.filter((key) => typeof key === 'string');
  return Object.keys(requestTags(input) ?? {});
}

function tagSpecifications({ TagSpecifications: given }: Record<string, unknown>): unknown[] | undefined {
  return Array.isArray(given) ? given.flatMap((one: { Tags?: unknown[] }) => one.Tags ?? []) : undefined;
}

function readTag(tag: unknown): [string, string][] {
  const one = (tag ?? {}) as Record<string, unknown>;
  // Step Functions spells them in lower case.
  const { Key = one.key, Value = one.value ?? '' } = one;
  return typeof Key === 'string' && typeof Value === 'string' ? [[Key, Value]] : [];
}

function strings(given: object): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'string'));
}
