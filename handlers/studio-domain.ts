import {
  CreateDomainCommand,
  type CreateDomainRequest,
  CreateDomainRequest$,
  type DescribeDomainResponse,
} from '@aws-sdk/client-sagemaker';
import { type Context, fromConstrainedApi, oneOf, type Resource, serve } from '@studio-resources/core';
import { refusalOfChange } from '@studio-resources/sagemaker/allowed-domains';
import { sagemakerWithoutRetries } from '@studio-resources/sagemaker/client/client';
import { actionsOn, listActions, passRole } from '@studio-resources/sagemaker/client/permissions';
import { isTransitioning, statusOf } from '@studio-resources/sagemaker/client/status';
import { createDomainConstraints } from '@studio-resources/sagemaker/constraints';
import {
  contentsOfDomain,
  contentsPermissions,
  deleteContents,
  isEmpty,
} from '@studio-resources/sagemaker/contents/contents';
import {
  assertDeletable,
  deleteContentsChoices,
  deletionChoices,
} from '@studio-resources/sagemaker/contents/deletable';
import {
  adoptDomain,
  deleteDomain,
  findDomain,
  getDomain,
  listDomains,
  updateDomain,
} from '@studio-resources/sagemaker/domain/domain';
import { isDomainId } from '@studio-resources/sagemaker/domain/domain-id';
import {
  deleteOrphanedResources,
  findNfsSecurityGroups,
  findOrphanedResources,
  type NfsSecurityGroups,
} from '@studio-resources/sagemaker/domain/orphaned-resources';
import { createDomainPermissions, orphanedResourcePermissions } from '@studio-resources/sagemaker/domain/permissions';
import { adoptExisting, isOwned, ownershipTags, release } from '@studio-resources/sagemaker/ownership';
import {
  creating,
  inListedDomains,
  onAllButOthers,
  onOwn,
  onTaggedDomains,
  taggingAdoptedDomains,
} from '@studio-resources/sagemaker/provider-permissions';
import { withoutIdleUserGroup } from '@studio-resources/sagemaker/settings/rstudio';
import { tagsWithStack } from '@studio-resources/sagemaker/tags';

const schema = fromConstrainedApi<CreateDomainRequest>({
  shape: CreateDomainRequest$,
  constraints: createDomainConstraints,
})
  .with({
    /**
     * Whether to adopt an existing domain with this name: `true` if it has to exist, `IfExists` to create it otherwise. An
     * adopted domain is never deleted, unless a stack of this project created it, and retained it by `DeletionPolicy: Retain`.
     */
    AdoptExisting: adoptExisting().default(false),
    /** What a deletion may delete with the domain: running apps, everything in it, or nothing. */
    DeleteContents: oneOf(...deleteContentsChoices).default('Apps'),
    /** Whether a deletion deletes the home file system, its mount targets and the NFS security groups. */
    HomeEfsFileSystem: oneOf('Retain', 'Delete').default('Retain'),
  })
  .defaults({ AuthMode: 'IAM' })
  .alias({ VPC: 'VpcId' });

type Props = NonNullable<(typeof schema)['~standard']['types']>['output'];

interface State {
  domain: DescribeDomainResponse;
  nfs?: NfsSecurityGroups;
}

/**
 * A Studio domain. Its deletion also handles its apps, file system and security groups, so that it succeeds and leaves
 * nothing behind.
 */
