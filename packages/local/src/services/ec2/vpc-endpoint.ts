import { AwsError } from '../../errors.ts';
import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import { all, describe, find, get, remove, tableOf, tagsOf } from './kind.ts';
import { endpoints, interfaces, routeTables, subnets, vpcs } from './kinds.ts';
import { makeInterface, removeInterface } from './network-interface.ts';
import type { EndpointRecord, Operations } from './records.ts';
import { groupsOf } from './security-group.ts';
import { tagNew } from './tags.ts';

/** In seconds, for an interface endpoint; a gateway endpoint is there at once. */
const pace = { pending: 60, deleting: 60 };

const wholeAccess = JSON.stringify({
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});

function addInterface(endpoint: EndpointRecord, SubnetId: string, call: Call): void {
  if (get(subnets, SubnetId, call).VpcId !== endpoint.VpcId) {
    const message = `The subnet ID '${SubnetId}' is not in the VPC ${endpoint.VpcId}`;
    throw new AwsError('InvalidParameter', message);
  }
  const wanted = {
    SubnetId,
    Description: `VPC Endpoint Interface ${endpoint.VpcEndpointId}`,
    Groups: endpoint.Groups?.map(({ GroupId }) => GroupId!),
    InterfaceType: 'vpc_endpoint' as const,
    requester: 'vpce.amazonaws.com',
  };
  endpoint.NetworkInterfaceIds?.push(makeInterface(wanted, call).NetworkInterfaceId);
  endpoint.SubnetIds?.push(SubnetId);
}

function dropInterfaces(endpoint: EndpointRecord, from: (subnetId: string) => boolean, call: Call): void {
  for (const id of endpoint.NetworkInterfaceIds ?? []) {
    const eni = find(interfaces, id, call);
    if (!eni || from(eni.SubnetId)) removeInterface(id, call);
  }
  endpoint.SubnetIds = endpoint.SubnetIds?.filter((id) => !from(id));
  endpoint.NetworkInterfaceIds = endpoint.NetworkInterfaceIds?.filter((id) => find(interfaces, id, call));
}

/** Puts the routes of a gateway endpoint into the tables that it names, and takes them out of all others. */
function route({ VpcEndpointId, RouteTableIds, ServiceName }: EndpointRecord, call: Call): void {
  for (const table of all(routeTables, call)) {
    table.Routes = table.Routes.filter(({ GatewayId }) => GatewayId !== VpcEndpointId);
    if (!RouteTableIds?.includes(table.RouteTableId)) continue;
    const DestinationPrefixListId = `pl-${ServiceName.split('.').at(-1)}`;
    table.Routes.push({ DestinationPrefixListId, GatewayId: VpcEndpointId, Origin: 'CreateRoute', State: 'active' });
  }
}

