import * as EC2 from '@aws-sdk/client-ec2';
import { regionalArn } from '../../arn.ts';
import { partitionOf } from '../../iam/partition.ts';
import { type Call, service } from '../../service.ts';
import { addressOperations } from './address.ts';
import { defaultVpcOperations } from './default-vpc.ts';
import { withDryRun } from './dry-run.ts';
import { internetGatewayOperations } from './internet-gateway.ts';
import { tagTable } from './kind.ts';
import { natGatewayOperations, natGatewayTasks } from './nat-gateway.ts';
import { aclOperations } from './network-acl.ts';
import { interfaceOperations } from './network-interface.ts';
import { routeTableOperations } from './route-table.ts';
import { groupOperations } from './security-group.ts';
import { ruleOperations } from './security-group-rule.ts';
import { subnetOperations } from './subnet.ts';
import { tagOperations, typeOf } from './tags.ts';
import { vpcOperations } from './vpc.ts';
import { endpointOperations, endpointTasks } from './vpc-endpoint.ts';
import { zoneOperations } from './zones.ts';

/** The part of EC2 that makes a network. An account begins with nothing: it has no default VPC before `CreateDefaultVpc`. */
export const ec2 = service('ec2', 'ec2', EC2, {
  operations: withDryRun({
    ...vpcOperations,
    ...defaultVpcOperations,
    ...subnetOperations,
    ...groupOperations,
    ...ruleOperations,
    ...interfaceOperations,
    ...internetGatewayOperations,
    ...routeTableOperations,
    ...addressOperations,
    ...natGatewayOperations,
    ...endpointOperations,
    ...aclOperations,
    ...zoneOperations,
    ...tagOperations,
  }),
  tasks: { ...natGatewayTasks, ...endpointTasks },
  access: {
    // Private DNS puts the VPC into a hosted zone of AWS's (Service Authorization Reference, CreateVpcEndpoint).
    CreateVpcEndpoint: ({ VpcEndpointType, PrivateDnsEnabled = true }, call) =>
      VpcEndpointType === 'Interface' && PrivateDnsEnabled
        ? [{}, { action: 'route53:AssociateVPCWithHostedZone', resource: privateZone(call) }]
        : [{}],
    // The tags go on several types of things, each named by its id.
    CreateTags: ({ Resources }, call) => eachOf(Resources, call),
    DeleteTags: ({ Resources }, call) => eachOf(Resources, call),
  },
  tagsOf: (arn, call) => tagTable(call).get(arn.split('/').at(-1)!),
});

/** The ARN of a hosted zone: its id is not known before Route 53 creates it. */
function privateZone({ region }: Call): string {
  return `arn:${partitionOf(region)}:route53:::hostedzone/Z00000000000000000000`;
}

function eachOf(ids: string[] | undefined, call: Call) {
  return (ids ?? []).map((id) => ({ resource: regionalArn('ec2', `${typeOf(id) ?? '*'}/${id}`, call) }));
}
