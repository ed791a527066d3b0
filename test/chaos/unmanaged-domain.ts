import { sleep } from '../../packages/local/src/clock.ts';
import { sagemaker } from '../../packages/local/src/services/sagemaker/index.ts';
import type { DomainRecord, UserProfileRecord } from '../../packages/local/src/services/sagemaker/records.ts';
import { account, region, type World } from './world.ts';

/** The domains that no stack has made, by what stacks do in them. */
export const unmanagedDomains = {
  homes: 'unmanaged-homes',
  servers: 'unmanaged-servers',
  adopted: 'unmanaged-studio',
} as const;

type DomainName = (typeof unmanagedDomains)[keyof typeof unmanagedDomains];

/** A domain and its profiles. */
export interface UnmanagedDomain {
  domain: DomainRecord;
  profiles: UserProfileRecord[];
}

/** What a domain is made of. */
export interface Parts {
  vpcId: string;
  subnetIds: string[];
  executionRole: string;
}

/** Makes a domain with these profiles, and waits until all of it is in service. */
export async function makeUnmanagedDomain(
  world: World,
  name: DomainName,
  profiles: readonly string[],
  { vpcId, subnetIds, executionRole }: Parts,
): Promise<UnmanagedDomain> {
  await world.call(sagemaker, 'CreateDomain', {
    DomainName: name,
    AuthMode: 'IAM',
    VpcId: vpcId,
    SubnetIds: subnetIds,
    DefaultUserSettings: { ExecutionRole: executionRole },
  });
  const find = () => findUnmanagedDomain(world, name);
  await inService(world, () => [find()?.domain]);
  const { DomainId } = find()!.domain.shown;
  for (const UserProfileName of profiles) {
    await world.call(sagemaker, 'CreateUserProfile', { DomainId, UserProfileName });
  }
  await inService(world, () => find()!.profiles);
  return find()!;
}

export function findUnmanagedDomain({ store }: Pick<World, 'store'>, name: DomainName): UnmanagedDomain | undefined {
  const tableOf = <T>(of: string) => [...store.table<T>('sagemaker', { account, region }, of).values()];
  const domain = tableOf<DomainRecord>('domain').find(({ shown }) => shown.DomainName === name);
  const isIn = ({ shown }: UserProfileRecord) => shown.DomainId === domain?.shown.DomainId;
  return domain && { domain, profiles: tableOf<UserProfileRecord>('user-profile').filter(isIn) };
}

async function inService(
  { time }: World,
  find: () => readonly ({ shown: { Status?: string } } | undefined)[],
): Promise<void> {
  while (!find().every((one) => one?.shown.Status === 'InService')) await sleep(time, 1000);
}
