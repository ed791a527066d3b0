import { AddTagsCommand, type AppDetails, DescribeAppCommand } from '@aws-sdk/client-sagemaker';
import type { Context } from '@studio-resources/core';
import { BusyError, mapConcurrent, sagemaker, undefinedIfNotFound } from '../client/client.ts';
import { appLabel, deleteContents, listApps } from '../contents/contents.ts';
import { ownershipTags, returnOwnership } from '../ownership.ts';
import { listTags } from '../tags.ts';
import { detachOrReplace, isAnyTargetTransitioning } from './attach.ts';
import { deleteLifecycleConfig, findLifecycleConfig, markSuperseded, type Version } from './lifecycle-config.ts';

/**
 * Takes the next step of deleting one of a resource's versions. Returns `retained` when apps still use it.
 *
 * With a replacement, that takes its place in all settings, and running apps continue: the old version stays for them
 * until the resource is deleted. Without one, it is removed from all settings, and apps that use it are stopped.
 */
export async function deleteVersion(
  id: string,
  versions: readonly Version[],
  props: object,
  ctx: Context,
): Promise<'retained' | undefined> {
  const replacement = replacementFor(id, versions, ctx);
  const [own, former] = [versions.filter(({ name }) => name === id), formerVersions(id, versions, replacement)];
  const remaining = await mapConcurrent(former, (version) => deleteUnused(version, replacement, ctx));
  if (!replacement && former.length > 0) {
    // The current version is deleted last: while it exists, the runtime keeps calling delete.
    ctx.log.info('Deleting former versions first', { left: remaining.length });
    return undefined;
  }
  const [result] = await mapConcurrent(own, (version) =>
    deleteUnused(version, replacement, ctx, () => isAnyTargetTransitioning(props)),
  );
  return result;
}

/**
 * Takes a rename back, in a rollback: its versions, and what is attached, are again what they were. Returns `retained`
 * when this version is not to be deleted, and undefined when it is, in a later pass.
 */
export async function revertRename(
  own: Version,
  versions: readonly Version[],
  props: object,
  ctx: Context,
): Promise<'retained' | undefined> {
  const renamed = versions.filter(({ previous }) => previous !== undefined);
  const isCreated = own.previous === undefined;
  const current = renamed.find(({ supersededBy }) => supersededBy === undefined || supersededBy === own.name);
  let apps: AppDetails[] = [];
  if (isCreated && current) {
    await detachOrReplace(own, current, ctx);
    if (current.supersededBy !== undefined) await markSuperseded(current, undefined);
    apps = await appsUsing(own);
  }
  for (const { name, arn } of renamed) {
    await returnOwnership(`lifecycle configuration ${name}`, arn, (await listTags(arn)) ?? new Map(), ctx);
  }
  if (!isCreated) return 'retained';
  // Once nothing is left to take back, it is deleted like any other version.
  if (renamed.length === 0) return deleteVersion(own.name, versions, props, ctx);
  if (apps.length === 0 || !current?.previous) return undefined;
  ctx.log.warn('A version is kept for the apps that use it, until the resource is deleted', {
    id: own.name,
    users: apps.map(appLabel),
  });
  await markSuperseded(own, current.name);
  await sagemaker().send(new AddTagsCommand({ ResourceArn: own.arn, Tags: ownershipTags(current.previous) }));
  return 'retained';
}

/** The version that replaces it. When a creation is reverted, that is the version which it would have replaced. */
function replacementFor(id: string, versions: readonly Version[], { requestType }: Context): Version | undefined {
  const others = versions.filter(({ name }) => name !== id);
  const replaced = requestType === 'Update' ? others.find(({ supersededBy }) => supersededBy === id) : undefined;
  return others.find(({ supersededBy }) => supersededBy === undefined) ?? replaced;
}

function formerVersions(id: string, versions: readonly Version[], replacement: Version | undefined): Version[] {
  return versions.filter(
    ({ name, supersededBy }) => supersededBy !== undefined && name !== id && name !== replacement?.name,
  );
}

async function deleteUnused(
  version: Version,
  replacement: Version | undefined,
  ctx: Context,
  hasToWait?: () => Promise<boolean>,
): Promise<'retained' | undefined> {
  const blocked = await detachOrReplace(version, replacement, ctx);
  const apps = await appsUsing(version);
  if (replacement && apps.length + blocked.length > 0) {
    ctx.log.warn('A former version is kept for what still uses it, until the resource is deleted', {
      id: version.name,
      users: [...apps.map(appLabel), ...blocked],
    });
    if (version.supersededBy === undefined) await markSuperseded(version, replacement.name);
    return 'retained';
  }
  for (const app of apps) await deleteContents(app.DomainId!, { apps: [app], spaces: [], profiles: [] });
  if (apps.length > 0 || (!replacement && (await hasToWait?.()))) return undefined;
  try {
    await deleteLifecycleConfig(version.name);
  } catch (error) {
    if (!(error instanceof BusyError) || blocked.length === 0) throw error;
    throw new Error(`Deleting lifecycle configuration ${version.name}: it is still in ${blocked.join(', ')}`, {
      cause: error.cause,
    });
  }
  return undefined;
}

/** Apps that run, start or stop with it. ListApps does not show the built-in configuration. */
async function appsUsing({ name, arn }: Version): Promise<AppDetails[]> {
  const config = await findLifecycleConfig(name);
  const apps = (await listApps({})).filter(({ AppType }) => AppType === config?.StudioLifecycleConfigAppType);
  const found = await mapConcurrent(apps, async (app) => {
    if (app.ResourceSpec?.LifecycleConfigArn === arn) return [app];
    const { DomainId, AppType, AppName, SpaceName, UserProfileName } = app;
    const where = SpaceName ? { SpaceName } : { UserProfileName };
    const command = new DescribeAppCommand({ DomainId, AppType, AppName, ...where });
    const shown = await undefinedIfNotFound(sagemaker().send(command));
    const arns = [shown?.ResourceSpec?.LifecycleConfigArn, shown?.BuiltInLifecycleConfigArn];
    return arns.includes(arn) ? [app] : [];
  });
  return found.flat();
}
