import { isDeepStrictEqual } from 'node:util';
import type { Context, Status } from '@studio-resources/core';
import { mapConcurrent } from '../client/client.ts';
import { isTransitioning } from '../client/status.ts';
import {
  findSettingsTarget,
  listSettingsTargets,
  type SettingsTarget,
  type SettingsTargetKey,
  settingsTargetId,
  settingsTargetName,
  type TargetSettings,
  updateSettingsTarget,
} from '../settings/settings-target.ts';
import {
  type AttachmentTarget,
  attachmentTargets,
  references,
  removedPlaces,
  type SettingsPlace,
  withAttached,
  withReplaced,
} from './attachments.ts';
import { markSuperseded, type Version } from './lifecycle-config.ts';

/** Something new is not always seen at once: for so many milliseconds it is waited for. */
const visibleWithin = 10_000;

/** How far a lifecycle configuration is from being attached everywhere. */
export interface AttachmentState {
  version: Version;
  /** Those in whose place it comes. */
  predecessors: Version[];
  /** Where there is still something to do, or to wait for. */
  pending: PendingTarget[];
}

interface PendingTarget extends AttachmentTarget {
  holder?: SettingsTarget;
}

/**
 * Looks at where it is to be attached, and, once it is attached there, at everything else that has a predecessor: what
 * others have attached goes on with the new one.
 */
export async function observeAttachment(
  version: Version,
  versions: readonly Version[],
  props: object,
  ctx: Context,
): Promise<AttachmentState> {
  const predecessors = versions.filter(({ name, supersededBy }) => name !== version.name && supersededBy === undefined);
  const targets = attachmentTargets(props);
  const observed = await mapConcurrent(targets, async (target) => ({
    ...target,
    holder: await findSettingsTarget(target.key),
  }));
  const pending = observed.filter((target) => !isAttached(target, version, predecessors));
  if (pending.length > 0 || predecessors.length === 0) return { version, predecessors, pending };
  const users = (await listSettingsTargets()).filter(({ settings }) => references(settings, arnsOf(predecessors)));
  const changeable = users.filter((holder) => {
    const problem = updateBlocker(holder, ctx);
    if (problem) ctx.log.warn(`${settingsTargetName(holder.key)} keeps a former version: ${problem}`);
    return problem === undefined;
  });
  return { version, predecessors, pending: changeable.map((holder) => ({ key: holder.key, places: [], holder })) };
}

export function attachmentStatus({ version, predecessors, pending }: AttachmentState): Status {
  const [first] = pending;
  if (first) {
    const { Status: status = 'not to be seen', FailureReason } = first.holder ?? {};
    const why = FailureReason ? `${status}: ${FailureReason}` : status;
    return { pending: `that ${settingsTargetName(first.key)} has ${version.name} (it is ${why})` };
  }
  if (predecessors.length > 0 || version.supersededBy !== undefined) {
    return { pending: `that ${version.name} takes the place of its former versions` };
  }
  return 'ready';
}

/**
 * Takes the next step: attaches it, side by side, where it has to be and can be now, and takes its predecessors out of
 * the places that are not wanted any more.
 *
 * Throws when it cannot be attached somewhere.
 */
export async function attach(
  { version, predecessors, pending }: AttachmentState,
  props: object,
  old: object,
  ctx: Context,
) {
  if (version.supersededBy !== undefined) await markSuperseded(version, undefined);
  const [now, before] = [attachmentTargets(props), attachmentTargets(old)];
  await mapConcurrent(pending, async ({ key, places, holder }) => {
    if (!holder && Date.now() - ctx.since.getTime() < visibleWithin) return;
    if (isTransitioning(holder?.Status) && holder?.Status !== 'Deleting') return;
    const what = `Attaching lifecycle configuration ${version.name} to ${settingsTargetName(key)}`;
    if (!holder) throw new Error(`${what}: it does not exist`);
    const problem = holder.Status === 'Deleting' ? 'it is Deleting' : updateBlocker(holder, ctx);
    if (problem) throw new Error(`${what}: ${problem}`);
    let next = holder.settings;
    for (const { member } of removedPlaces(before, now, key)) {
      next = { ...next, [member]: withReplaced(next[member], arnsOf(predecessors)) };
    }
    await updateSettingsTarget(holder, desiredSettings(next, places, version, predecessors, what));
  });
  if (pending.length === 0) await mapConcurrent(predecessors, (each) => markSuperseded(each, version.name));
}

