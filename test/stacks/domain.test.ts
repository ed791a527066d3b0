import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, DeleteRoleCommand } from '@aws-sdk/client-iam';
import { DescribeDomainCommand, ListTagsCommand } from '@aws-sdk/client-sagemaker';
import { account } from '../../scripts/start/clients.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { deployTemplate, readTemplate, removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
let network: Record<string, string>;

beforeAll(async () => {
  cloud = await startCloud();
  network = await deployTemplate(cloud, 'network', 'network.yaml');
});

afterAll(() => cloud.stop());

function inTheNetwork(): Record<string, string> {
  return { VpcId: network.VpcId!, SubnetIds: network.SubnetIds! };
}

async function describeDomain(DomainId: string) {
  const domain = await cloud.clients.sagemaker.send(new DescribeDomainCommand({ DomainId }));
  const { Tags } = await cloud.clients.sagemaker.send(new ListTagsCommand({ ResourceArn: domain.DomainArn }));
  return { ...domain, tags: Object.fromEntries((Tags ?? []).map(({ Key, Value }) => [Key, Value])) };
}

/** All that exists, VPC endpoints included. */
async function everything() {
  const { VpcEndpoints } = await cloud.clients.ec2.send(new DescribeVpcEndpointsCommand({}));
  return { all: await takeInventory(cloud.clients), endpoints: VpcEndpoints };
}

test('a domain whose apps reach the internet gets a role, and changes in place', async () => {
  const before = await everything();
  const parameters = { DomainName: 'research', ...inTheNetwork(), HomeEfsFileSystem: 'Delete' };
  const outputs = await deployTemplate(cloud, 'research', 'domain.yaml', { ...parameters, CostCenter: '4711' });
  const made = await describeDomain(outputs.DomainId!);
  expect(made).toMatchObject({
    AppNetworkAccessType: 'PublicInternetOnly',
    TagPropagation: 'ENABLED',
    DefaultUserSettings: { ExecutionRole: outputs.ExecutionRoleArn, DefaultLandingUri: 'studio::' },
    tags: { CostCenter: '4711' },
  });
  expect(made.DefaultUserSettings!.SecurityGroups).toBeUndefined();
  expect(outputs.ExecutionRoleArn).toMatch(/:role\/studio-research-[0-9a-f]{12}$/);
  expect(outputs.HomeEfsFileSystemId).toMatch(/^fs-/);
  expect(outputs.OutboundNfsSecurityGroupId).toMatch(/^sg-/);

  const changed = await deployTemplate(cloud, 'research', 'domain.yaml', {
    ...parameters,
    Team: 'vision',
    IdleTimeoutInMinutes: '120',
  });
  expect(changed).toEqual(outputs);
  const now = await describeDomain(outputs.DomainId!);
  const idle = { AppLifecycleManagement: { IdleSettings: { IdleTimeoutInMinutes: 120 } } };
  expect(now).toMatchObject({
    tags: { Team: 'vision' },
    DefaultUserSettings: { JupyterLabAppSettings: idle, CodeEditorAppSettings: idle },
    DefaultSpaceSettings: { JupyterLabAppSettings: idle },
  });
  expect(now.tags).not.toHaveProperty('CostCenter');

  await removeStack(cloud, 'research');
  expect(await everything()).toEqual(before);
});

test('a VPC-only domain has endpoints and security groups, which are deleted with it', async () => {
  const { ec2, iam } = cloud.clients;
  const RoleName = 'studio-given';
  const Statement = { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' };
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify({ Statement }) }));
  const before = await everything();

  const ExecutionRoleArn = `arn:aws:iam::${account}:role/${RoleName}`;
  const parameters = { DomainName: 'private', ...inTheNetwork(), ExecutionRoleArn, HomeEfsFileSystem: 'Delete' };
  const open = await deployTemplate(cloud, 'private', 'domain.yaml', parameters);
  const RouteTableIds = network.RouteTableIds!;
  const closing = { ...parameters, AppNetworkAccessType: 'VpcOnly', VpcEndpoints: 'Studio', RouteTableIds };
  const closed = await deployTemplate(cloud, 'private', 'domain.yaml', closing);
  expect(closed.DomainId).toBe(open.DomainId);
  const group = closed.AppSecurityGroupId!;
  expect(await describeDomain(closed.DomainId!)).toMatchObject({
    AppNetworkAccessType: 'VpcOnly',
    DefaultUserSettings: { ExecutionRole: ExecutionRoleArn, SecurityGroups: [group] },
    DefaultSpaceSettings: { ExecutionRole: ExecutionRoleArn, SecurityGroups: [group] },
  });
  const services = async () => {
    const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({}));
    expect(VpcEndpoints.map(({ State }) => State!.toLowerCase())).toEqual(VpcEndpoints.map(() => 'available'));
    return VpcEndpoints.map(({ ServiceName }) => ServiceName).sort();
  };
  const ofStudio = [
    'aws.sagemaker.us-east-1.studio',
    ...['logs', 's3', 'sagemaker.api', 'sagemaker.runtime', 'servicecatalog', 'sts'].map(
      (name) => `com.amazonaws.us-east-1.${name}`,
    ),
  ];
  expect(await services()).toEqual(ofStudio);

  await deployTemplate(cloud, 'private', 'domain.yaml', {
    ...closing,
    VpcEndpoints: 'All',
    EndpointSubnetIds: network.SubnetIds!,
  });
  const more = ['ecr.api', 'ecr.dkr', 'kms', 'monitoring', 'ssm'].map((name) => `com.amazonaws.us-east-1.${name}`);
  expect(await services()).toEqual([...ofStudio, ...more].sort());

  await removeStack(cloud, 'private');
  expect(await everything()).toEqual(before);
  await iam.send(new DeleteRoleCommand({ RoleName }));
});

