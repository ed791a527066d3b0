import type * as RAM from '@aws-sdk/client-ram';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { associate, checkEntities, disassociate } from './associations.ts';
import { permissionsFor } from './permissions.ts';
import { getOwnShare, isLive, isVisibleTo, type Operations, page, type ShareRecord, shares, uuid } from './records.ts';
import { checkTags } from './tags.ts';

/** How long it takes to delete one, in seconds, and how long it is shown after that, in milliseconds. */
const deleting = [5, 30] as const;
const shownFor = 3_600_000;

function describe(share: ShareRecord, call: Call): RAM.ResourceShare {
  return {
    resourceShareArn: share.arn,
    name: share.name,
    owningAccountId: share.owner,
    allowExternalPrincipals: share.allowExternalPrincipals,
    status: share.status,
    // Tags are the owner's only.
    tags: share.owner === call.account ? share.tags : undefined,
    creationTime: share.created,
    lastUpdatedTime: share.updated,
    featureSet: 'STANDARD',
  };
}

export const shareOperations: Operations = {
  CreateResourceShare(input, call) {
    const { name = '', resourceArns = [], principals = [], permissionArns = [], tags = [], clientToken } = input;
    const { allowExternalPrincipals = true } = input;
    const request = JSON.stringify({ ...input, clientToken: undefined });
    const same = madeWith(clientToken, call);
    if (same && same.request !== request) {
      const message = 'The client token is already in use with other parameters.';
      throw new AwsError('IdempotentParameterMismatchException', message);
    }
    if (same) return { resourceShare: describe(same, call), clientToken };
    checkTags(tags);
    checkEntities(resourceArns, principals, allowExternalPrincipals, call);
    const now = new Date(call.clock.now());
    const share: ShareRecord = {
      arn: regionalArn('ram', `resource-share/${uuid(call)}`, call),
      name,
      owner: call.account,
      allowExternalPrincipals,
      status: 'ACTIVE',
      created: now,
      updated: now,
      tags,
      permissionArns: permissionsFor(permissionArns, resourceArns, call),
      associations: [],
      clientToken,
      request,
    };
    shares(call).set(share.arn, share);
    associate(share, resourceArns, principals, call);
    return { resourceShare: describe(share, call), clientToken };
  },

  UpdateResourceShare({ resourceShareArn, name, allowExternalPrincipals, clientToken }, call) {
    const share = getOwnShare(resourceShareArn, call);
    share.name = name ?? share.name;
    share.allowExternalPrincipals = allowExternalPrincipals ?? share.allowExternalPrincipals;
    share.updated = new Date(call.clock.now());
    return { resourceShare: describe(share, call), clientToken };
  },

  DeleteResourceShare({ resourceShareArn, clientToken }, call) {
    const share = getOwnShare(resourceShareArn, call);
    Object.assign(share, { status: 'DELETING', updated: new Date(call.clock.now()) });
    for (const one of share.associations.filter(isLive)) disassociate(share, one, call);
    call.takes(deleting, 'shareDeleted', share.arn);
    return { returnValue: true, clientToken };
  },

  GetResourceShares(input, call) {
    const { resourceOwner, resourceShareArns, resourceShareStatus, name, tagFilters, permissionArn } = input;
    const all = [...shares(call).values()]
      .filter((one) => (resourceOwner === 'SELF' ? one.owner === call.account : isVisibleTo(one, call.account)))
      .filter(({ arn }) => resourceShareArns?.includes(arn) ?? true)
      .filter(({ status }) => resourceShareStatus === undefined || status === resourceShareStatus)
      .filter((one) => name === undefined || one.name === name)
      .filter((one) => permissionArn === undefined || one.permissionArns.includes(permissionArn))
      .filter((one) => tagFilters === undefined || tagFilters.some((filter) => hasTag(one, filter)));
    const { items, token } = page(all, ({ arn }) => arn, input.nextToken, input.maxResults);
    return { resourceShares: items.map((one) => describe(one, call)), nextToken: token };
  },
};

function madeWith(clientToken: string | undefined, call: Call): ShareRecord | undefined {
  if (clientToken === undefined) return undefined;
  return [...shares(call).values()].find((one) => one.owner === call.account && one.clientToken === clientToken);
}

function hasTag({ tags }: ShareRecord, { tagKey, tagValues = [] }: RAM.TagFilter): boolean {
  return tags.some(({ key, value }) => key === tagKey && (tagValues.length === 0 || tagValues.includes(value ?? '')));
}

export const shareTasks = {
  shareDeleted(arn: string, call: Call): void {
    const share = shares(call).get(arn);
    if (!share) return;
    Object.assign(share, { status: 'DELETED', updated: new Date(call.clock.now()) });
    call.later(shownFor, 'shareForgotten', arn);
  },

  shareForgotten(arn: string, call: Call): void {
    shares(call).delete(arn);
  },
};
