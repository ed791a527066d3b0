import { AwsError } from '../../errors.ts';
import { type Kind, notFound } from './kind.ts';
import type * as Records from './records.ts';

/** What EC2 keeps of a VPC's parts, and what each can be filtered by. */
export const vpcs: Kind<Records.VpcRecord> = {
  prefix: 'vpc',
  type: 'vpc',
  missing: notFound('InvalidVpcID', 'vpc ID'),
  idOf: ({ VpcId }) => VpcId,
  filters: {
    'vpc-id': ({ VpcId }) => VpcId,
    cidr: ({ CidrBlock }) => CidrBlock,
    'cidr-block-association.cidr-block': ({ CidrBlockAssociationSet }) =>
      CidrBlockAssociationSet.map(({ CidrBlock }) => CidrBlock),
    state: ({ State }) => State,
    'owner-id': ({ OwnerId }) => OwnerId,
    'is-default': ({ IsDefault }) => String(IsDefault),
    'dhcp-options-id': ({ DhcpOptionsId }) => DhcpOptionsId,
  },
};

export const subnets: Kind<Records.SubnetRecord> = {
  prefix: 'subnet',
  type: 'subnet',
  missing: notFound('InvalidSubnetID', 'subnet ID'),
  idOf: ({ SubnetId }) => SubnetId,
  filters: {
    'subnet-id': ({ SubnetId }) => SubnetId,
    'vpc-id': ({ VpcId }) => VpcId,
    'cidr-block': ({ CidrBlock }) => CidrBlock,
    cidr: ({ CidrBlock }) => CidrBlock,
    cidrBlock: ({ CidrBlock }) => CidrBlock,
    'availability-zone': ({ AvailabilityZone }) => AvailabilityZone,
    'availability-zone-id': ({ AvailabilityZoneId }) => AvailabilityZoneId,
    'subnet-arn': ({ SubnetArn }) => SubnetArn,
    state: ({ State }) => State,
    'owner-id': ({ OwnerId }) => OwnerId,
    'default-for-az': ({ DefaultForAz }) => String(DefaultForAz),
    'map-public-ip-on-launch': ({ MapPublicIpOnLaunch }) => String(MapPublicIpOnLaunch),
  },
};

