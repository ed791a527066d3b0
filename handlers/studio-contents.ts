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
  /** The domain whose contents go when this is deleted. */
  DomainId: matching(/^d-(-*[a-z0-9]){1,61}$/, 'the id of a domain, such as d-abc123'),
  /** Only what belongs to this profile: its apps, the spaces that it owns, and their apps. */
  UserProfileName: matching(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'the name of a user profile').optional(),
  /** Running apps, or everything: spaces with their volumes too and, of a domain, user profiles. */
  DeleteContents: oneOf('Apps', 'All').default('Apps'),
});

type Props = PropsOf<typeof schema>;

/**
 * What people have started and made in a domain or a profile of AWS's own types: gone before CloudFormation deletes
 * that, which would fail otherwise. What the stack itself declares is left to CloudFormation.
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
        'exists, and let this resource depend on it where the template makes it',
    );
  },

  // It makes nothing that could be looked at; of a deletion, this is what there is still to delete.
  async read(id, props, ctx) {
    if (ctx.requestType !== 'Delete') return (await findDomain(keyOf(id).DomainId)) && noContents;
    const contents = await toDelete(id, props, ctx.stackId);
    return isEmpty(contents) ? undefined : contents;
  },

  // Only what a deletion does can change.
  async update() {},

  async delete(id, props, ctx) {
    // An update that fails must not stop what people run in a domain that was there before it, and is there after it.
    if (ctx.requestType !== 'Delete' || (await ctx.isRollingBack())) {
      ctx.log.info('The stack goes back to how it was before, so what is in the domain stays', { id });
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

/** A Delete comes with whatever the template said long ago: what cannot be understood deletes least. */
async function toDelete(id: string, { DeleteContents }: Props, stackId: string): Promise<Contents> {
  const { DomainId, UserProfileName } = keyOf(id);
  const all = UserProfileName
    ? await contentsOfUserProfile({ DomainId, UserProfileName })
    : await contentsOfDomain(DomainId);
  if (isEmpty(all)) return all;
  const contents = await excludeStackResources(stackId, DomainId, all);
  return DeleteContents === 'All' ? contents : { ...noContents, apps: contents.apps };
}
