import type * as EFS from '@aws-sdk/client-efs';
import { type ResourceContext, ResourceFailure } from '../resources/resource-type.ts';
import { partitionOf } from '../stack.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { asIn, flag, list, number, optional, required, tags, text } from './property.ts';
import { pollUntil, retryWhileInUse, serviceClient, undefinedIfNotFound } from './service-client.ts';

const efsClient = (context: ResourceContext) => serviceClient<typeof EFS>(context, 'efs');

/** Seconds between two polls. */
const POLL_SECONDS = 5;

const fileSystem = nativeType({
  type: 'AWS::EFS::FileSystem',
  stackTagsProperty: { property: 'FileSystemTags', as: 'list' },
  properties: {
    Encrypted: optional(flag, 'replaces'),
    FileSystemTags: optional(tags),
    KmsKeyId: optional(text, 'replaces'),
    PerformanceMode: optional(text, 'replaces'),
    ProvisionedThroughputInMibps: optional(number),
    ThroughputMode: optional(text),
  },
  async create({ FileSystemTags, PerformanceMode, ThroughputMode, ...values }, context) {
    const efs = efsClient(context);
    const { FileSystemId } = await efs('CreateFileSystem', {
      ...values,
      PerformanceMode: PerformanceMode as EFS.PerformanceMode | undefined,
      ThroughputMode: ThroughputMode as EFS.ThroughputMode | undefined,
      CreationToken: context.inventName(64),
      Tags: FileSystemTags,
    });
    context.initiated(FileSystemId!);
    return fileSystemMade(FileSystemId!, context);
  },
  async update({ physicalId: FileSystemId, values, old, changed }, context) {
    const efs = efsClient(context);
    if (changed.has('ThroughputMode') || changed.has('ProvisionedThroughputInMibps')) {
      const { ThroughputMode, ProvisionedThroughputInMibps } = values;
      const mode = (ThroughputMode ?? 'bursting') as EFS.ThroughputMode;
      await efs('UpdateFileSystem', { FileSystemId, ThroughputMode: mode, ProvisionedThroughputInMibps });
    }
    const { set, gone } = tagChanges(values.FileSystemTags, old.FileSystemTags);
    if (gone.length > 0) await efs('UntagResource', { ResourceId: FileSystemId, TagKeys: gone });
    if (set.length > 0) await efs('TagResource', { ResourceId: FileSystemId, Tags: set });
    return fileSystemMade(FileSystemId, context);
  },
  async delete(FileSystemId, _, context) {
    const efs = efsClient(context);
    await undefinedIfNotFound(
      retryWhileInUse(context, /^FileSystemInUse$/, () => efs('DeleteFileSystem', { FileSystemId })),
    );
    await pollUntil(context, POLL_SECONDS, async () =>
      (await undefinedIfNotFound(efs('DescribeFileSystems', { FileSystemId }))) ? undefined : 'gone',
    );
  },
});

async function fileSystemMade(FileSystemId: string, context: ResourceContext) {
  const { account, region } = context;
  await pollUntil(context, POLL_SECONDS, async () => {
    const found = await undefinedIfNotFound(efsClient(context)('DescribeFileSystems', { FileSystemId }));
    const state = found?.FileSystems?.[0]?.LifeCycleState;
    if (state === 'error') throw new ResourceFailure(`File system ${FileSystemId} is in state error`);
    return state === 'available' ? state : undefined;
  });
  const Arn = `arn:${partitionOf(region)}:elasticfilesystem:${region}:${account}:file-system/${FileSystemId}`;
  return { physicalId: FileSystemId, attributes: { Arn, FileSystemId } };
}