export const groups: Kind<Records.GroupRecord> = {
  prefix: 'sg',
  type: 'security-group',
  missing: (id) => new AwsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`),
  idOf: ({ GroupId }) => GroupId,
  filters: {
    'group-id': ({ GroupId }) => GroupId,
    'group-name': ({ GroupName }) => GroupName,
    'vpc-id': ({ VpcId }) => VpcId,
    description: ({ Description }) => Description,
    'owner-id': ({ OwnerId }) => OwnerId,
  },
};

export const rules: Kind<Records.RuleRecord> = {
  prefix: 'sgr',
  type: 'security-group-rule',
  missing: notFound('InvalidSecurityGroupRuleId', 'security group rule ID'),
  idOf: ({ SecurityGroupRuleId }) => SecurityGroupRuleId,
  filters: {
    'security-group-rule-id': ({ SecurityGroupRuleId }) => SecurityGroupRuleId,
    'group-id': ({ GroupId }) => GroupId,
  },
};

export const interfaces: Kind<Records.InterfaceRecord> = {
  prefix: 'eni',
  type: 'network-interface',
  missing: notFound('InvalidNetworkInterfaceID', 'networkInterface ID'),
  idOf: ({ NetworkInterfaceId }) => NetworkInterfaceId,
  filters: {
    'network-interface-id': ({ NetworkInterfaceId }) => NetworkInterfaceId,
    'vpc-id': ({ VpcId }) => VpcId,
    'subnet-id': ({ SubnetId }) => SubnetId,
    'group-id': ({ Groups }) => Groups.map(({ GroupId }) => GroupId),
    'group-name': ({ Groups }) => Groups.map(({ GroupName }) => GroupName),
    'availability-zone': ({ AvailabilityZone }) => AvailabilityZone,
    description: ({ Description }) => Description,
    status: ({ Status }) => Status,
    'owner-id': ({ OwnerId }) => OwnerId,
    'private-ip-address': ({ PrivateIpAddress }) => PrivateIpAddress,
    'addresses.private-ip-address': ({ PrivateIpAddresses }) =>
      PrivateIpAddresses.map(({ PrivateIpAddress }) => PrivateIpAddress),
    'association.allocation-id': ({ Association }) => Association?.AllocationId,
    'requester-id': ({ RequesterId }) => RequesterId,
    'requester-managed': ({ RequesterManaged }) => String(RequesterManaged),
    'interface-type': ({ InterfaceType }) => InterfaceType,
    'mac-address': ({ MacAddress }) => MacAddress,
  },
};

export const internetGateways: Kind<Records.InternetGatewayRecord> = {
  prefix: 'igw',
  type: 'internet-gateway',
  missing: notFound('InvalidInternetGatewayID', 'internetGateway ID'),
  idOf: ({ InternetGatewayId }) => InternetGatewayId,
  filters: {
    'internet-gateway-id': ({ InternetGatewayId }) => InternetGatewayId,
    'attachment.vpc-id': ({ Attachments }) => Attachments.map(({ VpcId }) => VpcId),
    'attachment.state': ({ Attachments }) => Attachments.map(({ State }) => State),
    'owner-id': ({ OwnerId }) => OwnerId,
  },
};

export const routeTables: Kind<Records.RouteTableRecord> = {
  prefix: 'rtb',
  type: 'route-table',
  missing: notFound('InvalidRouteTableID', 'routeTable ID'),
  idOf: ({ RouteTableId }) => RouteTableId,
  filters: {
    'route-table-id': ({ RouteTableId }) => RouteTableId,
    'vpc-id': ({ VpcId }) => VpcId,
    'owner-id': ({ OwnerId }) => OwnerId,
    'association.main': ({ Associations }) => Associations.map(({ Main }) => String(Main)),
    'association.subnet-id': ({ Associations }) => Associations.map(({ SubnetId }) => SubnetId),
    'association.route-table-association-id': ({ Associations }) =>
      Associations.map(({ RouteTableAssociationId }) => RouteTableAssociationId),
    'route.destination-cidr-block': ({ Routes }) => Routes.map((route) => route.DestinationCidrBlock),
    'route.gateway-id': ({ Routes }) => Routes.map(({ GatewayId }) => GatewayId),
    'route.nat-gateway-id': ({ Routes }) => Routes.map(({ NatGatewayId }) => NatGatewayId),
  },
};

export const natGateways: Kind<Records.NatGatewayRecord> = {
  prefix: 'nat',
  type: 'natgateway',
  missing: (id) => new AwsError('NatGatewayNotFound', `The Nat Gateway ${id} was not found`),
  idOf: ({ NatGatewayId }) => NatGatewayId,
  filters: {
    'nat-gateway-id': ({ NatGatewayId }) => NatGatewayId,
    'vpc-id': ({ VpcId }) => VpcId,
    'subnet-id': ({ SubnetId }) => SubnetId,
    state: ({ State }) => State,
  },
};

export const addresses: Kind<Records.AddressRecord> = {
  prefix: 'eipalloc',
  type: 'elastic-ip',
  missing: notFound('InvalidAllocationID', 'allocation ID'),
  idOf: ({ AllocationId }) => AllocationId,
  filters: {
    'allocation-id': ({ AllocationId }) => AllocationId,
    'association-id': ({ AssociationId }) => AssociationId,
    'public-ip': ({ PublicIp }) => PublicIp,
    domain: ({ Domain }) => Domain,
    'network-interface-id': ({ NetworkInterfaceId }) => NetworkInterfaceId,
    'private-ip-address': ({ PrivateIpAddress }) => PrivateIpAddress,
  },
};

export const endpoints: Kind<Records.EndpointRecord> = {
  prefix: 'vpce',
  type: 'vpc-endpoint',
  missing: notFound('InvalidVpcEndpointId', 'Vpc Endpoint Id'),
  idOf: ({ VpcEndpointId }) => VpcEndpointId,
  filters: {
    'vpc-endpoint-id': ({ VpcEndpointId }) => VpcEndpointId,
    'vpc-id': ({ VpcId }) => VpcId,
    'service-name': ({ ServiceName }) => ServiceName,
    'vpc-endpoint-state': ({ State }) => State,
    'vpc-endpoint-type': ({ VpcEndpointType }) => VpcEndpointType,
  },
};

export const acls: Kind<Records.AclRecord> = {
  prefix: 'acl',
  type: 'network-acl',
  missing: notFound('InvalidNetworkAclID', 'networkAcl ID'),
  idOf: ({ NetworkAclId }) => NetworkAclId,
  filters: {
    'network-acl-id': ({ NetworkAclId }) => NetworkAclId,
    'vpc-id': ({ VpcId }) => VpcId,
    'association.subnet-id': ({ Associations }) => Associations.map(({ SubnetId }) => SubnetId),
    'association.association-id': ({ Associations }) =>
      Associations.map(({ NetworkAclAssociationId }) => NetworkAclAssociationId),
    default: ({ IsDefault }) => String(IsDefault),
  },
};
