import type { IpPermission } from '@aws-sdk/client-ec2';
import { awsError } from '../../../handlers/aws-error.ts';

interface FakeFileSystem {
  FileSystemId: string;
  LifeCycleState: string;
  Tags: Tag[];
  mountTargets: Map<string, { MountTargetId: string; LifeCycleState: string }>;
}

interface FakeGroup {
  GroupId: string;
  GroupName: string;
  Tags: Tag[];
  IpPermissions: IpPermission[];
  IpPermissionsEgress: IpPermission[];
}

interface Tag {
  Key: string;
  Value: string;
}

type Input = Record<string, string & (IpPermission & { Name?: string; Values?: string[] })[]>;

/** What SageMaker makes for a domain with other services: a file system, mount targets, two groups that name each other. */
export class FakeOrphanedResources {
  readonly fileSystems = new Map<string, FakeFileSystem>();
  readonly groups = new Map<string, FakeGroup>();
  #count = 0;

  /** Makes them for a domain; returns the file system's id. */
  make(domainId: string, domainArn: string, subnetIds: readonly string[]): string {
    const Tags = [{ Key: 'ManagedByAmazonSageMakerResource', Value: domainArn }];
    const number = ++this.#count;
    const FileSystemId = `fs-${number}`;
    const mountTargets = new Map(
      subnetIds.map((subnet) => [
        `fsmt-${subnet}-${number}`,
        { MountTargetId: `fsmt-${subnet}-${number}`, LifeCycleState: 'available' },
      ]),
    );
    this.fileSystems.set(FileSystemId, { FileSystemId, LifeCycleState: 'available', Tags, mountTargets });
    const nfs = (GroupId: string) => [
      { IpProtocol: 'tcp', FromPort: 2049, ToPort: 2049, UserIdGroupPairs: [{ GroupId }] },
    ];
    const [inbound, outbound] = [`sg-in-${number}`, `sg-out-${number}`];
    this.groups.set(inbound, {
      GroupId: inbound,
      GroupName: `security-group-for-inbound-nfs-${domainId}`,
      Tags,
      IpPermissions: nfs(outbound),
      IpPermissionsEgress: [],
    });
    this.groups.set(outbound, {
      GroupId: outbound,
      GroupName: `security-group-for-outbound-nfs-${domainId}`,
      Tags,
      IpPermissions: [],
      IpPermissionsEgress: nfs(inbound),
    });
    return FileSystemId;
  }

  /** The ids of all that exists. */
  ids(): string[] {
    return [...this.fileSystems.keys(), ...this.groups.keys()];
  }

  readonly operations: Record<string, (input: Input) => object> = {
    DescribeFileSystems: ({ FileSystemId, Marker }) => {
      if (FileSystemId) return { FileSystems: [{ ...this.#fileSystem(FileSystemId) }] };
      for (const [id, { LifeCycleState }] of this.fileSystems) {
        if (LifeCycleState === 'deleted') this.fileSystems.delete(id);
      }
      const { items, next } = page([...this.fileSystems.values()], Marker);
      const shown = items.map((system) => ({ ...system }));
      for (const system of items) if (system.LifeCycleState === 'deleting') system.LifeCycleState = 'deleted';
      return { FileSystems: shown, NextMarker: next };
    },
    DescribeMountTargets: ({ FileSystemId, Marker }) => {
      const { mountTargets } = this.#fileSystem(FileSystemId!);
      const { items, next } = page([...mountTargets.values()], Marker);
      const shown = items.map((target) => ({ ...target }));
      for (const { MountTargetId, LifeCycleState } of items) {
        if (LifeCycleState === 'deleting') mountTargets.delete(MountTargetId);
      }
      return { MountTargets: shown, NextMarker: next };
    },
    DeleteMountTarget: ({ MountTargetId }) => {
      for (const { mountTargets } of this.fileSystems.values()) {
        const target = mountTargets.get(MountTargetId!);
        if (target) target.LifeCycleState = 'deleting';
      }
      return {};
    },
    DeleteFileSystem: ({ FileSystemId }) => {
      const system = this.#fileSystem(FileSystemId!);
      if (system.mountTargets.size > 0) throw awsError('FileSystemInUse', `${FileSystemId} has mount targets`);
      system.LifeCycleState = 'deleting';
      return {};
    },
    DescribeSecurityGroups: ({ Filters, NextToken }) => {
      const ids = Filters?.find(({ Name }) => Name === 'group-id')?.Values;
      const meant = [...this.groups.values()].filter(({ GroupId }) => !ids || ids.includes(GroupId));
      const { items, next } = page(meant, NextToken);
      return { SecurityGroups: items, NextToken: next };
    },
    RevokeSecurityGroupIngress: ({ GroupId, IpPermissions }) => {
      this.#revoke(this.#group(GroupId!).IpPermissions, IpPermissions!);
      return {};
    },
    RevokeSecurityGroupEgress: ({ GroupId, IpPermissions }) => {
      this.#revoke(this.#group(GroupId!).IpPermissionsEgress, IpPermissions!);
      return {};
    },
    DeleteSecurityGroup: ({ GroupId }) => {
      this.#group(GroupId!);
      const named = [...this.groups.values()].some(({ IpPermissions, IpPermissionsEgress }) =>
        [...IpPermissions, ...IpPermissionsEgress].some(({ UserIdGroupPairs = [] }) =>
          UserIdGroupPairs.some((pair) => pair.GroupId === GroupId),
        ),
      );
      // A mount target's network interface is in the inbound group.
      const attached = [...this.fileSystems.values()].some(
        ({ FileSystemId, mountTargets }) => mountTargets.size > 0 && GroupId === FileSystemId.replace('fs', 'sg-in'),
      );
      if (named || attached) throw awsError('DependencyViolation', `resource ${GroupId} has a dependent object`);
      this.groups.delete(GroupId!);
      return {};
    },
  };

  #fileSystem(id: string): FakeFileSystem {
    const system = this.fileSystems.get(id);
    if (!system) throw awsError('FileSystemNotFound', `File system '${id}' does not exist.`);
    return system;
  }

  #group(id: string): FakeGroup {
    const group = this.groups.get(id);
    if (!group) throw awsError('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
    return group;
  }

  #revoke(held: IpPermission[], revoked: IpPermission[]): void {
    if (revoked.length !== held.length) throw awsError('InvalidPermission.NotFound', 'no such rule');
    held.length = 0;
  }
}

/** A page of two, so that code which reads only one page fails its test. */
function page<T>(items: T[], token: string | undefined): { items: T[]; next?: string } {
  const from = Number(token ?? 0);
  return { items: items.slice(from, from + 2), next: from + 2 < items.length ? String(from + 2) : undefined };
}
