import { isDeepStrictEqual } from 'node:util';
import type { Context, Status } from '@studio-resources/core';
import { mapConcurrent } from '../client/client.ts';
import { isTransitioning } from '../client/status.ts';
import { isSameTarget } from '../settings/attach-to.ts';
import {
  findSettingsTarget,
  listSettingsTargets,
  type SettingsTarget,
  type SettingsTargetKey,
  settingsTargetId,
  settingsTargetName,
  type TargetSettings,
  updateIfAllowed,
  updateSettingsTarget,
} from '../settings/settings-target.ts';
import {
  type AttachmentTarget,
  attachmentTargets,
  references,
  removedPlaces,
  type SettingsPlace,
  withAttached,
  withDetached,
  withReplaced,
} from './attachments.ts';
import { markSuperseded, type Version } from './lifecycle-config.ts';

/** A new domain or profile is not visible immediately: so many milliseconds may pass. */
const visibleWithin = 10_000;

/** The progress of attaching a lifecycle configuration to all its targets. */
export interface AttachmentState {
  version: Version;
  /** The versions that this one replaces. */
  predecessors: Version[];
  /** The targets that still have to be changed or waited for. */
  pending: PendingTarget[];
}

interface PendingTarget extends AttachmentTarget {
  observed?: SettingsTarget;
}

/**
 * Describes the targets and, when the configuration is attached to all of them, everything else that references a
 * predecessor: attachments of others move to the new version.
 */
export async function observeAttachment(
  version: Version,
  versions: readonly Version[],
  props: object,
  ctx: Context,
): Promise<AttachmentState> {
  const predecessors = versions.filter(({ name, supersededBy }) => name !== version.name && supersededBy === undefined);
  const targets = attachmentTargets(props);
  const described = await mapConcurrent(targets, async (target) => ({
    ...target,
    observed: await findSettingsTarget(target.key),
  }));
  const pending = described.filter((target) => !isAttached(target, version, predecessors));
  if (pending.length > 0 || predecessors.length === 0) return { version, predecessors, pending };
  const users = (await listSettingsTargets()).filter(({ settings }) => references(settings, arnsOf(predecessors)));
  const changeable = users.filter((observed) => {
    const problem = updateBlocker(observed, ctx.since);
    if (problem) ctx.log.warn(`${settingsTargetName(observed.key)} keeps a former version: ${problem}`);
    return problem === undefined && !refusedIn(ctx).includes(settingsTargetId(observed.key));
  });
  return {
    version,
    predecessors,
    pending: changeable.map((observed) => ({ key: observed.key, places: [], observed })),
  };
}

export function attachmentStatus({ version, predecessors, pending }: AttachmentState): Status {
  const [first] = pending;
  if (first) {
    const { Status: status = 'not to be seen', FailureReason } = first.observed ?? {};
    const why = FailureReason ? `${status}: ${FailureReason}` : status;
    return { pending: `that ${settingsTargetName(first.key)} has ${version.name} (it is ${why})` };
  }
  if (predecessors.length > 0 || version.supersededBy !== undefined) {
    return { pending: `that ${version.name} takes the place of its former versions` };
  }
  return 'ready';
}

/**
 * Takes the next step: attaches the configuration, concurrently, to every target that can be changed now, and removes
 * its predecessors from places that are no longer desired.
 *
 * Throws when a target cannot be changed.
 */
export async function attach(
  { version, predecessors, pending }: AttachmentState,
  props: object,
  old: object,
  ctx: Context,
) {
  if (version.supersededBy !== undefined) await markSuperseded(version, undefined);
  const [now, before] = [attachmentTargets(props), attachmentTargets(old)];
  await mapConcurrent(pending, async ({ key, places, observed }) => {
    if (!observed && Date.now() - ctx.since.getTime() < visibleWithin) return;
    if (isTransitioning(observed?.Status) && observed?.Status !== 'Deleting') return;
    const what = `Attaching lifecycle configuration ${version.name} to ${settingsTargetName(key)}`;
    if (!observed) throw new Error(`${what}: it does not exist; create it first, or take it out of AttachTo`);
    const problem = observed.Status === 'Deleting' ? 'it is Deleting' : updateBlocker(observed, ctx.since);
    if (problem) throw new Error(`${what}: ${problem}`);
    let next = observed.settings;
    for (const place of removedPlaces(before, now, key)) next = withDetached(next, place, arnsOf(predecessors));
    const desired = desiredSettings(next, places, version, predecessors, what);
    if (places.length > 0) return updateSettingsTarget(observed, desired);
    // Others have attached a former version there.
    const refused = await updateIfAllowed(observed, desired);
    if (refused === undefined) return;
    ctx.log.warn('A former version stays where others have attached it', { refused });
    refusedIn(ctx).push(settingsTargetId(key));
  });
  if (pending.length === 0) await mapConcurrent(predecessors, (each) => markSuperseded(each, version.name));
}

