import type * as RAM from '@aws-sdk/client-ram';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { invite, withdrawInvitation } from './invitations.ts';
import { isOneOrganization, mustBeOwnOrganization } from './organization.ts';
import { permissionsFor, resourceTypeOf } from './permissions.ts';
import {
  type Association,
  getOwnShare,
  isLive,
  isOrganization,
  membershipOf,
  type Operations,
  page,
  type ShareRecord,
  shares,
  unknownShare,
} from './records.ts';

/** How long associations take, in seconds. */
const stateSeconds = { associating: [5, 30], disassociating: [5, 30] } as const;

/** Which association of which share. */
export interface Named {
  shareArn: string;
  entity: string;
}

export function describe(share: ShareRecord, one: Association): RAM.ResourceShareAssociation {
  return {
    resourceShareArn: share.arn,
    resourceShareName: share.name,
    associatedEntity: one.entity,
    associationType: one.type,
    status: one.status,
    creationTime: one.created,
    lastUpdatedTime: one.updated,
    external: one.external,
  };
}

/** Throws unless all of these may be in a share. */
export function checkEntities(resources: string[], principals: string[], allowExternal: boolean, call: Call): void {
  for (const arn of resources) {
    resourceTypeOf(arn);
    if (arn.split(':')[4] !== call.account) {
      throw new AwsError('OperationNotPermittedException', `You cannot share the resource ${arn}: it is not yours.`);
    }
    // What AWS answers to a resource of another Region is not documented.
    if (arn.split(':')[3] !== call.region) {
      throw new AwsError(
        'InvalidParameterException',
        `The resource ${arn} is not in ${call.region}. Share it in its own Region.`,
      );
    }
  }
  for (const principal of principals) {
    if (!/^\d{12}$/.test(principal) && !isOrganization(principal)) {
      throw new AwsError(
        'InvalidParameterException',
        `Principal ID ${principal} is malformed. Verify the ID and try again.`,
      );
    }
    if (principal === call.account) {
      throw new AwsError('InvalidParameterException', 'You cannot share resources with the account that owns them.');
    }
    if (isOrganization(principal)) mustBeOwnOrganization(principal, call);
    if (!isOneOrganization(call) && !allowExternal) {
      throw new AwsError(
        'OperationNotPermittedException',
        'The resource you are attempting to share can only be shared within your AWS Organization. This error may also occur if you have not enabled sharing with your AWS organization, or that onboarding process is still in progress.',
      );
    }
  }
}

/** Adds to a share what it does not have yet. */
export function associate(share: ShareRecord, resources: string[], principals: string[], call: Call): Association[] {
  share.permissionArns = permissionsFor(share.permissionArns, resources, call);
  return [
    ...resources.map((arn) => add(share, 'RESOURCE', arn, call)),
    ...principals.map((principal) => add(share, 'PRINCIPAL', principal, call)),
  ];
}

function add(share: ShareRecord, type: Association['type'], entity: string, call: Call): Association {
  const present = share.associations.find((one) => one.entity === entity && isLive(one));
  if (present) return present;
  const now = new Date(call.clock.now());
  const external = type === 'PRINCIPAL' && !isOneOrganization(call);
  const association: Association = { entity, type, status: 'ASSOCIATING', created: now, updated: now, external };
  share.associations = [...share.associations.filter((one) => one.entity !== entity), association];
  if (external) invite(share, entity, call);
  else call.takes(stateSeconds.associating, 'associated', { shareArn: share.arn, entity } satisfies Named);
  return association;
}

/** Takes a live association out of a share. */
export function disassociate(share: ShareRecord, one: Association, call: Call): void {
  Object.assign(one, { status: 'DISASSOCIATING', updated: new Date(call.clock.now()) });
  withdrawInvitation(share.arn, one.entity, call);
  call.takes(stateSeconds.disassociating, 'disassociated', { shareArn: share.arn, entity: one.entity } satisfies Named);
}

export const associationOperations: Operations = {
  AssociateResourceShare({ resourceShareArn, resourceArns = [], principals = [] }, call) {
    const share = getOwnShare(resourceShareArn, call);
    checkEntities(resourceArns, principals, share.allowExternalPrincipals, call);
    const made = associate(share, resourceArns, principals, call);
    return { resourceShareAssociations: made.map((one) => describe(share, one)) };
  },

  DisassociateResourceShare({ resourceShareArn, resourceArns = [], principals = [] }, call) {
    const share = shares(call).get(resourceShareArn ?? '');
    if (share?.owner !== call.account)
      return leaveShare(share, resourceShareArn, [...resourceArns, ...principals], call);
    const going = [...resourceArns, ...principals].flatMap((entity) =>
      share.associations.filter((one) => one.entity === entity && isLive(one)),
    );
    for (const one of going) disassociate(share, one, call);
    return { resourceShareAssociations: going.map((one) => describe(share, one)) };
  },

  GetResourceShareAssociations(input, call) {
    const { associationType, resourceShareArns, resourceArn, principal, associationStatus } = input;
    if (resourceArn !== undefined && principal !== undefined) {
      throw new AwsError('InvalidParameterException', 'Specify either resourceArn or principal, not both.');
    }
    const entity = resourceArn ?? principal;
    const all = [...shares(call).values()]
      .filter(({ owner, arn }) => owner === call.account && (resourceShareArns?.includes(arn) ?? true))
      .flatMap((share) => share.associations.map((one) => ({ share, one })))
      .filter(({ one }) => one.type === associationType && (entity === undefined || one.entity === entity))
      .filter(({ one }) => associationStatus === undefined || one.status === associationStatus);
    const { items, token } = page(
      all,
      ({ share, one }) => `${share.arn} ${one.entity}`,
      input.nextToken,
      input.maxResults,
    );
    return { resourceShareAssociations: items.map(({ share, one }) => describe(share, one)), nextToken: token };
  },
};

/** A receiving account leaves a share; this is refused in the owner's organization. */
function leaveShare(share: ShareRecord | undefined, arn: string | undefined, entities: string[], call: Call) {
  const membership = share && membershipOf(share, call.account);
  if (!membership || !isLive(membership)) throw unknownShare(arn);
  if (entities.length !== 1 || entities[0] !== call.account || !membership.external) {
    const message = 'You can leave only a resource share that was shared with your account outside of an organization.';
    throw new AwsError('OperationNotPermittedException', message);
  }
  disassociate(share, membership, call);
  return { resourceShareAssociations: [describe(share, membership)] };
}

export const associationTasks = {
  associated({ shareArn, entity }: Named, call: Call): void {
    const one = find(shareArn, entity, call);
    if (one?.status === 'ASSOCIATING')
      Object.assign(one, { status: 'ASSOCIATED', updated: new Date(call.clock.now()) });
  },

  disassociated({ shareArn, entity }: Named, call: Call): void {
    const one = find(shareArn, entity, call);
    if (one?.status === 'DISASSOCIATING') {
      Object.assign(one, { status: 'DISASSOCIATED', updated: new Date(call.clock.now()) });
    }
  },
};

function find(shareArn: string, entity: string, call: Call): Association | undefined {
  return shares(call)
    .get(shareArn)
    ?.associations.find((one) => one.entity === entity);
}
