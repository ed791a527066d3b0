import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { ec2 } from '../ec2/index.ts';
import { efs } from '../efs/index.ts';
import { self } from './network.ts';
import { deletesNfsGroups, makeNfsGroups, ownerTag, removeNfsGroups } from './nfs-groups.ts';
import { type DomainRecord, tableOf } from './records.ts';

type Step = 'makeHome' | 'mountHome' | 'unmountHome' | 'removeHome';

/** How many seconds after its status began SageMaker starts on a domain's home file system. */
const startAfter = { Pending: 10, Updating: 1, Deleting: 5 } as const;

/** What follows a step, and how many seconds later: a file system needs some to be there, mount targets to be gone. */
const followedBy: Partial<Record<Step, { step: Step; after: number }>> = {
  makeHome: { step: 'mountHome', after: 15 },
  unmountHome: { step: 'removeHome', after: 95 },
};

/** Seconds until the next try, while an old mount target still holds the Availability Zone of a new one. */
const remountAfter = 15;

/** Starts on the home of a domain that has just entered a status, which ends only when all steps are taken. */
export function startHome(status: keyof typeof startAfter, first: Step, domain: DomainRecord, call: Call): void {
  scheduleStep({ step: first, after: startAfter[status] }, domain, call);
}

function scheduleStep({ step, after }: { step: Step; after: number }, domain: DomainRecord, call: Call): void {
  domain.stepsToTake = (domain.stepsToTake ?? 0) + 1;
  call.takes([after, after], step, domain.key);
}

/**
 * A step of a domain that is still there, and the start of the next. What another service refuses ends the domain's
 * status as a failure.
 */
function step(name: Step, run: (domain: DomainRecord, call: Call) => Promise<void>) {
  return async (domainId: string, call: Call): Promise<void> => {
    const domain = tableOf('domain', call).get(domainId);
    if (!domain) return;
    try {
      await run(domain, call);
      const next = followedBy[name];
      if (next) scheduleStep(next, domain, call);
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      domain.problem ??= cause.message;
    } finally {
      domain.stepsToTake = (domain.stepsToTake ?? 1) - 1;
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
  makeHome: step('makeHome', async (domain, call) => {
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
  mountHome: step('mountHome', async (domain, call) => {
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
    if (waits) scheduleStep({ step: 'mountHome', after: remountAfter }, domain, call);
  }),

  unmountHome: step('unmountHome', async (domain, call) => {
    try {
      for (const { MountTargetId } of await mountTargets(domain, call)) {
        await call.invoke(efs, 'DeleteMountTarget', { MountTargetId });
      }
    } catch (cause) {
      // The file system was deleted before the domain.
      if (!isGone(cause)) throw cause;
    }
  }),

  removeHome: step('removeHome', async (domain, call) => {
    try {
      await call.invoke(efs, 'DeleteFileSystem', { FileSystemId: domain.shown.HomeEfsFileSystemId });
    } catch (cause) {
      if (!isGone(cause)) throw cause;
    }
    if (deletesNfsGroups(call)) await removeNfsGroups(domain, call);
  }),
};
