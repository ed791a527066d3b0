import type { Context } from '@studio-resources/core';
import type { NotCleared } from './settings-change.ts';

/** The values by which a member is as good as left out. */
const offValues: ReadonlyMap<string, string> = new Map([
  ['AccessStatus', 'DISABLED'],
  ['AutoMountHomeEFS', 'Enabled'],
  ['DefaultLandingUri', 'studio::'],
  ['EnableDockerAccess', 'DISABLED'],
  ['ExecutionRoleIdentityConfig', 'DISABLED'],
  ['IpAddressType', 'ipv4'],
  ['LifecycleManagement', 'DISABLED'],
  ['RemoteAccess', 'DISABLED'],
  ['SpaceManagedResources', 'DISABLED'],
  ['Status', 'DISABLED'],
  ['StudioWebPortal', 'ENABLED'],
]);

/**
 * Refuses an update whose template no longer has settings that the API cannot clear: they would keep their values, and
 * nothing in the stack would say so. Settings that are off already may go.
 *
 * In a rollback it only logs them, and so it does where CloudFormation does not say: a rollback must not fail.
 *
 * @throws Error that names the settings, and the values to set instead where there are some
 */
export async function assertCleared(
  what: string,
  notCleared: readonly NotCleared[],
  ctx: Pick<Context, 'isRollingBack' | 'log'>,
): Promise<void> {
  const kept = keptSettings(notCleared);
  if (kept.length === 0) return;
  if (await ctx.isRollingBack(true)) {
    const paths = kept.map(({ path }) => path);
    ctx.log.warn('The API cannot clear these settings, so they keep their values', { notCleared: paths });
    return;
  }
  throw new Error(`Updating ${what}: ${notClearedText(kept)}`);
}

/** Those that would stay in effect: without those that are off already. */
export function keptSettings(notCleared: readonly NotCleared[]): NotCleared[] {
  return notCleared.filter(({ path, value }) => value !== offValueOf(path));
}

/** Why an update that removes these is refused, and what to do instead. */
export function notClearedText(kept: readonly NotCleared[]): string {
  const off = kept.flatMap(({ path }) => {
    const value = offValueOf(path);
    return value === undefined ? [] : [`${path}: ${value}`];
  });
  const others = kept.filter(({ path }) => offValueOf(path) === undefined).map(({ path }) => path);
  const ways = [
    ...(off.length > 0 ? [`set ${off.join(', ')}, which a later update may omit`] : []),
    ...(others.length > 0 ? [`give ${others.join(', ')} the value that is to hold`] : []),
  ];
  return (
    `the template no longer has ${kept.map(({ path }) => path).join(', ')}, and SageMaker's API cannot take ` +
    `${kept.length === 1 ? 'that' : 'those'} back. Instead, ${ways.join('; and ')}`
  );
}

/** The value by which a member is as good as left out, by the path that ends with its name. */
export function offValueOf(path: string): string | undefined {
  return offValues.get(path.split('.').at(-1)!);
}
