import { error, Studio } from '../studio.ts';

async function gateway(studio: Studio): Promise<string> {
  const { InternetGateway } = await studio.ec2('CreateInternetGateway', {});
  const { InternetGatewayId } = InternetGateway!;
  await studio.ec2('AttachInternetGateway', { InternetGatewayId, VpcId: studio.VpcId });
  return InternetGatewayId!;
}

async function routeTable(studio: Studio): Promise<string> {
  return (await studio.ec2('CreateRouteTable', { VpcId: studio.VpcId })).RouteTable!.RouteTableId!;
}

const DestinationCidrBlock = '0.0.0.0/0';

test('a route can be created once, replaced and deleted; the local route cannot', async () => {
  const studio = await Studio.open();
  const [RouteTableId, GatewayId] = [await routeTable(studio), await gateway(studio)];
  const route = { RouteTableId, DestinationCidrBlock };
  await expect(studio.ec2('ReplaceRoute', { ...route, GatewayId })).rejects.toEqual(error('InvalidRoute.NotFound'));
  await expect(studio.ec2('CreateRoute', route)).rejects.toEqual(error('MissingParameter'));
  await expect(studio.ec2('CreateRoute', { RouteTableId, GatewayId })).rejects.toEqual(error('MissingParameter'));
  await expect(studio.ec2('CreateRoute', { ...route, GatewayId: 'igw-0aa' })).rejects.toEqual(
    error('InvalidInternetGatewayID.NotFound'),
  );
  await studio.ec2('CreateRoute', { ...route, GatewayId });
  await expect(studio.ec2('CreateRoute', { ...route, GatewayId })).rejects.toEqual(error('RouteAlreadyExists'));
  const { NetworkInterface } = await studio.ec2('CreateNetworkInterface', { SubnetId: studio.SubnetIds[0] });
  const { NetworkInterfaceId } = NetworkInterface!;
  await studio.ec2('ReplaceRoute', { ...route, NetworkInterfaceId });
  const { RouteTables } = await studio.ec2('DescribeRouteTables', { RouteTableIds: [RouteTableId] });
  expect(RouteTables![0]!.Routes).toMatchObject([{ GatewayId: 'local' }, { DestinationCidrBlock, NetworkInterfaceId }]);
  await studio.ec2('DeleteRoute', route);
  await expect(studio.ec2('DeleteRoute', route)).rejects.toEqual(error('InvalidRoute.NotFound'));
  await expect(studio.ec2('DeleteRoute', { RouteTableId, DestinationCidrBlock: '10.0.0.0/16' })).rejects.toEqual(
    error('InvalidParameterValue', 'local route'),
  );
});

test('a subnet has one route table, which cannot be deleted while it is associated', async () => {
  const studio = await Studio.open();
  const [RouteTableId, other] = [await routeTable(studio), await routeTable(studio)];
  const [SubnetId] = studio.SubnetIds;
  const { AssociationId } = await studio.ec2('AssociateRouteTable', { RouteTableId, SubnetId });
  await expect(studio.ec2('AssociateRouteTable', { RouteTableId: other, SubnetId })).rejects.toEqual(
    error('Resource.AlreadyAssociated'),
  );
  await expect(studio.ec2('DeleteRouteTable', { RouteTableId })).rejects.toEqual(error('DependencyViolation'));
  const { NewAssociationId } = await studio.ec2('ReplaceRouteTableAssociation', { AssociationId, RouteTableId: other });
  await studio.ec2('DeleteRouteTable', { RouteTableId });
  await studio.ec2('DisassociateRouteTable', { AssociationId: NewAssociationId });
  await studio.ec2('DeleteRouteTable', { RouteTableId: other });
  await expect(studio.ec2('DisassociateRouteTable', { AssociationId })).rejects.toEqual(
    error('InvalidAssociationID.NotFound'),
  );
  const { RouteTables } = await studio.ec2('DescribeRouteTables', {
    Filters: [{ Name: 'association.main', Values: ['true'] }],
  });
  const main = RouteTables![0]!.Associations![0]!.RouteTableAssociationId;
  await expect(studio.ec2('DisassociateRouteTable', { AssociationId: main })).rejects.toEqual(
    error('InvalidParameterValue', 'main route table'),
  );
});

