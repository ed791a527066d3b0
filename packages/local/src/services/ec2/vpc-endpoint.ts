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
const stateSeconds = { pending: 60, deleting: 60 };

const fullAccessPolicy = JSON.stringify({
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});

/** Throws unless an endpoint of the VPC may be in these subnets, of which it has at most one in each zone. */
function checkSubnets(VpcId: string, ids: string[], call: Call): void {
  const zones = new Set<string>();
  for (const id of ids) {
    const subnet = get(subnets, id, call);
    if (subnet.VpcId !== VpcId) {
      throw new AwsError('InvalidParameter', `The subnet ID '${id}' is not in the VPC ${VpcId}`);
    }
    if (zones.has(subnet.AvailabilityZone)) {
      const message = `Found another VPC endpoint subnet in the availability zone of ${id}`;
      throw new AwsError('DuplicateSubnetsInSameZone', message);
    }
    zones.add(subnet.AvailabilityZone);
  }
}

function addInterface(endpoint: EndpointRecord, SubnetId: string, call: Call): void {
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

/** Throws unless the service's own names may lead to the endpoint in its VPC. */
function checkPrivateDns({ VpcId, ServiceName, VpcEndpointId }: EndpointRecord, call: Call): void {
  const { enableDnsSupport, enableDnsHostnames } = get(vpcs, VpcId, call).attributes;
  if (!enableDnsSupport || !enableDnsHostnames) {
    const needed = 'both enableDnsSupport and enableDnsHostnames VPC attributes set to true';
    throw new AwsError('InvalidParameter', `Enabling private DNS requires ${needed} for ${VpcId}`);
  }
  const taken = all(endpoints, call, (other) => {
    const same = other.VpcId === VpcId && other.ServiceName === ServiceName && other.PrivateDnsEnabled === true;
    return same && other.VpcEndpointId !== VpcEndpointId;
  });
  if (taken.length === 0) return;
  const domain = `${ServiceName.split('.').reverse().join('.')} in the VPC ${VpcId}`;
  const message = `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${domain}`;
  throw new AwsError('InvalidParameter', message);
}

/** Throws if one of the route tables leads to the service already. */
function checkRoutes(ServiceName: string, tables: string[], call: Call): void {
  const list = prefixList(ServiceName);
  const taken = tables.find((id) =>
    get(routeTables, id, call).Routes.some(({ DestinationPrefixListId }) => DestinationPrefixListId === list),
  );
  if (taken === undefined) return;
  const message = `route table ${taken} already has a route with destination-prefix-list-id ${list}`;
  throw new AwsError('RouteAlreadyExists', message);
}

function prefixList(ServiceName: string): string {
  return `pl-${ServiceName.split('.').at(-1)}`;
}

/** Puts the routes of a gateway endpoint into the tables that it names, and takes them out of all others. */
function route({ VpcEndpointId, RouteTableIds, ServiceName }: EndpointRecord, call: Call): void {
  for (const table of all(routeTables, call)) {
    table.Routes = table.Routes.filter(({ GatewayId }) => GatewayId !== VpcEndpointId);
    if (!RouteTableIds?.includes(table.RouteTableId)) continue;
    const DestinationPrefixListId = prefixList(ServiceName);
    table.Routes.push({ DestinationPrefixListId, GatewayId: VpcEndpointId, Origin: 'CreateRoute', State: 'active' });
  }
}

export const endpointOperations: Operations = {
  CreateVpcEndpoint(request, call) {
    const { VpcId = '', ServiceName, VpcEndpointType = 'Gateway', PolicyDocument = fullAccessPolicy } = request;
    get(vpcs, VpcId, call);
    if (ServiceName === undefined) {
      throw new AwsError('MissingParameter', 'The request must contain the parameter ServiceName');
    }
    if (!/^((cn\.)?com\.amazonaws|aws)\.[\w.-]+$/.test(ServiceName)) {
      throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${ServiceName}' does not exist`);
    }
    checkRoutes(ServiceName, request.RouteTableIds ?? [], call);
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
    checkSubnets(VpcId, request.SubnetIds ?? [], call);
    if (endpoint.PrivateDnsEnabled) checkPrivateDns(endpoint, call);
    tagNew(VpcEndpointId, 'vpc-endpoint', request.TagSpecifications, call);
    if (byInterface) for (const id of request.SubnetIds ?? []) addInterface(endpoint, id, call);
    tableOf(endpoints, call).set(VpcEndpointId, endpoint);
    route(endpoint, call);
    if (byInterface) call.later(stateSeconds.pending * 1000 * call.cloud.durations, 'endpointAvailable', VpcEndpointId);
    return { VpcEndpoint: { ...endpoint, Tags: tagsOf(VpcEndpointId, call) } };
  },

  DescribeVpcEndpoints({ VpcEndpointIds, ...request }, call) {
    const { items, NextToken } = describe(endpoints, { ids: VpcEndpointIds, ...request }, call);
    return { VpcEndpoints: items, NextToken };
  },

  ModifyVpcEndpoint(request, call) {
    const endpoint = get(endpoints, request.VpcEndpointId, call);
    const { AddRouteTableIds = [], RemoveRouteTableIds = [], RemoveSubnetIds = [], RemoveSecurityGroupIds } = request;
    checkRoutes(endpoint.ServiceName, AddRouteTableIds, call);
    const kept = (endpoint.SubnetIds ?? []).filter((id) => !RemoveSubnetIds.includes(id));
    checkSubnets(endpoint.VpcId, [...kept, ...(request.AddSubnetIds ?? [])], call);
    if (request.PrivateDnsEnabled) checkPrivateDns(endpoint, call);
    if (request.AddSecurityGroupIds || RemoveSecurityGroupIds) {
      const groups = (endpoint.Groups ?? []).map(({ GroupId }) => GroupId!);
      const ids = [
        ...groups.filter((id) => !RemoveSecurityGroupIds?.includes(id)),
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
    if (request.ResetPolicy) endpoint.PolicyDocument = fullAccessPolicy;
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
      if (endpoint.VpcEndpointType === 'Interface')
        call.later(stateSeconds.deleting * 1000 * call.cloud.durations, 'endpointDeleted', id);
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