test('invalid parameters are refused before anything is created', async () => {
  const before = await everything();
  const { ec2 } = cloud.clients;
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc!.VpcId, CidrBlock: '10.9.0.0/24' }));
  const [first] = network.SubnetIds!.split(',');
  const RouteTableIds = network.RouteTableIds!;
  const closed = { AppNetworkAccessType: 'VpcOnly', VpcEndpoints: 'Studio', RouteTableIds };
  const refusals: ['network' | 'domain', Record<string, string>, string][] = [
    ['domain', { SubnetIds: `${first},${Subnet!.SubnetId}` }, 'SubnetIds have to be subnets of VpcId'],
    ['domain', { VpcId: Vpc!.VpcId! }, 'SubnetIds have to be subnets of VpcId'],
    ['domain', { SubnetIds: '' }, 'parameter value  for parameter name SubnetIds does not exist'],
    ['domain', { VpcId: 'vpc-0123456789abcdef0' }, 'vpc-0123456789abcdef0 for parameter name VpcId does not exist'],
    ['domain', { VpcEndpoints: 'All', RouteTableIds }, 'VpcEndpoints are for AppNetworkAccessType VpcOnly'],
    ['domain', { ...closed, RouteTableIds: '' }, 'VpcEndpoints need RouteTableIds'],
    ['domain', { ...closed, EndpointSubnetIds: Subnet!.SubnetId! }, 'EndpointSubnetIds have to be among SubnetIds'],
    ['domain', { EndpointSubnetIds: first! }, 'EndpointSubnetIds are those of VpcEndpoints, of which there are none'],
    ['domain', { RouteTableIds }, 'RouteTableIds are those of VpcEndpoints, of which there are none'],
    ['domain', { SecurityGroupIds: 'default' }, 'SecurityGroupIds failed to satisfy constraint: the ids of security'],
    [
      'domain',
      { ExecutionRoleArn: 'studio-given' },
      'ExecutionRoleArn failed to satisfy constraint: the ARN of an IAM',
    ],
    ['domain', { DomainName: '-research' }, 'DomainName failed to satisfy constraint: 1 to 44 letters'],
    ['network', { CidrBlock: '10.42.0.0/8' }, 'CidrBlock failed to satisfy constraint: a range of IPv4 addresses'],
  ];
  const needed = {
    network: {},
    domain: { DomainName: 'refused', ...inTheNetwork() },
  };
  for (const [template, parameters, reason] of refusals) {
    const refused = cloud.deploy('refused', {
      template: await readTemplate(`${template}.yaml`),
      parameters: { ...needed[template], ...parameters },
    });
    await expect(refused).rejects.toThrow(reason);
  }
  await ec2.send(new DeleteSubnetCommand({ SubnetId: Subnet!.SubnetId }));
  await ec2.send(new DeleteVpcCommand({ VpcId: Vpc!.VpcId }));
  expect(await everything()).toEqual(before);
});

test('with a NAT gateway, a VPC-only domain needs no endpoints, and the empty network can be deleted', async () => {
  const way = await deployTemplate(cloud, 'way', 'network.yaml', {
    CidrBlock: '10.43.0.0/20',
    SubnetBits: '10',
    NatGateway: 'true',
  });
  const { VpcId = '', SubnetIds = '' } = way;
  const parameters = { DomainName: 'way', VpcId, SubnetIds, AppNetworkAccessType: 'VpcOnly' };
  await deployTemplate(cloud, 'way-domain', 'domain.yaml', { ...parameters, HomeEfsFileSystem: 'Delete' });
  await removeStack(cloud, 'way-domain');
  const without = await deployTemplate(cloud, 'way', 'network.yaml', { CidrBlock: '10.43.0.0/20', SubnetBits: '10' });
  expect(without).toEqual(way);
  await removeStack(cloud, 'way');
  const { Vpcs } = await cloud.clients.ec2.send(new DescribeVpcsCommand({}));
  expect(Vpcs!.map((vpc) => vpc.VpcId)).toEqual([network.VpcId]);
});
