import type { ResourceShare, Resource as SharedResource } from '@aws-sdk/client-ram';
import { type Context, isTransient, type Resource, type Status, serve } from '@studio-resources/core';
import { isTrue } from '@studio-resources/sagemaker/contents/deletable';
import { isAllowedOwner, notAllowed, organizationHint } from './resource-share-acceptance/owners.ts';
import { type Props, type ShareNaming, schema } from './resource-share-acceptance/properties.ts';
import {
  accept,
  findInvitations,
  findShares,
  leave,
  listResources,
  NotSharedYetError,
} from './resource-share-acceptance/shares.ts';

/** The space for ARNs in a response to CloudFormation, in bytes. */
const maxArnBytes = 3000;

/** In seconds: several times as long as RAM took, at most, to list the resources of a share that was just accepted. */
const maxListLag = 30;

interface State {
  share: ResourceShare;
  resources: SharedResource[];
  /** The share was just accepted, so an empty list of its resources may be incomplete. */
  mayLack: boolean;
}

/**
 * Accepts what another account shares through AWS RAM, such as a model registry or pipelines. The provider's parameter
 * `ShareOwnerAccountIds` has to name that account, unless it is one of the same organization, whose shares need no
 * acceptance. With `LeaveOnDelete: true`, a deletion leaves the share, unless another stack, or another logical id of the
 * same stack, holds it as well. After a rename of the logical id, and after a rollback, the account is still in it.
 */
export const resourceShareAcceptance: Resource<Props, State> = {
  type: 'Custom::ResourceShareAcceptance',
  schema,
  nameProperties: ['ResourceShareArn', 'OwningAccountId', 'ResourceShareName'],
  immutable: ['ResourceShareArn', 'OwningAccountId', 'ResourceShareName'],
  permissions: [
    { action: 'ram:GetResourceShares', resource: '*' },
    { action: 'ram:GetResourceShareInvitations', resource: '*' },
    { action: 'ram:ListResources', resource: '*' },
    {
      action: 'ram:AcceptResourceShareInvitation',
      resource: 'arn:*:ram:*:*:resource-share-invitation/*',
      condition: { StringLike: { 'ram:ShareOwnerAccountId': '*' } },
    },
    { action: 'ram:DisassociateResourceShare', resource: 'arn:*:ram:*:*:resource-share/*' },
    { action: 'cloudformation:ListStacks', resource: '*' },
    { action: 'cloudformation:DescribeStacks', resource: 'arn:*:cloudformation:*:*:stack/*' },
    { action: 'cloudformation:ListStackResources', resource: 'arn:*:cloudformation:*:*:stack/*' },
  ],
  needsStack: 'the resources of stacks tell who else holds a share',
  ownsId: (id) => /^arn:[\w-]+:ram:/.test(id),

  // RAM does not show who accepted a share. Every resource that names a share holds it.
  async find(props, ctx) {
    // A Delete's properties may not fit the schema, and a share that was just accepted may not be visible yet.
    if (!isNaming(props)) return undefined;
    if (ctx.requestType === 'Delete' && props.ResourceShareArn !== undefined) return props.ResourceShareArn;
    const shares = await findShares(props);
    return shares.length === 1 ? shares[0]!.resourceShareArn : undefined;
  },

  async create(props, ctx) {
    assertAcceptable(props, ctx);
    const [shares, invitations] = await Promise.all([findShares(props), findInvitations(props)]);
    const pending = invitations.filter(({ status }) => status === 'PENDING');
    const arns = new Set([...shares, ...pending].map(({ resourceShareArn }) => resourceShareArn!));
    if (arns.size > 1) {
      throw new Error(
        `Accepting ${nameOf(props)}: there are ${arns.size} of that name, ${[...arns].join(' and ')}. Give ResourceShareArn instead`,
      );
    }
    const [arn] = arns;
    if (arn === undefined) throw notShared(props, invitations[0]?.status, ctx);
    if (shares.length === 0) {
      const { senderAccountId = '' } = pending[0]!;
      if (!isAllowedOwner(senderAccountId)) {
        throw new Error(`Accepting ${nameOf(props)}: ${notAllowed(senderAccountId)}; ${organizationHint}`);
      }
      await accept(pending[0]!);
      ctx.notes.accepted = Date.now();
    }
    return arn;
  },

  async read(id, _props, { notes: { accepted } }) {
    const [share] = await findShares({ ResourceShareArn: id });
    if (!share) return undefined;
    const resources = share.status === 'ACTIVE' ? await listResources(id) : [];
    const isJustAccepted = typeof accepted === 'number' && Date.now() - accepted < 1000 * maxListLag;
    return { share, resources, mayLack: resources.length === 0 && isJustAccepted };
  },

  // The only property that can change in place concerns deletion.
  async update() {},

  async delete(id, { LeaveOnDelete }, ctx) {
    // A Delete's properties may not fit the schema.
    if (!isTrue(LeaveOnDelete)) {
      ctx.log.info('The account stays in the share; LeaveOnDelete: true would make it leave', { id });
      return 'retained';
    }
    const owner = id.split(':')[4] ?? '';
    const reason = isAllowedOwner(owner) ? await retentionReason(id, ctx) : notAllowed(owner);
    if (reason === 'unknown') return undefined;
    if (reason !== undefined) {
      ctx.log.info(`The account stays in the share: ${reason}`, { id });
      return 'retained';
    }
    return (await leave(id, ctx)) ? undefined : 'retained';
  },

  status: statusOf,

  attributes({ share, resources }) {
    const arns = resources.map(({ arn }) => arn).join(',');
    return {
      ResourceShareArn: share.resourceShareArn ?? '',
      ResourceShareName: share.name ?? '',
      OwningAccountId: share.owningAccountId ?? '',
      // An incomplete list would break templates.
      ResourceArns: arns.length > maxArnBytes ? '' : arns,
    };
  },

  visibleWithin: 30,

  pace: {
    create: { expectedSeconds: 60, pollIntervalSeconds: 5 },
    update: { expectedSeconds: 5, pollIntervalSeconds: 2 },
    delete: { expectedSeconds: 20, pollIntervalSeconds: 3 },
  },
};