/** Takes it out of the places that an update no longer names. */
export async function detach(arn: string, props: object, old: object): Promise<void> {
  const now = attachmentTargets(props);
  await mapConcurrent(attachmentTargets(old), async ({ key }) => {
    const left = removedPlaces(attachmentTargets(old), now, key);
    const holder = left.length > 0 ? await findSettingsTarget(key) : undefined;
    if (!holder || holder.Status === 'Deleting') return;
    let next = holder.settings;
    for (const { member } of left) next = { ...next, [member]: withReplaced(next[member], [arn]) };
    const kept = now.find((each) => settingsTargetId(each.key) === settingsTargetId(key))?.places ?? [];
    for (const place of kept) next = withAttached(next, place, arn);
    await updateSettingsTarget(holder, next);
  });
}

/**
 * Takes it out of all settings that have it, whoever attached it, or puts its heir in its place. Returns what still has
 * it and cannot be changed, and why.
 */
export async function detachOrReplace(
  version: Version,
  replacement: Version | undefined,
  ctx: Context,
): Promise<string[]> {
  const users = (await listSettingsTargets()).filter(({ settings }) => references(settings, [version.arn]));
  const problems = users.map((holder) => ({ holder, problem: updateBlocker(holder, ctx) }));
  const changeable = problems.filter(({ holder, problem }) => !problem && holder.Status !== 'Deleting');
  await mapConcurrent(changeable, ({ holder }) =>
    updateSettingsTarget(holder, withReplaced(holder.settings, [version.arn], replacement?.arn)),
  );
  return problems.flatMap(({ holder, problem }) => (problem ? [`${settingsTargetName(holder.key)}: ${problem}`] : []));
}

/** Is SageMaker still at work on something that a template names? Then that could not be deleted next. */
export async function isAnyTargetTransitioning(props: object): Promise<boolean> {
  const holders = await mapConcurrent(attachmentTargets(props), ({ key }: { key: SettingsTargetKey }) =>
    findSettingsTarget(key),
  );
  return holders.some((holder) => isTransitioning(holder?.Status) && holder?.Status !== 'Deleting');
}

function isAttached({ places, holder }: PendingTarget, version: Version, predecessors: readonly Version[]): boolean {
  if (holder?.Status !== 'InService') return false;
  try {
    return isDeepStrictEqual(desiredSettings(holder.settings, places, version, predecessors, ''), holder.settings);
  } catch {
    // Another one has the place; whoever attaches says so.
    return false;
  }
}

function desiredSettings(
  settings: TargetSettings,
  places: readonly SettingsPlace[],
  { arn }: Version,
  predecessors: readonly Version[],
  what: string,
): TargetSettings {
  try {
    const moved = withReplaced(settings, arnsOf(predecessors), arn);
    return places.reduce((next, place) => withAttached(next, place, arn), moved);
  } catch (cause) {
    throw new Error(what, { cause });
  }
}

/** Why it cannot be changed, as far as can be told: an update that failed before is made again, but only once. */
function updateBlocker(
  { Status: status, FailureReason, LastModifiedTime }: SettingsTarget,
  { since }: Context,
): string | undefined {
  const isFailed = status === 'Failed' || status === 'Delete_Failed';
  const hasJustFailed = status === 'Update_Failed' && LastModifiedTime !== undefined && LastModifiedTime >= since;
  return isFailed || hasJustFailed ? `it is ${status}: ${FailureReason || 'SageMaker gives no reason'}` : undefined;
}

function arnsOf(versions: readonly Version[]): string[] {
  return versions.map(({ arn }) => arn);
}
