import type * as EC2 from '@aws-sdk/client-ec2';
import { ec2Client, retag, tagsFor } from './ec2-tags.ts';
import { nativeType } from './native-type.ts';
import { flag, optional, required, tags, text } from './property.ts';
import { retryWhileInUse, type ServiceClient, undefinedIfNotFound } from './service-client.ts';

const vpc = nativeType({
  type: 'AWS::EC2::VPC',
  properties: {
    CidrBlock: optional(text, 'replaces'),
    EnableDnsHostnames: optional(flag),
    EnableDnsSupport: optional(flag),
    InstanceTenancy: optional(text),
    Tags: optional(tags),
  },
  async create({ CidrBlock, EnableDnsHostnames, EnableDnsSupport, InstanceTenancy, Tags }, context) {
    const ec2 = ec2Client(context);
    const { Vpc } = await ec2('CreateVpc', {
      CidrBlock,
      InstanceTenancy: InstanceTenancy as EC2.Tenancy | undefined,
      TagSpecifications: tagsFor('vpc', Tags),
    });
    const VpcId = Vpc!.VpcId!;
    context.initiated(VpcId);
    await setDns(ec2, VpcId, { EnableDnsHostnames, EnableDnsSupport });
    return { physicalId: VpcId, attributes: await vpcAttributes(ec2, VpcId) };
  },
  async update({ physicalId, values, old, changed }, context) {
    const ec2 = ec2Client(context);
    const { EnableDnsHostnames = false, EnableDnsSupport = true } = values;
    await setDns(ec2, physicalId, {
      EnableDnsHostnames: changed.has('EnableDnsHostnames') ? EnableDnsHostnames : undefined,
      EnableDnsSupport: changed.has('EnableDnsSupport') ? EnableDnsSupport : undefined,
    });
    await retag(ec2, physicalId, values.Tags, old.Tags);
    return { physicalId, attributes: await vpcAttributes(ec2, physicalId) };
  },
  async delete(VpcId, _, context) {
    await undefinedIfNotFound(
      retryWhileInUse(context, /^DependencyViolation$/, () => ec2Client(context)('DeleteVpc', { VpcId })),
    );
  },
});

/** Each is a call of its own. */
async function setDns(
  ec2: ServiceClient<typeof EC2>,
  VpcId: string,
  { EnableDnsHostnames, EnableDnsSupport }: { EnableDnsHostnames?: boolean; EnableDnsSupport?: boolean },
): Promise<void> {
  if (EnableDnsSupport !== undefined) {
    await ec2('ModifyVpcAttribute', { VpcId, EnableDnsSupport: { Value: EnableDnsSupport } });
  }
  if (EnableDnsHostnames !== undefined) {
    await ec2('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: EnableDnsHostnames } });
  }
}

async function vpcAttributes(ec2: ServiceClient<typeof EC2>, VpcId: string) {
  const { Vpcs } = await ec2('DescribeVpcs', { VpcIds: [VpcId] });
  const { SecurityGroups } = await ec2('DescribeSecurityGroups', {
    Filters: [
      { Name: 'vpc-id', Values: [VpcId] },
      { Name: 'group-name', Values: ['default'] },
    ],
  });
  const { NetworkAcls } = await ec2('DescribeNetworkAcls', {
    Filters: [
      { Name: 'vpc-id', Values: [VpcId] },
      { Name: 'default', Values: ['true'] },
    ],
  });
  return {
    VpcId,
    CidrBlock: Vpcs?.[0]?.CidrBlock,
    CidrBlockAssociations: (Vpcs?.[0]?.CidrBlockAssociationSet ?? []).map(({ AssociationId }) => AssociationId),
    DefaultSecurityGroup: SecurityGroups?.[0]?.GroupId,
    DefaultNetworkAcl: NetworkAcls?.[0]?.NetworkAclId,
    Ipv6CidrBlocks: [],
  };
}

const subnet = nativeType({
  type: 'AWS::EC2::Subnet',
  properties: {
    VpcId: required(text, 'replaces'),
    CidrBlock: optional(text, 'replaces'),
    AvailabilityZone: optional(text, 'replaces'),
    AvailabilityZoneId: optional(text, 'replaces'),
    MapPublicIpOnLaunch: optional(flag),
    Tags: optional(tags),
  },
  async create({ MapPublicIpOnLaunch, Tags, ...properties }, context) {
    const ec2 = ec2Client(context);
    const { Subnet } = await ec2('CreateSubnet', { ...properties, TagSpecifications: tagsFor('subnet', Tags) });
    const SubnetId = Subnet!.SubnetId!;
    context.initiated(SubnetId);
    if (MapPublicIpOnLaunch) {
      await ec2('ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value: MapPublicIpOnLaunch } });
    }
    return { physicalId: SubnetId, attributes: await subnetAttributes(ec2, SubnetId) };
  },
  async update({ physicalId, values, old, changed }, context) {
    const ec2 = ec2Client(context);
    if (changed.has('MapPublicIpOnLaunch')) {
      const MapPublicIpOnLaunch = { Value: values.MapPublicIpOnLaunch ?? false };
      await ec2('ModifySubnetAttribute', { SubnetId: physicalId, MapPublicIpOnLaunch });
    }
    await retag(ec2, physicalId, values.Tags, old.Tags);
    return { physicalId, attributes: await subnetAttributes(ec2, physicalId) };
  },
  async delete(SubnetId, _, context) {
    await undefinedIfNotFound(
      retryWhileInUse(context, /^DependencyViolation$/, () => ec2Client(context)('DeleteSubnet', { SubnetId })),
    );
  },
});

async function subnetAttributes(ec2: ServiceClient<typeof EC2>, SubnetId: string) {
  const { Subnets } = await ec2('DescribeSubnets', { SubnetIds: [SubnetId] });
  const { NetworkAcls } = await ec2('DescribeNetworkAcls', {
    Filters: [{ Name: 'association.subnet-id', Values: [SubnetId] }],
  });
  const associations = NetworkAcls?.[0]?.Associations ?? [];
  const { VpcId, CidrBlock, AvailabilityZone, AvailabilityZoneId } = Subnets?.[0] ?? {};
  return {
    SubnetId,
    VpcId,
    CidrBlock,
    AvailabilityZone,
    AvailabilityZoneId,
    NetworkAclAssociationId: associations.find((one) => one.SubnetId === SubnetId)?.NetworkAclAssociationId,
    Ipv6CidrBlocks: [],
  };
}

export const vpcTypes = [vpc, subnet];