const mountTarget = nativeType({
  type: 'AWS::EFS::MountTarget',
  properties: {
    FileSystemId: required(text, 'replaces'),
    IpAddress: optional(text, 'replaces'),
    SecurityGroups: required(list(text)),
    SubnetId: required(text, 'replaces'),
  },
  async create(values, context) {
    const { MountTargetId } = await efsClient(context)('CreateMountTarget', values);
    context.initiated(MountTargetId!);
    return mountTargetMade(MountTargetId!, context);
  },
  async update({ physicalId: MountTargetId, values: { SecurityGroups } }, context) {
    await efsClient(context)('ModifyMountTargetSecurityGroups', { MountTargetId, SecurityGroups });
    return mountTargetMade(MountTargetId, context);
  },
  async delete(MountTargetId, _, context) {
    const efs = efsClient(context);
    await undefinedIfNotFound(
      retryWhileInUse(context, /^DependencyTimeout$/, () => efs('DeleteMountTarget', { MountTargetId })),
    );
    await pollUntil(context, POLL_SECONDS, async () =>
      (await undefinedIfNotFound(efs('DescribeMountTargets', { MountTargetId }))) ? undefined : 'gone',
    );
  },
});

async function mountTargetMade(MountTargetId: string, context: ResourceContext) {
  const made = await pollUntil(context, POLL_SECONDS, async () => {
    const found = await undefinedIfNotFound(efsClient(context)('DescribeMountTargets', { MountTargetId }));
    const [target] = found?.MountTargets ?? [];
    if (target?.LifeCycleState === 'error')
      throw new ResourceFailure(`Mount target ${MountTargetId} is in state error`);
    return target?.LifeCycleState === 'available' ? target : undefined;
  });
  return { physicalId: MountTargetId, attributes: { Id: MountTargetId, IpAddress: made.IpAddress } };
}

const accessPoint = nativeType({
  type: 'AWS::EFS::AccessPoint',
  stackTagsProperty: { property: 'AccessPointTags', as: 'list' },
  properties: {
    AccessPointTags: optional(tags),
    ClientToken: optional(text, 'replaces'),
    FileSystemId: required(text, 'replaces'),
    PosixUser: optional(asIn<EFS.PosixUser>(), 'replaces'),
    RootDirectory: optional(asIn<EFS.RootDirectory>(), 'replaces'),
  },
  async create({ AccessPointTags, ClientToken, ...values }, context) {
    const input = { ...values, ClientToken: ClientToken ?? context.inventName(64), Tags: AccessPointTags };
    const { AccessPointId } = await efsClient(context)('CreateAccessPoint', input);
    context.initiated(AccessPointId!);
    return accessPointMade(AccessPointId!, context);
  },
  async update({ physicalId: ResourceId, values, old }, context) {
    const efs = efsClient(context);
    const { set, gone } = tagChanges(values.AccessPointTags, old.AccessPointTags);
    if (gone.length > 0) await efs('UntagResource', { ResourceId, TagKeys: gone });
    if (set.length > 0) await efs('TagResource', { ResourceId, Tags: set });
    return accessPointMade(ResourceId, context);
  },
  async delete(AccessPointId, _, context) {
    const efs = efsClient(context);
    await undefinedIfNotFound(efs('DeleteAccessPoint', { AccessPointId }));
    await pollUntil(context, POLL_SECONDS, async () =>
      (await undefinedIfNotFound(efs('DescribeAccessPoints', { AccessPointId }))) ? undefined : 'gone',
    );
  },
});

async function accessPointMade(AccessPointId: string, context: ResourceContext) {
  const made = await pollUntil(context, POLL_SECONDS, async () => {
    const found = await undefinedIfNotFound(efsClient(context)('DescribeAccessPoints', { AccessPointId }));
    const [point] = found?.AccessPoints ?? [];
    if (point?.LifeCycleState === 'error') throw new ResourceFailure(`Access point ${AccessPointId} is in state error`);
    return point?.LifeCycleState === 'available' ? point : undefined;
  });
  return { physicalId: AccessPointId, attributes: { AccessPointId, Arn: made.AccessPointArn } };
}

export const efsTypes = [fileSystem, mountTarget, accessPoint];
