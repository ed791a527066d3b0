import type * as EC2 from '@aws-sdk/client-ec2';
import { type ResourceContext, ResourceFailure } from '../resources/resource-type.ts';
import { ec2Client, retag, tagsFor } from './ec2-tags.ts';
import { nativeType } from './native-type.ts';
import { document, flag, list, optional, required, tags, text } from './property.ts';
import { pollUntil, undefinedIfNotFound } from './service-client.ts';

const elasticIp = nativeType({
  type: 'AWS::EC2::EIP',
  properties: { Domain: optional(text), InstanceId: optional(text), Tags: optional(tags) },
  async create({ Domain, Tags }, context) {
    const { PublicIp, AllocationId } = await ec2Client(context)('AllocateAddress', {
      Domain: Domain as EC2.DomainType | undefined,
      TagSpecifications: tagsFor('elastic-ip', Tags),
    });
    return { physicalId: PublicIp!, attributes: { AllocationId, PublicIp } };
  },
  async update({ physicalId, values, old }, context) {
    const ec2 = ec2Client(context);
    const AllocationId = await allocationOf(physicalId, context);
    await retag(ec2, AllocationId ?? physicalId, values.Tags, old.Tags);
    return { physicalId, attributes: { AllocationId, PublicIp: physicalId } };
  },
  async delete(address, _, context) {
    const AllocationId = await allocationOf(address, context);
    if (AllocationId !== undefined) await undefinedIfNotFound(ec2Client(context)('ReleaseAddress', { AllocationId }));
  },
});

async function allocationOf(address: string, context: ResourceContext): Promise<string | undefined> {
  const found = await undefinedIfNotFound(ec2Client(context)('DescribeAddresses', { PublicIps: [address] }));
  return found?.Addresses?.[0]?.AllocationId;
}

/** Seconds between two polls of something that takes minutes. */
const POLL_SECONDS = 10;

const natGateway = nativeType({
  type: 'AWS::EC2::NatGateway',
  properties: {
    SubnetId: required(text, 'replaces'),
    AllocationId: optional(text, 'replaces'),
    ConnectivityType: optional(text, 'replaces'),
    PrivateIpAddress: optional(text, 'replaces'),
    Tags: optional(tags),
  },
  async create({ ConnectivityType, Tags, ...properties }, context) {
    const ec2 = ec2Client(context);
    const { NatGateway } = await ec2('CreateNatGateway', {
      ...properties,
      ConnectivityType: ConnectivityType as EC2.ConnectivityType | undefined,
      TagSpecifications: tagsFor('natgateway', Tags),
    });
    const NatGatewayId = NatGateway!.NatGatewayId!;
    context.initiated(NatGatewayId);
    await pollUntil(context, POLL_SECONDS, async () => {
      const { NatGateways } = await ec2('DescribeNatGateways', { NatGatewayIds: [NatGatewayId] });
      const { State, FailureMessage } = NatGateways?.[0] ?? {};
      if (State === 'failed')
        throw new ResourceFailure(`NatGateway ${NatGatewayId} is in state failed: ${FailureMessage}`);
      return State === 'available' ? State : undefined;
    });
    return { physicalId: NatGatewayId, attributes: { NatGatewayId } };
  },
  async update({ physicalId, values, old }, context) {
    await retag(ec2Client(context), physicalId, values.Tags, old.Tags);
    return { physicalId, attributes: { NatGatewayId: physicalId } };
  },
  async delete(NatGatewayId, _, context) {
    const ec2 = ec2Client(context);
    if (!(await undefinedIfNotFound(ec2('DeleteNatGateway', { NatGatewayId })))) return;
    await pollUntil(context, POLL_SECONDS, async () => {
      const found = await undefinedIfNotFound(ec2('DescribeNatGateways', { NatGatewayIds: [NatGatewayId] }));
      const state = found?.NatGateways?.[0]?.State ?? 'deleted';
      return state === 'deleted' ? state : undefined;
    });
  },
});

