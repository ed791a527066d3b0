import type * as RAM from '@aws-sdk/client-ram';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { resourceTypeOf } from './permissions.ts';
import {
  type InvitationRecord,
  invitations,
  type Operations,
  page,
  type ShareRecord,
  shares,
  uuid,
} from './records.ts';

/** How long it takes until an invitation has come, and until its acceptance has taken effect, in seconds. */
const stateSeconds = { inviting: [2, 10], accepting: [2, 15] } as const;

/** How long an invitation holds, in milliseconds: twelve hours for all that is not on RAM's list of seven days. */
const invitationValidity = 12 * 3_600_000;

/** Invites an account into a share. */
export function invite({ arn }: ShareRecord, receiver: string, call: Call): void {
  call.takes(stateSeconds.inviting, 'invited', { shareArn: arn, receiver });
}

/** Withdraws an invitation that is still pending. */
export function withdrawInvitation(shareArn: string, receiver: string, call: Call): void {
  for (const one of invitations(call).values()) {
    if (one.shareArn === shareArn && one.receiver === receiver && one.status === 'PENDING') {
      invitations(call).delete(one.arn);
    }
  }
}

function describe(one: InvitationRecord): RAM.ResourceShareInvitation {
  return {
    resourceShareInvitationArn: one.arn,
    resourceShareName: one.shareName,
    resourceShareArn: one.shareArn,
    senderAccountId: one.sender,
    receiverAccountId: one.receiver,
    invitationTimestamp: one.at,
    status: one.status,
  };
}

/** An invitation that the caller got. */
function getInvitation(arn: string | undefined, call: Call): InvitationRecord {
  const found = invitations(call).get(arn ?? '');
  if (found?.receiver === call.account) return found;
  const message = `ResourceShareInvitation ${arn} could not be found.`;
  throw new AwsError('ResourceShareInvitationArnNotFoundException', message);
}

const ends = {
  ACCEPTED: ['ResourceShareInvitationAlreadyAcceptedException', 'has already been accepted'],
  REJECTED: ['ResourceShareInvitationAlreadyRejectedException', 'has already been rejected'],
  EXPIRED: ['ResourceShareInvitationExpiredException', 'has expired'],
} as const;

function mustBePending({ arn, status }: InvitationRecord): void {
  if (status === 'PENDING') return;
  const [code, how] = ends[status];
  throw new AwsError(code, `ResourceShareInvitation ${arn} ${how}.`);
}

export const invitationOperations: Operations = {
  GetResourceShareInvitations(input, call) {
    const { resourceShareArns, resourceShareInvitationArns, nextToken, maxResults } = input;
    const wanted = resourceShareInvitationArns?.map((arn) => getInvitation(arn, call));
    const all = (wanted ?? [...invitations(call).values()])
      .filter(({ receiver }) => receiver === call.account)
      .filter(({ shareArn }) => resourceShareArns?.includes(shareArn) ?? true);
    const { items, token } = page(all, ({ arn }) => arn, nextToken, maxResults);
    return { resourceShareInvitations: items.map(describe), nextToken: token };
  },

  AcceptResourceShareInvitation({ resourceShareInvitationArn, clientToken }, call) {
    const invitation = getInvitation(resourceShareInvitationArn, call);
    mustBePending(invitation);
    invitation.status = 'ACCEPTED';
    const { shareArn, receiver: entity } = invitation;
    call.takes(stateSeconds.accepting, 'associated', { shareArn, entity });
    return { resourceShareInvitation: describe(invitation), clientToken };
  },

  RejectResourceShareInvitation({ resourceShareInvitationArn, clientToken }, call) {
    const invitation = getInvitation(resourceShareInvitationArn, call);
    mustBePending(invitation);
    end(invitation, 'REJECTED', call);
    return { resourceShareInvitation: describe(invitation), clientToken };
  },

  ListPendingInvitationResources({ resourceShareInvitationArn, nextToken, maxResults }, call) {
    const invitation = getInvitation(resourceShareInvitationArn, call);
    mustBePending(invitation);
    const associations = shares(call).get(invitation.shareArn)?.associations ?? [];
    const resources = associations.filter(({ type, status }) => type === 'RESOURCE' && status === 'ASSOCIATED');
    const { items, token } = page(resources, ({ entity }) => entity, nextToken, maxResults);
    return {
      resources: items.map(({ entity }) => ({
        arn: entity,
        type: resourceTypeOf(entity),
        resourceShareArn: invitation.shareArn,
        resourceRegionScope: 'REGIONAL' as const,
      })),
      nextToken: token,
    };
  },
};

/** What policies can ask about an invitation: whose share it is, and how it is named. */
export function conditionKeys(_: string, input: Record<string, unknown>, call: Call): Record<string, string> {
  const found = invitations(call).get(String(input.resourceShareInvitationArn));
  return found ? { 'ram:ShareOwnerAccountId': found.sender, 'ram:ResourceShareName': found.shareName } : {};
}

/** Ends an invitation: the account is not in the share, and has to be added to it anew. */
function end(invitation: InvitationRecord, status: 'REJECTED' | 'EXPIRED', call: Call): void {
  invitation.status = status;
  const share = shares(call).get(invitation.shareArn);
  const association = share?.associations.find(({ entity }) => entity === invitation.receiver);
  if (association) Object.assign(association, { status: 'DISASSOCIATED', updated: new Date(call.clock.now()) });
}

export const invitationTasks = {
  invited({ shareArn, receiver }: { shareArn: string; receiver: string }, call: Call): void {
    const share = shares(call).get(shareArn);
    const association = share?.associations.find(({ entity }) => entity === receiver);
    if (!share || association?.status !== 'ASSOCIATING') return;
    const arn = regionalArn('ram', `resource-share-invitation/${uuid(call)}`, { ...call, account: share.owner });
    const at = new Date(call.clock.now());
    const { name: shareName, owner: sender } = share;
    invitations(call).set(arn, { arn, shareArn, shareName, sender, receiver, at, status: 'PENDING' });
    call.later(invitationValidity, 'expired', arn);
  },

  expired(arn: string, call: Call): void {
    const invitation = invitations(call).get(arn);
    if (invitation?.status === 'PENDING') end(invitation, 'EXPIRED', call);
  },
};
