import {
  CreateDomainCommand,
  CreateSpaceCommand,
  CreateUserProfileCommand,
  DescribeDomainCommand,
  DescribeSpaceCommand,
  DescribeUserProfileCommand,
  ListAppsCommand,
  ListDomainsCommand,
  ListImagesCommand,
  ListSpacesCommand,
  ListStudioLifecycleConfigsCommand,
  ListTagsCommand,
  ListUserProfilesCommand,
} from '@aws-sdk/client-sagemaker';
import { account, region } from '../../scripts/start/clients.ts';
import type { Caller } from '../stacks/caller.ts';
import { startCloud } from '../stacks/cloud.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';
import { assumedRole } from './assumed-role.ts';

/** The parameters of what is in the network of a cloud. */
export type Network = Record<'VpcId' | 'SubnetId' | 'ExecutionRole', string>;

/** A cloud with the provider, a network, and a role whose sessions may make stacks named `attacker-*` and invoke functions. */
export interface DeputiesCloud {
  readonly cloud: TestCloud;
  readonly network: Network;
  readonly attacker: Caller;
}

export async function startDeputiesCloud(provider?: Record<string, string>): Promise<DeputiesCloud> {
  const cloud = await startCloud({ provider });
  const { outputs } = await cloud.deploy('network', { template: JSON.stringify(networkTemplate) });
  const attacker = await assumedRole(cloud, 'attacker', [
    { Action: 'cloudformation:*', Resource: `arn:aws:cloudformation:${region}:${account}:stack/attacker-*` },
    { Action: 'lambda:InvokeFunction', Resource: `arn:aws:lambda:${region}:${account}:function:*` },
  ]);
  return { cloud, network: outputs as Network, attacker };
}

/** The ServiceToken of a handler, such as `studio-domain`. */
export function tokenOf(handler: string, provider = 'studio-resources'): string {
  return `arn:aws:lambda:${region}:${account}:function:${provider}-${handler}`;
}

const networkTemplate = {
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'studio-user',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
      },
    },
  },
  Outputs: {
    VpcId: { Value: { Ref: 'Vpc' } },
    SubnetId: { Value: { Ref: 'Subnet' } },
    ExecutionRole: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } },
  },
};

/** The properties of a domain. */
export function domainProperties(DomainName: string, { VpcId, SubnetId, ExecutionRole }: Network) {
  const DefaultUserSettings = { ExecutionRole };
  return { DomainName, AuthMode: 'IAM' as const, VpcId, SubnetIds: [SubnetId], DefaultUserSettings };
}

/** Makes a domain as an administrator does, without a stack, with the profile `ada` and her space `ideas`; gives its id. */
export async function makeDomain({ cloud, network }: DeputiesCloud, name: string): Promise<string> {
  const { sagemaker } = cloud.clients;
  const { DomainArn } = await sagemaker.send(new CreateDomainCommand(domainProperties(name, network)));
  const DomainId = DomainArn!.split('/').at(-1)!;
  await inService(cloud, () => sagemaker.send(new DescribeDomainCommand({ DomainId })));
  await makePeople(cloud, DomainId);
  return DomainId;
}

/** Makes the profile `ada` and her space `ideas` in a domain. */
export async function makePeople(cloud: TestCloud, DomainId: string): Promise<void> {
  const { sagemaker } = cloud.clients;
  const [UserProfileName, SpaceName] = ['ada', 'ideas'];
  await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName }));
  await inService(cloud, () => sagemaker.send(new DescribeUserProfileCommand({ DomainId, UserProfileName })));
  await sagemaker.send(new CreateSpaceCommand({ DomainId, SpaceName, ...adasSpace }));
  await inService(cloud, () => sagemaker.send(new DescribeSpaceCommand({ DomainId, SpaceName })));
}

/** What a private space of the profile `ada` is made of. */
export const adasSpace = {
  OwnershipSettings: { OwnerUserProfileName: 'ada' },
  SpaceSharingSettings: { SharingType: 'Private' },
  SpaceSettings: { AppType: 'JupyterLab' },
} as const;

async function inService(cloud: TestCloud, describe: () => Promise<{ Status?: string }>): Promise<void> {
  const isReady = async () => (await describe().catch(() => undefined))?.Status === 'InService';
  await cloud.until(isReady, 'what was made to be in service');
}

/** Everything of SageMaker Studio in the account and Region, with its tags. */
export async function everything({ clients: { sagemaker } }: TestCloud): Promise<unknown> {
  const [{ Domains = [] }, { UserProfiles = [] }, { Spaces = [] }, { Apps = [] }, { Images = [] }, configs] =
    await Promise.all([
      sagemaker.send(new ListDomainsCommand({})),
      sagemaker.send(new ListUserProfilesCommand({})),
      sagemaker.send(new ListSpacesCommand({})),
      sagemaker.send(new ListAppsCommand({})),
      sagemaker.send(new ListImagesCommand({})),
      sagemaker.send(new ListStudioLifecycleConfigsCommand({})),
    ]);
  const described = [
    ...Domains.map(({ DomainId }) => sagemaker.send(new DescribeDomainCommand({ DomainId }))),
    ...UserProfiles.map(({ DomainId, UserProfileName }) =>
      sagemaker.send(new DescribeUserProfileCommand({ DomainId, UserProfileName })),
    ),
    ...Spaces.map(({ DomainId, SpaceName }) => sagemaker.send(new DescribeSpaceCommand({ DomainId, SpaceName }))),
  ];
  const things = (await Promise.all(described)).map(({ $metadata, ...thing }) => thing);
  const arns = things.map((thing) =>
    Object.entries(thing).find(([name]) => /^(Domain|UserProfile|Space)Arn$/.test(name)),
  );
  const tags = await Promise.all(
    [...arns.map((entry) => String(entry?.[1])), ...Images.map(({ ImageArn }) => ImageArn!)].map(
      async (ResourceArn) => (await sagemaker.send(new ListTagsCommand({ ResourceArn }))).Tags,
    ),
  );
  const { StudioLifecycleConfigs = [] } = configs;
  return { things, tags, Apps, Images, StudioLifecycleConfigs };
}
