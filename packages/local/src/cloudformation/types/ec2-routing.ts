import { AwsError } from '../../errors.ts';
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
  properties: { VpcId: required(text), InternetGatewayId: required(text) },
  async create({ VpcId, InternetGatewayId }, context) {
    await ec2Client(context)('AttachInternetGateway', { VpcId, InternetGatewayId });
    return { physicalId: `IGW|${VpcId}`, attributes: { AttachmentType: 'IGW' } };
  },
  async delete(_, { VpcId, InternetGatewayId }, context) {
    const detach = () => ec2Client(context)('DetachInternetGateway', { VpcId, InternetGatewayId });
    await ignoreDetached(undefinedIfNotFound(retryWhileInUse(context, /^DependencyViolation$/, detach)));
  },
});

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
  properties: { SubnetId: required(text, 'replaces'), RouteTableId: required(text) },
  async create({ SubnetId, RouteTableId }, context) {
    const { AssociationId } = await ec2Client(context)('AssociateRouteTable', { SubnetId, RouteTableId });
    return { physicalId: AssociationId!, attributes: { Id: AssociationId } };
  },
  async update({ physicalId, values: { RouteTableId } }, context) {
    const change = { AssociationId: physicalId, RouteTableId };
    const { NewAssociationId } = await ec2Client(context)('ReplaceRouteTableAssociation', change);
    return { physicalId: NewAssociationId!, attributes: { Id: NewAssociationId } };
  },
  async delete(AssociationId, _, context) {
    await undefinedIfNotFound(ec2Client(context)('DisassociateRouteTable', { AssociationId }));
  },
});

export const routingTypes = [internetGateway, gatewayAttachment, routeTable, route, association];
