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

/** What there is to do about the roles that may use the portfolio. */
export interface RoleChanges {
  /** To be associated, with when that was first tried. */
  added: { arn: string; since?: number }[];
  /** Associated by this resource, and no longer wanted. */
  removed: string[];
  /** How many principals the portfolio keeps, and how many it is to have. */
  remaining: number;
  needed: number;
}

/**
 * Compares the roles that are wanted with those that may use the portfolio. A role that somebody else has associated is
 * left to them. One that another resource of ours has associated is shared: who comes last takes it back.
 */
export function diffRoles(
  wanted: readonly string[],
  principals: ReadonlySet<string>,
  id: string,
  records: ReadonlyMap<string, AssociationRecord>,
): RoleChanges {
  const own = records.get(id)?.roles ?? new Map<string, number>();
  const isOurs = (arn: string) => [...records.values()].some(({ roles }) => roles.has(arn));
  const isDone = (arn: string) => principals.has(arn) && (own.has(arn) || !isOurs(arn));
  const removed = [...own.keys()].filter((arn) => !wanted.includes(arn));
  const remaining = principals.size - removed.filter((arn) => principals.has(arn)).length;
  return {
    added: wanted.filter((arn) => !isDone(arn)).map((arn) => ({ arn, since: own.get(arn) })),
    removed,
    remaining,
    needed: remaining + wanted.filter((arn) => !principals.has(arn)).length,
  };
}

/**
 * Makes the changes: what is removed first, as that makes room. Throws, before anything is changed, when the portfolio
 * cannot take so many.
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
        'Let users share roles, take back what nobody needs, or have the quota raised and say so in PrincipalQuota',
    );
  }
  await releaseRoles(portfolioId, id, removed);
  if (added.length === 0) return;
  try {
    await mapConcurrent(added, async ({ arn, since }) => {
      // Also one that was claimed when it was looked at: a deletion may have released it since.
      await claimRole(id, arn, ctx);
      await associateRole(portfolioId, arn, since ?? Date.now());
    });
  } finally {
    await releaseIfDeleting(portfolioId, id, added, ctx);
  }
}

/** A deletion that began meanwhile may have taken back already what was associated after that, and forgotten it. */
async function releaseIfDeleting(
  portfolioId: string,
  id: string,
  added: RoleChanges['added'],
  ctx: Context,
): Promise<void> {
  const tags = await recordStatus(id);
  if (tags && !tags.isDeleting) return;
  ctx.log.info('The deletion has begun meanwhile, so the roles may not use the portfolio any more', { id });
  const arns = added.map(({ arn }) => arn);
  await releaseRoles(portfolioId, id, arns);
}

/** Takes back what this resource has associated, unless another one of ours needs it too. */
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
  // One that claimed a role meanwhile may have seen it associated still.
  const after = await claimedByOthers(id, arns);
  const shared = arns.filter((arn) => after.has(arn));
  await mapConcurrent(shared, (arn) => associateRole(portfolioId, arn, 0));
  await mapConcurrent(arns, (arn) => releaseClaim(id, arn));
  if (shared.length === 0) return;
  // The others may have let go of it too, and have seen it claimed here.
  const atLast = await claimedByOthers(id, arns);
  await mapConcurrent(
    shared.filter((arn) => !atLast.has(arn)),
    (arn) => disassociateRole(portfolioId, arn),
  );
}

/** Which of the roles others have claimed too. */
async function claimedByOthers(id: string, arns: readonly string[]): Promise<Set<string>> {
  const isMeant = ({ roles }: AssociationRecord) => arns.some((arn) => roles.has(arn));
  const others = await otherActiveRecords(id, await listRecords(), isMeant);
  return new Set([...others.values()].flatMap(({ roles }) => [...roles.keys()]));
}
