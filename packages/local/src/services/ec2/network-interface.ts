import type * as EC2 from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import { addressOf, blockOf, numberOf } from './cidr.ts';
import { all, describe, get, remove, tableOf, tagsOf } from './kind.ts';
import { interfaces, subnets, vpcs } from './kinds.ts';
import type { InterfaceRecord, Operations, SubnetRecord } from './records.ts';
import { groupsOf } from './security-group.ts';
import { reservedAddresses } from './subnet.ts';
import { tagNew } from './tags.ts';

/** An address of the subnet that nothing has yet: the one asked for, or the first. */
function freeAddress(subnet: SubnetRecord, wanted: string | undefined, call: Call): string {
  const inSubnet = all(interfaces, call, ({ SubnetId }) => SubnetId === subnet.SubnetId);
  const taken = new Set(inSubnet.flatMap((one) => one.PrivateIpAddresses.map((each) => each.PrivateIpAddress)));
  const block = blockOf(subnet.CidrBlock);
  const [first, end] = [block.first + reservedAddresses.first, block.first + block.size - reservedAddresses.last];
  if (wanted !== undefined) {
    const value = numberOf(wanted);
    if (value < first || value >= end) {
      const message = "Address does not fall within the subnet's address range";
      throw new AwsError('InvalidParameterValue', message);
    }
    if (taken.has(wanted)) throw new AwsError('InvalidIPAddress.InUse', `Address ${wanted} is in use.`);
    return wanted;
  }
  for (let value = first; value < end; value += 1) if (!taken.has(addressOf(value))) return addressOf(value);
  const message = 'The specified subnet does not have enough free addresses to satisfy the request.';
  throw new AwsError('InsufficientFreeAddressesInSubnet', message);
}

function privateDnsName(address: string, VpcId: string, call: Call): string | undefined {
  if (!get(vpcs, VpcId, call).attributes.enableDnsHostnames) return undefined;
  const domain = call.region === 'us-east-1' ? 'ec2.internal' : `${call.region}.compute.internal`;
  return `ip-${address.replaceAll('.', '-')}.${domain}`;
}

export interface NewInterface {
  SubnetId: string;
  Description?: string;
  Groups?: string[];
  PrivateIpAddress?: string;
  InterfaceType?: EC2.NetworkInterfaceType;
  /** The service that makes it for itself: it is in use from the start, and only that service may remove it. */
  requester?: string;
}

export function makeInterface(wanted: NewInterface, call: Call, tags?: EC2.TagSpecification[]): InterfaceRecord {
  const subnet = get(subnets, wanted.SubnetId, call);
  const Groups = groupsOf(wanted.Groups, subnet.VpcId, call);
  const PrivateIpAddress = freeAddress(subnet, wanted.PrivateIpAddress, call);
  const NetworkInterfaceId = hexId(call.cloud.store, 'eni');
  tagNew(NetworkInterfaceId, 'network-interface', tags, call);
  const PrivateDnsName = privateDnsName(PrivateIpAddress, subnet.VpcId, call);
  const record: InterfaceRecord = {
    NetworkInterfaceId,
    SubnetId: subnet.SubnetId,
    VpcId: subnet.VpcId,
    AvailabilityZone: subnet.AvailabilityZone,
    AvailabilityZoneId: subnet.AvailabilityZoneId,
    Description: wanted.Description ?? '',
    Groups,
    InterfaceType: wanted.InterfaceType ?? 'interface',
    MacAddress: `02:${NetworkInterfaceId.slice(-10).match(/../g)!.join(':')}`,
    OwnerId: call.account,
    PrivateDnsName,
    PrivateIpAddress,
    PrivateIpAddresses: [{ Primary: true, PrivateDnsName, PrivateIpAddress }],
    Ipv6Addresses: [],
    RequesterId: wanted.requester ?? call.account,
    RequesterManaged: wanted.requester !== undefined,
    SourceDestCheck: true,
    Status: wanted.requester === undefined ? 'available' : 'in-use',
  };
  tableOf(interfaces, call).set(NetworkInterfaceId, record);
  return record;
}

export function removeInterface(id: string, call: Call): void {
  remove(interfaces, id, call);
}

function requesterOf({ principal }: Call): string | undefined {
  return principal.kind === 'service' ? principal.service : undefined;
}

export const interfaceOperations: Operations = {
  CreateNetworkInterface({ SubnetId = '', Description, Groups, PrivateIpAddress, TagSpecifications }, call) {
    const wanted = { SubnetId, Description, Groups, PrivateIpAddress, requester: requesterOf(call) };
    const made = makeInterface(wanted, call, TagSpecifications);
    return { NetworkInterface: { ...made, TagSet: tagsOf(made.NetworkInterfaceId, call) } };
  },

  DescribeNetworkInterfaces({ NetworkInterfaceIds, IncludeManagedResources, ...request }, call) {
    const { items, NextToken } = describe(interfaces, { ids: NetworkInterfaceIds, ...request }, call);
    return { NetworkInterfaces: items.map(({ Tags, ...one }) => ({ ...one, TagSet: Tags })), NextToken };
  },

  DeleteNetworkInterface({ NetworkInterfaceId }, call) {
    const one = get(interfaces, NetworkInterfaceId, call);
    if (one.Status === 'in-use' && one.RequesterId !== requesterOf(call)) {
      const message = `Network interface '${NetworkInterfaceId}' is currently in use.`;
      throw new AwsError('InvalidParameterValue', message);
    }
    removeInterface(one.NetworkInterfaceId, call);
    return {};
  },

  ModifyNetworkInterfaceAttribute({ NetworkInterfaceId, Description, Groups, SourceDestCheck }, call) {
    const one = get(interfaces, NetworkInterfaceId, call);
    if (Groups) one.Groups = groupsOf(Groups, one.VpcId, call);
    if (Description) one.Description = Description.Value;
    if (SourceDestCheck) one.SourceDestCheck = SourceDestCheck.Value;
    return {};
  },
};