test('a NAT gateway holds an address and an interface until it is deleted', async () => {
  const studio = await Studio.open();
  const [SubnetId] = studio.SubnetIds;
  const InternetGatewayId = await gateway(studio);
  const { AllocationId, PublicIp } = await studio.ec2('AllocateAddress', { Domain: 'vpc' });
  await expect(studio.ec2('CreateNatGateway', { SubnetId })).rejects.toEqual(error('MissingParameter'));
  const { NatGateway } = await studio.ec2('CreateNatGateway', { SubnetId, AllocationId });
  const { NatGatewayId } = NatGateway!;
  expect(NatGateway).toMatchObject({ State: 'pending', NatGatewayAddresses: [{ PublicIp }] });
  await expect(studio.ec2('CreateNatGateway', { SubnetId, AllocationId })).rejects.toEqual(
    error('Resource.AlreadyAssociated'),
  );
  const state = async () =>
    (await studio.ec2('DescribeNatGateways', { NatGatewayIds: [NatGatewayId!] })).NatGateways![0]!.State;
  await studio.settle();
  expect(await state()).toBe('available');
  await expect(studio.ec2('ReleaseAddress', { AllocationId })).rejects.toEqual(error('InvalidIPAddress.InUse'));
  const { VpcId } = studio;
  await expect(studio.ec2('DetachInternetGateway', { InternetGatewayId, VpcId })).rejects.toEqual(
    error('DependencyViolation', 'mapped public address'),
  );
  await studio.ec2('DeleteNatGateway', { NatGatewayId });
  expect(await state()).toBe('deleting');
  await studio.settle();
  expect(await state()).toBe('deleted');
  expect((await studio.ec2('DescribeNetworkInterfaces', {})).NetworkInterfaces).toEqual([]);
  await studio.ec2('ReleaseAddress', { AllocationId });
  await studio.clock.pass(3_600_000);
  await expect(state()).rejects.toEqual(error('NatGatewayNotFound', `The Nat Gateway ${NatGatewayId} was not found`));
});

test('an Elastic IP address can move from one interface to another', async () => {
  const studio = await Studio.open();
  const [SubnetId] = studio.SubnetIds;
  const eni = async () =>
    (await studio.ec2('CreateNetworkInterface', { SubnetId })).NetworkInterface!.NetworkInterfaceId!;
  const [first, second] = [await eni(), await eni()];
  const { AllocationId, PublicIp } = await studio.ec2('AllocateAddress', {});
  await studio.ec2('AssociateAddress', { AllocationId, NetworkInterfaceId: first });
  await expect(
    studio.ec2('AssociateAddress', { AllocationId, NetworkInterfaceId: second, AllowReassociation: false }),
  ).rejects.toEqual(error('Resource.AlreadyAssociated'));
  const { AssociationId } = await studio.ec2('AssociateAddress', { AllocationId, NetworkInterfaceId: second });
  const { NetworkInterfaces } = await studio.ec2('DescribeNetworkInterfaces', { NetworkInterfaceIds: [first, second] });
  const holders = NetworkInterfaces!.filter(({ Association }) => Association?.PublicIp === PublicIp);
  expect(holders.map(({ NetworkInterfaceId }) => NetworkInterfaceId)).toEqual([second]);
  await studio.ec2('DisassociateAddress', { AssociationId });
  await expect(studio.ec2('DisassociateAddress', { AssociationId })).rejects.toEqual(
    error('InvalidAssociationID.NotFound'),
  );
  expect((await studio.ec2('DescribeAddresses', { PublicIps: [PublicIp!] })).Addresses).toMatchObject([
    { AllocationId },
  ]);
  await studio.ec2('ReleaseAddress', { AllocationId });
  expect((await studio.ec2('DescribeAddresses', {})).Addresses).toEqual([]);
});

