import { AwsError } from '../../errors.ts';
import { hexId } from '../../random.ts';
import { all, describe, get, remove, tableOf, tagsOf } from './kind.ts';
import { addresses, interfaces, internetGateways, vpcs } from './kinds.ts';
import type { Operations } from './records.ts';
import { tagNew } from './tags.ts';

export const internetGatewayOperations: Operations = {
  CreateInternetGateway({ TagSpecifications }, call) {
    const InternetGatewayId = hexId(call.cloud.store, 'igw');
    tagNew(InternetGatewayId, 'internet-gateway', TagSpecifications, call);
    const made = { InternetGatewayId, OwnerId: call.account, Attachments: [] };
    tableOf(internetGateways, call).set(InternetGatewayId, made);
    return { InternetGateway: { ...made, Tags: tagsOf(InternetGatewayId, call) } };
  },

  DescribeInternetGateways({ InternetGatewayIds, ...request }, call) {
    const { items, NextToken } = describe(internetGateways, { ids: InternetGatewayIds, ...request }, call);
    return { InternetGateways: items, NextToken };
  },

  AttachInternetGateway({ InternetGatewayId, VpcId = '' }, call) {
    const gateway = get(internetGateways, InternetGatewayId, call);
    get(vpcs, VpcId, call);
    if (gateway.Attachments.length > 0) {
      const message = `resource ${InternetGatewayId} is already attached to network ${gateway.Attachments[0]!.VpcId}`;
      throw new AwsError('Resource.AlreadyAssociated', message);
    }
    if (all(internetGateways, call, ({ Attachments }) => Attachments[0]?.VpcId === VpcId).length > 0) {
      const message = `Network ${VpcId} already has an internet gateway attached`;
      throw new AwsError('InvalidParameterValue', message);
    }
    // EC2 says `available` here, where its own model knows only `attached`.
    gateway.Attachments = [{ VpcId, State: 'attached' }];
    return {};
  },

  DetachInternetGateway({ InternetGatewayId, VpcId }, call) {
    const gateway = get(internetGateways, InternetGatewayId, call);
    if (gateway.Attachments[0]?.VpcId !== VpcId) {
      const message = `resource ${InternetGatewayId} is not attached to network ${VpcId}`;
      throw new AwsError('Gateway.NotAttached', message);
    }
    const inVpc = new Set(
      all(interfaces, call, (one) => one.VpcId === VpcId).map(({ NetworkInterfaceId }) => NetworkInterfaceId),
    );
    if (all(addresses, call, (one) => inVpc.has(one.NetworkInterfaceId ?? '')).length > 0) {
      const message = `Network ${VpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`;
      throw new AwsError('DependencyViolation', message);
    }
    gateway.Attachments = [];
    return {};
  },

  DeleteInternetGateway({ InternetGatewayId }, call) {
    const gateway = get(internetGateways, InternetGatewayId, call);
    if (gateway.Attachments.length > 0) {
      const message = `The internetGateway '${InternetGatewayId}' has dependencies and cannot be deleted.`;
      throw new AwsError('DependencyViolation', message);
    }
    remove(internetGateways, gateway.InternetGatewayId, call);
    return {};
  },
};
