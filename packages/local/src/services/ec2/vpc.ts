import type * as EC2 from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import { blockOf } from './cidr.ts';
import { all, describe, get, notFound, remove, tableOf, tagsOf } from './kind.ts';
import { acls, endpoints, groups, interfaces, internetGateways, routeTables, subnets, vpcs } from './kinds.ts';
import { makeAcl } from './network-acl.ts';
import type { Operations, VpcRecord } from './records.ts';
import { makeRouteTable } from './route-table.ts';
import { makeGroup, removeGroup } from './security-group.ts';
import { tagNew } from './tags.ts';

const attributeMembers = {
  enableDnsHostnames: 'EnableDnsHostnames',
  enableDnsSupport: 'EnableDnsSupport',
  enableNetworkAddressUsageMetrics: 'EnableNetworkAddressUsageMetrics',
} as const;

function vpcBlock(cidr: string | undefined) {
  if (cidr === undefined) throw new AwsError('MissingParameter', 'Either CidrBlock or Ipv4IpamPoolId must be provided');
  const block = blockOf(cidr);
  if (block.prefix < 16 || block.prefix > 28) throw new AwsError('InvalidVpc.Range', `The CIDR '${cidr}' is invalid.`);
  return block;
}

/** What blocks a VPC's deletion: everything in it that was not created with it. */
function* dependents(id: string, call: Call): Generator<string> {
  const inside = ({ VpcId }: { VpcId?: string }) => VpcId === id;
  for (const { SubnetId } of all(subnets, call, inside)) yield SubnetId;
  for (const { NetworkInterfaceId } of all(interfaces, call, inside)) yield NetworkInterfaceId;
  for (const { GroupId, GroupName } of all(groups, call, inside)) if (GroupName !== 'default') yield GroupId;
  for (const { VpcEndpointId } of all(endpoints, call, inside)) yield VpcEndpointId;
  for (const { InternetGatewayId, Attachments } of all(internetGateways, call)) {
    if (Attachments.some(inside)) yield InternetGatewayId;
  }
  for (const { RouteTableId, Associations } of all(routeTables, call, inside)) {
    if (!Associations.some(({ Main }) => Main)) yield RouteTableId;
  }
}

/** Makes a VPC, with what every VPC begins with: its security group, its main route table and its network ACL. */
export function makeVpc(
  CidrBlock: string | undefined,
  more: Pick<VpcRecord, 'InstanceTenancy' | 'IsDefault'>,
  call: Call,
  tags?: EC2.TagSpecification[],
): VpcRecord {
  const block = vpcBlock(CidrBlock);
  const VpcId = hexId(call.cloud.store, 'vpc');
  tagNew(VpcId, 'vpc', tags, call);
  const vpc: VpcRecord = {
    VpcId,
    CidrBlock: block.text,
    CidrBlockAssociationSet: [association(block.text, call)],
    Ipv6CidrBlockAssociationSet: [],
    DhcpOptionsId: 'dopt-default',
    ...more,
    OwnerId: call.account,
    State: 'available',
    attributes: { enableDnsHostnames: false, enableDnsSupport: true, enableNetworkAddressUsageMetrics: false },
  };
  tableOf(vpcs, call).set(VpcId, vpc);
  makeGroup({ GroupName: 'default', Description: 'default VPC security group', VpcId }, call);
  makeRouteTable(vpc, call, { main: true });
  makeAcl(VpcId, call);
  return vpc;
}

export const vpcOperations: Operations = {
  CreateVpc({ CidrBlock, InstanceTenancy = 'default', TagSpecifications }, call) {
    const { attributes, ...Vpc } = makeVpc(CidrBlock, { InstanceTenancy, IsDefault: false }, call, TagSpecifications);
    return { Vpc: { ...Vpc, State: 'pending', Tags: tagsOf(Vpc.VpcId, call) } };
  },

  DescribeVpcs({ VpcIds, ...request }, call) {
    const { items, NextToken } = describe(vpcs, { ids: VpcIds, ...request }, call);
    return { Vpcs: items.map(({ attributes, ...vpc }) => vpc), NextToken };
  },

  DeleteVpc({ VpcId }, call) {
    get(vpcs, VpcId, call);
    if (!dependents(VpcId!, call).next().done) {
      throw new AwsError('DependencyViolation', `The vpc '${VpcId}' has dependencies and cannot be deleted.`);
    }
    const inside = (thing: { VpcId?: string }) => thing.VpcId === VpcId;
    for (const { GroupId } of all(groups, call, inside)) removeGroup(GroupId, call);
    for (const { RouteTableId } of all(routeTables, call, inside)) remove(routeTables, RouteTableId, call);
    for (const { NetworkAclId } of all(acls, call, inside)) remove(acls, NetworkAclId, call);
    remove(vpcs, VpcId!, call);
    return {};
  },

  DescribeVpcAttribute({ VpcId, Attribute }, call) {
    const { attributes } = get(vpcs, VpcId, call);
    if (!Attribute || !(Attribute in attributeMembers)) {
      throw new AwsError('InvalidParameterValue', `Value (${Attribute}) for parameter attribute is invalid.`);
    }
    return { VpcId, [attributeMembers[Attribute]]: { Value: attributes[Attribute] } };
  },

  ModifyVpcAttribute({ VpcId, ...changes }, call) {
    const vpc = get(vpcs, VpcId, call);
    const given = Object.entries(attributeMembers).filter(
      ([, member]) => changes[member as keyof typeof changes] !== undefined,
    );
    if (given.length !== 1) {
      const message = 'Exactly one attribute of the VPC can be modified by one request';
      throw new AwsError('InvalidParameterCombination', message);
    }
    for (const [name, member] of given) {
      vpc.attributes[name as keyof typeof attributeMembers] = changes[member as keyof typeof changes]?.Value ?? false;
    }
    return {};
  },

  AssociateVpcCidrBlock({ VpcId, CidrBlock }, call) {
    const vpc = get(vpcs, VpcId, call);
    const added = association(vpcBlock(CidrBlock).text, call);
    vpc.CidrBlockAssociationSet.push(added);
    return { VpcId, CidrBlockAssociation: added };
  },

  DisassociateVpcCidrBlock({ AssociationId }, call) {
    for (const vpc of tableOf(vpcs, call).values()) {
      const found = vpc.CidrBlockAssociationSet.find((one) => one.AssociationId === AssociationId);
      if (!found) continue;
      if (found.CidrBlock === vpc.CidrBlock) {
        const message = `The vpc CIDR block with association ID ${AssociationId} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`;
        throw new AwsError('OperationNotPermitted', message);
      }
      vpc.CidrBlockAssociationSet = vpc.CidrBlockAssociationSet.filter((one) => one !== found);
      return { VpcId: vpc.VpcId, CidrBlockAssociation: { ...found, CidrBlockState: { State: 'disassociating' } } };
    }
    throw notFound('InvalidVpcCidrBlockAssociationID', 'vpc CIDR block association ID')(AssociationId ?? '');
  },
};

function association(CidrBlock: string, call: Call) {
  return {
    AssociationId: hexId(call.cloud.store, 'vpc-cidr-assoc'),
    CidrBlock,
    CidrBlockState: { State: 'associated' as const },
  };
}