const endpoint = nativeType({
  type: 'AWS::EC2::VPCEndpoint',
  properties: {
    ServiceName: required(text, 'replaces'),
    VpcId: required(text, 'replaces'),
    VpcEndpointType: optional(text, 'replaces'),
    PolicyDocument: optional(document),
    PrivateDnsEnabled: optional(flag),
    RouteTableIds: optional(list(text)),
    SecurityGroupIds: optional(list(text)),
    SubnetIds: optional(list(text)),
    Tags: optional(tags),
  },
  async create({ VpcEndpointType, Tags, ...properties }, context) {
    const ec2 = ec2Client(context);
    const { VpcEndpoint } = await ec2('CreateVpcEndpoint', {
      ...properties,
      VpcEndpointType: VpcEndpointType as EC2.VpcEndpointType | undefined,
      TagSpecifications: tagsFor('vpc-endpoint', Tags),
    });
    context.initiated(VpcEndpoint!.VpcEndpointId!);
    return endpointMade(VpcEndpoint!.VpcEndpointId!, context);
  },
  async update({ physicalId, values, old, changed }, context) {
    const ec2 = ec2Client(context);
    const added = (now: string[] = [], before: string[] = []) => now.filter((id) => !before.includes(id));
    await ec2('ModifyVpcEndpoint', {
      VpcEndpointId: physicalId,
      PolicyDocument: values.PolicyDocument,
      ResetPolicy: changed.has('PolicyDocument') && values.PolicyDocument === undefined ? true : undefined,
      PrivateDnsEnabled: changed.has('PrivateDnsEnabled') ? (values.PrivateDnsEnabled ?? false) : undefined,
      AddRouteTableIds: added(values.RouteTableIds, old.RouteTableIds),
      RemoveRouteTableIds: added(old.RouteTableIds, values.RouteTableIds),
      AddSecurityGroupIds: added(values.SecurityGroupIds, old.SecurityGroupIds),
      RemoveSecurityGroupIds: added(old.SecurityGroupIds, values.SecurityGroupIds),
      AddSubnetIds: added(values.SubnetIds, old.SubnetIds),
      RemoveSubnetIds: added(old.SubnetIds, values.SubnetIds),
    });
    await retag(ec2, physicalId, values.Tags, old.Tags);
    return endpointMade(physicalId, context);
  },
  async delete(VpcEndpointId, _, context) {
    const ec2 = ec2Client(context);
    await undefinedIfNotFound(ec2('DeleteVpcEndpoints', { VpcEndpointIds: [VpcEndpointId] }));
    await pollUntil(context, POLL_SECONDS, async () => {
      const found = await undefinedIfNotFound(ec2('DescribeVpcEndpoints', { VpcEndpointIds: [VpcEndpointId] }));
      const state = found?.VpcEndpoints?.[0]?.State ?? 'deleted';
      return state.toLowerCase() === 'deleted' ? state : undefined;
    });
  },
});

async function endpointMade(VpcEndpointId: string, context: ResourceContext) {
  const ec2 = ec2Client(context);
  const made = await pollUntil(context, POLL_SECONDS, async () => {
    const { VpcEndpoints } = await ec2('DescribeVpcEndpoints', { VpcEndpointIds: [VpcEndpointId] });
    const [found] = VpcEndpoints ?? [];
    const state = found?.State?.toLowerCase() ?? '';
    if (/failed|rejected|expired/.test(state)) {
      throw new ResourceFailure(
        `VPCEndpoint ${VpcEndpointId} is in state ${state}: ${found?.LastError?.Message ?? ''}`,
      );
    }
    return state === 'available' ? found : undefined;
  });
  const DnsEntries = (made.DnsEntries ?? []).map(({ HostedZoneId, DnsName }) => `${HostedZoneId}:${DnsName}`);
  const { NetworkInterfaceIds, CreationTimestamp } = made;
  const attributes = {
    Id: VpcEndpointId,
    DnsEntries,
    NetworkInterfaceIds,
    CreationTimestamp: CreationTimestamp?.toISOString(),
  };
  return { physicalId: VpcEndpointId, attributes };
}

export const gatewayTypes = [elasticIp, natGateway, endpoint];
