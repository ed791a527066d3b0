import { AwsError } from '../../errors.ts';
import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import { addressOf } from './cidr.ts';
import { describe, get, notFound, remove, tableOf } from './kind.ts';
import { addresses, interfaces } from './kinds.ts';
import type { AddressRecord, InterfaceRecord, Operations } from './records.ts';
import { tagNew } from './tags.ts';

/** The first of the addresses that are given out: 203.0.113.0, from a block that documents use. */
const firstAddress = 203 * 2 ** 24 + 113 * 2 ** 8;

/** Joins an address to a network interface, or takes it off (with none). */
export function attachAddress(address: AddressRecord, to: InterfaceRecord | undefined, call: Call): void {
  const from = address.NetworkInterfaceId && tableOf(interfaces, call).get(address.NetworkInterfaceId);
  if (from) delete from.Association;
  delete address.AssociationId;
  delete address.NetworkInterfaceId;
  delete address.PrivateIpAddress;
  if (!to) return;
  address.AssociationId = hexId(call.cloud.store, 'eipassoc');
  address.NetworkInterfaceId = to.NetworkInterfaceId;
  address.PrivateIpAddress = to.PrivateIpAddress;
  const { AllocationId, AssociationId, PublicIp } = address;
  to.Association = { AllocationId, AssociationId, PublicIp, IpOwnerId: call.account };
}

function publicAddress(call: Call): string {
  const taken = new Set([...tableOf(addresses, call).values()].map(({ PublicIp }) => PublicIp));
  let value = firstAddress;
  while (taken.has(addressOf(value))) value += 1;
  return addressOf(value);
}

export const addressOperations: Operations = {
  AllocateAddress({ TagSpecifications }, call) {
    const AllocationId = hexId(call.cloud.store, 'eipalloc');
    tagNew(AllocationId, 'elastic-ip', TagSpecifications, call);
    const address: AddressRecord = {
      AllocationId,
      PublicIp: publicAddress(call),
      Domain: 'vpc',
      PublicIpv4Pool: 'amazon',
      NetworkBorderGroup: call.region,
    };
    tableOf(addresses, call).set(AllocationId, address);
    return address;
  },

  DescribeAddresses({ AllocationIds, PublicIps, Filters }, call) {
    const { items } = describe(addresses, { ids: AllocationIds, Filters }, call);
    return { Addresses: items.filter(({ PublicIp }) => !PublicIps || PublicIps.includes(PublicIp)) };
  },

  AssociateAddress({ AllocationId, NetworkInterfaceId, AllowReassociation = true }, call) {
    const address = get(addresses, AllocationId, call);
    const target = get(interfaces, NetworkInterfaceId, call);
    if (address.AssociationId && !AllowReassociation) {
      const message = `resource ${AllocationId} is already associated with associate-id ${address.AssociationId}`;
      throw new AwsError('Resource.AlreadyAssociated', message);
    }
    attachAddress(address, target, call);
    return { AssociationId: address.AssociationId };
  },

  DisassociateAddress({ AssociationId }, call) {
    const address = [...tableOf(addresses, call).values()].find((one) => one.AssociationId === AssociationId);
    if (!address || !AssociationId) throw notFound('InvalidAssociationID', 'association ID')(AssociationId ?? '');
    attachAddress(address, undefined, call);
    return {};
  },

  ReleaseAddress({ AllocationId }, call) {
    const address = get(addresses, AllocationId, call);
    if (address.AssociationId) {
      const message = `Address with allocation id [${AllocationId}] cannot be released because it is in use.`;
      throw new AwsError('InvalidIPAddress.InUse', message);
    }
    remove(addresses, address.AllocationId, call);
    return {};
  },
};
