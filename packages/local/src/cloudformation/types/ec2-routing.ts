import { AwsError } from '../../errors.ts';
import type { ResourceContext } from '../resources/resource-type.ts';
import { ec2Client, retag, tagsFor } from './ec2-tags.ts';
import { nativeType } from './native-type.ts';
import { optional, required, tags, text } from './property.ts';
import { retryWhileInUse, undefinedIfNotFound } from './service-client.ts';

const internetGateway = nativeType({
  type: 'AWS::EC2::InternetGateway',
  properties: { Tags: optional(tags) },
  async create({ Tags }, context) {
    const TagSpecifications = tagsFor('internet-gateway', Tags);
    const { InternetGateway } = await ec2Client(context)('CreateInternetGateway', { TagSpecifications });
    const InternetGatewayId = InternetGateway!.InternetGatewayId!;
    return { physicalId: InternetGatewayId, attributes: { InternetGatewayId } };
  },
  async update({ physicalId, values, old }, context) {
    await retag(ec2Client(context), physicalId, values.Tags, old.Tags);
    return { physicalId, attributes: { InternetGatewayId: physicalId } };
  },
  async delete(InternetGatewayId, _, context) {
    const ec2 = ec2Client(context);
    await undefinedIfNotFound(
      retryWhileInUse(context, /^DependencyViolation$/, () => ec2('DeleteInternetGateway', { InternetGatewayId })),
    );
  },
});

const gatewayAttachment = nativeType({
  type: 'AWS::EC2::VPCGatewayAttachment',
  properties: { VpcId: required(text, 'replaces'), InternetGatewayId: required(text) },
  async create({ VpcId, InternetGatewayId }, context) {
    await ec2Client(context)('AttachInternetGateway', { VpcId, InternetGatewayId });
    return { physicalId: `IGW|${VpcId}`, attributes: { AttachmentType: 'IGW' } };
  },
  async update({ physicalId, values: { VpcId, InternetGatewayId }, old }, context) {
    await detach({ VpcId, InternetGatewayId: old.InternetGatewayId }, context);
    await ec2Client(context)('AttachInternetGateway', { VpcId, InternetGatewayId });
    return { physicalId, attributes: { AttachmentType: 'IGW' } };
  },
  async delete(_, attachment, context) {
    await detach(attachment, context);
  },
});

interface Attachment {
  VpcId?: string;
  InternetGatewayId?: string;
}

async function detach({ VpcId, InternetGatewayId }: Attachment, context: ResourceContext): Promise<void> {
  const call = () => ec2Client(context)('DetachInternetGateway', { VpcId, InternetGatewayId });
  await ignoreDetached(undefinedIfNotFound(retryWhileInUse(context, /^DependencyViolation$/, call)));
}

async function ignoreDetached(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof AwsError) || error.name !== 'Gateway.NotAttached') throw error;
  }
}

const routeTable = nativeType({
  type: 'AWS::EC2::RouteTable',
  properties: { VpcId: required(text, 'replaces'), Tags: optional(tags) },
  async create({ VpcId, Tags }, context) {
    const TagSpecifications = tagsFor('route-table', Tags);
    const { RouteTable } = await ec2Client(context)('CreateRouteTable', { VpcId, TagSpecifications });
    const RouteTableId = RouteTable!.RouteTableId!;
    return { physicalId: RouteTableId, attributes: { RouteTableId, VpcId } };
  },
  async update({ physicalId, values, old }, context) {
    await retag(ec2Client(context), physicalId, values.Tags, old.Tags);
    return { physicalId, attributes: { RouteTableId: physicalId, VpcId: values.VpcId } };
  },
  async delete(RouteTableId, _, context) {
    const ec2 = ec2Client(context);
    await undefinedIfNotFound(
      retryWhileInUse(context, /^DependencyViolation$/, () => ec2('DeleteRouteTable', { RouteTableId })),
    );
  },
});

const target = {
  GatewayId: optional(text),
  NatGatewayId: optional(text),
  NetworkInterfaceId: optional(text),
  VpcEndpointId: optional(text),
  VpcPeeringConnectionId: optional(text),
};

const route = nativeType({
  type: 'AWS::EC2::Route',
  properties: {
    RouteTableId: required(text, 'replaces'),
    DestinationCidrBlock: optional(text, 'replaces'),
    DestinationIpv6CidrBlock: optional(text, 'replaces'),
    DestinationPrefixListId: optional(text, 'replaces'),
    ...target,
  },
  async create(values, context) {
    await ec2Client(context)('CreateRoute', values);
    const destination = destinationOf(values);
    return { physicalId: `${values.RouteTableId}|${destination}`, attributes: { CidrBlock: destination } };
  },
  async update({ physicalId, values }, context) {
    await ec2Client(context)('ReplaceRoute', values);
    return { physicalId, attributes: { CidrBlock: destinationOf(values) } };
  },
  async delete(_, { RouteTableId, DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId }, context) {
    const destination = { DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId };
    await undefinedIfNotFound(ec2Client(context)('DeleteRoute', { RouteTableId, ...destination }));
  },
});

interface Destination {
  DestinationCidrBlock?: string;
  DestinationIpv6CidrBlock?: string;
  DestinationPrefixListId?: string;
}

function destinationOf({ DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId }: Destination) {
  return DestinationCidrBlock ?? DestinationIpv6CidrBlock ?? DestinationPrefixListId;
}

const association = nativeType({
  type: 'AWS::EC2::SubnetRouteTableAssociation',
  properties: { SubnetId: required(text, 'replaces'), RouteTableId: required(text, 'replaces') },
  async create({ SubnetId, RouteTableId }, context) {
    // A subnet has one association at a time, so the one that is being replaced gives its place to the new one.
    const ec2 = ec2Client(context);
    const Filters = [{ Name: 'association.subnet-id', Values: [SubnetId] }];
    const { RouteTables = [] } = await ec2('DescribeRouteTables', { Filters });
    const present = RouteTables.flatMap(({ Associations = [] }) => Associations).find(
      (one) => one.SubnetId === SubnetId,
    );
    if (present) {
      const change = { AssociationId: present.RouteTableAssociationId, RouteTableId };
      const { NewAssociationId } = await ec2('ReplaceRouteTableAssociation', change);
      return { physicalId: NewAssociationId!, attributes: { Id: NewAssociationId } };
    }
    const { AssociationId } = await ec2('AssociateRouteTable', { SubnetId, RouteTableId });
    return { physicalId: AssociationId!, attributes: { Id: AssociationId } };
  },
  async delete(AssociationId, _, context) {
    await undefinedIfNotFound(ec2Client(context)('DisassociateRouteTable', { AssociationId }));
  },
});

export const routingTypes = [internetGateway, gatewayAttachment, routeTable, route, association];
