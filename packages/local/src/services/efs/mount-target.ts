import type * as EC2 from '@aws-sdk/client-ec2';
import type * as EFS from '@aws-sdk/client-efs';
import { AwsError } from '../../errors.ts';
import { servicePrincipal } from '../../principal.ts';
import { hexId } from '../../random.ts';
import type { Call } from '../../service.ts';
import { ec2 } from '../ec2/index.ts';
import {
  type FileSystemRecord,
  getAccessPoint,
  getFileSystem,
  getMountTarget,
  type MountTargetRecord,
  mountTargets,
  mountTargetsOf,
  type Operations,
  page,
} from './records.ts';

/** How long its states last, in seconds. */
const stateSeconds = { creating: [60, 90], deleting: [20, 40] } as const;

const self = (call: Call) => servicePrincipal('elasticfilesystem.amazonaws.com', call.account);

/** EC2's errors as EFS answers them. */
const fromEc2: Record<string, string> = {
  'InvalidSubnetID.NotFound': 'SubnetNotFound',
  'InvalidGroup.NotFound': 'SecurityGroupNotFound',
  InsufficientFreeAddressesInSubnet: 'NoFreeAddressesInSubnet',
  'InvalidIPAddress.InUse': 'IpAddressInUse',
};

async function asEfs<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw Object.assign(new AwsError(fromEc2[cause.name] ?? 'BadRequest', cause.message), { cause });
  }
}

/** All mount targets of a file system are in one VPC, and no two in one Availability Zone. */
function mustFit(fileSystem: FileSystemRecord, zone: string | undefined, vpc: string | undefined, call: Call): void {
  for (const other of mountTargetsOf(fileSystem.FileSystemId, call)) {
    if (other.VpcId !== vpc) {
      const message = `requested subnet for new mount target is not in the same VPC as existing mount targets`;
      throw new AwsError('MountTargetConflict', message);
    }
    if (other.AvailabilityZoneName === zone) {
      throw new AwsError('MountTargetConflict', 'mount target already exists in this AZ');
    }
  }
}

/** Takes the place of a new mount target before its interface is made, so that of two at once only one gets it. */
function reserve(fileSystem: FileSystemRecord, subnet: EC2.Subnet, call: Call): MountTargetRecord {
  const { FileSystemId, LifeCycleState } = fileSystem;
  if (LifeCycleState !== 'available' && LifeCycleState !== 'updating') {
    const message = `File system '${FileSystemId}' must be available; it is ${LifeCycleState}.`;
    throw new AwsError('IncorrectFileSystemLifeCycleState', message);
  }
  mustFit(fileSystem, subnet.AvailabilityZone, subnet.VpcId, call);
  const MountTargetId = hexId(call.cloud.store, 'fsmt');
  const record: MountTargetRecord = {
    MountTargetId,
    FileSystemId,
    SubnetId: subnet.SubnetId!,
    OwnerId: call.account,
    LifeCycleState: 'creating',
    AvailabilityZoneId: subnet.AvailabilityZoneId,
    AvailabilityZoneName: subnet.AvailabilityZone,
    VpcId: subnet.VpcId,
  };
  mountTargets(call).set(MountTargetId, record);
  return record;
}

export const mountTargetOperations: Operations = {
  async CreateMountTarget({ FileSystemId, SubnetId = '', IpAddress, SecurityGroups = [] }, call) {
    if (SecurityGroups.length > 5) {
      throw new AwsError('SecurityGroupLimitExceeded', 'A mount target takes at most 5 security groups.');
    }
    getFileSystem(FileSystemId, call);
    const found = await asEfs(call.invoke(ec2, 'DescribeSubnets', { SubnetIds: [SubnetId] }, self(call)));
    const record = reserve(getFileSystem(FileSystemId, call), found.Subnets![0]!, call);
    const wanted = {
      SubnetId,
      PrivateIpAddress: IpAddress,
      Groups: SecurityGroups,
      Description: `EFS mount target for ${record.FileSystemId} (${record.MountTargetId})`,
    };
    try {
      const { NetworkInterface: eni } = await asEfs(call.invoke(ec2, 'CreateNetworkInterface', wanted, self(call)));
      record.IpAddress = eni!.PrivateIpAddress;
      record.NetworkInterfaceId = eni!.NetworkInterfaceId;
    } catch (cause) {
      mountTargets(call).delete(record.MountTargetId);
      throw cause;
    }
    call.takes(stateSeconds.creating, 'mountTargetAvailable', record.MountTargetId);
    return record;
  },

  DescribeMountTargets({ FileSystemId, MountTargetId, AccessPointId, Marker, MaxItems }, call) {
    const given = [FileSystemId, MountTargetId, AccessPointId].filter((id) => id !== undefined);
    if (given.length !== 1) {
      throw new AwsError('BadRequest', 'Provide exactly one of FileSystemId, MountTargetId and AccessPointId.');
    }
    const { items, token } = page(chosen(), (one) => one.MountTargetId, Marker, MaxItems);
    return { MountTargets: items as EFS.MountTargetDescription[], Marker, NextMarker: token };

    function chosen(): MountTargetRecord[] {
      if (MountTargetId !== undefined) return [getMountTarget(MountTargetId, call)];
      const id = AccessPointId === undefined ? FileSystemId : getAccessPoint(AccessPointId, call).FileSystemId;
      return mountTargetsOf(getFileSystem(id, call).FileSystemId, call);
    }
  },

  DeleteMountTarget({ MountTargetId }, call) {
    const record = getMountTarget(MountTargetId, call);
    if (record.LifeCycleState !== 'deleting') {
      record.LifeCycleState = 'deleting';
      call.takes(stateSeconds.deleting, 'mountTargetDeleted', record.MountTargetId);
    }
    return {};
  },

  async DescribeMountTargetSecurityGroups({ MountTargetId }, call) {
    const { NetworkInterfaceId } = getMountTarget(MountTargetId, call);
    const request = { NetworkInterfaceIds: [NetworkInterfaceId!] };
    const { NetworkInterfaces } = await asEfs(call.invoke(ec2, 'DescribeNetworkInterfaces', request, self(call)));
    return { SecurityGroups: NetworkInterfaces![0]!.Groups!.map(({ GroupId }) => GroupId!) };
  },

  async ModifyMountTargetSecurityGroups({ MountTargetId, SecurityGroups = [] }, call) {
    const { NetworkInterfaceId, LifeCycleState } = getMountTarget(MountTargetId, call);
    if (LifeCycleState !== 'available') {
      const message = `Mount target '${MountTargetId}' must be available; it is ${LifeCycleState}.`;
      throw new AwsError('IncorrectMountTargetState', message);
    }
    const change = { NetworkInterfaceId, Groups: SecurityGroups };
    await asEfs(call.invoke(ec2, 'ModifyNetworkInterfaceAttribute', change, self(call)));
    return {};
  },
};

export const mountTargetTasks = {
  mountTargetAvailable(id: string, call: Call): void {
    const record = mountTargets(call).get(id);
    if (record?.LifeCycleState === 'creating') record.LifeCycleState = 'available';
  },

  async mountTargetDeleted(id: string, call: Call): Promise<void> {
    const { NetworkInterfaceId } = getMountTarget(id, call);
    await call.invoke(ec2, 'DeleteNetworkInterface', { NetworkInterfaceId });
    mountTargets(call).delete(id);
  },
};
