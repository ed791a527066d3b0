import { matching, oneOf, type PropsOf, properties, type Resource, serve } from '@studio-resources/core';
import { actionsOn, listActions } from '@studio-resources/sagemaker/client/permissions';
import {
  type Contents,
  contentsOfDomain,
  contentsOfUserProfile,
  contentsPermissions,
  deleteContents,
  isEmpty,
} from '@studio-resources/sagemaker/contents/contents';
import { findDomain, isDomainId } from '@studio-resources/sagemaker/domain/domain';
import { findUserProfile, isProfileKey, isSameName } from '@studio-resources/sagemaker/user-profile/user-profile';
import { excludeStackResources } from './studio-contents/exclude-stack-resources.ts';

const schema = properties({
  /** The domain whose contents a deletion of this resource deletes. */
  DomainId: matching(/^d-(-*[a-z0-9]){1,61}$/, 'the id of a domain, such as d-abc123'),
  /** Only what belongs to this user profile: its apps, the spaces that it owns, and the apps in those. */
  UserProfileName: matching(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'the name of a user profile').optional(),
  /** Running apps only; or everything: also spaces with their volumes and, in a domain, user profiles. */
  DeleteContents: oneOf('Apps', 'All').default('Apps'),
});

type Props = PropsOf<typeof schema>;

/**
 * Deletes what users have started and created in a domain or user profile of AWS's own types, before CloudFormation
 * deletes that, which would fail otherwise. Resources that the stack declares are left to CloudFormation.
 */
export const studioContents: Resource<Props, Contents | undefined> = {
  type: 'Custom::StudioContents',
  schema,
  immutable: ({ UserProfileName }, old) => [
    'DomainId',
    ...(isSameName(UserProfileName, old.UserProfileName) ? [] : (['UserProfileName'] as const)),
  ],
  permissions: [
    ...actionsOn('domain', 'DescribeDomain'),
    ...actionsOn('user-profile', 'DescribeUserProfile', 'DeleteUserProfile'),
    ...listActions('ListUserProfiles'),
    ...contentsPermissions,
    { action: 'cloudformation:ListStackResources', resource: 'arn:*:cloudformation:*:*:stack/*' },
  ],
  ownsId: (id) => isDomainId(id) || isProfileKey(keyOf(id)),

  async create({ DomainId, UserProfileName }) {
    const where = `domain ${DomainId}`;
    if (!(await findDomain(DomainId))) {
      throw new Error(
        `Reading DomainId: there is no ${where} in this account and Region; give the id of one that exists`,
      );
    }
    if (UserProfileName === undefined) return DomainId;
    if (await findUserProfile({ DomainId, UserProfileName })) return `${DomainId}/${UserProfileName}`;
    throw new Error(
      `Reading UserProfileName: there is no user profile ${UserProfileName} in ${where}; give the name of one that ` +
        'exists, and add DependsOn if the template creates it',
    );
  },

  // The resource creates nothing to read. In a deletion, the state is what still has to be deleted.
  async read(id, props, ctx) {
    if (ctx.requestType !== 'Delete') return (await findDomain(keyOf(id).DomainId)) && noContents;
    const contents = await toDelete(id, props, ctx.stackId);
    return isEmpty(contents) ? undefined : contents;
  },

  // The properties that can change in place concern deletion only.
  async update() {},

  async delete(id, props, ctx) {
    // A rollback must not stop what users run: the domain existed before the update, and continues to exist.
    if (ctx.requestType !== 'Delete' || (await ctx.isRollingBack())) {
      ctx.log.info('The stack is rolling back, so the contents of the domain are retained', { id });
      return 'retained';
    }
    await deleteContents(keyOf(id).DomainId, await toDelete(id, props, ctx.stackId));
    return undefined;
  },

  pace: {
    create: { expectedSeconds: 1, pollIntervalSeconds: 1 },
    update: { expectedSeconds: 1, pollIntervalSeconds: 1 },
    delete: { expectedSeconds: 30, pollIntervalSeconds: 3 },
  },
};

export const handler = serve(studioContents);

const noContents: Contents = { apps: [], spaces: [], profiles: [] };

function keyOf(id: string): { DomainId: string; UserProfileName?: string } {
  const [DomainId = '', UserProfileName] = id.split('/');
  return { DomainId, UserProfileName };
}

/** A Delete's properties are unchecked: an invalid value counts as the choice that deletes least. */
async function toDelete(id: string, { DeleteContents }: Props, stackId: string): Promise<Contents> {
  const { DomainId, UserProfileName } = keyOf(id);
  const all = UserProfileName
    ? await contentsOfUserProfile({ DomainId, UserProfileName })
    : await contentsOfDomain(DomainId);
  if (isEmpty(all)) return all;
  const contents = await excludeStackResources(stackId, DomainId, all);
  return DeleteContents === 'All' ? contents : { ...noContents, apps: contents.apps };
}