/** Removes it from the places that an update no longer names. */
export async function detach(arn: string, props: object, old: object): Promise<void> {
  const now = attachmentTargets(props);
  await mapConcurrent(attachmentTargets(old), async ({ key }) => {
    const left = removedPlaces(attachmentTargets(old), now, key);
    const observed = left.length > 0 ? await findSettingsTarget(key) : undefined;
    if (!observed || observed.Status === 'Deleting') return;
    let next = observed.settings;
    for (const place of left) next = withDetached(next, place, [arn]);
    const retained = now.find((each) => isSameTarget(each.key, key))?.places ?? [];
    for (const place of retained) next = withAttached(next, place, arn);
    await updateSettingsTarget(observed, next);
  });
}

/**
 * Removes it from all settings that reference it, or puts its replacement there. Returns what still references it and
 * cannot be changed, and why.
 */
export async function detachOrReplace(
  version: Version,
  replacement: Version | undefined,
  ctx: Context,
): Promise<string[]> {
  const users = (await listSettingsTargets()).filter(({ settings }) => references(settings, [version.arn]));
  // What failed earlier in this request was its attaching, when CloudFormation has cancelled a creation.
  const { detachedSince } = ctx.notes;
  const since = typeof detachedSince === 'number' ? new Date(detachedSince) : undefined;
  const problems = users.map((observed) => ({ observed, problem: updateBlocker(observed, since) }));
  const changeable = problems.filter(({ observed, problem }) => !problem && observed.Status !== 'Deleting');
  const now = Date.now();
  const refused = await mapConcurrent(changeable, ({ observed }) =>
    updateIfAllowed(observed, withReplaced(observed.settings, [version.arn], replacement?.arn)),
  );
  if (changeable.length > 0) ctx.notes.detachedSince ??= now;
  const blocked = problems.map(({ observed, problem }) => problem && `${settingsTargetName(observed.key)}: ${problem}`);
  return [...blocked, ...refused].filter((each) => each !== undefined);
}

/** The ids of the targets of others that IAM has refused to this request: it asks once. */
function refusedIn({ notes }: Context): string[] {
  notes.refused ??= [];
  return notes.refused as string[];
}

/** Whether SageMaker is still working on a target in the template. It could not be deleted next. */
export async function isAnyTargetTransitioning(props: object): Promise<boolean> {
  const observedTargets = await mapConcurrent(attachmentTargets(props), ({ key }: { key: SettingsTargetKey }) =>
    findSettingsTarget(key),
  );
  return observedTargets.some((observed) => isTransitioning(observed?.Status) && observed?.Status !== 'Deleting');
}

function isAttached({ places, observed }: PendingTarget, version: Version, predecessors: readonly Version[]): boolean {
  if (observed?.Status !== 'InService') return false;
  try {
    return isDeepStrictEqual(desiredSettings(observed.settings, places, version, predecessors, ''), observed.settings);
  } catch {
    // Another configuration occupies the place; `attach` throws that error.
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

/** Why the target cannot be changed. A failed update from before `since`, the first change that was tried, is retried. */
function updateBlocker(
  { Status: status, FailureReason, LastModifiedTime }: SettingsTarget,
  since: Date | undefined,
): string | undefined {
  const isFailed = status === 'Failed' || status === 'Delete_Failed';
  const isSince = since !== undefined && LastModifiedTime !== undefined && LastModifiedTime >= since;
  const hasJustFailed = status === 'Update_Failed' && isSince;
  return isFailed || hasJustFailed ? `it is ${status}: ${FailureReason || 'SageMaker gives no reason'}` : undefined;
}

function arnsOf(versions: readonly Version[]): string[] {
  return versions.map(({ arn }) => arn);
}
