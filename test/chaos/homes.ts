import { strToU8, zipSync } from 'fflate';
import { sleep } from '../../packages/local/src/clock.ts';
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { sagemaker } from '../../packages/local/src/services/sagemaker/index.ts';
import type { DomainRecord, UserProfileRecord } from '../../packages/local/src/services/sagemaker/records.ts';
import { installStack } from './install-stack.ts';
import { account, region, type World } from './world.ts';

/** A domain of somebody else, and the function that seeds its homes. */
export interface Homes {
  token: string;
  domainId: string;
  profiles: string[];
  bucket: string;
}

/** What the domain is called. No stack has made it. */
const DomainName = 'somebody-elses';
const profiles = ['ada', 'grace'];
const bucket = 'studio-resources-starter';

/** The files of each zip: one that differs, one that does not, and one that only this zip has. */
export const contents: Record<string, string>[] = [0, 1].map((number) => ({
  'README.md': `content ${number}`,
  'examples/same.py': 'print(1)',
  [`examples/only-${number}.py`]: 'print(2)',
}));

/** Makes the domain with its profiles, and what its homes may be seeded with, and installs home-seed.yaml for it. */
export async function installHomes(
  world: World,
  { vpcId, subnetIds, executionRole }: { vpcId: string; subnetIds: string[]; executionRole: string },
): Promise<Homes> {
  await world.call(s3, 'CreateBucket', { Bucket: bucket });
  for (const [number, files] of contents.entries()) {
    const Body = zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
    await world.call(s3, 'PutObject', { Bucket: bucket, Key: `${number}.zip`, Body });
  }
  await world.call(sagemaker, 'CreateDomain', {
    DomainName,
    AuthMode: 'IAM',
    VpcId: vpcId,
    SubnetIds: subnetIds,
    DefaultUserSettings: { ExecutionRole: executionRole },
  });
  const { DomainId, HomeEfsFileSystemId } = (await inService(world, () => [findHomes(world)?.domain]))[0]!.shown;
  for (const UserProfileName of profiles) {
    await world.call(sagemaker, 'CreateUserProfile', { DomainId, UserProfileName });
  }
  await inService(world, () => findHomes(world)!.profiles);
  const Filters = [{ Name: 'group-name', Values: [`security-group-for-outbound-nfs-${DomainId}`] }];
  const { SecurityGroups = [] } = await world.call(ec2, 'DescribeSecurityGroups', { Filters });
  const outputs = await installStack(world, 'home-seed', {
    DomainId,
    FileSystemId: HomeEfsFileSystemId!,
    SubnetIds: subnetIds.join(','),
    SecurityGroupIds: SecurityGroups[0]!.GroupId!,
  });
  return { token: outputs.get('HomeSeedServiceToken')!, domainId: DomainId, profiles, bucket };
}

/** The domain of somebody else, and its profiles. */
export function findHomes({ store }: Pick<World, 'store'>) {
  const tableOf = <T>(name: string) => [...store.table<T>('sagemaker', { account, region }, name).values()];
  const domain = tableOf<DomainRecord>('domain').find(({ shown }) => shown.DomainName === DomainName);
  const own = ({ shown }: UserProfileRecord) => shown.DomainId === domain?.shown.DomainId;
  return domain && { domain, profiles: tableOf<UserProfileRecord>('user-profile').filter(own) };
}

async function inService<T extends { shown: { Status?: string } }>(
  { time }: World,
  find: () => (T | undefined)[],
): Promise<T[]> {
  for (;;) {
    const found = find();
    if (found.every((one) => one?.shown.Status === 'InService')) return found as T[];
    await sleep(time, 1000);
  }
}
