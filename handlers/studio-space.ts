import { type CreateSpaceRequest, CreateSpaceRequest$, type DescribeSpaceResponse } from '@aws-sdk/client-sagemaker';
import { fromConstrainedApi, oneOf, type Resource, serve } from '@studio-resources/core';
import { allowedDomainsPermissions, refusalOfDomains } from '@studio-resources/sagemaker/allowed-domains';
import { actionsOn, listActions } from '@studio-resources/sagemaker/client/permissions';
import { isTransitioning, statusOf } from '@studio-resources/sagemaker/client/status';
import { createSpaceConstraints } from '@studio-resources/sagemaker/constraints';
import { deletionChoices } from '@studio-resources/sagemaker/contents/deletable';
import { adoptExisting, isOwned, ownershipTags, release } from '@studio-resources/sagemaker/ownership';
import {
  adopting,
  creating,
  inListedDomains,
  onAllButOthers,
  onOwn,
} from '@studio-resources/sagemaker/provider-permissions';
import {
  createSpace,
  deleteSpace,
  findSpace,
  getSpace,
  isSpaceKey,
  nameOfSpace,
  type SpaceKey,
} from '@studio-resources/sagemaker/space/space';
import { adoptSpace, updateSpace } from '@studio-resources/sagemaker/space/update-space';
import { tagsWithStack } from '@studio-resources/sagemaker/tags';
import { isSameName } from '@studio-resources/sagemaker/user-profile/user-profile';

const schema = fromConstrainedApi<CreateSpaceRequest>({
  shape: CreateSpaceRequest$,
  constraints: createSpaceConstraints,
}).with({
  /**
   * Whether to adopt an existing space with this name: `true` if it has to exist, `IfExists` to create it otherwise. An
   * adopted space is never deleted, unless a stack of this project created it, and retained it by `DeletionPolicy: Retain`.
   */
  AdoptExisting: adoptExisting().default(false),
  /** Whether a deletion stops the apps that run in the space, or fails while any runs. The space's volume goes with it. */
  DeleteContents: oneOf('Apps', 'None').default('Apps'),
});

type Props = NonNullable<(typeof schema)['~standard']['types']>['output'];

/**
 * A private or shared space with its volume. Its deletion stops the apps that run in it. If the same stack creates the
 * owner's profile, refer to that by `!GetAtt`, so that the space is deleted first.
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
    ...allowedDomainsPermissions,
    ...actionsOn('space', 'DescribeSpace', 'ListTags'),
    ...creating('space', 'CreateSpace'),
    ...onOwn('space', 'UpdateSpace', 'DeleteSpace', 'AddTags', 'DeleteTags'),
    ...adopting('space', 'UpdateSpace'),
    ...actionsOn('domain', 'DescribeDomain', 'ListTags'),
    ...actionsOn('user-profile', 'DescribeUserProfile'),
    ...listActions('ListApps', 'ListSpaces'),
    ...onAllButOthers('app', 'DeleteApp'),
    ...inListedDomains('app', 'DeleteApp'),
  ],
  ownsId: (id) => isSpaceKey(keyOf(id)),

  authorize: ({ DomainId }, ctx) => refusalOfDomains([DomainId], ctx),

  async find(props, ctx) {
    // A Delete's properties may not fit the schema.
    if (!isSpaceKey(props)) return undefined;
    const space = await findSpace(props);
    if (!space || (space.Status === 'Deleting' && ctx.requestType !== 'Delete')) return undefined;
    return (await isOwned(space.SpaceArn!, ctx)) ? idOf(props) : undefined;
  },

  async create({ AdoptExisting, DeleteContents, ...input }, ctx) {
    const Tags = await tagsWithStack(input.Tags, ctx);
    if (await adoptSpace({ ...input, Tags }, AdoptExisting, ctx)) return idOf(input);
    await createSpace({ ...input, Tags: [...Tags, ...ownershipTags(ctx)] });
    return idOf(input);
  },

  read: (id) => findSpace(keyOf(id)),

  async update(id, props, old, ctx) {
    const Tags = await tagsWithStack(props.Tags, ctx);
    await updateSpace(await getSpace(keyOf(id)), { ...props, Tags }, old, ctx);
  },

  async delete(id, props, ctx) {
    const space = await findSpace(keyOf(id));
    if (!space || isTransitioning(space.Status)) return undefined;
    const released = await release(nameOfSpace(space), space.SpaceArn!, ctx);
    // If it was deleted between the two calls, the next reconcile sees that.
    if (released !== 'delete') return released;
    await deleteSpace(space, deletionChoices(props).contents, ctx);
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

  // Several times the longest delay that was observed in SageMaker's lists and descriptions.
  visibleWithin: 30,

  pace: {
    create: { expectedSeconds: 15, pollIntervalSeconds: 2 },
    update: { expectedSeconds: 10, pollIntervalSeconds: 2 },
    delete: { expectedSeconds: 20, pollIntervalSeconds: 2 },
  },
};

export const handler = serve(studioSpace);

/** The physical id, unique across domains. */
function idOf({ DomainId, SpaceName }: SpaceKey): string {
  return `${DomainId}/${SpaceName}`;
}

function keyOf(id: string): SpaceKey {
  const [DomainId = '', SpaceName = ''] = id.split('/');
  return { DomainId, SpaceName };
}
