import { type Context, errorMessage, type Status } from '@studio-resources/core';
import { mapConcurrent } from '@studio-resources/sagemaker/client/client';
import { isTransitioning } from '@studio-resources/sagemaker/client/status';
import { listAppsAndSpaces, ownedByProfiles } from '@studio-resources/sagemaker/contents/contents';
import { assertDeletable, type DeleteContents } from '@studio-resources/sagemaker/contents/deletable';
import { adaptiveConcurrency } from './adaptive-concurrency.ts';
import { failureReasonOf, recordFailure } from './fleet.ts';
import { type Profile, profilesOf } from './profiles.ts';
import { maxSteps } from './progress.ts';
import { noteDone, progressNotes } from './progress-notes.ts';
import { failureReport, formatNumber } from './report.ts';
import { notesOf } from './request-cache.ts';
import { takeStep } from './steps.ts';

/** The state of a fleet's deletion. */
export interface FleetDeletion {
  /** The profiles that still exist. */
  remaining: Profile[];
  failed: { name: string; reason: string }[];
  /** Whether delete was called. */
  isDeleteCalled: boolean;
}

export function isDeleting(id: string, ctx: Context): boolean {
  return ctx.requestType === 'Delete' || isDeleteCalled(id, ctx);
}

function isDeleteCalled(id: string, ctx: Context): boolean {
  return notesOf(ctx).deleting?.includes(id) ?? false;
}

/** Reads the state of the deletion; undefined when no profile remains. */
export async function readFleetDeletion(
  id: string,
  DomainId: string,
  ctx: Context,
): Promise<FleetDeletion | undefined> {
  const remaining = await listOwnedProfiles(DomainId, ctx);
  if (remaining.length === 0) return undefined;
  const { isDone, failureOf } = progressNotes(DomainId, ctx);
  const found = await mapConcurrent(remaining, async ({ name, key, status }) => {
    const known = failureOf(key);
    if (known !== undefined) return [{ name, reason: known }];
    if (status !== 'Delete_Failed' || !isDone(key)) return [];
    const reason = await failureReasonOf(DomainId, name);
    if (reason === undefined) return [];
    recordFailure(DomainId, { key, name }, reason, ctx);
    return [{ name, reason }];
  });
  return { remaining, failed: found.flat(), isDeleteCalled: isDeleteCalled(id, ctx) };
}

/** Takes the next steps of deleting all profiles that this resource has created in the domain. */
export async function deleteFleet(id: string, DomainId: string, choice: DeleteContents, ctx: Context): Promise<void> {
  const notes = notesOf(ctx);
  notes.deleting = [...new Set([...(notes.deleting ?? []), id])];
  const { isDone, failureOf } = progressNotes(DomainId, ctx);
  const remaining = (await listOwnedProfiles(DomainId, ctx)).filter(
    ({ key, status }) => !isTransitioning(status) && !failureOf(key),
  );
  if (remaining.length === 0) return;
  const contents = await listAppsAndSpaces(DomainId);
  const names = remaining.map(({ name }) => name);
  await assertDeletable(`fleet ${id}`, DomainId, ownedByProfiles(names, contents), choice, ctx);
  const next = remaining.filter(({ key, status }) => !(status === 'Delete_Failed' && isDone(key))).slice(0, maxSteps);
  const done: string[] = [];
  const context = { DomainId, ctx, contents, choice, before: new Map() };
  const run = async (profile: Profile) => {
    if (await takeStep({ kind: 'delete', profile }, context)) done.push(profile.key);
  };
  const { failed, concurrency } = await adaptiveConcurrency(next, run, { concurrency: notes.width });
  notes.width = concurrency;
  noteDone(DomainId, done, ctx);
  for (const { item, error } of failed) recordFailure(DomainId, item, errorMessage(error), ctx);
  ctx.log.info('Progress', {
    left: remaining.length,
    begun: done.length,
    failed: failed.length,
    atOnce: Math.floor(concurrency),
  });
}

export function statusOfDeletion({ remaining, failed, isDeleteCalled }: FleetDeletion): Status {
  // Before delete was called, the state does not matter.
  if (!isDeleteCalled) return 'ready';
  if (failed.length === remaining.length) {
    return { failed: `${formatNumber(failed.length)} user profiles cannot be deleted: ${failureReport(failed)}` };
  }
  return { pending: `the deletion of ${formatNumber(remaining.length)} user profiles` };
}

/** All profiles that this resource has created in the domain. */
export async function listOwnedProfiles(DomainId: string, ctx: Context): Promise<Profile[]> {
  const profiles = await profilesOf(DomainId, ctx, () => true);
  return [...profiles.values()].filter(({ isOurs }) => isOurs);
}
