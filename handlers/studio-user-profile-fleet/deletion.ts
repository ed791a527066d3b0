import { type Context, errorMessage, type Status } from '@studio-resources/core';
import { mapConcurrent } from '@studio-resources/sagemaker/client/client';
import { isTransitioning } from '@studio-resources/sagemaker/client/status';
import { listAppsAndSpaces, ownedByProfiles } from '@studio-resources/sagemaker/contents/contents';
import { assertDeletable, type DeleteContents } from '@studio-resources/sagemaker/contents/deletable';
import { atItsPace } from './adaptive-concurrency.ts';
import { fail, troubleOf } from './fleet.ts';
import { type Profile, profilesOf } from './profiles.ts';
import { mostSteps } from './progress.ts';
import { noteDone, soFar } from './progress-notes.ts';
import { numberOf, reportOf } from './report.ts';
import { notesOf } from './request-cache.ts';
import { take } from './steps.ts';

/** A fleet that is to go. */
export interface Going {
  /** All that is left of it. */
  left: Profile[];
  failed: { name: string; reason: string }[];
  /** Its deletion was begun. */
  isBegun: boolean;
}

export function isGoing(id: string, ctx: Context): boolean {
  return ctx.requestType === 'Delete' || isBegun(id, ctx);
}

function isBegun(id: string, ctx: Context): boolean {
  return notesOf(ctx).deleting?.includes(id) ?? false;
}

/** What is left of a fleet that is to go; undefined when nothing is. */
export async function readGoing(id: string, DomainId: string, ctx: Context): Promise<Going | undefined> {
  const left = await ownProfiles(DomainId, ctx);
  if (left.length === 0) return undefined;
  const { isDone, failureOf } = soFar(DomainId, ctx);
  const found = await mapConcurrent(left, async ({ name, key, status }) => {
    const known = failureOf(key);
    if (known !== undefined) return [{ name, reason: known }];
    if (status !== 'Delete_Failed' || !isDone(key)) return [];
    const reason = await troubleOf(DomainId, name);
    if (reason === undefined) return [];
    fail(DomainId, { key, name }, reason, ctx);
    return [{ name, reason }];
  });
  return { left, failed: found.flat(), isBegun: isBegun(id, ctx) };
}

/** Takes the next steps of the deletion of all that this resource made in the domain. */
export async function removeAll(id: string, DomainId: string, choice: DeleteContents, ctx: Context): Promise<void> {
  const notes = notesOf(ctx);
  notes.deleting = [...new Set([...(notes.deleting ?? []), id])];
  const { isDone, failureOf } = soFar(DomainId, ctx);
  const left = (await ownProfiles(DomainId, ctx)).filter(
    ({ key, status }) => !isTransitioning(status) && !failureOf(key),
  );
  if (left.length === 0) return;
  const contents = await listAppsAndSpaces(DomainId);
  const names = left.map(({ name }) => name);
  await assertDeletable(`fleet ${id}`, DomainId, ownedByProfiles(names, contents), choice, ctx);
  const next = left.filter(({ key, status }) => !(status === 'Delete_Failed' && isDone(key))).slice(0, mostSteps);
  const done: string[] = [];
  const around = { DomainId, ctx, contents, choice, before: new Map() };
  const run = async (profile: Profile) => {
    if (await take({ kind: 'remove', profile }, around)) done.push(profile.key);
  };
  const { failed, width } = await atItsPace(next, run, { width: notes.width });
  notes.width = width;
  noteDone(DomainId, done, ctx);
  for (const { item, error } of failed) fail(DomainId, item, errorMessage(error), ctx);
  ctx.log.info('Progress', { left: left.length, begun: done.length, failed: failed.length, atOnce: Math.floor(width) });
}

export function statusOfGoing({ left, failed, isBegun }: Going): Status {
  // Whatever it was before its deletion is no part of it.
  if (!isBegun) return 'ready';
  if (failed.length === left.length) {
    return { failed: `${numberOf(failed.length)} user profiles cannot be deleted: ${reportOf(failed)}` };
  }
  return { pending: `the deletion of ${numberOf(left.length)} user profiles` };
}

/** All that this resource made in the domain. */
export async function ownProfiles(DomainId: string, ctx: Context): Promise<Profile[]> {
  const profiles = await profilesOf(DomainId, ctx, () => true);
  return [...profiles.values()].filter(({ isOurs }) => isOurs);
}
