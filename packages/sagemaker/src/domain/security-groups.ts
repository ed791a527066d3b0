import {
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  paginateDescribeSecurityGroups,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import { clientConfig, ignoreDeleteErrors, mapConcurrent } from '../client/client.ts';
import { isManagedBy, managedByTag } from '../tags.ts';

/** It is gone, or another security group or a network interface still uses it; the next reconcile tells which. */
const retryableCodes = [
  'InvalidGroup.NotFound',
  'InvalidGroupId.NotFound',
  'InvalidPermission.NotFound',
  'DependencyViolation',
];

let client: EC2Client | undefined;

function ec2(): EC2Client {
  client ??= new EC2Client(clientConfig);
  return client;
}

/** The existing security groups that SageMaker created for a domain, even if the domain is gone. */
export async function findSecurityGroups(domainId: string): Promise<SecurityGroup[]> {
  const found: SecurityGroup[] = [];
  const marked = { Filters: [{ Name: 'tag-key', Values: [managedByTag] }] };
  for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client: ec2() }, marked)) {
    found.push(...SecurityGroups.filter(({ Tags }) => isManagedBy(domainId, Tags)));
  }
  return found;
}

/**
 * Takes the next step of deleting security groups that reference each other: first all their rules, then the groups.
 */
export async function deleteSecurityGroups(groups: readonly SecurityGroup[]): Promise<void> {
  await mapConcurrent(groups, revokeRules);
  await mapConcurrent(groups, ({ GroupId }) =>
    ignoreDeleteErrors(retryableCodes, ec2().send(new DeleteSecurityGroupCommand({ GroupId })), () => isGone(GroupId!)),
  );
}

async function isGone(groupId: string): Promise<boolean> {
  const of = { Filters: [{ Name: 'group-id', Values: [groupId] }] };
  const { SecurityGroups = [] } = await ec2().send(new DescribeSecurityGroupsCommand(of));
  return SecurityGroups.length === 0;
}

async function revokeRules({ GroupId, IpPermissions = [], IpPermissionsEgress = [] }: SecurityGroup): Promise<void> {
  const gone = () => isGone(GroupId!);
  if (IpPermissions.length > 0) {
    const revocation = new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions });
    await ignoreDeleteErrors(retryableCodes, ec2().send(revocation), gone);
  }
  if (IpPermissionsEgress.length > 0) {
    const revocation = new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: IpPermissionsEgress });
    await ignoreDeleteErrors(retryableCodes, ec2().send(revocation), gone);
  }
}
