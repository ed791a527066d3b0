import { AwsError } from '../../errors.ts';
import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import { attachAddress } from './address.ts';
import { describe, find, get, remove, tableOf, tagsOf } from './kind.ts';
import { addresses, natGateways, subnets } from './kinds.ts';
import { makeInterface, removeInterface } from './network-interface.ts';
import type { NatGatewayRecord, Operations } from './records.ts';
import { tagNew } from './tags.ts';

/** In seconds; a deleted gateway stays listed for about an hour. */
const stateSeconds = { pending: 100, deleting: 45, deleted: 3600 };

export const natGatewayOperations: Operations = {
  CreateNatGateway({ SubnetId, AllocationId, ConnectivityType = 'public', TagSpecifications }, call) {
    const subnet = get(subnets, SubnetId, call);
    if (ConnectivityType === 'public' && AllocationId === undefined) {
      throw new AwsError('MissingParameter', 'The request must contain the parameter AllocationId');
    }
    const address = AllocationId === undefined ? undefined : get(addresses, AllocationId, call);
    if (address?.AssociationId) {
      const message = `Elastic IP address [${AllocationId}] is already associated`;
      throw new AwsError('Resource.AlreadyAssociated', message);
    }
    const NatGatewayId = hexId(call.cloud.store, 'nat');
    tagNew(NatGatewayId, 'natgateway', TagSpecifications, call);
    const eni = makeInterface(
      {
        SubnetId: subnet.SubnetId,
        Description: `Interface for NAT Gateway ${NatGatewayId}`,
        InterfaceType: 'natGateway',
        requester: 'ec2.amazonaws.com',
      },
      call,
    );
    if (address) attachAddress(address, eni, call);
    const gateway: NatGatewayRecord = {
      NatGatewayId,
      SubnetId: subnet.SubnetId,
      VpcId: subnet.VpcId,
      ConnectivityType,
      CreateTime: new Date(call.clock.now()),
      State: 'pending',
      NatGatewayAddresses: [
        {
          AllocationId,
          AssociationId: address?.AssociationId,
          NetworkInterfaceId: eni.NetworkInterfaceId,
          PrivateIp: eni.PrivateIpAddress,
          PublicIp: address?.PublicIp,
          IsPrimary: true,
          Status: 'succeeded',
        },
      ],
    };
    tableOf(natGateways, call).set(NatGatewayId, gateway);
    call.later(stateSeconds.pending * 1000 * call.cloud.durations, 'natGatewayAvailable', NatGatewayId);
    return { NatGateway: { ...gateway, Tags: tagsOf(NatGatewayId, call) } };
  },

  DescribeNatGateways({ NatGatewayIds, Filter, ...request }, call) {
    const { items, NextToken } = describe(natGateways, { ids: NatGatewayIds, Filters: Filter, ...request }, call);
    return { NatGateways: items, NextToken };
  },

  DeleteNatGateway({ NatGatewayId }, call) {
    const gateway = get(natGateways, NatGatewayId, call);
    if (gateway.State !== 'deleting' && gateway.State !== 'deleted') {
      gateway.State = 'deleting';
      call.later(stateSeconds.deleting * 1000 * call.cloud.durations, 'natGatewayDeleted', NatGatewayId);
    }
    return { NatGatewayId };
  },
};

export const natGatewayTasks = {
  natGatewayAvailable(id: string, call: Call): void {
    const gateway = find(natGateways, id, call);
    if (gateway?.State === 'pending') gateway.State = 'available';
  },

  natGatewayDeleted(id: string, call: Call): void {
    const gateway = get(natGateways, id, call);
    gateway.State = 'deleted';
    gateway.DeleteTime = new Date(call.clock.now());
    for (const { AllocationId, NetworkInterfaceId } of gateway.NatGatewayAddresses ?? []) {
      const address = find(addresses, AllocationId, call);
      if (address?.NetworkInterfaceId === NetworkInterfaceId && address) attachAddress(address, undefined, call);
      removeInterface(NetworkInterfaceId!, call);
    }
    call.later(stateSeconds.deleted * 1000, 'natGatewayForgotten', id);
  },

  natGatewayForgotten(id: string, call: Call): void {
    remove(natGateways, id, call);
  },
};
