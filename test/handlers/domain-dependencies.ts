import * as EC2 from '@aws-sdk/client-ec2';
import * as IAM from '@aws-sdk/client-iam';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import type { Permission } from '@studio-resources/core';
import type { Place, SdkOptions } from './place.ts';

const account = '111122223333';

/** What a domain needs: a role, and networks. */
export interface DomainDependencies {
  executionRole: string;
  /** Two VPCs, the first with three subnets, the second with one. */
  vpcs: { VpcId: string; SubnetIds: string[] }[];
  /** Of the first VPC. */
  securityGroupId: string;
}

export async function createDependencies(cloud: Place): Promise<DomainDependencies> {
  const options = cloud.clientOptions();
  const ec2 = new EC2.EC2Client(options);
  await makeRole(options, 'studio', 'sagemaker.amazonaws.com', [
    { action: 'sagemaker:DescribeImage', resource: '*' },
    { action: 'sagemaker:DescribeImageVersion', resource: '*' },
  ]);
  const vpcs = [await makeVpc(ec2, '10.0', 3), await makeVpc(ec2, '10.1', 1)];
  const group = { GroupName: 'studio', Description: 'Of a profile', VpcId: vpcs[0]!.VpcId };
  const { GroupId } = await ec2.send(new EC2.CreateSecurityGroupCommand(group));
  return { executionRole: `arn:aws:iam::${account}:role/studio`, vpcs, securityGroupId: GroupId! };
}

/** Makes a domain that no stack owns, and waits until it is in service; gives its id. */
export async function makeDomain(
  cloud: Place,
  DomainName: string,
  { executionRole, vpcs: [vpc] }: DomainDependencies,
): Promise<string> {
  const sagemaker = new SageMaker.SageMakerClient(cloud.clientOptions());
  const DefaultUserSettings = { ExecutionRole: executionRole };
  const made = { DomainName, AuthMode: 'IAM', ...vpc!, DefaultUserSettings } as const;
  const { DomainArn } = await sagemaker.send(new SageMaker.CreateDomainCommand(made));
  const DomainId = DomainArn!.split('/').at(-1)!;
  const describe = new SageMaker.DescribeDomainCommand({ DomainId });
  await inService(cloud, `domain ${DomainName}`, () => sagemaker.send(describe));
  return DomainId;
}

/** A domain that is in service. */
export interface Studio {
  DomainId: string;
  /** The file system of its homes. */
  FileSystemId: string;
  /** The properties that it was made with. */
  parts: { VpcId: string; SubnetIds: string[]; DefaultUserSettings: { ExecutionRole: string } };
  /** The security groups of a function that mounts its homes. */
  SecurityGroupIds: string[];
}

/** Makes a domain that no stack owns, with a VPC and a role of its own. */
export async function makeStudio(cloud: Place): Promise<Studio> {
  const options = cloud.clientOptions();
  const [ec2, sagemaker] = [new EC2.EC2Client(options), new SageMaker.SageMakerClient(options)];
  const dependencies = await createDependencies(cloud);
  const [{ VpcId, SubnetIds }] = dependencies.vpcs as [DomainDependencies['vpcs'][0]];
  const group = { GroupName: 'functions', Description: 'Of functions', VpcId };
  const { GroupId } = await ec2.send(new EC2.CreateSecurityGroupCommand(group));
  const DomainId = await makeDomain(cloud, 'studio', dependencies);
  const { HomeEfsFileSystemId } = await sagemaker.send(new SageMaker.DescribeDomainCommand({ DomainId }));
  const parts = { VpcId, SubnetIds, DefaultUserSettings: { ExecutionRole: dependencies.executionRole } };
  return { DomainId, FileSystemId: HomeEfsFileSystemId!, parts, SecurityGroupIds: [GroupId!] };
}

/** Waits until what `describe` gives exists and is in service; gives it. */
export async function inService<T extends { Status?: string }>(
  cloud: Place,
  what: string,
  describe: () => Promise<T>,
): Promise<T> {
  let found: T | undefined;
  await cloud.until(async () => {
    found = await describe().catch(() => undefined);
    return found?.Status === 'InService';
  }, `${what} to be in service`);
  return found!;
}

/** Makes the role `function` with these rights, and those to write a log. */
export function makeFunctionRole(options: SdkOptions, permissions: readonly Permission[]): Promise<void> {
  return makeRole(options, 'function', 'lambda.amazonaws.com', permissions.map(ofDefaultProvider));
}

/** What the provider's own parameters and its Region put in the place of `*`. No tag opens a domain. */
function ofDefaultProvider({ condition, ...permission }: Permission): Permission {
  if (!condition) return permission;
  const given = (key: string, value: string | readonly string[]) => {
    if (value !== '*') return value;
    if (/Tag\/studio-resources:provider$/.test(key)) return 'studio-resources';
    return key === 'aws:RequestedRegion' ? 'us-east-1' : value;
  };
  const rendered = Object.entries(condition).map(([operator, keys]) => {
    const values = Object.entries(keys).map(([key, value]) => [key, given(key, value)]);
    return [operator, Object.fromEntries(values)];
  });
  return { ...permission, condition: Object.fromEntries(rendered) };
}

async function makeVpc(ec2: EC2.EC2Client, network: string, subnets: number) {
  const { Vpc } = await ec2.send(new EC2.CreateVpcCommand({ CidrBlock: `${network}.0.0/16` }));
  const VpcId = Vpc!.VpcId!;
  const SubnetIds: string[] = [];
  for (let number = 0; number < subnets; number += 1) {
    const AvailabilityZone = `us-east-1${'abc'[number]}`;
    const range = { VpcId, AvailabilityZone, CidrBlock: `${network}.${number}.0/24` };
    const { Subnet } = await ec2.send(new EC2.CreateSubnetCommand(range));
    SubnetIds.push(Subnet!.SubnetId!);
  }
  return { VpcId, SubnetIds };
}

async function makeRole(
  options: SdkOptions,
  RoleName: string,
  service: string,
  permissions: readonly Permission[],
): Promise<void> {
  const iam = new IAM.IAMClient(options);
  const trust = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  await iam.send(new IAM.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy([trust]) }));
  if (permissions.length === 0) return;
  const rights = permissions.map(({ action, resource, condition }) => ({
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(condition && { Condition: condition }),
  }));
  const log = {
    Effect: 'Allow',
    Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: '*',
  };
  const PolicyDocument = policy([...rights, log]);
  await iam.send(new IAM.PutRolePolicyCommand({ RoleName, PolicyName: 'rights', PolicyDocument }));
}

function policy(Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}