test('a gateway endpoint adds a route, and is deleted at once', async () => {
  const studio = await Studio.open();
  const { VpcId } = studio;
  const RouteTableIds = [await routeTable(studio)];
  const ServiceName = 'com.amazonaws.eu-west-1.s3';
  const { VpcEndpoint } = await studio.ec2('CreateVpcEndpoint', { VpcId, ServiceName, RouteTableIds });
  const { VpcEndpointId } = VpcEndpoint!;
  const routes = async () =>
    (await studio.ec2('DescribeRouteTables', { RouteTableIds })).RouteTables![0]!.Routes!.map((one) => one.GatewayId);
  expect(await routes()).toEqual(['local', VpcEndpointId]);
  await expect(studio.ec2('CreateVpcEndpoint', { VpcId, ServiceName, RouteTableIds })).rejects.toEqual(
    error('RouteAlreadyExists', RouteTableIds[0]),
  );
  await studio.ec2('ModifyVpcEndpoint', { VpcEndpointId, RemoveRouteTableIds: RouteTableIds, PolicyDocument: '{}' });
  expect(await routes()).toEqual(['local']);
  await studio.ec2('ModifyVpcEndpoint', { VpcEndpointId, AddRouteTableIds: RouteTableIds, ResetPolicy: true });
  expect(await routes()).toEqual(['local', VpcEndpointId]);
  const { Unsuccessful } = await studio.ec2('DeleteVpcEndpoints', { VpcEndpointIds: [VpcEndpointId!, 'vpce-0aa'] });
  expect(Unsuccessful).toMatchObject([{ ResourceId: 'vpce-0aa', Error: { Code: 'InvalidVpcEndpointId.NotFound' } }]);
  expect(await routes()).toEqual(['local']);
  const unknown = { VpcId, ServiceName: 'nothing' };
  await expect(studio.ec2('CreateVpcEndpoint', unknown)).rejects.toEqual(error('InvalidServiceName'));
  await expect(studio.ec2('CreateVpcEndpoint', { VpcId })).rejects.toEqual(error('MissingParameter'));
});

test('an interface endpoint has an interface in each subnet until it is deleted', async () => {
  const studio = await Studio.open();
  const { VpcId, SubnetIds } = studio;
  const GroupId = await studio.securityGroup('endpoints');
  const request = { VpcId, VpcEndpointType: 'Interface', ServiceName: 'com.amazonaws.eu-west-1.sts' } as const;
  const { Vpc } = await studio.ec2('CreateVpc', { CidrBlock: '10.1.0.0/16' });
  const subnetOfOtherVpc = await studio.subnet('10.1.0.0/24', 'a', Vpc!.VpcId);
  await expect(studio.ec2('CreateVpcEndpoint', { ...request, SubnetIds: [subnetOfOtherVpc] })).rejects.toEqual(
    error('InvalidParameter'),
  );
  const inFirst = { ...request, SubnetIds: [SubnetIds[0]!] };
  await expect(studio.ec2('CreateVpcEndpoint', inFirst)).rejects.toEqual(
    error('InvalidParameter', 'enableDnsHostnames'),
  );
  await studio.ec2('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } });
  const sameZone = await studio.subnet('10.0.7.0/24', 'a');
  const twice = { ...request, SubnetIds: [SubnetIds[0]!, sameZone], PrivateDnsEnabled: false };
  await expect(studio.ec2('CreateVpcEndpoint', twice)).rejects.toEqual(error('DuplicateSubnetsInSameZone', sameZone));
  const { VpcEndpoint } = await studio.ec2('CreateVpcEndpoint', inFirst);
  const { VpcEndpointId } = VpcEndpoint!;
  await expect(studio.ec2('CreateVpcEndpoint', inFirst)).rejects.toEqual(error('InvalidParameter', 'conflicting DNS'));
  expect(VpcEndpoint).toMatchObject({ State: 'Pending', PrivateDnsEnabled: true, Groups: [{ GroupName: 'default' }] });
  await studio.settle();
  await studio.ec2('ModifyVpcEndpoint', {
    VpcEndpointId,
    AddSubnetIds: [SubnetIds[1]!],
    RemoveSubnetIds: [SubnetIds[0]!],
    AddSecurityGroupIds: [GroupId],
    PrivateDnsEnabled: false,
  });
  const { VpcEndpoints } = await studio.ec2('DescribeVpcEndpoints', { VpcEndpointIds: [VpcEndpointId!] });
  expect(VpcEndpoints).toMatchObject([{ State: 'Available', SubnetIds: [SubnetIds[1]], PrivateDnsEnabled: false }]);
  const { NetworkInterfaces } = await studio.ec2('DescribeNetworkInterfaces', {});
  expect(NetworkInterfaces).toMatchObject([{ SubnetId: SubnetIds[1], Groups: [{}, { GroupId }] }]);
  await studio.ec2('DeleteVpcEndpoints', { VpcEndpointIds: [VpcEndpointId!] });
  expect((await studio.ec2('DescribeVpcEndpoints', {})).VpcEndpoints).toMatchObject([{ State: 'Deleting' }]);
  await studio.settle();
  expect((await studio.ec2('DescribeVpcEndpoints', {})).VpcEndpoints).toEqual([]);
  expect((await studio.ec2('DescribeNetworkInterfaces', {})).NetworkInterfaces).toEqual([]);
});
