import { type Context, errorMessage } from '@studio-resources/core';
import { codeOf } from '@studio-resources/sagemaker/client/client';
import { isTransitioning } from '@studio-resources/sagemaker/client/status';
import { type Contents, listAppsAndSpaces } from '@studio-resources/sagemaker/contents/contents';
import type { DeleteContents } from '@studio-resources/sagemaker/contents/deletable';
import { adaptiveConcurrency, type Batch } from './adaptive-concurrency.ts';
import { type Fleet, recordFailure } from './fleet.ts';
import type { Member } from './member.ts';
import type { Step } from './plan.ts';
import { noteDone } from './progress-notes.ts';
import type { Props } from './properties.ts';
import { notesOf } from './request-cache.ts';
import { previousRoster } from './roster.ts';
import { takeStep } from './steps.ts';

/** At most so many steps in a reconcile. Then the state is read again. */
export const maxSteps = 200;

const nothing: Contents = { apps: [], spaces: [], profiles: [] };

/** Takes the next steps towards the desired state. Deletions come after all other changes. */
export async function progress(
  { DomainId, plan, roster, isAllOrNothing, domain }: Fleet,
  choice: DeleteContents,
  ctx: Context,
  old: Props,
): Promise<void> {
  if (isTransitioning(domain?.Status)) return;
  const isNext = plan.steps.length > 0;
  const all: Step[] = isNext ? plan.steps : plan.removals.map((profile) => ({ kind: 'delete', profile }));
  if (all.length === 0 || (!isNext && plan.transitioning > 0)) return;
  const notes = notesOf(ctx);
  const context = {
    DomainId,
    domain,
    ctx,
    choice,
    before: all.some(({ kind }) => kind === 'update') ? await membersBefore(old, ctx) : new Map<string, Member>(),
    contents: isNext ? nothing : await listAppsAndSpaces(DomainId),
  };
  const done: string[] = [];
  const run = async (step: Step) => {
    if (await takeStep(step, context)) done.push(subjectOf(step).key);
  };
  const shouldContinue = ({ failed }: Batch<Step>) =>
    !(isAllOrNothing && failed.length > 0) && !failed.some(isQuotaExceeded);
  const batch = await adaptiveConcurrency(all.slice(0, maxSteps), run, { concurrency: notes.width, shouldContinue });
  notes.width = batch.concurrency;
  noteDone(DomainId, done, ctx);
  for (const { item, error } of batch.failed) recordFailure(DomainId, subjectOf(item), errorMessage(error), ctx);
  const full = batch.failed.find(isQuotaExceeded);
  if (full) {
    const tried = new Set([...batch.failed.map(({ item }) => item), ...batch.done]);
    const reason = `not tried, since another one had: ${errorMessage(full.error)}`;
    const rest = all.filter((step) => step.kind === 'create' && !tried.has(step));
    for (const step of rest) recordFailure(DomainId, subjectOf(step), reason, ctx);
  }
  ctx.log.info('Progress', {
    inService: plan.ready,
    members: roster.members.length,
    begun: batch.done.length,
    failed: batch.failed.length,
    left: all.length - batch.done.length - batch.failed.length,
    atOnce: Math.floor(batch.concurrency),
  });
}

async function membersBefore(old: Props, ctx: Context): Promise<Map<string, Member>> {
  const roster = ctx.requestType === 'Update' ? await previousRoster(old, ctx) : undefined;
  return new Map(roster?.members.map((member) => [member.key, member]));
}

function subjectOf(step: Step): { key: string; name: string; place?: string } {
  return step.kind === 'delete' ? step.profile : step.member;
}

/** A quota that is exceeded for one profile is exceeded for all. */
function isQuotaExceeded({ item, error }: Batch<Step>['failed'][number]): boolean {
  return item.kind === 'create' && codeOf(error) === 'ResourceLimitExceeded';
}
