import type * as EC2 from '@aws-sdk/client-ec2';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import { blockOf, contains, overlap } from './cidr.ts';
import { all, describe, get, remove, tableOf, tagsOf } from './kind.ts';
import { interfaces, routeTables, subnets, vpcs } from './kinds.ts';
import { joinAcl, leaveAcl } from './network-acl.ts';
import type { Operations, SubnetRecord } from './records.ts';
import { tagNew } from './tags.ts';
import { type Zone, zonesOf } from './zones.ts';

/** The addresses of a subnet that AWS keeps for itself: the first four and the last. */
export const reservedAddresses = { first: 4, last: 1 };

export function freeAddresses({ SubnetId, CidrBlock }: SubnetRecord, call: Call): number {
  const used = all(interfaces, call, (one) => one.SubnetId === SubnetId);
  const taken = used.reduce((sum, { PrivateIpAddresses }) => sum + PrivateIpAddresses.length, 0);
  return blockOf(CidrBlock).size - reservedAddresses.first - reservedAddresses.last - taken;
}

function zoneOf(request: { AvailabilityZone?: string; AvailabilityZoneId?: string }, call: Call): Zone {
  const zones = zonesOf(call.region);
  const { AvailabilityZone: name, AvailabilityZoneId: id } = request;
  if (name === undefined && id === undefined) return zones[0]!;
  const zone = zones.find(({ ZoneName, ZoneId }) => ZoneName === name || ZoneId === id);
  if (zone) return zone;
  const names = zones.map(({ ZoneName }) => ZoneName).join(', ');
  const message = `Value (${name ?? id}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${names}.`;
  throw new AwsError('InvalidParameterValue', message);
}

function subnetBlock(cidr: string | undefined, vpcId: string, call: Call): string {
  const vpc = get(vpcs, vpcId, call);
  if (cidr === undefined) throw new AwsError('MissingParameter', 'Either CidrBlock or Ipv4IpamPoolId must be provided');
  const block = blockOf(cidr);
  const inside = vpc.CidrBlockAssociationSet.some(({ CidrBlock }) => contains(blockOf(CidrBlock!), block));
  if (!inside || block.prefix > 28) throw new AwsError('InvalidSubnet.Range', `The CIDR '${cidr}' is invalid.`);
  if (all(subnets, call, ({ VpcId }) => VpcId === vpcId).some((one) => overlap(blockOf(one.CidrBlock), block))) {
    throw new AwsError('InvalidSubnet.Conflict', `The CIDR '${cidr}' conflicts with another subnet`);
  }
  return block.text;
}

/** Makes a subnet, and gives it as CreateSubnet does. */
export function makeSubnet(
  { VpcId = '', CidrBlock, TagSpecifications, ...zone }: EC2.CreateSubnetCommandInput,
  more: Pick<SubnetRecord, 'DefaultForAz' | 'MapPublicIpOnLaunch'>,
  call: Call,
): EC2.Subnet {
  const block = subnetBlock(CidrBlock, VpcId, call);
  const { ZoneName, ZoneId } = zoneOf(zone, call);
  const SubnetId = hexId(call.cloud.store, 'subnet');
  tagNew(SubnetId, 'subnet', TagSpecifications, call);
  const subnet: SubnetRecord = {
    SubnetId,
    VpcId,
    CidrBlock: block,
    AvailabilityZone: ZoneName,
    AvailabilityZoneId: ZoneId,
    SubnetArn: regionalArn('ec2', `subnet/${SubnetId}`, call),
    OwnerId: call.account,
    State: 'available',
    ...more,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    EnableDns64: false,
    Ipv6Native: false,
  };
  tableOf(subnets, call).set(SubnetId, subnet);
  joinAcl(VpcId, SubnetId, call);
  return { ...subnet, AvailableIpAddressCount: freeAddresses(subnet, call), Tags: tagsOf(SubnetId, call) };
}

export const subnetOperations: Operations = {
  CreateSubnet(request, call) {
    return { Subnet: makeSubnet(request, { DefaultForAz: false, MapPublicIpOnLaunch: false }, call) };
  },

  DescribeSubnets({ SubnetIds, ...request }, call) {
    const { items, NextToken } = describe(subnets, { ids: SubnetIds, ...request }, call);
    return {
      Subnets: items.map((subnet) => ({ ...subnet, AvailableIpAddressCount: freeAddresses(subnet, call) })),
      NextToken,
    };
  },

  DeleteSubnet({ SubnetId = '' }, call) {
    get(subnets, SubnetId, call);
    if (all(interfaces, call, (one) => one.SubnetId === SubnetId).length > 0) {
      throw new AwsError('DependencyViolation', `The subnet '${SubnetId}' has dependencies and cannot be deleted.`);
    }
    for (const table of all(routeTables, call)) {
      table.Associations = table.Associations.filter((one) => one.SubnetId !== SubnetId);
    }
    leaveAcl(SubnetId, call);
    remove(subnets, SubnetId, call);
    return {};
  },

  ModifySubnetAttribute({ SubnetId, MapPublicIpOnLaunch, AssignIpv6AddressOnCreation, EnableDns64 }, call) {
    const subnet = get(subnets, SubnetId, call);
    if (MapPublicIpOnLaunch) subnet.MapPublicIpOnLaunch = MapPublicIpOnLaunch.Value;
    if (AssignIpv6AddressOnCreation) subnet.AssignIpv6AddressOnCreation = AssignIpv6AddressOnCreation.Value;
    if (EnableDns64) subnet.EnableDns64 = EnableDns64.Value;
    return {};
  },
};
