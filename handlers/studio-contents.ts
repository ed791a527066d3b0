import {
  type Context,
  isTransient,
  matching,
  oneOf,
  type Permission,
  type PropsOf,
  properties,
  type Resource,
  serve,
} from '@studio-resources/core';
import { allowedDomainsPermissions, refusalOfContents } from '@studio-resources/sagemaker/allowed-domains';
import { actionsOn, listActions } from '@studio-resources/sagemaker/client/permissions';
import {
  type Contents,
  contentsOfDomain,
  contentsOfUserProfile,
  contentsPermissions,
  deleteContents,
  isEmpty,
  listedContentsPermissions,
} from '@studio-resources/sagemaker/contents/contents';
import { findDomain } from '@studio-resources/sagemaker/domain/domain';
import { isDomainId } from '@studio-resources/sagemaker/domain/domain-id';
import { inListedDomains, onAllButOthers } from '@studio-resources/sagemaker/provider-permissions';
import { findUserProfile, isProfileKey, isSameName } from '@studio-resources/sagemaker/user-profile/user-profile';
import type { ContentsKey } from './studio-contents/native-resources.ts';

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
 * Deletes the apps, spaces and profiles in an `AWS::SageMaker::Domain` or `AWS::SageMaker::UserProfile` before
 * CloudFormation deletes that domain or profile, which fails while they exist. It does so when the stack is deleted, and
 * when an update removes the domain or profile from the template together with this resource. While the domain stays in
 * the template, nothing is deleted. If the domain has `DeletionPolicy: Retain`, set the same policy on this resource:
 * CloudFormation does not show the domain's policy once the template no longer has it. Resources that the stack declares
 * are left to CloudFormation.
 */
export const studioContents: Resource<Props, Contents | undefined> = {
  type: 'Custom::StudioContents',
  schema,
  immutable: ({ UserProfileName }, old) => [
    'DomainId',
    ...(isSameName(UserProfileName, old.UserProfileName) ? [] : (['UserProfileName'] as const)),
  ],
  permissions: [
    ...allowedDomainsPermissions,
    ...actionsOn('domain', 'DescribeDomain'),
    ...actionsOn('user-profile', 'DescribeUserProfile'),
    ...onAllButOthers('user-profile', 'DeleteUserProfile'),
    ...inListedDomains('user-profile', 'DeleteUserProfile'),
    ...listActions('ListUserProfiles'),
    ...contentsPermissions,
    ...listedContentsPermissions,
    ...['DescribeStackEvents', 'DescribeStacks', 'GetTemplate'].map(
      (action): Permission => ({
        action: `cloudformation:${action}`,
        resource: 'arn:*:cloudformation:*:*:stack/*',
      }),
    ),
  ],
  needsStack: 'it deletes what blocks a deletion by CloudFormation',
  ownsId: (id) => isDomainId(id) || isProfileKey(keyOf(id)),

  authorize: ({ DomainId }, ctx, id = '') =>
    refusalOfContents(ctx.requestType === 'Delete' ? keyOf(id).DomainId : DomainId, ctx),

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
    if (!(await isLeaving(id, ctx))) return undefined;
    const contents = await toDelete(id, props, ctx.stackId);
    return isEmpty(contents) ? undefined : contents;
  },

  // The properties that can change in place concern deletion only.
  async update() {},

  async delete(id, props, ctx) {
    if (!(await isLeaving(id, ctx))) return 'retained';
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

/** Whether the domain or profile goes with the resource, so that its contents have to go before. */
async function isLeaving(id: string, ctx: Context): Promise<boolean> {
  // A decision for the whole request: CloudFormation shows less and less of what leaves.
  ctx.notes.isLeaving ??= await decideIsLeaving(id, ctx);
  return ctx.notes.isLeaving === true;
}

async function decideIsLeaving(id: string, ctx: Context): Promise<boolean> {
  // Off the start path, as below: only deletions ask CloudFormation.
  const { retentionReason } = await import('./studio-contents/retention.ts');
  try {
    const reason =
      ctx.requestType === 'Delete'
        ? await retentionReason(keyOf(id), ctx)
        : 'CloudFormation has cancelled the creation';
    if (reason !== undefined) ctx.log.info(`The contents are retained: ${reason}`, { id });
    return reason === undefined;
  } catch (error) {
    if (isTransient(error)) throw error;
    const why = 'CloudFormation does not say whether the domain leaves the stack';
    ctx.log.warn(`The contents are retained: ${why}`, { id, error });
    return false;
  }
}

function keyOf(id: string): ContentsKey {
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
  const { excludeStackResources } = await import('./studio-contents/exclude-stack-resources.ts');
  const contents = await excludeStackResources(stackId, DomainId, all);
  return DeleteContents === 'All' ? contents : { ...noContents, apps: contents.apps };
}
