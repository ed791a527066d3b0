import { jest } from '@jest/globals';
import { efs } from '../../../../packages/local/src/services/efs/index.ts';
import { root } from '../authorised-cloud.ts';
import { error, Studio } from '../studio.ts';

async function withFileSystem(): Promise<{ studio: Studio; FileSystemId: string }> {
  const studio = await Studio.open();
  const { FileSystemId } = await studio.efs('CreateFileSystem', { CreationToken: 'home' });
  await studio.settle();
  return { studio, FileSystemId: FileSystemId! };
}

test('a file system becomes available, and is created once for a creation token', async () => {
  const studio = await Studio.open();
  const Tags = [{ Key: 'Name', Value: 'Home' }];
  const made = await studio.efs('CreateFileSystem', { CreationToken: 'home', Encrypted: true, Tags });
  expect(made).toMatchObject({ LifeCycleState: 'creating', Name: 'Home', NumberOfMountTargets: 0 });
  expect(made.FileSystemArn).toBe(`arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/${made.FileSystemId}`);
  await studio.settle();
  const { FileSystems } = await studio.efs('DescribeFileSystems', { CreationToken: 'home' });
  expect(FileSystems).toMatchObject([{ FileSystemId: made.FileSystemId, LifeCycleState: 'available' }]);
  await expect(studio.efs('CreateFileSystem', { CreationToken: 'home' })).rejects.toMatchObject({
    name: 'FileSystemAlreadyExists',
    members: { FileSystemId: made.FileSystemId },
  });
});

test('throughput can be changed only with its mode', async () => {
  const { studio, FileSystemId } = await withFileSystem();
  await expect(studio.efs('UpdateFileSystem', { FileSystemId, ThroughputMode: 'provisioned' })).rejects.toEqual(
    error('BadRequest', 'ProvisionedThroughputInMibps'),
  );
  const provisioned = { FileSystemId, ThroughputMode: 'provisioned', ProvisionedThroughputInMibps: 10 } as const;
  expect(await studio.efs('UpdateFileSystem', provisioned)).toMatchObject({ LifeCycleState: 'updating' });
  await expect(studio.efs('UpdateFileSystem', provisioned)).rejects.toEqual(
    error('IncorrectFileSystemLifeCycleState', 'updating'),
  );
  await studio.settle();
  await studio.efs('UpdateFileSystem', { FileSystemId, ThroughputMode: 'elastic' });
  await studio.settle();
  const { FileSystems } = await studio.efs('DescribeFileSystems', { FileSystemId });
  expect(FileSystems![0]).toMatchObject({ ThroughputMode: 'elastic', LifeCycleState: 'available' });
  expect(FileSystems![0]!.ProvisionedThroughputInMibps).toBeUndefined();
});

test('a mount target has a network interface, which is deleted with it', async () => {
  const { studio, FileSystemId } = await withFileSystem();
  const [SubnetId] = studio.SubnetIds;
  const GroupId = await studio.securityGroup('nfs');
  const made = await studio.efs('CreateMountTarget', { FileSystemId, SubnetId, SecurityGroups: [GroupId] });
  const { MountTargetId, NetworkInterfaceId } = made;
  expect(made).toMatchObject({ LifeCycleState: 'creating', IpAddress: '10.0.0.4', VpcId: studio.VpcId });
  const { NetworkInterfaces } = await studio.ec2('DescribeNetworkInterfaces', {
    Filters: [{ Name: 'description', Values: [`EFS mount target for ${FileSystemId}*`] }],
  });
  expect(NetworkInterfaces).toMatchObject([{ NetworkInterfaceId, Groups: [{ GroupId }], Status: 'in-use' }]);
  await expect(studio.ec2('DeleteNetworkInterface', { NetworkInterfaceId })).rejects.toEqual(
    error('InvalidParameterValue', 'is currently in use'),
  );
  await expect(studio.ec2('DeleteSubnet', { SubnetId })).rejects.toEqual(error('DependencyViolation'));
  await expect(studio.ec2('DeleteSecurityGroup', { GroupId })).rejects.toEqual(error('DependencyViolation'));
  await expect(studio.efs('DeleteFileSystem', { FileSystemId })).rejects.toEqual(error('FileSystemInUse'));

  await studio.settle();
  await studio.efs('DeleteMountTarget', { MountTargetId });
  expect((await studio.efs('DescribeMountTargets', { MountTargetId })).MountTargets).toMatchObject([
    { LifeCycleState: 'deleting' },
  ]);
  await expect(studio.efs('DeleteFileSystem', { FileSystemId })).rejects.toEqual(error('FileSystemInUse'));
  await studio.settle();
  await expect(studio.efs('DescribeMountTargets', { MountTargetId })).rejects.toEqual(error('MountTargetNotFound'));
  expect((await studio.ec2('DescribeNetworkInterfaces', {})).NetworkInterfaces).toEqual([]);
  await studio.efs('DeleteFileSystem', { FileSystemId });
  expect((await studio.efs('DescribeFileSystems', { FileSystemId })).FileSystems).toMatchObject([
    { LifeCycleState: 'deleting' },
  ]);
  await studio.settle();
  await expect(studio.efs('DescribeFileSystems', { FileSystemId })).rejects.toEqual(error('FileSystemNotFound'));
});

