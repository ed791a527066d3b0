import type { Context } from '@studio-resources/core';
import { mapConcurrent } from '../client/client.ts';
import {
  type AssociationRecord,
  claimRole,
  listRecords,
  otherActiveRecords,
  recordStatus,
  releaseClaim,
} from './association-records.ts';
import { associateRole, disassociateRole } from './portfolio.ts';

/** The changes to the roles that may use the portfolio. */
export interface RoleChanges {
  /** Roles to associate, with the time of the first attempt. */
  added: { arn: string; since?: number }[];
  /** Roles that this resource has associated and that are no longer desired. */
  removed: string[];
  /** How many principals stay associated, and how many there will be. */
  remaining: number;
  needed: number;
}

/**
 * Compares the desired roles with the portfolio's principals. A role that another team has associated is left alone. A
 * role that another resource of this type has associated is shared: the last of them disassociates it.
 */
export function diffRoles(
  desired: readonly string[],
  principals: ReadonlySet<string>,
  id: string,
  records: ReadonlyMap<string, AssociationRecord>,
): RoleChanges {
  const own = records.get(id)?.roles ?? new Map<string, number>();
  const isOurs = (arn: string) => [...records.values()].some(({ roles }) => roles.has(arn));
  const isDone = (arn: string) => principals.has(arn) && (own.has(arn) || !isOurs(arn));
  const removed = [...own.keys()].filter((arn) => !desired.includes(arn));
  const remaining = principals.size - removed.filter((arn) => principals.has(arn)).length;
  return {
    added: desired.filter((arn) => !isDone(arn)).map((arn) => ({ arn, since: own.get(arn) })),
    removed,
    remaining,
    needed: remaining + desired.filter((arn) => !principals.has(arn)).length,
  };
}

/**
 * Applies the changes: removals first, because they free quota. Throws, before anything is changed, when the quota is
 * too low.
 */
export async function applyRoleChanges(
  portfolioId: string,
  { added, removed, remaining, needed }: RoleChanges,
  quota: number,
  id: string,
  ctx: Context,
): Promise<void> {
  if (needed > Math.max(remaining, quota)) {
    throw new Error(
      `Associating ${needed - remaining} roles with portfolio ${portfolioId}: with the ${remaining} principals that it has ` +
        `already these are ${needed}, and Service Catalog allows ${quota} (quota L-E8959660). ` +
        'Let users share roles, remove roles that are not needed, or raise the quota and set PrincipalQuota',
    );
  }
  await releaseRoles(portfolioId, id, removed);
  if (added.length === 0) return;
  try {
    await mapConcurrent(added, async ({ arn, since }) => {
      // Records the role again even if it was recorded: a deletion may have released it meanwhile.
      await claimRole(id, arn, ctx);
      await associateRole(portfolioId, arn, since ?? Date.now());
    });
  } finally {
    await releaseIfDeleting(portfolioId, id, added, ctx);
  }
}

/** A deletion that has started meanwhile may have released roles before these were associated. */
async function releaseIfDeleting(
  portfolioId: string,
  id: string,
  added: RoleChanges['added'],
  ctx: Context,
): Promise<void> {
  const tags = await recordStatus(id);
  if (tags && !tags.isDeleting) return;
  ctx.log.info('The deletion has started meanwhile, so the roles are disassociated', { id });
  const arns = added.map(({ arn }) => arn);
  await releaseRoles(portfolioId, id, arns);
}

/** Disassociates the roles that this resource has associated, unless another resource of this type needs them too. */
export async function releaseRoles(
  portfolioId: string | undefined,
  id: string,
  arns: readonly string[],
): Promise<void> {
  if (portfolioId === undefined || arns.length === 0) {
    await mapConcurrent(arns, (arn) => releaseClaim(id, arn));
    return;
  }
  const before = await claimedByOthers(id, arns);
  await mapConcurrent(
    arns.filter((arn) => !before.has(arn)),
    (arn) => disassociateRole(portfolioId, arn),
  );
  // A resource that recorded the role in the meantime may have seen it as still associated.
  const after = await claimedByOthers(id, arns);
  const shared = arns.filter((arn) => after.has(arn));
  await mapConcurrent(shared, (arn) => associateRole(portfolioId, arn, 0));
  await mapConcurrent(arns, (arn) => releaseClaim(id, arn));
  if (shared.length === 0) return;
  // The others may have released it too, because they saw this resource's record.
  const atLast = await claimedByOthers(id, arns);
  await mapConcurrent(
    shared.filter((arn) => !atLast.has(arn)),
    (arn) => disassociateRole(portfolioId, arn),
  );
}

/** The roles that other resources have recorded too. */
async function claimedByOthers(id: string, arns: readonly string[]): Promise<Set<string>> {
  const isMeant = ({ roles }: AssociationRecord) => arns.some((arn) => roles.has(arn));
  const others = await otherActiveRecords(id, await listRecords(), isMeant);
  return new Set([...others.values()].flatMap(({ roles }) => [...roles.keys()]));
}
