import {
  CreateUserProfileCommand,
  type CreateUserProfileRequest,
  CreateUserProfileRequest$,
  type DescribeUserProfileResponse,
} from '@aws-sdk/client-sagemaker';
import { fromConstrainedApi, oneOf, type Resource, serve } from '@studio-resources/core';
import { allowedDomainsPermissions, refusalOfDomains } from '@studio-resources/sagemaker/allowed-domains';
import { sagemakerWithoutRetries } from '@studio-resources/sagemaker/client/client';
import { actionsOn, listActions, passRole } from '@studio-resources/sagemaker/client/permissions';
import { isTransitioning, statusOf } from '@studio-resources/sagemaker/client/status';
import { createUserProfileConstraints } from '@studio-resources/sagemaker/constraints';
import { contentsOfUserProfile } from '@studio-resources/sagemaker/contents/contents';
import { deleteContentsChoices, deletionChoices } from '@studio-resources/sagemaker/contents/deletable';
import { createInDomain, findDomain } from '@studio-resources/sagemaker/domain/domain';
import { adoptExisting, isOwned, ownershipTags, release } from '@studio-resources/sagemaker/ownership';
import { withoutIdleUserGroup } from '@studio-resources/sagemaker/settings/rstudio';
import { tagsWithStack } from '@studio-resources/sagemaker/tags';
import { deleteUserProfileWithContents } from '@studio-resources/sagemaker/user-profile/delete-user-profile';
import { userProfilePermissions } from '@studio-resources/sagemaker/user-profile/permissions';
import {
  adoptUserProfile,
  findUserProfile,
  getUserProfile,
  isProfileKey,
  isSameName,
  type ProfileKey,
  updateUserProfile,
} from '@studio-resources/sagemaker/user-profile/user-profile';

const schema = fromConstrainedApi<CreateUserProfileRequest>({
  shape: CreateUserProfileRequest$,
  constraints: createUserProfileConstraints,
}).with({
  /**
   * Whether to adopt an existing profile with this name: `true` if it has to exist, `IfExists` to create it otherwise. An
   * adopted profile is never deleted, unless a stack of this project created it, and retained it by `DeletionPolicy: Retain`.
   */
  AdoptExisting: adoptExisting().default(false),
  /** What a deletion may delete with the profile: running apps, also the spaces that it owns, or nothing. */
  DeleteContents: oneOf(...deleteContentsChoices).default('Apps'),
});

type Props = NonNullable<(typeof schema)['~standard']['types']>['output'];

/** A profile, and the URL of its domain. */
interface State {
  profile: DescribeUserProfileResponse;
  url: string;
}

/**
 * A user profile of a domain. Its deletion also stops its running apps and, with `DeleteContents: All`, deletes its
 * spaces.
 */
export const studioUserProfile: Resource<Props, State> = {
  type: 'Custom::StudioUserProfile',
  schema,
  nameProperties: ['DomainId', 'UserProfileName'],
  immutable: ({ UserProfileName }, old) => [
    'DomainId',
    'SingleSignOnUserIdentifier',
    'SingleSignOnUserValue',
    ...(isSameName(UserProfileName, old.UserProfileName) ? [] : (['UserProfileName'] as const)),
  ],
  permissions: [
    ...allowedDomainsPermissions,
    ...userProfilePermissions,
    ...actionsOn('domain', 'DescribeDomain'),
    ...listActions('ListUserProfiles'),
    passRole,
  ],
  ownsId: (id) => isProfileKey(keyOf(id)),

  authorize: ({ DomainId }, ctx) => refusalOfDomains([DomainId], ctx),

  async find(props, ctx) {
    // A Delete's properties may not fit the schema.
    if (!isProfileKey(props)) return undefined;
    const profile = await findUserProfile(props);
    if (!profile || (profile.Status === 'Deleting' && ctx.requestType !== 'Delete')) return undefined;
    return (await isOwned(profile.UserProfileArn!, ctx)) ? idOf(props.DomainId, profile) : undefined;
  },

  async create({ AdoptExisting, DeleteContents, ...input }, ctx) {
    const own = await tagsWithStack(input.Tags, ctx);
    const adopted = await adoptUserProfile({ ...input, Tags: own }, AdoptExisting, ctx);
    if (adopted) return idOf(input.DomainId, adopted);
    const profile = withoutIdleUserGroup({ ...input, Tags: [...own, ...ownershipTags(ctx)] });
    await createInDomain(input.DomainId, `user profile ${input.UserProfileName}`, () =>
      sagemakerWithoutRetries().send(new CreateUserProfileCommand(profile)),
    );
    return idOf(input.DomainId, input);
  },

  async read(id) {
    const profile = await findUserProfile(keyOf(id));
    if (!profile) return undefined;
    const domain = profile.Status === 'InService' ? await findDomain(keyOf(id).DomainId) : undefined;
    return { profile, url: domain?.Url ?? '' };
  },

  async update(id, props, old, ctx) {
    const Tags = await tagsWithStack(props.Tags, ctx);
    await updateUserProfile(await getUserProfile(keyOf(id)), { ...props, Tags }, old, ctx);
  },

  async delete(id, props, ctx) {
    const key = keyOf(id);
    const profile = await findUserProfile(key);
    if (!profile) return undefined;
    if (isTransitioning(profile.Status)) return undefined;
    const released = await release(`user profile ${id}`, profile.UserProfileArn!, ctx);
    // If it was deleted between the two calls, the next reconcile sees that.
    if (released !== 'delete') return released;
    await deleteUserProfileWithContents(key, await contentsOfUserProfile(key), deletionChoices(props).contents, ctx);
    return undefined;
  },

  status: ({ profile }) => statusOf(profile, `user profile ${profile.UserProfileName} of domain ${profile.DomainId}`),

  attributes: ({ profile, url }) => ({
    UserProfileName: profile.UserProfileName ?? '',
    UserProfileArn: profile.UserProfileArn ?? '',
    HomeEfsFileSystemUid: profile.HomeEfsFileSystemUid ?? '',
    DomainId: profile.DomainId ?? '',
    SingleSignOnUserIdentifier: profile.SingleSignOnUserIdentifier ?? '',
    SingleSignOnUserValue: profile.SingleSignOnUserValue ?? '',
    Url: url,
  }),

  // Several times the longest delay that was observed in SageMaker's lists and descriptions.
  visibleWithin: 30,

  pace: {
    create: { expectedSeconds: 20, pollIntervalSeconds: 2 },
    update: { expectedSeconds: 10, pollIntervalSeconds: 2 },
    delete: { expectedSeconds: 20, pollIntervalSeconds: 2 },
  },
};

export const handler = serve(studioUserProfile);

/** The physical id, unique across domains. */
function idOf(DomainId: string, { UserProfileName }: { UserProfileName?: string }): string {
  return `${DomainId}/${UserProfileName}`;
}

function keyOf(id: string): ProfileKey {
  const [DomainId = '', UserProfileName = ''] = id.split('/');
  return { DomainId, UserProfileName };
}
