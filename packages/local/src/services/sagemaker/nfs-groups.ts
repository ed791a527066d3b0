import type * as EC2 from '@aws-sdk/client-ec2';
import type { Call } from '../../service.ts';
import { ec2 } from '../ec2/index.ts';
import type { DomainRecord } from './records.ts';

/** The ports of NFS and of FSx for Lustre. */
const ports = [
  [2049, 2049],
  [988, 988],
  [1018, 1023],
] as const;

/** The tag on everything that a domain makes in other services. */
export function ownerTag(domain: DomainRecord) {
  return { Key: 'ManagedByAmazonSageMakerResource', Value: domain.arn };
}

async function makeGroup(domain: DomainRecord, direction: 'inbound' | 'outbound', call: Call): Promise<string> {
  const { DomainId, VpcId } = domain.shown;
  const made = await call.invoke(ec2, 'CreateSecurityGroup', {
    GroupName: `security-group-for-${direction}-nfs-${DomainId}`,
    Description: `[DO NOT DELETE] Security Group that allows ${direction} NFS traffic for SageMaker Notebooks Domain [${DomainId}]`,
    VpcId,
    TagSpecifications: [{ ResourceType: 'security-group', Tags: [ownerTag(domain)] }],
  });
  return made.GroupId!;
}

function permissions(GroupId: string): EC2.IpPermission[] {
  return ports.map(([FromPort, ToPort]) => ({
    IpProtocol: 'tcp',
    FromPort,
    ToPort,
    UserIdGroupPairs: [{ GroupId }],
  }));
}

/** Makes the two groups between which NFS passes: each names the other, so neither can be deleted before its rules. */
export async function makeNfsGroups(domain: DomainRecord, call: Call): Promise<void> {
  const inbound = await makeGroup(domain, 'inbound', call);
  const outbound = await makeGroup(domain, 'outbound', call);
  await call.invoke(ec2, 'AuthorizeSecurityGroupIngress', { GroupId: inbound, IpPermissions: permissions(outbound) });
  const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await call.invoke(ec2, 'RevokeSecurityGroupEgress', { GroupId: outbound, IpPermissions: everything });
  await call.invoke(ec2, 'AuthorizeSecurityGroupEgress', { GroupId: outbound, IpPermissions: permissions(inbound) });
  domain.nfsGroups = { inbound, outbound };
}

/**
 * Whether the two groups go when a domain is deleted together with its file system. What AWS does is not documented;
 * they stay unless the entry `NfsSecurityGroups` of the account's table `behaviour` is `Delete`.
 */
export function deletesNfsGroups(call: Call): boolean {
  return call.table<string>('behaviour').get('NfsSecurityGroups') === 'Delete';
}

export async function removeNfsGroups(domain: DomainRecord, call: Call): Promise<void> {
  const { inbound, outbound } = domain.nfsGroups ?? {};
  if (!inbound || !outbound) return;
  await call.invoke(ec2, 'RevokeSecurityGroupIngress', { GroupId: inbound, IpPermissions: permissions(outbound) });
  await call.invoke(ec2, 'RevokeSecurityGroupEgress', { GroupId: outbound, IpPermissions: permissions(inbound) });
  await call.invoke(ec2, 'DeleteSecurityGroup', { GroupId: inbound });
  await call.invoke(ec2, 'DeleteSecurityGroup', { GroupId: outbound });
  delete domain.nfsGroups;
}
