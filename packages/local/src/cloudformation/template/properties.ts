import { isMap } from './intrinsics.ts';

/** Properties as a custom resource gets them: every scalar a string, `null` members and elements left out. */
export function scalarsToStrings(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null && item !== undefined).map(scalarsToStrings);
  if (isMap(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
    return Object.fromEntries(members.map(([key, member]) => [key, scalarsToStrings(member)]));
  }
  return value === null || value === undefined ? value : String(value);
}

/** Whether two values mean the same in a template: `5` and `"5"` do, and so do maps in another order. */
export function sameValue(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

/** The names of the properties that differ, in the old order and then the new. */
export function changedProperties(
  old: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): string[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return names.filter((name) => !sameValue(old[name], now[name]));
}

function canonical(value: unknown): string | undefined {
  return JSON.stringify(scalarsToStrings(value), (_, member) =>
    isMap(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );
}
