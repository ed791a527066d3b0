import type * as EC2 from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import { blockOf } from './cidr.ts';
import { all, describe, get, notFound, remove, tableOf, tagsOf } from './kind.ts';
import { endpoints, interfaces, internetGateways, natGateways, routeTables, subnets, vpcs } from './kinds.ts';
import type { Operations, RouteTableRecord, VpcRecord } from './records.ts';
import { tagNew } from './tags.ts';

type Association = EC2.RouteTableAssociation;

/** Makes a route table that reaches the VPC's own addresses; the main one serves subnets that name no other. */
export function makeRouteTable(
  { VpcId, CidrBlock }: VpcRecord,
  call: Call,
  { main = false, tags }: { main?: boolean; tags?: EC2.TagSpecification[] },
): RouteTableRecord {
  const RouteTableId = hexId(call.cloud.store, 'rtb');
  tagNew(RouteTableId, 'route-table', tags, call);
  const local = {
    DestinationCidrBlock: CidrBlock,
    GatewayId: 'local',
    Origin: 'CreateRouteTable',
    State: 'active',
  } as const;
  const table: RouteTableRecord = {
    RouteTableId,
    VpcId,
    OwnerId: call.account,
    PropagatingVgws: [],
    Routes: [local],
    Associations: main ? [association(RouteTableId, { Main: true }, call)] : [],
  };
  tableOf(routeTables, call).set(RouteTableId, table);
  return table;
}

function association(RouteTableId: string, more: Association, call: Call): Association {
  const RouteTableAssociationId = hexId(call.cloud.store, 'rtbassoc');
  return { Main: false, ...more, RouteTableAssociationId, RouteTableId, AssociationState: { State: 'associated' } };
}

function withAssociation(id: string | undefined, call: Call): { table: RouteTableRecord; found: Association } {
  for (const table of all(routeTables, call)) {
    const found = table.Associations.find((one) => one.RouteTableAssociationId === id);
    if (found) return { table, found };
  }
  throw notFound('InvalidAssociationID', 'association ID')(id ?? '');
}

interface RouteRequest {
  RouteTableId?: string;
  DestinationCidrBlock?: string;
  DestinationIpv6CidrBlock?: string;
  DestinationPrefixListId?: string;
  GatewayId?: string;
  NatGatewayId?: string;
  NetworkInterfaceId?: string;
}

/** The target of a route, which must exist. */
function targetOf({ GatewayId, NatGatewayId, NetworkInterfaceId }: RouteRequest, call: Call): Partial<EC2.Route> {
  if (NatGatewayId) return { NatGatewayId: get(natGateways, NatGatewayId, call).NatGatewayId };
  if (NetworkInterfaceId) return { NetworkInterfaceId: get(interfaces, NetworkInterfaceId, call).NetworkInterfaceId };
  if (GatewayId?.startsWith('vpce-')) return { GatewayId: get(endpoints, GatewayId, call).VpcEndpointId };
  if (GatewayId) return { GatewayId: get(internetGateways, GatewayId, call).InternetGatewayId };
  throw new AwsError(
    'MissingParameter',
    'The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId',
  );
}

function destinationOf(request: RouteRequest): Partial<EC2.Route> {
  const { DestinationCidrBlock: cidr, DestinationIpv6CidrBlock, DestinationPrefixListId } = request;
  if (cidr !== undefined) return { DestinationCidrBlock: blockOf(cidr, 'destinationCidrBlock').text };
  if (DestinationIpv6CidrBlock !== undefined) return { DestinationIpv6CidrBlock };
  if (DestinationPrefixListId !== undefined) return { DestinationPrefixListId };
  throw new AwsError('MissingParameter', 'The request must contain the parameter destinationCidrBlock');
}

function textOf({ DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId }: Partial<EC2.Route>) {
  return DestinationCidrBlock ?? DestinationIpv6CidrBlock ?? DestinationPrefixListId;
}