export const handler = serve(resourceShareAcceptance);

function statusOf({ share, resources, mayLack }: State): Status {
  const { status, statusMessage, resourceShareArn } = share;
  const late = resources.filter((one) => one.status === 'PENDING');
  if (status === 'ACTIVE' && mayLack) return { pending: `the resources of ${resourceShareArn} to be listed` };
  if (status === 'ACTIVE') {
    return late.length === 0 ? 'ready' : { pending: `resources of ${resourceShareArn} are PENDING: ${late[0]!.arn}` };
  }
  if (status === 'PENDING') return { pending: `${resourceShareArn} is PENDING` };
  return { failed: `${resourceShareArn} is ${status}: ${statusMessage || 'RAM gives no reason'}` };
}

/**
 * Why the account has to stay in a share that a deletion asks to leave; `unknown` while there is more to look at. Only
 * the owner can share it again, so the account stays where CloudFormation does not say.
 */
async function retentionReason(id: string, ctx: Context): Promise<string | undefined> {
  if (ctx.requestType !== 'Delete' && !ctx.notes.accepted) return 'it was in the share before this request';
  try {
    // Off the start path: only deletions ask CloudFormation.
    const { findOtherHolders, isRollingBack } = await import('./resource-share-acceptance/holders.ts');
    // RAM does not show whether the account was in the share before what is rolled back.
    if (!ctx.notes.accepted && (await isRollingBack(ctx))) return 'the stack is rolling back';
    const others = await findOtherHolders(id, ctx);
    if (typeof others === 'object') return `${others.heldBy} holds it`;
    return others === 'none' ? undefined : others;
  } catch (error) {
    if (isTransient(error)) throw error;
    ctx.log.warn('Listing the stacks that hold the share failed', { id, error });
    return 'CloudFormation does not say whether another stack holds it';
  }
}

function isNaming(props: object): props is ShareNaming {
  return !schema['~standard'].validate({ ...props, LeaveOnDelete: undefined }).issues;
}

/**
 * Throws when there can never be an invitation: for a share of another Region, and for a share of the account itself.
 */
function assertAcceptable({ ResourceShareArn, OwningAccountId }: Props, { account, region }: Context): void {
  const [, , , shareRegion = region, owner = OwningAccountId] = ResourceShareArn?.split(':') ?? [];
  if (shareRegion !== region) {
    throw new Error(
      `Accepting ${ResourceShareArn}: it is a share of ${shareRegion}, and this stack is in ${region}. Shares are accepted in their own Region`,
    );
  }
  if (owner !== account) return;
  const [property, value] = ResourceShareArn ? ['ResourceShareArn', ResourceShareArn] : ['OwningAccountId', owner];
  throw new Error(`Accepting ${value}: ${property} names a share of this account itself, which has nothing to accept`);
}

function nameOf({ ResourceShareArn, OwningAccountId, ResourceShareName }: ShareNaming): string {
  return ResourceShareArn ?? `the resource share ${ResourceShareName} of account ${OwningAccountId}`;
}

/** Explains why a share is not available: not yet, or no longer. */
function notShared(props: ShareNaming, status: string | undefined, { account, region }: Context): Error {
  const what = `Accepting ${nameOf(props)}`;
  const owner = props.OwningAccountId ?? props.ResourceShareArn?.split(':')[4] ?? '';
  if (status === 'REJECTED' || status === 'EXPIRED') {
    const how = status === 'REJECTED' ? 'was rejected' : 'has expired, as it does 12 hours after it was sent';
    return new Error(
      `${what}: the invitation ${how}. Have its owner share it again: remove account ${account} from the share and add it again`,
    );
  }
  if (status === 'ACCEPTED')
    return new NotSharedYetError(`${what}: the invitation is accepted, and RAM does not show the share`);
  const hint = isAllowedOwner(owner) ? '' : `. It would not be accepted: ${notAllowed(owner)}`;
  return new NotSharedYetError(`${what}: there is no invitation for account ${account} in ${region}${hint}`);
}
