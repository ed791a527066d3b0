import { isDeepStrictEqual } from 'node:util';

type Values = Record<string, unknown>;

/**
 * The lists that several write: a domain, profile or space has entries of its own template, and StudioLifecycleConfig,
 * StudioImage and administrators attach further ones.
 */
export const sharedLists: ReadonlySet<string> = new Set(['LifecycleConfigArns', 'CustomImages']);

/**
 * A shared list as it is now, without the entries that the template no longer has, and with those that it has added.
 * Entries of others stay. An entry that one of the `defaults` names stays too: an app does not start with a default that
 * is not in the list.
 */
export function mergeSharedList(
  now: readonly unknown[],
  next: readonly unknown[],
  old: readonly unknown[],
  defaults: readonly string[],
): unknown[] {
  const removed = old.filter((entry) => !next.some((each) => isSameEntry(each, entry)));
  const added = next.filter((entry) => !old.some((each) => isSameEntry(each, entry)));
  // The version of a custom image may change; its place in the list stays.
  const replaced = now.flatMap((entry) => {
    const replacement = added.find((each) => identityOf(each) === identityOf(entry));
    const isRemoved =
      removed.some((each) => isSameEntry(each, entry)) && !defaults.some((arn) => isNamedBy(entry, arn));
    return replacement ? [replacement] : isRemoved ? [] : [entry];
  });
  const known = new Set(replaced.map(identityOf));
  return [...replaced, ...added.filter((entry) => !known.has(identityOf(entry)))];
}

/** The ARNs that an app uses where its user chooses nothing. */
export function defaultsIn(settings: Values): string[] {
  const { LifecycleConfigArn, SageMakerImageArn, SageMakerImageVersionArn } = (settings.DefaultResourceSpec ??
    {}) as Values;
  return [LifecycleConfigArn, settings.BuiltInLifecycleConfigArn, SageMakerImageArn, SageMakerImageVersionArn].filter(
    (arn): arn is string => typeof arn === 'string' && arn !== 'None',
  );
}

/** Whether an ARN is that of an entry: of a lifecycle configuration, or of a custom image or one of its versions. */
export function isNamedBy(entry: unknown, arn: string): boolean {
  if (typeof entry === 'string') return entry === arn;
  const { ImageName } = (entry ?? {}) as { ImageName?: unknown };
  const name = /:image(?:-version)?\/([^/]+)/.exec(arn)?.[1];
  return typeof ImageName === 'string' && ImageName.toLowerCase() === name?.toLowerCase();
}

function isSameEntry(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(comparable(a), comparable(b));
}

/** Equal for two entries of which one replaces the other: a custom image is attached once with an app image config. */
function identityOf(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return String(entry);
  const { ImageName, AppImageConfigName } = entry as Values;
  return JSON.stringify([ImageName, AppImageConfigName]);
}

/** Without undefined members. */
function comparable(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null) return entry;
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}
