import type { Context, Holder } from '@studio-resources/core';
import { mapConcurrent } from '../client/client.ts';
import { holderIn, isSameHolder, previousHolderIn, transferOwnership } from '../ownership.ts';
import { ownProvider, providerIn } from '../provider.ts';
import { findSettingsTarget } from '../settings/settings-target.ts';
import { listTags } from '../tags.ts';
import { attachmentTargets, references } from './attachments.ts';
import { type LifecycleScript, listNamed } from './lifecycle-config.ts';

interface HeldVersion {
  name: string;
  arn: string;
  holder: Holder;
  previous?: Holder;
}

/**
 * Takes over the versions of a logical id that this stack's template no longer has: it was renamed. So what is attached
 * stays attached, and apps go on.
 *
 * Where the template has lost several logical ids whose versions have that name, it is the one whose versions are
 * attached to a target of this one. Where that is not one, none was renamed: each is deleted by its own Delete.
 */
export async function transferRenamed(script: LifecycleScript, ctx: Context): Promise<void> {
  const versions = await versionsInStack(script, ctx);
  const own = versions.filter(({ holder }) => isSameHolder(holder, ctx));
  const lost = await lostHolders(versions, ctx);
  // What is held already was taken over by an earlier delivery, perhaps in part; or was created, and nothing is taken over.
  const renamed =
    own.length === 0
      ? await renamedAmong(lost, versions, script)
      : lost.find((holder) => own.some(({ previous }) => isSameHolder(previous, holder)));
  if (!renamed) return;
  const taken = versions.filter(({ holder }) => isSameHolder(holder, renamed));
  await mapConcurrent(taken, async ({ name, arn, holder }) => {
    ctx.log.info('Its logical id was renamed, so the lifecycle configuration is taken over', {
      id: name,
      from: holder.logicalResourceId,
    });
    await transferOwnership(arn, holder, ctx);
  });
}

/** The versions of that name and app type which this provider's resources of the same stack hold. */
async function versionsInStack(script: LifecycleScript, { stackId }: Context): Promise<HeldVersion[]> {
  const all = await mapConcurrent(await listNamed(script), async ({ name, arn }) => {
    const tags = (await listTags(arn)) ?? new Map();
    const holder = holderIn(tags);
    if (holder?.stackId !== stackId || providerIn(tags) !== ownProvider()) return [];
    return [{ name, arn, holder, previous: previousHolderIn(tags) }];
  });
  return all.flat();
}

/** The holders whose logical ids the template no longer has. */
async function lostHolders(versions: readonly HeldVersion[], ctx: Context): Promise<Holder[]> {
  const holders = new Map(versions.map(({ holder }) => [holder.logicalResourceId, holder]));
  holders.delete(ctx.logicalResourceId);
  const statuses = await mapConcurrent([...holders.values()], async (holder) => ({
    holder,
    status: await ctx.holderStatus(holder),
  }));
  return statuses.flatMap(({ holder, status }) => (status === 'renamed' ? [holder] : []));
}

/** The one of them that has become this resource; undefined where that cannot be told. */
async function renamedAmong(
  lost: readonly Holder[],
  versions: readonly HeldVersion[],
  script: object,
): Promise<Holder | undefined> {
  if (lost.length < 2) return lost[0];
  const targets = await mapConcurrent(attachmentTargets(script), ({ key }) => findSettingsTarget(key));
  const isAttached = ({ arn }: HeldVersion) =>
    targets.some((target) => target !== undefined && references(target.settings, [arn]));
  const attached = lost.filter((holder) =>
    versions.some((version) => isSameHolder(version.holder, holder) && isAttached(version)),
  );
  return attached.length === 1 ? attached[0] : undefined;
}