function routeOf(request: RouteRequest, call: Call) {
  const table = get(routeTables, request.RouteTableId, call);
  const destination = destinationOf(request);
  const index = table.Routes.findIndex((route) => textOf(route) === textOf(destination));
  return { table, destination, index };
}

function noRoute(destination: Partial<EC2.Route>, { RouteTableId }: RouteTableRecord): AwsError {
  const message = `no route with destination-cidr-block ${textOf(destination)} in route table ${RouteTableId}`;
  return new AwsError('InvalidRoute.NotFound', message);
}

export const routeTableOperations: Operations = {
  CreateRouteTable({ VpcId, TagSpecifications }, call) {
    const table = makeRouteTable(get(vpcs, VpcId, call), call, { tags: TagSpecifications });
    return { RouteTable: { ...table, Tags: tagsOf(table.RouteTableId, call) } };
  },

  DescribeRouteTables({ RouteTableIds, ...request }, call) {
    const { items, NextToken } = describe(routeTables, { ids: RouteTableIds, ...request }, call);
    return { RouteTables: items, NextToken };
  },

  DeleteRouteTable({ RouteTableId = '' }, call) {
    if (get(routeTables, RouteTableId, call).Associations.length > 0) {
      const message = `The routeTable '${RouteTableId}' has dependencies and cannot be deleted.`;
      throw new AwsError('DependencyViolation', message);
    }
    remove(routeTables, RouteTableId, call);
    return {};
  },

  AssociateRouteTable({ RouteTableId, SubnetId }, call) {
    const table = get(routeTables, RouteTableId, call);
    get(subnets, SubnetId, call);
    const other = all(routeTables, call)
      .flatMap((one) => one.Associations)
      .find((one) => one.SubnetId === SubnetId);
    if (other) {
      const message = `the specified association for route table ${RouteTableId} conflicts with an existing association`;
      throw new AwsError('Resource.AlreadyAssociated', message);
    }
    const made = association(table.RouteTableId, { SubnetId }, call);
    table.Associations.push(made);
    return { AssociationId: made.RouteTableAssociationId, AssociationState: made.AssociationState };
  },

  ReplaceRouteTableAssociation({ AssociationId, RouteTableId }, call) {
    const target = get(routeTables, RouteTableId, call);
    const { table, found } = withAssociation(AssociationId, call);
    table.Associations = table.Associations.filter((one) => one !== found);
    const made = association(target.RouteTableId, { Main: found.Main, SubnetId: found.SubnetId }, call);
    target.Associations.push(made);
    return { NewAssociationId: made.RouteTableAssociationId, AssociationState: made.AssociationState };
  },

  DisassociateRouteTable({ AssociationId }, call) {
    const { table, found } = withAssociation(AssociationId, call);
    if (found.Main) {
      const message = `cannot disassociate the main route table association ${AssociationId}`;
      throw new AwsError('InvalidParameterValue', message);
    }
    table.Associations = table.Associations.filter((one) => one !== found);
    return {};
  },

  CreateRoute(request, call) {
    const { table, destination, index } = routeOf(request, call);
    if (index >= 0) {
      throw new AwsError('RouteAlreadyExists', `The route identified by ${textOf(destination)} already exists.`);
    }
    table.Routes.push({ ...destination, ...targetOf(request, call), Origin: 'CreateRoute', State: 'active' });
    return { Return: true };
  },

  ReplaceRoute(request, call) {
    const { table, destination, index } = routeOf(request, call);
    if (index < 0) throw noRoute(destination, table);
    table.Routes[index] = { ...destination, ...targetOf(request, call), Origin: 'CreateRoute', State: 'active' };
    return {};
  },

  DeleteRoute(request, call) {
    const { table, destination, index } = routeOf(request, call);
    if (index < 0) throw noRoute(destination, table);
    if (table.Routes[index]!.Origin === 'CreateRouteTable') {
      const message = `cannot remove local route ${textOf(destination)} in route table ${table.RouteTableId}`;
      throw new AwsError('InvalidParameterValue', message);
    }
    table.Routes.splice(index, 1);
    return {};
  },
};