test('the security groups of a mount target are those of its interface', async () => {
  const { studio, FileSystemId } = await withFileSystem();
  const { MountTargetId } = await studio.efs('CreateMountTarget', { FileSystemId, SubnetId: studio.SubnetIds[0] });
  const GroupId = await studio.securityGroup('nfs');
  const SecurityGroups = [GroupId];
  await expect(studio.efs('ModifyMountTargetSecurityGroups', { MountTargetId, SecurityGroups })).rejects.toEqual(
    error('IncorrectMountTargetState'),
  );
  await studio.settle();
  await studio.efs('ModifyMountTargetSecurityGroups', { MountTargetId, SecurityGroups });
  expect(await studio.efs('DescribeMountTargetSecurityGroups', { MountTargetId })).toEqual({ SecurityGroups });
});

test('a mount target needs a valid state, subnet, groups, address, zone and VPC', async () => {
  const studio = await Studio.open();
  const [SubnetId] = studio.SubnetIds;
  const { FileSystemId } = await studio.efs('CreateFileSystem', { CreationToken: 'home' });
  const create = (more: object) => studio.efs('CreateMountTarget', { FileSystemId, SubnetId, ...more });
  await expect(create({})).rejects.toEqual(error('IncorrectFileSystemLifeCycleState', 'creating'));
  await studio.settle();
  await expect(create({ SubnetId: 'subnet-0aaaaaaa' })).rejects.toEqual(error('SubnetNotFound'));
  await expect(create({ SecurityGroups: ['sg-0aaaaaaa'] })).rejects.toEqual(error('SecurityGroupNotFound'));
  await expect(
    create({ SecurityGroups: Array.from({ length: 6 }, (_, index) => `sg-0000000${index}`) }),
  ).rejects.toEqual(error('SecurityGroupLimitExceeded'));
  await studio.ec2('CreateNetworkInterface', { SubnetId, PrivateIpAddress: '10.0.0.9' });
  await expect(create({ IpAddress: '10.0.0.9' })).rejects.toEqual(error('IpAddressInUse'));
  await expect(create({ IpAddress: '10.0.5.9' })).rejects.toEqual(error('BadRequest'));
  await create({});
  await expect(create({})).rejects.toEqual(error('MountTargetConflict', 'in this AZ'));
  const { Vpc } = await studio.ec2('CreateVpc', { CidrBlock: '10.1.0.0/16' });
  const subnetOfOtherVpc = await studio.subnet('10.1.0.0/24', 'c', Vpc!.VpcId);
  await expect(create({ SubnetId: subnetOfOtherVpc })).rejects.toEqual(error('MountTargetConflict', 'same VPC'));
});

test('access points are created once for a client token, listed and deleted', async () => {
  const { studio, FileSystemId } = await withFileSystem();
  const request = { FileSystemId, ClientToken: 'one', Tags: [{ Key: 'Name', Value: 'Data' }] };
  const { AccessPointId } = await studio.efs('CreateAccessPoint', request);
  await expect(studio.efs('CreateAccessPoint', request)).rejects.toEqual(error('AccessPointAlreadyExists'));
  await studio.settle();
  expect((await studio.efs('DescribeAccessPoints', { FileSystemId })).AccessPoints).toMatchObject([
    { AccessPointId, LifeCycleState: 'available', Name: 'Data', RootDirectory: { Path: '/' } },
  ]);
  expect((await studio.efs('DescribeMountTargets', { AccessPointId })).MountTargets).toEqual([]);
  await studio.efs('DeleteAccessPoint', { AccessPointId });
  await studio.settle();
  await expect(studio.efs('DescribeAccessPoints', { AccessPointId })).rejects.toEqual(error('AccessPointNotFound'));
});

test('lists have pages', async () => {
  const studio = await Studio.open();
  for (const CreationToken of ['a', 'b', 'c']) await studio.efs('CreateFileSystem', { CreationToken });
  const first = await studio.efs('DescribeFileSystems', { MaxItems: 2 });
  expect(first.FileSystems).toHaveLength(2);
  const second = await studio.efs('DescribeFileSystems', { MaxItems: 2, Marker: first.NextMarker });
  expect(second.NextMarker).toBeUndefined();
  const tokens = [...first.FileSystems!, ...second.FileSystems!].map(({ CreationToken }) => CreationToken);
  expect(tokens.sort()).toEqual(['a', 'b', 'c']);
  await expect(studio.efs('DescribeFileSystems', { Marker: 'made up' })).rejects.toEqual(error('BadRequest', 'Marker'));
  await expect(studio.efs('DescribeMountTargets', {})).rejects.toEqual(error('BadRequest', 'exactly one'));
  await expect(studio.efs('DescribeFileSystems', { FileSystemId: 'fs-0123abcd', CreationToken: 'a' })).rejects.toEqual(
    error('BadRequest', 'not both'),
  );
});

