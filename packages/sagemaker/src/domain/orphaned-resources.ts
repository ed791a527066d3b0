/** The ids of the two security groups that let a domain's apps reach its home file system; empty when there is none. */
export interface NfsSecurityGroups {
  inbound: string;
  outbound: string;
}

// The clients of EFS and EC2 are loaded on first use, because EC2's is larger than all other code of the function.
const fileSystems = () => import('./file-systems.ts');
const securityGroups = () => import('./security-groups.ts');

/** The two security groups of a domain. SageMaker puts the domain id into their names. */
export async function findNfsSecurityGroups(domainId: string): Promise<NfsSecurityGroups> {
  const { findSecurityGroups } = await securityGroups();
  const groups = await findSecurityGroups(domainId);
  const idOf = (name: string) => groups.find(({ GroupName }) => GroupName === name)?.GroupId ?? '';
  return {
    inbound: idOf(`security-group-for-inbound-nfs-${domainId}`),
    outbound: idOf(`security-group-for-outbound-nfs-${domainId}`),
  };
}

/**
 * What SageMaker created for a deleted domain and did not delete with it: `file system fs-1`, `security group sg-1`.
 */
export async function findOrphanedResources(domainId: string): Promise<string[]> {
  const [{ findFileSystems }, { findSecurityGroups }] = await Promise.all([fileSystems(), securityGroups()]);
  const [systems, groups] = await Promise.all([findFileSystems(domainId), findSecurityGroups(domainId)]);
  return [
    ...systems.map(({ FileSystemId }) => `file system ${FileSystemId}`),
    ...groups.map(({ GroupId }) => `security group ${GroupId}`),
  ];
}

/** Deletes all orphaned resources of a deleted domain that can be deleted now. */
export async function deleteOrphanedResources(domainId: string): Promise<void> {
  const [efs, ec2] = await Promise.all([fileSystems(), securityGroups()]);
  const [systems, groups] = await Promise.all([efs.findFileSystems(domainId), ec2.findSecurityGroups(domainId)]);
  await Promise.all([...systems.map(efs.deleteFileSystem), ec2.deleteSecurityGroups(groups)]);
}
