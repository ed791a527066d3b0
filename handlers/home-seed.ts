import { type Context, type Permission, type Resource, serve } from '@studio-resources/core';
import { actionsOn, listActions, viaS3 } from '@studio-resources/sagemaker/client/permissions';
import { findDomain, isDomainId } from '@studio-resources/sagemaker/domain/domain';
import { isSameName, isStudioName } from '@studio-resources/sagemaker/user-profile/user-profile';
import { readBundle } from './home-seed/bundle.ts';
import { inHome } from './home-seed/home.ts';
import { assertMounted, getHomes, listExistingHomes, mountedDomain } from './home-seed/homes.ts';
import { newProfile } from './home-seed/new-profile.ts';
import { type Props, schema } from './home-seed/properties.ts';
import { isRecorded } from './home-seed/record.ts';
import { seedId } from './home-seed/seed.ts';
import { clearHomes, seedHomes } from './home-seed/seed-homes.ts';

/** As root, and through the access point alone. */
const mounting = {
  StringEquals: { 'elasticfilesystem:AccessPointArn': 'arn:*:elasticfilesystem:*:*:access-point/*' },
};

/**
 * Starter content in the homes of one profile, or of all in a domain. What a user has
 * changed is not overwritten, unless `Overwrite: Always` says so. Of each domain, [`home-seed.yaml`](../cloudformation/home-seed.yaml)
 * installs a function of its own, with that domain's homes mounted.
 */
export const homeSeed: Resource<Props, never> = {
  type: 'Custom::HomeSeed',
  schema,
  // Another profile, or another folder, is another seed, whose Delete follows.
  immutable: (props, old) => [
    'DomainId',
    'Destination',
    ...(isSameName(props.UserProfileName, old.UserProfileName) ? [] : (['UserProfileName'] as const)),
  ],
  // What the id is made of.
  nameProperties: ['DomainId', 'UserProfileName', 'Destination'],
  permissions: [
    ...actionsOn('domain', 'DescribeDomain'),
    ...actionsOn('user-profile/*', 'DescribeUserProfile'),
    ...listActions('ListUserProfiles'),
    { action: 's3:ListBucket', resource: 'arn:*:s3:::*' },
    { action: 's3:GetObject', resource: 'arn:*:s3:::*/*' },
    { action: 's3:GetObjectVersion', resource: 'arn:*:s3:::*/*' },
    // For buckets that are encrypted with a key of one's own.
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
    // What Lambda does with the function's role, to join it to the VPC.
    { action: 'ec2:CreateNetworkInterface', resource: 'arn:*:ec2:*:*:*/*' },
    { action: 'ec2:DescribeNetworkInterfaces', resource: '*' },
    { action: 'ec2:DeleteNetworkInterface', resource: 'arn:*:ec2:*:*:*/*' },
  ],
  ownsId: (id) => parseId(id) !== undefined,

  // A Create that comes again is done again: nothing else tells whether the one before came to its end.
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
    const stray = isReachable(old) ? parseId(idOf(old, ctx)) : undefined;
    // A replacement is taken back that nobody has been told of.
    if (stray && stray.seed !== parseId(id)?.seed) {
      await clearHomes(await listExistingHomes(stray.DomainId, stray.UserProfileName), stray.seed, ctx.log);
    }
  },

  async delete(id, { DeleteUnchanged }, ctx) {
    const key = parseId(id);
    if (!key) return undefined;
    if (String(DeleteUnchanged) !== 'true') {
      ctx.log.info('What was given to users is theirs, and stays; DeleteUnchanged: true removes what is unchanged', {
        id,
      });
      return 'retained';
    }
    if (mountedDomain() !== key.DomainId || !(await findDomain(key.DomainId))) {
      ctx.log.info('The homes are not within reach of this function, and stay as they are', { id });
      return 'retained';
    }
    await clearHomes(await listExistingHomes(key.DomainId, key.UserProfileName), key.seed, ctx.log);
    return undefined;
  },

  onEvent: newProfile,

  // Nobody has been told of it, so nobody has been given anything.
  propertiesForOrphan: (props) => ({ ...props, DeleteUnchanged: true }),

  pace: {
    // What takes long is a profile that is still being made.
    create: { expectedSeconds: 20, pollIntervalSeconds: 3, inlineSeconds: 240 },
    update: { expectedSeconds: 20, pollIntervalSeconds: 3, inlineSeconds: 240 },
    delete: { expectedSeconds: 5, pollIntervalSeconds: 2 },
  },
};

export const handler = serve(homeSeed);

/** Everything is read and checked before the first home is touched. */
async function seed(props: Props, ctx: Context): Promise<void> {
  await assertMounted(props.DomainId);
  const homes = await getHomes(props, ctx);
  const files = await readBundle(props);
  const { seed: id } = parseId(idOf(props, ctx))!;
  const resource = seedId(ctx.stackId, ctx.logicalResourceId);
  await seedHomes(homes, { id, resource, files, overwrite: props.Overwrite }, ctx.log);
}

/** Has this the properties by which homes can be found? A Delete may come with any. */
function isReachable({ DomainId, UserProfileName, Destination }: Props): boolean {
  const isName = UserProfileName === undefined || isStudioName(String(UserProfileName));
  return DomainId !== undefined && DomainId === mountedDomain() && isName && typeof Destination === 'string';
}

/** The physical id: the domain, the profile or a star for all, and the seed that their homes are to have. */
function idOf({ DomainId, UserProfileName, Destination }: Props, { stackId, logicalResourceId }: Context): string {
  const who = UserProfileName ?? '*';
  return `${DomainId}/${who}/${seedId(stackId, logicalResourceId, DomainId, who.toLowerCase(), Destination)}`;
}

function parseId(id: string): { DomainId: string; UserProfileName?: string; seed: string } | undefined {
  const [DomainId = '', who = '', seed = '', ...more] = id.split('/');
  const isKey = isDomainId(DomainId) && (who === '*' || isStudioName(who)) && /^[0-9a-f]{16}$/.test(seed);
  return isKey && more.length === 0 ? { DomainId, UserProfileName: who === '*' ? undefined : who, seed } : undefined;
}
