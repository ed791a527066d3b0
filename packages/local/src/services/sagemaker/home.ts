import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { ec2 } from '../ec2/index.ts';
import { efs } from '../efs/index.ts';
import { self } from './network.ts';
import { groupsGoToo, makeNfsGroups, ownerTag, removeNfsGroups } from './nfs-groups.ts';
import { type DomainRecord, tableOf } from './records.ts';

/** When SageMaker takes its steps with a domain's home file system, in seconds after the domain's status began. */
const steps = {
  Pending: { makeHome: 10, mountHome: 40 },
  Updating: { makeHome: 1, mountHome: 12 },
  Deleting: { unmountHome: 5, removeHome: 100 },
} as const;

/** Seconds until the next try, while an old mount target still holds the Availability Zone of a new one. */
const remountAfter = 15;

/** Starts the steps of a status, of those that are wanted. */
export function startSteps(
  status: keyof typeof steps,
  wanted: readonly (keyof typeof homeTasks)[],
  { shown: { DomainId } }: DomainRecord,
  call: Call,
): void {
  for (const [task, seconds] of Object.entries(steps[status])) {
    if (wanted.includes(task as keyof typeof homeTasks)) call.takes([seconds, seconds], task, DomainId);
  }
}

/** A step of a domain that is still there. What another service refuses ends the domain's status as a failure. */
function step(run: (domain: DomainRecord, call: Call) => Promise<void>) {
  return async (domainId: string, call: Call): Promise<void> => {
    const domain = tableOf('domain', call).get(domainId);
    if (!domain) return;
    try {
      await run(domain, call);
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      domain.trouble ??= cause.message;
    }
  };
}

async function mountTargets({ shown }: DomainRecord, call: Call) {
  const { HomeEfsFileSystemId: FileSystemId } = shown;
  const { MountTargets = [] } = await call.invoke(efs, 'DescribeMountTargets', { FileSystemId }, self(call));
  return MountTargets;
}

function isGone(cause: unknown): boolean {
  return cause instanceof AwsError && cause.name === 'FileSystemNotFound';
}

export const homeTasks = {
  /** The two security groups and the file system. */
  makeHome: step(async (domain, call) => {
    await makeNfsGroups(domain, call);
    const made = await call.invoke(efs, 'CreateFileSystem', {
      CreationToken: domain.shown.DomainId,
      Encrypted: true,
      KmsKeyId: domain.shown.KmsKeyId,
      Tags: [ownerTag(domain)],
    });
    domain.shown.HomeEfsFileSystemId = made.FileSystemId;
  }),

  /** One mount target for each of the domain's subnets (EFS allows one in an Availability Zone), and no others. */
  mountHome: step(async (domain, call) => {
    if (!domain.nfsGroups || !domain.shown.HomeEfsFileSystemId) return;
    const existing = await mountTargets(domain, call);
    const { Subnets = [] } = await call.invoke(ec2, 'DescribeSubnets', { SubnetIds: domain.shown.SubnetIds });
    const wanted = [...new Map(Subnets.map((one) => [one.AvailabilityZone, one])).values()];
    const unwanted = existing.filter(({ SubnetId }) => !Subnets.some((subnet) => subnet.SubnetId === SubnetId));
    for (const { MountTargetId, LifeCycleState } of unwanted) {
      if (LifeCycleState !== 'deleting') await call.invoke(efs, 'DeleteMountTarget', { MountTargetId });
    }
    let waits = false;
    for (const { SubnetId, AvailabilityZone } of wanted) {
      const inZone = existing.find(({ AvailabilityZoneName }) => AvailabilityZoneName === AvailabilityZone);
      if (inZone && unwanted.includes(inZone)) waits = true;
      if (inZone) continue;
      await call.invoke(efs, 'CreateMountTarget', {
        FileSystemId: domain.shown.HomeEfsFileSystemId,
        SubnetId,
        SecurityGroups: [domain.nfsGroups.inbound],
      });
    }
    if (waits) call.takes([remountAfter, remountAfter], 'mountHome', domain.key);
  }),

  unmountHome: step(async (domain, call) => {
    try {
      for (const { MountTargetId } of await mountTargets(domain, call)) {
        await call.invoke(efs, 'DeleteMountTarget', { MountTargetId });
      }
    } catch (cause) {
      // Somebody deleted the file system before the domain.
      if (!isGone(cause)) throw cause;
    }
  }),

  removeHome: step(async (domain, call) => {
    try {
      await call.invoke(efs, 'DeleteFileSystem', { FileSystemId: domain.shown.HomeEfsFileSystemId });
    } catch (cause) {
      if (!isGone(cause)) throw cause;
    }
    if (groupsGoToo(call)) await removeNfsGroups(domain, call);
  }),
};