export const studioDomain: Resource<Props, State> = {
  type: 'Custom::StudioDomain',
  schema,
  nameProperties: ['DomainName'],
  immutable: ({ HomeEfsFileSystemCreation }, { VpcId }) => [
    'DomainName',
    'AuthMode',
    'KmsKeyId',
    'HomeEfsFileSystemKmsKeyId',
    // A VPC or a home file system can be added to a domain, but not removed.
    ...(VpcId ? (['VpcId'] as const) : []),
    ...(HomeEfsFileSystemCreation === 'Disabled' ? (['HomeEfsFileSystemCreation'] as const) : []),
  ],
  permissions: [
    ...actionsOn('domain', 'DescribeDomain', 'ListTags'),
    ...creating('domain', 'CreateDomain'),
    ...onOwn('domain', 'UpdateDomain', 'DeleteDomain', 'AddTags', 'DeleteTags'),
    // What is adopted is never deleted.
    ...inListedDomains('domain', 'UpdateDomain'),
    ...onTaggedDomains('UpdateDomain'),
    ...taggingAdoptedDomains(),
    ...listActions('ListDomains', 'ListUserProfiles'),
    ...actionsOn('user-profile', 'DescribeUserProfile', 'ListTags'),
    ...onAllButOthers('user-profile', 'DeleteUserProfile'),
    ...createDomainPermissions,
    ...contentsPermissions,
    ...orphanedResourcePermissions,
    passRole,
  ],
  ownsId: isDomainId,

  // What a Create adopts, `adoptDomain` decides.
  authorize: async (_, ctx, id = '') =>
    ctx.requestType === 'Update' && isDomainId(id) ? refusalOfChange(id, ctx) : undefined,

  async find({ DomainName }, ctx) {
    for (const { DomainArn, DomainId, Status } of await listDomains(DomainName)) {
      // A Create cannot adopt a domain that is being deleted. A Delete waits for it.
      if (Status === 'Deleting' && ctx.requestType !== 'Delete') continue;
      if (await isOwned(DomainArn!, ctx)) return DomainId;
    }
    return undefined;
  },

  async create({ AdoptExisting, DeleteContents, HomeEfsFileSystem, ...input }, ctx) {
    const own = await tagsWithStack(input.Tags, ctx);
    const adopted = await adoptDomain({ ...input, Tags: own }, AdoptExisting, ctx);
    if (adopted) return adopted;
    const domain = withoutIdleUserGroup({ ...input, Tags: [...own, ...ownershipTags(ctx)] });
    const { DomainArn } = await sagemakerWithoutRetries().send(new CreateDomainCommand(domain));
    return DomainArn!.split('/').at(-1)!;
  },

  async read(id) {
    const domain = await findDomain(id);
    return domain && { domain, nfs: domain.Status === 'InService' ? await findNfsSecurityGroups(id) : undefined };
  },

  async remainingAfterDelete(id, props, ctx) {
    const orphaned = deletesOrphanedResources(props, ctx) ? await findOrphanedResources(id) : [];
    return orphaned.length > 0 ? orphaned.join(', ') : undefined;
  },

  async update(id, props, old, ctx) {
    const Tags = await tagsWithStack(props.Tags, ctx);
    await updateDomain(await getDomain(id), { ...props, Tags }, old, ctx);
  },

  async delete(id, props, ctx) {
    const choices = deletionChoices(props);
    const domain = await findDomain(id);
    if (!domain) {
      if (deletesOrphanedResources(props, ctx)) await deleteOrphanedResources(id);
      return undefined;
    }
    if (isTransitioning(domain.Status)) return undefined;
    const released = await release(`domain ${id}`, domain.DomainArn!, ctx);
    // If it was deleted between the two calls, the next reconcile sees that.
    if (released !== 'delete') return released;
    ctx.notes.isHeld = true;
    const contents = await contentsOfDomain(id);
    await assertDeletable(`domain ${id}`, id, contents, choices.contents, ctx);
    if (!isEmpty(contents)) await deleteContents(id, contents);
    // A domain that failed to create contains no user data.
    else await deleteDomain(id, domain.Status === 'Failed' ? 'Delete' : choices.homeEfsFileSystem);
    return undefined;
  },

  // An orphan's home file system contains no user data, and would block the deletion of the VPC.
  propertiesForOrphan: (props) => ({ ...props, HomeEfsFileSystem: 'Delete' }),

  status: ({ domain }) => statusOf(domain, `domain ${domain.DomainId}`),

  attributes: ({ domain, nfs }) => ({
    DomainId: domain.DomainId ?? '',
    DomainArn: domain.DomainArn ?? '',
    Url: domain.Url ?? '',
    HomeEfsFileSystemId: domain.HomeEfsFileSystemId ?? '',
    SecurityGroupIdForDomainBoundary: domain.SecurityGroupIdForDomainBoundary ?? '',
    SingleSignOnManagedApplicationInstanceId: domain.SingleSignOnManagedApplicationInstanceId ?? '',
    InboundNfsSecurityGroupId: nfs?.inbound ?? '',
    OutboundNfsSecurityGroupId: nfs?.outbound ?? '',
  }),

  // Several times the longest delay that was observed in SageMaker's lists and descriptions.
  visibleWithin: 30,

  pace: {
    create: { expectedSeconds: 350, pollIntervalSeconds: 2, inlineSeconds: 1 },
    update: { expectedSeconds: 30, pollIntervalSeconds: 2, inlineSeconds: 2 },
    delete: { expectedSeconds: 200, pollIntervalSeconds: 3, inlineSeconds: 1 },
  },
};

export const handler = serve(studioDomain);

/**
 * Whether a deletion also deletes what SageMaker leaves behind. The properties alone do not show whether the domain was
 * adopted; while it existed, its tags did.
 */
function deletesOrphanedResources(props: Props, { notes }: Context): boolean {
  const { homeEfsFileSystem, orphanedResources } = deletionChoices(props);
  return orphanedResources || (homeEfsFileSystem === 'Delete' && notes.isHeld === true);
}
