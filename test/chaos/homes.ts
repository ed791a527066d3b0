import { strToU8, zipSync } from 'fflate';
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { installStack } from './install-stack.ts';
import { makeUnmanagedDomain, type Parts, unmanagedDomains } from './unmanaged-domain.ts';
import type { World } from './world.ts';

/** An unmanaged domain, and the function that seeds its homes. */
export interface Homes {
  token: string;
  domainId: string;
  profiles: string[];
  bucket: string;
}

const profiles = ['ada', 'grace'];
const bucket = 'studio-resources-starter';

/** The files of each zip: one that differs, one that does not, and one that only this zip has. */
export const contents: Record<string, string>[] = [0, 1].map((number) => ({
  'README.md': `content ${number}`,
  'examples/same.py': 'print(1)',
  [`examples/only-${number}.py`]: 'print(2)',
}));

/** Makes the domain with its profiles, and what its homes may be seeded with, and installs home-seed.yaml for it. */
export async function installHomes(world: World, network: Parts): Promise<Homes> {
  await world.call(s3, 'CreateBucket', { Bucket: bucket });
  for (const [number, files] of contents.entries()) {
    const Body = zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
    await world.call(s3, 'PutObject', { Bucket: bucket, Key: `${number}.zip`, Body });
  }
  const { domain } = await makeUnmanagedDomain(world, unmanagedDomains.homes, profiles, network);
  const { DomainId, HomeEfsFileSystemId } = domain.shown;
  const Filters = [{ Name: 'group-name', Values: [`security-group-for-outbound-nfs-${DomainId}`] }];
  const { SecurityGroups = [] } = await world.call(ec2, 'DescribeSecurityGroups', { Filters });
  const outputs = await installStack(world, 'home-seed', {
    DomainId,
    FileSystemId: HomeEfsFileSystemId!,
    SubnetIds: network.subnetIds.join(','),
    SecurityGroupIds: SecurityGroups[0]!.GroupId!,
  });
  return { token: outputs.get('HomeSeedServiceToken')!, domainId: DomainId, profiles, bucket };
}