test('tags are added, replaced, listed and removed, in both of the APIs for them', async () => {
  const { studio, FileSystemId } = await withFileSystem();
  await studio.efs('TagResource', { ResourceId: FileSystemId, Tags: [{ Key: 'a', Value: '1' }] });
  await studio.efs('CreateTags', {
    FileSystemId,
    Tags: [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '3' },
    ],
  });
  const { Tags } = await studio.efs('ListTagsForResource', { ResourceId: FileSystemId });
  expect(Tags).toEqual([
    { Key: 'a', Value: '2' },
    { Key: 'b', Value: '3' },
  ]);
  await studio.efs('UntagResource', { ResourceId: FileSystemId, TagKeys: ['a'] });
  expect((await studio.efs('DescribeTags', { FileSystemId })).Tags).toEqual([{ Key: 'b', Value: '3' }]);
  await studio.efs('DeleteTags', { FileSystemId, TagKeys: ['b'] });
  expect((await studio.efs('DescribeTags', { FileSystemId })).Tags).toEqual([]);
  const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
  for (const [tags, message] of [
    [[{ Key: 'aws:x', Value: 'y' }], "Value 'aws:x' at 'tags.1.member.key'"],
    [many, 'at most 50'],
    [
      [
        { Key: 'x', Value: 'y' },
        { Key: 'x', Value: 'z' },
      ],
      'more than once',
    ],
  ] as const) {
    await expect(studio.efs('TagResource', { ResourceId: FileSystemId, Tags: [...tags] })).rejects.toEqual(
      error('BadRequest', message),
    );
  }
});

test('the lifecycle and backup policies of a file system can be set and read', async () => {
  const { studio, FileSystemId } = await withFileSystem();
  const LifecyclePolicies = [{ TransitionToIA: 'AFTER_30_DAYS' as const }];
  await studio.efs('PutLifecycleConfiguration', { FileSystemId, LifecyclePolicies });
  expect(await studio.efs('DescribeLifecycleConfiguration', { FileSystemId })).toEqual({ LifecyclePolicies });
  await studio.efs('PutBackupPolicy', { FileSystemId, BackupPolicy: { Status: 'ENABLED' } });
  expect(await studio.efs('DescribeBackupPolicy', { FileSystemId })).toEqual({ BackupPolicy: { Status: 'ENABLED' } });
});

test("permissions for a mount target depend on its file system's tags, and include permissions of EC2", async () => {
  const { studio, FileSystemId } = await withFileSystem();
  await studio.efs('TagResource', { ResourceId: FileSystemId, Tags: [{ Key: 'team', Value: 'a' }] });
  const { MountTargetId } = await studio.efs('CreateMountTarget', { FileSystemId, SubnetId: studio.SubnetIds[0] });
  await studio.settle();
  const Condition = { StringEquals: { 'aws:ResourceTag/team': 'a' } };
  const mount = { Effect: 'Allow', Action: 'elasticfilesystem:*', Resource: '*', Condition };
  const eni = { Effect: 'Allow', Action: 'ec2:DeleteNetworkInterface', Resource: '*' };
  await expect(studio.efs('DeleteMountTarget', { MountTargetId }, await studio.role('A', mount))).rejects.toEqual(
    error('AccessDeniedException', 'ec2:DeleteNetworkInterface'),
  );
  await studio.efs('DeleteMountTarget', { MountTargetId }, await studio.role('B', mount, eni));
});

test('of two concurrent mount targets for one zone, one is created; a failed one leaves nothing', async () => {
  const { studio, FileSystemId } = await withFileSystem();
  const [SubnetId] = studio.SubnetIds;
  const create = (SecurityGroups: string[]) =>
    studio.efs('CreateMountTarget', { FileSystemId, SubnetId, SecurityGroups });
  await expect(create(['sg-0aaaaaaa'])).rejects.toEqual(error('SecurityGroupNotFound'));
  const ends = await Promise.allSettled([create([]), create([])]);
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await studio.efs('DescribeMountTargets', { FileSystemId })).MountTargets).toHaveLength(1);
  expect((await studio.ec2('DescribeNetworkInterfaces', {})).NetworkInterfaces).toHaveLength(1);
});

test('ARNs have the partition of the Region', async () => {
  const studio = new Studio();
  const made = await studio.cloud.invoke(
    efs,
    'CreateFileSystem',
    { CreationToken: 'home' },
    { principal: root, region: 'cn-north-1' },
  );
  expect(made.FileSystemArn).toBe(
    `arn:aws-cn:elasticfilesystem:cn-north-1:111122223333:file-system/${made.FileSystemId}`,
  );
});

test('a file system that is deleted while it is being created stays deleted', async () => {
  const complaints = jest.spyOn(console, 'error').mockImplementation(() => {});
  const studio = await Studio.open();
  const { FileSystemId } = await studio.efs('CreateFileSystem', { CreationToken: 'home' });
  await studio.efs('DeleteFileSystem', { FileSystemId });
  await studio.settle();
  await expect(studio.efs('DescribeFileSystems', { FileSystemId })).rejects.toEqual(
    error('FileSystemNotFound', FileSystemId!),
  );
  expect(complaints).not.toHaveBeenCalled();
  complaints.mockRestore();
});
