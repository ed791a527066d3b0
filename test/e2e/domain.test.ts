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
import { deleteStack, deployStack } from '../../scripts/start/stack.ts';
import { blind, installProvider, readTemplate, reasons, startCloud, type TestCloud } from './cloud.ts';

let cloud: TestCloud;
let network: Record<string, string>;
let templates: Record<'network' | 'domain', string>;

type Stack = Awaited<ReturnType<typeof deployStack>>['stack'];

beforeAll(async () => {
  cloud = await startCloud();
  templates = {
    network: await readTemplate('network.yaml'),
    domain: await readTemplate('domain.yaml'),
  };
  await installProvider(cloud.clients);
  network = (await deploy('network', 'network', {})).outputs;
}, 120_000);

afterAll(() => cloud.stop());

async function deploy(template: keyof typeof templates, name: string, parameters: Record<string, string>) {
  const deployment = { name, template: templates[template], parameters };
  const { stack, ...ended } = await deployStack(cloud.clients.cloudformation, blind, deployment);
  expect(reasons({ stack, ...ended })).toEqual([]);
  const outputs = (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
  return { stack, outputs: Object.fromEntries(outputs) as Record<string, string> };
}

async function remove(stack: Stack): Promise<void> {
  expect(reasons(await deleteStack(cloud.clients.cloudformation, blind, stack))).toEqual([]);
}

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

test('a domain whose apps reach the internet has a role that is made for it, and changes in place', async () => {
  const before = await everything();
  const parameters = { DomainName: 'research', ...inTheNetwork(), HomeEfsFileSystem: 'Delete' };
  const { outputs, stack } = await deploy('domain', 'research', { ...parameters, CostCenter: '4711' });
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

  const changed = await deploy('domain', 'research', { ...parameters, Team: 'vision', IdleTimeoutInMinutes: '120' });
  expect(changed.outputs).toEqual(outputs);
  const now = await describeDomain(outputs.DomainId!);
  const idle = { AppLifecycleManagement: { IdleSettings: { IdleTimeoutInMinutes: 120 } } };
  expect(now).toMatchObject({
    tags: { Team: 'vision' },
    DefaultUserSettings: { JupyterLabAppSettings: idle, CodeEditorAppSettings: idle },
    DefaultSpaceSettings: { JupyterLabAppSettings: idle },
  });
  expect(now.tags).not.toHaveProperty('CostCenter');

  await remove(stack);
  expect(await everything()).toEqual(before);
}, 120_000);

test('a domain of the VPC alone has endpoints and security groups, which go with it', async () => {
  const { ec2, iam } = cloud.clients;
  const RoleName = 'studio-given';
  const Statement = { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' };
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify({ Statement }) }));
  const before = await everything();

  const ExecutionRoleArn = `arn:aws:iam::${account}:role/${RoleName}`;
  const parameters = { DomainName: 'private', ...inTheNetwork(), ExecutionRoleArn, HomeEfsFileSystem: 'Delete' };
  const open = await deploy('domain', 'private', parameters);
  const RouteTableIds = network.RouteTableIds!;
  const closing = { ...parameters, AppNetworkAccessType: 'VpcOnly', VpcEndpoints: 'Studio', RouteTableIds };
  const closed = await deploy('domain', 'private', closing);
  expect(closed.outputs.DomainId).toBe(open.outputs.DomainId);
  const group = closed.outputs.AppSecurityGroupId!;
  expect(await describeDomain(closed.outputs.DomainId!)).toMatchObject({
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

  await deploy('domain', 'private', { ...closing, VpcEndpoints: 'All', EndpointSubnetIds: network.SubnetIds! });
  const more = ['ecr.api', 'ecr.dkr', 'kms', 'monitoring', 'ssm'].map((name) => `com.amazonaws.us-east-1.${name}`);
  expect(await services()).toEqual([...ofStudio, ...more].sort());

  await remove(closed.stack);
  expect(await everything()).toEqual(before);
  await iam.send(new DeleteRoleCommand({ RoleName }));
}, 120_000);

test('what cannot work is refused before anything is created', async () => {
  const before = await everything();
  const { ec2 } = cloud.clients;
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc!.VpcId, CidrBlock: '10.9.0.0/24' }));
  const [first] = network.SubnetIds!.split(',');
  const RouteTableIds = network.RouteTableIds!;
  const closed = { AppNetworkAccessType: 'VpcOnly', VpcEndpoints: 'Studio', RouteTableIds };
  const refusals: [keyof typeof templates, Record<string, string>, string][] = [
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
    const deployment = {
      name: 'refused',
      template: templates[template],
      parameters: { ...needed[template], ...parameters },
    };
    await expect(deployStack(cloud.clients.cloudformation, blind, deployment)).rejects.toThrow(reason);
  }
  await ec2.send(new DeleteSubnetCommand({ SubnetId: Subnet!.SubnetId }));
  await ec2.send(new DeleteVpcCommand({ VpcId: Vpc!.VpcId }));
  expect(await everything()).toEqual(before);
}, 60_000);

test('with a NAT gateway, a domain of the VPC alone needs no endpoints, and the network goes once it is empty', async () => {
  const way = await deploy('network', 'way', { CidrBlock: '10.43.0.0/20', SubnetBits: '10', NatGateway: 'true' });
  const { VpcId = '', SubnetIds = '' } = way.outputs;
  const parameters = { DomainName: 'way', VpcId, SubnetIds, AppNetworkAccessType: 'VpcOnly' };
  const domain = await deploy('domain', 'way-domain', { ...parameters, HomeEfsFileSystem: 'Delete' });
  await remove(domain.stack);
  const without = await deploy('network', 'way', { CidrBlock: '10.43.0.0/20', SubnetBits: '10' });
  expect(without.outputs).toEqual(way.outputs);
  await remove(without.stack);
  const { Vpcs } = await cloud.clients.ec2.send(new DescribeVpcsCommand({}));
  expect(Vpcs!.map((vpc) => vpc.VpcId)).toEqual([network.VpcId]);
}, 120_000);
