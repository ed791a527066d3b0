import type { Call } from '../../service.ts';
import { resourceTypeOf } from './permissions.ts';
import { type Association, isVisibleTo, type Operations, page, type ShareRecord, shares } from './records.ts';

interface Shared {
  share: ShareRecord;
  one: Association;
}

/** What is in force in the caller's own shares, or in those of others that the caller is in. */
function associations(owner: string | undefined, type: Association['type'], call: Call): Shared[] {
  return [...shares(call).values()]
    .filter((share) => share.status === 'ACTIVE')
    .filter((share) => (owner === 'SELF' ? share.owner === call.account : isVisibleTo(share, call.account)))
    .flatMap((share) => share.associations.map((one) => ({ share, one })))
    .filter(({ one }) => one.type === type && one.status === 'ASSOCIATED');
}

const keyOf = ({ share, one }: Shared) => `${share.arn} ${one.entity}`;

export const listOperations: Operations = {
  ListResources(input, call) {
    const { resourceOwner, resourceShareArns, resourceArns, resourceType, principal, resourceRegionScope } = input;
    const all = associations(resourceOwner, 'RESOURCE', call)
      .filter(({ share }) => resourceShareArns?.includes(share.arn) ?? true)
      .filter(({ one }) => resourceArns?.includes(one.entity) ?? true)
      .filter(({ one }) => isOfType(one, resourceType) && resourceRegionScope !== 'GLOBAL')
      .filter(({ share }) => principal === undefined || share.associations.some(({ entity }) => entity === principal));
    const { items, token } = page(all, keyOf, input.nextToken, input.maxResults);
    return {
      resources: items.map(({ share, one }) => ({
        arn: one.entity,
        type: resourceTypeOf(one.entity),
        resourceShareArn: share.arn,
        status: 'AVAILABLE',
        creationTime: one.created,
        lastUpdatedTime: one.updated,
        resourceRegionScope: 'REGIONAL',
      })),
      nextToken: token,
    };
  },

  ListPrincipals(input, call) {
    const { resourceOwner, resourceShareArns, resourceArn, resourceType, principals } = input;
    const all = associations(resourceOwner, 'PRINCIPAL', call)
      .filter(({ share }) => resourceShareArns?.includes(share.arn) ?? true)
      .filter(({ one }) => principals?.includes(one.entity) ?? true)
      .filter(
        ({ share }) => resourceArn === undefined || share.associations.some(({ entity }) => entity === resourceArn),
      )
      .filter(({ share }) => share.associations.some((one) => one.type === 'RESOURCE' && isOfType(one, resourceType)));
    const { items, token } = page(all, keyOf, input.nextToken, input.maxResults);
    return {
      principals: items.map(({ share, one }) => ({
        id: one.entity,
        resourceShareArn: share.arn,
        creationTime: one.created,
        lastUpdatedTime: one.updated,
        external: one.external,
      })),
      nextToken: token,
    };
  },
};

function isOfType({ entity }: Association, type: string | undefined): boolean {
  return type === undefined || resourceTypeOf(entity).toLowerCase() === type.toLowerCase();
}
