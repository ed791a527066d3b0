import { error, Studio } from '../studio.ts';

test('a VPC has a default security group, a main route table and a network ACL, which are deleted with it', async () => {
  const studio = new Studio();
  const { Vpc } = await studio.ec2('CreateVpc', { CidrBlock: '10.0.0.1/16' });
  const { VpcId } = Vpc!;
  expect(Vpc).toMatchObject({ CidrBlock: '10.0.0.0/16', IsDefault: false });
  const Filters = [{ Name: 'vpc-id', Values: [VpcId!] }];
  const { SecurityGroups } = await studio.ec2('DescribeSecurityGroups', { Filters });
  expect(SecurityGroups).toMatchObject([
    { GroupName: 'default', IpPermissions: [{ IpProtocol: '-1' }], IpPermissionsEgress: [{ IpProtocol: '-1' }] },
  ]);
  const { GroupId } = SecurityGroups![0]!;
  await expect(studio.ec2('DeleteSecurityGroup', { GroupId })).rejects.toEqual(error('CannotDelete', GroupId));
  expect((await studio.ec2('DescribeRouteTables', { Filters })).RouteTables).toMatchObject([
    { Associations: [{ Main: true }], Routes: [{ GatewayId: 'local', DestinationCidrBlock: '10.0.0.0/16' }] },
  ]);
  expect((await studio.ec2('DescribeNetworkAcls', { Filters })).NetworkAcls).toMatchObject([{ IsDefault: true }]);
  await studio.ec2('DeleteVpc', { VpcId });
  for (const [operation, member] of [
    ['DescribeVpcs', 'Vpcs'],
    ['DescribeSecurityGroups', 'SecurityGroups'],
    ['DescribeSecurityGroupRules', 'SecurityGroupRules'],
    ['DescribeRouteTables', 'RouteTables'],
    ['DescribeNetworkAcls', 'NetworkAcls'],
  ] as const) {
    expect(await studio.ec2(operation, {})).toEqual({ [member]: [] });
  }
});

test('an error names what is invalid about a CIDR block', async () => {
  const studio = await Studio.open();
  const vpc = (CidrBlock: string) => studio.ec2('CreateVpc', { CidrBlock });
  await expect(vpc('10.0.0.0/33')).rejects.toEqual(error('InvalidParameterValue', 'This is not a valid CIDR block.'));
  await expect(vpc('10.0.0.0/8')).rejects.toEqual(error('InvalidVpc.Range', "The CIDR '10.0.0.0/8' is invalid."));
  await expect(studio.ec2('CreateVpc', {})).rejects.toEqual(error('MissingParameter'));
  const subnet = (CidrBlock: string, zone = 'eu-west-1a', VpcId = studio.VpcId) =>
    studio.ec2('CreateSubnet', { VpcId, CidrBlock, AvailabilityZone: zone });
  await expect(subnet('10.1.0.0/24')).rejects.toEqual(error('InvalidSubnet.Range'));
  await expect(subnet('10.0.9.0/29')).rejects.toEqual(error('InvalidSubnet.Range'));
  await expect(subnet('10.0.0.128/25')).rejects.toEqual(error('InvalidSubnet.Conflict'));
  await expect(subnet('10.0.9.0/24', 'eu-west-1z')).rejects.toEqual(error('InvalidParameterValue', 'eu-west-1a, eu-'));
  await expect(subnet('10.0.9.0/24', 'eu-west-1a', 'vpc-0aa')).rejects.toEqual(error('InvalidVpcID.NotFound'));
});

test('a second CIDR block can have subnets, and the first one cannot be removed', async () => {
  const studio = await Studio.open();
  const { VpcId } = studio;
  const { CidrBlockAssociation } = await studio.ec2('AssociateVpcCidrBlock', { VpcId, CidrBlock: '10.1.0.0/16' });
  await studio.subnet('10.1.0.0/24', 'a');
  const { Vpcs } = await studio.ec2('DescribeVpcs', { VpcIds: [VpcId] });
  const [first] = Vpcs![0]!.CidrBlockAssociationSet!;
  const { AssociationId } = CidrBlockAssociation!;
  await studio.ec2('DisassociateVpcCidrBlock', { AssociationId });
  await expect(studio.ec2('DisassociateVpcCidrBlock', { AssociationId })).rejects.toEqual(
    error('InvalidVpcCidrBlockAssociationID.NotFound'),
  );
  await expect(studio.ec2('DisassociateVpcCidrBlock', { AssociationId: first!.AssociationId })).rejects.toEqual(
    error('OperationNotPermitted', 'primary IPv4 CIDR block'),
  );
});

