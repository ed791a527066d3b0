import * as EC2 from '@aws-sdk/client-ec2';
import * as IAM from '@aws-sdk/client-iam';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import type { Permission } from '@studio-resources/core';
import { account, eventually, type LambdaCloud } from '../packages/local/lambda-cloud.ts';

/** What is in a local cloud before a resource is tried there. */
export interface Surroundings {
  executionRole: string;
  /** Two VPCs, the first with three subnets, the second with one. */
  vpcs: { VpcId: string; SubnetIds: string[] }[];
  /** Of the first VPC. */
  securityGroupId: string;
}

/** Makes them, and the function's role `function` with these rights and no others. */
export async function surroundings(
  { iam, options }: LambdaCloud,
  permissions: readonly Permission[],
): Promise<Surroundings> {
  const ec2 = new EC2.EC2Client(options);
  try {
    await makeFunctionRole(iam, permissions);
    await makeRole(iam, 'studio', 'sagemaker.amazonaws.com', []);
    const vpcs = [await makeVpc(ec2, '10.0', 3), await makeVpc(ec2, '10.1', 1)];
    const group = { GroupName: 'studio', Description: 'Of a profile', VpcId: vpcs[0]!.VpcId };
    const { GroupId } = await ec2.send(new EC2.CreateSecurityGroupCommand(group));
    return { executionRole: `arn:aws:iam::${account}:role/studio`, vpcs, securityGroupId: GroupId! };
  } finally {
    ec2.destroy();
  }
}

/** A domain that is in service. */
export interface Studio {
  DomainId: string;
  /** Of its homes. */
  FileSystemId: string;
  /** What it is made of, and another domain would be. */
  parts: { VpcId: string; SubnetIds: string[]; DefaultUserSettings: { ExecutionRole: string } };
  /** Where a function is to be that mounts its homes. */
  SecurityGroupIds: string[];
}

/** Makes a domain, as somebody else than a stack, in a cloud whose function has its role already. */
export async function makeStudio({ iam, options }: LambdaCloud): Promise<Studio> {
  const [ec2, sagemaker] = [new EC2.EC2Client(options), new SageMaker.SageMakerClient(options)];
  try {
    await makeRole(iam, 'studio', 'sagemaker.amazonaws.com', []);
    const DefaultUserSettings = { ExecutionRole: `arn:aws:iam::${account}:role/studio` };
    const parts = { ...(await makeVpc(ec2, '10.0', 2)), DefaultUserSettings };
    const group = { GroupName: 'functions', Description: 'Of functions', VpcId: parts.VpcId };
    const { GroupId } = await ec2.send(new EC2.CreateSecurityGroupCommand(group));
    const made = { DomainName: 'studio', AuthMode: 'IAM', ...parts } as const;
    const { DomainArn } = await sagemaker.send(new SageMaker.CreateDomainCommand(made));
    const DomainId = DomainArn!.split('/').at(-1)!;
    const domain = await inService(() => sagemaker.send(new SageMaker.DescribeDomainCommand({ DomainId })));
    return { DomainId, FileSystemId: domain.HomeEfsFileSystemId!, parts, SecurityGroupIds: [GroupId!] };
  } finally {
    ec2.destroy();
    sagemaker.destroy();
  }
}

/** Waits until what is described is there, and in service. */
export function inService<T extends { Status?: string }>(describe: () => Promise<T>): Promise<T> {
  return eventually(async () => {
    const found = await describe().catch(() => undefined);
    return found?.Status === 'InService' ? found : undefined;
  });
}

/** Makes the role `function` with these rights, and those to write a log. */
export function makeFunctionRole(iam: IAM.IAMClient, permissions: readonly Permission[]): Promise<void> {
  return makeRole(iam, 'function', 'lambda.amazonaws.com', permissions);
}

async function makeVpc(ec2: EC2.EC2Client, network: string, subnets: number) {
  const { Vpc } = await ec2.send(new EC2.CreateVpcCommand({ CidrBlock: `${network}.0.0/16` }));
  const VpcId = Vpc!.VpcId!;
  const SubnetIds: string[] = [];
  for (let number = 0; number < subnets; number += 1) {
    const range = { VpcId, CidrBlock: `${network}.${number}.0/24` };
    const { Subnet } = await ec2.send(new EC2.CreateSubnetCommand(range));
    SubnetIds.push(Subnet!.SubnetId!);
  }
  return { VpcId, SubnetIds };
}

async function makeRole(
  iam: IAM.IAMClient,
  RoleName: string,
  service: string,
  permissions: readonly Permission[],
): Promise<void> {
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
