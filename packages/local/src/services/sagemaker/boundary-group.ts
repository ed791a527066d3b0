import type { Call } from '../../service.ts';
import { ec2 } from '../ec2/index.ts';
import { ownerTag } from './nfs-groups.ts';
import type { DomainRecord } from './records.ts';

/**
 * Makes the security group between RStudio's domain-level app and its users' apps, of a domain that has RStudio and
 * leaves its groups to SageMaker.
 */
export async function boundaryGroup(domain: DomainRecord, call: Call): Promise<void> {
  const { shown } = domain;
  const wanted =
    shown.AppNetworkAccessType === 'VpcOnly' &&
    shown.AppSecurityGroupManagement === 'Service' &&
    shown.DomainSettings?.RStudioServerProDomainSettings !== undefined;
  if (!wanted || shown.SecurityGroupIdForDomainBoundary !== undefined) return;
  const made = await call.invoke(ec2, 'CreateSecurityGroup', {
    GroupName: `security-group-for-domain-boundary-${shown.DomainId}`,
    Description: `[DO NOT DELETE] Security Group for the boundary of SageMaker Domain [${shown.DomainId}]`,
    VpcId: shown.VpcId,
    TagSpecifications: [{ ResourceType: 'security-group', Tags: [ownerTag(domain)] }],
  });
  shown.SecurityGroupIdForDomainBoundary = made.GroupId;
}

/** It belongs to no file system, so it goes with the domain. */
export async function removeBoundaryGroup({ shown }: DomainRecord, call: Call): Promise<void> {
  const { SecurityGroupIdForDomainBoundary: GroupId } = shown;
  if (GroupId === undefined) return;
  await call.invoke(ec2, 'DeleteSecurityGroup', { GroupId });
  delete shown.SecurityGroupIdForDomainBoundary;
}
