import { type Context, type Permission, type Resource, serve } from '@studio-resources/core';
import { actionsOn, listActions, onBuckets, onObjects, viaS3 } from '@studio-resources/sagemaker/client/permissions';
import { findDomain } from '@studio-resources/sagemaker/domain/domain';
import { isDomainId } from '@studio-resources/sagemaker/domain/domain-id';
import { isSameName, isStudioName } from '@studio-resources/sagemaker/user-profile/user-profile';
import { readBundle } from './home-seed/bundle.ts';
import { inHome } from './home-seed/home.ts';
import { assertMounted, getHomes, listExistingHomes, mountedDomain } from './home-seed/homes.ts';
import { newProfile } from './home-seed/new-profile.ts';
import { type Props, schema } from './home-seed/properties.ts';
import { isRecorded } from './home-seed/record.ts';
import { seedId } from './home-seed/seed.ts';
import { clearHomes, seedHomes } from './home-seed/seed-homes.ts';

/** The function mounts as root, through the access point only. */
const mounting = {
  StringEquals: { 'elasticfilesystem:AccessPointArn': 'arn:*:elasticfilesystem:*:*:access-point/*' },
};

/**
 * Copies starter content into the home of one user profile, or into all homes of a domain. It does not overwrite files
 * that a user has changed, unless `Overwrite: Always` is set. Each domain needs its own function, which
 * [`home-seed.yaml`](../cloudformation/home-seed.yaml) installs with that domain's homes mounted.
 */
export const homeSeed: Resource<Props, never> = {
  type: 'Custom::HomeSeed',
  schema,
  // Another profile or folder is another seed. CloudFormation deletes the old one after the update.
  immutable: (props, old) => [
    'DomainId',
    'Destination',
    ...(isSameName(props.UserProfileName, old.UserProfileName) ? [] : (['UserProfileName'] as const)),
  ],
  // The parts of the physical id.
  nameProperties: ['DomainId', 'UserProfileName', 'Destination'],
  permissions: [
    ...actionsOn('domain', 'DescribeDomain'),
    ...actionsOn('user-profile/*', 'DescribeUserProfile'),
    ...listActions('ListUserProfiles'),
    ...onBuckets('ListBucket'),
    ...onObjects('GetObject', 'GetObjectVersion'),
    // For buckets with a customer managed key.
    {
      action: 'kms:Decrypt',
      resource: 'arn:*:kms:*:*:key/*',
      condition: viaS3,
    },
    ...['ClientMount', 'ClientWrite', 'ClientRootAccess'].map(
      (action): Permission => ({
        action: `elasticfilesystem:${action}`,
        resource: 'arn:*:elasticfilesystem:*:*:file-system/*',
        condition: mounting,
      }),
    ),
    // Lambda uses the function's role for these, to attach it to the VPC.
    { action: 'ec2:CreateNetworkInterface', resource: 'arn:*:ec2:*:*:*/*' },
    { action: 'ec2:DescribeNetworkInterfaces', resource: '*' },
    { action: 'ec2:DeleteNetworkInterface', resource: 'arn:*:ec2:*:*:*/*' },
  ],
  needsStack: 'nothing else tells whether an earlier request has seeded the files',
  ownsId: (id) => parseId(id) !== undefined,

  // A duplicate Create runs again, because nothing else shows whether the first one has finished.
  async find(props, ctx) {
    if (ctx.requestType !== 'Delete' || !isReachable(props)) return undefined;
    const { DomainId, UserProfileName } = props;
    const id = idOf(props, ctx);
    const { seed } = parseId(id)!;
    for (const key of await listExistingHomes(DomainId, UserProfileName)) {
      if (await inHome(key, { make: false }, ({ directory }) => isRecorded(directory, seed))) return id;
    }
    return undefined;
  },

  async create(props, ctx) {
    await seed(props, ctx);
    return idOf(props, ctx);
  },

  async update(id, props, old, ctx) {
    await seed(props, ctx);
    const orphan = isReachable(old) ? parseId(idOf(old, ctx)) : undefined;
    // An update that reverts a replacement has to remove the replacement's seed: CloudFormation does not know its id.
    if (orphan && orphan.seed !== parseId(id)?.seed) {
      await clearHomes(await listExistingHomes(orphan.DomainId, orphan.UserProfileName), orphan.seed, ctx.log);
    }
  },

  async delete(id, { DeleteUnchanged }, ctx) {
    const key = parseId(id);
    if (!key) return undefined;
    if (String(DeleteUnchanged) !== 'true') {
      ctx.log.info('The files stay in the homes; DeleteUnchanged: true would remove those that are unchanged', {
        id,
      });
      return 'retained';
    }
    if (mountedDomain() !== key.DomainId || !(await findDomain(key.DomainId))) {
      ctx.log.info('This function cannot reach the homes, so they stay as they are', { id });
      return 'retained';
    }
    await clearHomes(await listExistingHomes(key.DomainId, key.UserProfileName), key.seed, ctx.log);
    return undefined;
  },

  onEvent: newProfile,

  // An orphan's content was never announced to users, so it can be removed.
  propertiesForOrphan: (props) => ({ ...props, DeleteUnchanged: true }),

  pace: {
    // Most of the time, the wait is for a user profile that is still Pending.
    create: { expectedSeconds: 20, pollIntervalSeconds: 3, inlineSeconds: 240 },
    update: { expectedSeconds: 20, pollIntervalSeconds: 3, inlineSeconds: 240 },
    delete: { expectedSeconds: 5, pollIntervalSeconds: 2 },
  },
};

export const handler = serve(homeSeed);

/** Reads and checks everything before it changes the first home. */
async function seed(props: Props, ctx: Context): Promise<void> {
  await assertMounted(props.DomainId);
  const homes = await getHomes(props, ctx);
  const files = await readBundle(props);
  const { seed: id } = parseId(idOf(props, ctx))!;
  const resource = seedId(ctx.stackId, ctx.logicalResourceId);
  await seedHomes(homes, { id, resource, files, overwrite: props.Overwrite }, ctx.log);
}

/** Whether the properties identify homes that this function can reach. A Delete's properties are unchecked. */
function isReachable({ DomainId, UserProfileName, Destination }: Props): boolean {
  const isName = UserProfileName === undefined || isStudioName(String(UserProfileName));
  return DomainId !== undefined && DomainId === mountedDomain() && isName && typeof Destination === 'string';
}

/** The physical id: the domain, the profile or `*` for all, and the id of the seed. */
function idOf({ DomainId, UserProfileName, Destination }: Props, { stackId, logicalResourceId }: Context): string {
  const who = UserProfileName ?? '*';
  return `${DomainId}/${who}/${seedId(stackId, logicalResourceId, DomainId, who.toLowerCase(), Destination)}`;
}

function parseId(id: string): { DomainId: string; UserProfileName?: string; seed: string } | undefined {
  const [DomainId = '', who = '', seed = '', ...more] = id.split('/');
  const isKey = isDomainId(DomainId) && (who === '*' || isStudioName(who)) && /^[0-9a-f]{16}$/.test(seed);
  return isKey && more.length === 0 ? { DomainId, UserProfileName: who === '*' ? undefined : who, seed } : undefined;
}
