import { type CreateSpaceRequest, CreateSpaceRequest$, type DescribeSpaceResponse } from '@aws-sdk/client-sagemaker';
import { boolean, fromApi, oneOf, type Resource, serve } from '@studio-resources/core';
import {
  adoptSpace,
  changeSpace,
  checkTags,
  createSpace,
  deletionChoices,
  findSpace,
  getSpace,
  isInMotion,
  isOurs,
  isSameName,
  isSpaceKey,
  lists,
  nameOfSpace,
  on,
  ownershipTags,
  removeSpace,
  type SpaceKey,
  statusOf,
} from '@studio-resources/sagemaker';

const schema = fromApi<CreateSpaceRequest>(CreateSpaceRequest$).with({
  /** Takes over a space of this name that the stack did not make; such a space is never deleted. */
  AdoptExisting: boolean().default(false),
  /** Whether a deletion stops the apps that run in the space, or fails while any runs. The space's volume goes with it. */
  DeleteContents: oneOf('Apps', 'None').default('Apps'),
});

type Props = NonNullable<(typeof schema)['~standard']['types']>['output'];

/**
 * A space with its volume, private or shared, whose deletion stops the apps that run in it. Where the stack makes its
 * owner too, name that by `!GetAtt`, so that the space is deleted first.
 */
export const studioSpace: Resource<Props, DescribeSpaceResponse> = {
  type: 'Custom::StudioSpace',
  schema,
  nameProperties: ['DomainId', 'SpaceName'],
  // UpdateSpace takes none of these, and of SpaceSettings all but the AppType.
  immutable: ({ OwnershipSettings, SpaceSettings }, old) => [
    'DomainId',
    'SpaceName',
    'SpaceSharingSettings',
    ...(isSameName(OwnershipSettings?.OwnerUserProfileName, old.OwnershipSettings?.OwnerUserProfileName)
      ? []
      : (['OwnershipSettings'] as const)),
    ...(SpaceSettings?.AppType === old.SpaceSettings?.AppType ? [] : (['SpaceSettings'] as const)),
  ],
  permissions: [
    ...on('space', 'CreateSpace', 'DescribeSpace', 'UpdateSpace', 'DeleteSpace'),
    ...on('space', 'AddTags', 'DeleteTags', 'ListTags'),
    ...on('domain', 'DescribeDomain'),
    ...on('user-profile', 'DescribeUserProfile'),
    ...lists('ListApps'),
    ...on('app', 'DeleteApp'),
  ],
  ownsId: (id) => isSpaceKey(keyOf(id)),

  async find(props, ctx) {
    // A Delete may come with properties that no longer fit the schema.
    if (!isSpaceKey(props)) return undefined;
    const space = await findSpace(props);
    if (!space || (space.Status === 'Deleting' && ctx.requestType !== 'Delete')) return undefined;
    return (await isOurs(space.SpaceArn!, ctx)) ? idOf(props) : undefined;
  },

  async create({ AdoptExisting, DeleteContents, ...input }, ctx) {
    checkTags(input.Tags);
    if (await adoptSpace(input, AdoptExisting, ctx)) return idOf(input);
    await createSpace({ ...input, Tags: [...(input.Tags ?? []), ...ownershipTags(ctx)] });
    return idOf(input);
  },

  read: (id) => findSpace(keyOf(id)),

  async update(id, props, old, ctx) {
    checkTags(props.Tags);
    await changeSpace(await getSpace(keyOf(id)), props, old, ctx);
  },

  async delete(id, props, ctx) {
    const space = await findSpace(keyOf(id));
    if (!space || isInMotion(space.Status)) return undefined;
    const ours = await isOurs(space.SpaceArn!, ctx);
    // It was deleted between the two calls; the next read shows that.
    if (ours === undefined) return undefined;
    if (!ours) {
      ctx.log.info('The space lacks the tags of this stack and logical id: it is not managed here, and is kept', {
        id,
      });
      return 'retained';
    }
    await removeSpace(space, deletionChoices(props).contents, ctx);
    return undefined;
  },

  status: (space) => statusOf(space, nameOfSpace(space)),

  attributes: ({ SpaceName = '', SpaceArn = '', DomainId = '', HomeEfsFileSystemUid = '', Url = '' }) => ({
    SpaceName,
    SpaceArn,
    DomainId,
    HomeEfsFileSystemUid,
    Url,
  }),

  // Several times the delay after which SageMaker's lists and descriptions show a change.
  visibleWithin: 30,

  pace: {
    create: { expectedSeconds: 15, pollIntervalSeconds: 2 },
    update: { expectedSeconds: 10, pollIntervalSeconds: 2 },
    delete: { expectedSeconds: 20, pollIntervalSeconds: 2 },
  },
};

export const handler = serve(studioSpace);

/** The physical id: unique across domains. */
function idOf({ DomainId, SpaceName }: SpaceKey): string {
  return `${DomainId}/${SpaceName}`;
}

function keyOf(id: string): SpaceKey {
  const [DomainId = '', SpaceName = ''] = id.split('/');
  return { DomainId, SpaceName };
}