export const endpointOperations: Operations = {
  CreateVpcEndpoint(request, call) {
    const { VpcId = '', ServiceName, VpcEndpointType = 'Gateway', PolicyDocument = wholeAccess } = request;
    get(vpcs, VpcId, call);
    if (ServiceName === undefined) {
      throw new AwsError('MissingParameter', 'The request must contain the parameter ServiceName');
    }
    if (!/^(com\.amazonaws|aws)\.[\w.-]+$/.test(ServiceName)) {
      throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${ServiceName}' does not exist`);
    }
    for (const id of request.RouteTableIds ?? []) get(routeTables, id, call);
    const byInterface = VpcEndpointType === 'Interface';
    const VpcEndpointId = hexId(call.cloud.store, 'vpce');
    const endpoint: EndpointRecord = {
      VpcEndpointId,
      VpcId,
      ServiceName,
      VpcEndpointType,
      PolicyDocument,
      State: byInterface ? 'Pending' : 'Available',
      OwnerId: call.account,
      CreationTimestamp: new Date(call.clock.now()),
      RequesterManaged: false,
      PrivateDnsEnabled: byInterface && (request.PrivateDnsEnabled ?? true),
      RouteTableIds: request.RouteTableIds ?? [],
      SubnetIds: [],
      Groups: byInterface ? groupsOf(request.SecurityGroupIds, VpcId, call) : [],
      NetworkInterfaceIds: [],
      DnsEntries: byInterface ? [{ DnsName: `${VpcEndpointId}.${ServiceName.split('.').reverse().join('.')}` }] : [],
    };
    tagNew(VpcEndpointId, 'vpc-endpoint', request.TagSpecifications, call);
    if (byInterface) for (const id of request.SubnetIds ?? []) addInterface(endpoint, id, call);
    tableOf(endpoints, call).set(VpcEndpointId, endpoint);
    route(endpoint, call);
    if (byInterface) call.later(pace.pending * 1000, 'endpointAvailable', VpcEndpointId);
    return { VpcEndpoint: { ...endpoint, Tags: tagsOf(VpcEndpointId, call) } };
  },

  DescribeVpcEndpoints({ VpcEndpointIds, ...request }, call) {
    const { items, NextToken } = describe(endpoints, { ids: VpcEndpointIds, ...request }, call);
    return { VpcEndpoints: items, NextToken };
  },

  ModifyVpcEndpoint(request, call) {
    const endpoint = get(endpoints, request.VpcEndpointId, call);
    const { AddRouteTableIds = [], RemoveRouteTableIds = [], RemoveSubnetIds = [], RemoveSecurityGroupIds } = request;
    for (const id of AddRouteTableIds) get(routeTables, id, call);
    if (request.AddSecurityGroupIds || RemoveSecurityGroupIds) {
      const kept = (endpoint.Groups ?? []).map(({ GroupId }) => GroupId!);
      const ids = [
        ...kept.filter((id) => !RemoveSecurityGroupIds?.includes(id)),
        ...(request.AddSecurityGroupIds ?? []),
      ];
      endpoint.Groups = groupsOf(ids, endpoint.VpcId, call);
      for (const id of endpoint.NetworkInterfaceIds ?? []) get(interfaces, id, call).Groups = endpoint.Groups;
    }
    for (const id of request.AddSubnetIds ?? []) addInterface(endpoint, id, call);
    dropInterfaces(endpoint, (id) => RemoveSubnetIds.includes(id), call);
    const tables = [...(endpoint.RouteTableIds ?? []), ...AddRouteTableIds];
    endpoint.RouteTableIds = tables.filter((id) => !RemoveRouteTableIds.includes(id));
    route(endpoint, call);
    if (request.ResetPolicy) endpoint.PolicyDocument = wholeAccess;
    if (request.PolicyDocument !== undefined) endpoint.PolicyDocument = request.PolicyDocument;
    if (request.PrivateDnsEnabled !== undefined) endpoint.PrivateDnsEnabled = request.PrivateDnsEnabled;
    return { Return: true };
  },

  DeleteVpcEndpoints({ VpcEndpointIds = [] }, call) {
    const missing = VpcEndpointIds.filter((id) => !find(endpoints, id, call));
    for (const id of VpcEndpointIds) {
      const endpoint = find(endpoints, id, call);
      if (!endpoint || endpoint.State === 'Deleting') continue;
      route({ ...endpoint, RouteTableIds: [] }, call);
      endpoint.State = 'Deleting';
      if (endpoint.VpcEndpointType === 'Interface') call.later(pace.deleting * 1000, 'endpointDeleted', id);
      else remove(endpoints, id, call);
    }
    return {
      Unsuccessful: missing.map((ResourceId) => {
        const { name: Code, message: Message } = endpoints.missing(ResourceId);
        return { ResourceId, Error: { Code, Message } };
      }),
    };
  },
};

export const endpointTasks = {
  endpointAvailable(id: string, call: Call): void {
    const endpoint = find(endpoints, id, call);
    if (endpoint?.State === 'Pending') endpoint.State = 'Available';
  },

  endpointDeleted(id: string, call: Call): void {
    dropInterfaces(get(endpoints, id, call), () => true, call);
    remove(endpoints, id, call);
  },
};