test('attributes of a VPC and a subnet are changed one by one', async () => {
  const studio = await Studio.open();
  const { VpcId, SubnetIds } = studio;
  const Attribute = 'enableDnsHostnames';
  expect(await studio.ec2('DescribeVpcAttribute', { VpcId, Attribute })).toMatchObject({
    EnableDnsHostnames: { Value: false },
  });
  await studio.ec2('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } });
  expect(await studio.ec2('DescribeVpcAttribute', { VpcId, Attribute })).toMatchObject({
    EnableDnsHostnames: { Value: true },
  });
  await expect(studio.ec2('ModifyVpcAttribute', { VpcId })).rejects.toEqual(error('InvalidParameterCombination'));
  const unknown = 'enableMagic' as typeof Attribute;
  await expect(studio.ec2('DescribeVpcAttribute', { VpcId, Attribute: unknown })).rejects.toEqual(
    error('InvalidParameterValue', 'enableMagic'),
  );
  await studio.ec2('ModifySubnetAttribute', { SubnetId: SubnetIds[0], MapPublicIpOnLaunch: { Value: true } });
  const Filters = [{ Name: 'map-public-ip-on-launch', Values: ['true'] }];
  expect((await studio.ec2('DescribeSubnets', { Filters })).Subnets).toMatchObject([{ SubnetId: SubnetIds[0] }]);
});

test('a network interface has an address of its subnet, and its description and groups can be changed', async () => {
  const studio = await Studio.open();
  const SubnetId = await studio.subnet('10.0.9.0/28', 'c');
  await studio.ec2('ModifyVpcAttribute', { VpcId: studio.VpcId, EnableDnsHostnames: { Value: true } });
  const create = (PrivateIpAddress?: string) => studio.ec2('CreateNetworkInterface', { SubnetId, PrivateIpAddress });
  const { NetworkInterface } = await create();
  expect(NetworkInterface).toMatchObject({
    PrivateIpAddress: '10.0.9.4',
    PrivateDnsName: 'ip-10-0-9-4.eu-west-1.compute.internal',
    Groups: [{ GroupName: 'default' }],
    Status: 'available',
  });
  await expect(create('10.0.9.3')).rejects.toEqual(error('InvalidParameterValue', 'address range'));
  await expect(create('10.0.9.4')).rejects.toEqual(error('InvalidIPAddress.InUse'));
  for (let n = 1; n < 11; n += 1) await create();
  await expect(create()).rejects.toEqual(error('InsufficientFreeAddressesInSubnet'));
  const { Subnets } = await studio.ec2('DescribeSubnets', { SubnetIds: [SubnetId] });
  expect(Subnets).toMatchObject([{ AvailableIpAddressCount: 0 }]);

  const { NetworkInterfaceId } = NetworkInterface!;
  const GroupId = await studio.securityGroup('apps');
  const change = { NetworkInterfaceId, Groups: [GroupId], Description: { Value: 'mine' } };
  await studio.ec2('ModifyNetworkInterfaceAttribute', change);
  const Filters = [{ Name: 'group-id', Values: [GroupId] }];
  expect((await studio.ec2('DescribeNetworkInterfaces', { Filters })).NetworkInterfaces).toMatchObject([
    { NetworkInterfaceId, Description: 'mine' },
  ]);
  await studio.ec2('DeleteNetworkInterface', { NetworkInterfaceId });
  await expect(studio.ec2('DeleteNetworkInterface', { NetworkInterfaceId })).rejects.toEqual(
    error('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${NetworkInterfaceId}' does not exist`),
  );
  const { Vpc } = await studio.ec2('CreateVpc', { CidrBlock: '10.1.0.0/16' });
  const subnetOfOtherVpc = await studio.subnet('10.1.0.0/24', 'a', Vpc!.VpcId);
  await expect(studio.ec2('CreateNetworkInterface', { SubnetId: subnetOfOtherVpc, Groups: [GroupId] })).rejects.toEqual(
    error('InvalidParameterValue', 'different networks'),
  );
});

describe('a VPC cannot be deleted while it contains', () => {
  const made: [string, (studio: Studio) => Promise<unknown>][] = [
    ['a subnet', (studio) => studio.subnet('10.0.0.0/24', 'a')],
    ['a security group', (studio) => studio.securityGroup('apps')],
    ['a route table', (studio) => studio.ec2('CreateRouteTable', { VpcId: studio.VpcId })],
    ['an internet gateway', (studio) => internetGateway(studio)],
  ];
  test.each(made)('%s', async (_name, make) => {
    const studio = new Studio();
    studio.VpcId = (await studio.ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc!.VpcId!;
    await make(studio);
    await expect(studio.ec2('DeleteVpc', { VpcId: studio.VpcId })).rejects.toEqual(
      error('DependencyViolation', `The vpc '${studio.VpcId}' has dependencies and cannot be deleted.`),
    );
  });
});

async function internetGateway(studio: Studio): Promise<string> {
  const { InternetGateway } = await studio.ec2('CreateInternetGateway', {});
  const { InternetGatewayId } = InternetGateway!;
  await studio.ec2('AttachInternetGateway', { InternetGatewayId, VpcId: studio.VpcId });
  return InternetGatewayId!;
}

test('an internet gateway is attached to one VPC, and a VPC has one', async () => {
  const studio = await Studio.open();
  const { VpcId } = studio;
  const InternetGatewayId = await internetGateway(studio);
  await expect(studio.ec2('AttachInternetGateway', { InternetGatewayId, VpcId })).rejects.toEqual(
    error('Resource.AlreadyAssociated'),
  );
  await expect(internetGateway(studio)).rejects.toEqual(error('InvalidParameterValue', 'already has an internet'));
  await expect(studio.ec2('DeleteInternetGateway', { InternetGatewayId })).rejects.toEqual(
    error('DependencyViolation'),
  );
  const Filters = [{ Name: 'attachment.vpc-id', Values: [VpcId] }];
  expect((await studio.ec2('DescribeInternetGateways', { Filters })).InternetGateways).toMatchObject([
    { InternetGatewayId },
  ]);
  await studio.ec2('DetachInternetGateway', { InternetGatewayId, VpcId });
  expect((await studio.ec2('DescribeInternetGateways', { Filters })).InternetGateways).toEqual([]);
  await expect(studio.ec2('DetachInternetGateway', { InternetGatewayId, VpcId })).rejects.toEqual(
    error('Gateway.NotAttached'),
  );
  await studio.ec2('DeleteInternetGateway', { InternetGatewayId });
});

test('zones and Regions are those of AWS', async () => {
  const studio = new Studio();
  const { AvailabilityZones } = await studio.ec2('DescribeAvailabilityZones', {});
  expect(AvailabilityZones!.map(({ ZoneName }) => ZoneName)).toEqual(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']);
  expect(AvailabilityZones![0]).toMatchObject({ ZoneId: 'euw1-az1', State: 'available' });
  await expect(studio.ec2('DescribeAvailabilityZones', { ZoneNames: ['eu-west-1z'] })).rejects.toEqual(
    error('InvalidParameterValue'),
  );
  const { Regions } = await studio.ec2('DescribeRegions', { RegionNames: ['eu-west-1'] });
  expect(Regions).toMatchObject([{ RegionName: 'eu-west-1', Endpoint: 'ec2.eu-west-1.amazonaws.com' }]);
  const optIn = async (input: object) => {
    const { Regions: all } = await studio.ec2('DescribeRegions', input);
    return all!.find(({ RegionName }) => RegionName === 'af-south-1')?.OptInStatus;
  };
  expect(await optIn({})).toBeUndefined();
  expect(await optIn({ AllRegions: true })).toBe('not-opted-in');
  expect(await optIn({ RegionNames: ['af-south-1'] })).toBe('not-opted-in');
  await expect(studio.ec2('DescribeRegions', { RegionNames: ['xx'] })).rejects.toEqual(error('InvalidParameterValue'));
});
