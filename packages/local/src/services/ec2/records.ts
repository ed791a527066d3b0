import type * as EC2 from '@aws-sdk/client-ec2';
import type { Definition } from '../../service.ts';
import type { With } from '../../shape.ts';

/** A part of EC2's table of operations: one file writes one for each kind of thing. */
export type Operations = Definition<typeof EC2>['operations'];
export type AccessTable = NonNullable<Definition<typeof EC2>['access']>;

/** Tags are kept apart, in the table `tags`, by the id of what they are on. */
export type Tags = Record<string, string>;

export type VpcRecord = With<EC2.Vpc, 'VpcId' | 'CidrBlock' | 'CidrBlockAssociationSet'> & {
  /** What `DescribeVpcAttribute` says and `ModifyVpcAttribute` sets. */
  attributes: Record<'enableDnsHostnames' | 'enableDnsSupport' | 'enableNetworkAddressUsageMetrics', boolean>;
};

export type SubnetRecord = With<EC2.Subnet, 'SubnetId' | 'VpcId' | 'CidrBlock' | 'AvailabilityZone'>;

export type GroupRecord = With<EC2.SecurityGroup, 'GroupId' | 'GroupName' | 'VpcId' | 'Description'>;

export type RuleRecord = With<EC2.SecurityGroupRule, 'SecurityGroupRuleId' | 'GroupId' | 'IsEgress' | 'IpProtocol'>;

export type InterfaceRecord = With<
  EC2.NetworkInterface,
  'NetworkInterfaceId' | 'SubnetId' | 'VpcId' | 'Groups' | 'PrivateIpAddress' | 'PrivateIpAddresses' | 'Status'
>;

export type InternetGatewayRecord = With<EC2.InternetGateway, 'InternetGatewayId' | 'Attachments'>;

export type RouteTableRecord = With<EC2.RouteTable, 'RouteTableId' | 'VpcId' | 'Associations' | 'Routes'>;

export type NatGatewayRecord = With<EC2.NatGateway, 'NatGatewayId' | 'SubnetId' | 'VpcId' | 'State'>;

export type AddressRecord = With<EC2.Address, 'AllocationId' | 'PublicIp'>;

export type EndpointRecord = With<EC2.VpcEndpoint, 'VpcEndpointId' | 'VpcId' | 'ServiceName' | 'State'>;

export type AclRecord = With<EC2.NetworkAcl, 'NetworkAclId' | 'VpcId' | 'Associations'>;
