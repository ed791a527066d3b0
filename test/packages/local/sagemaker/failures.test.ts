import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { error, Studio } from '../studio.ts';

test('a domain with a missing security group fails with the reason, and can be deleted', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain({ DefaultUserSettings: { SecurityGroups: ['sg-0aa'] } });
  expect(await studio.sm('DescribeDomain', { DomainId })).toMatchObject({
    Status: 'Failed',
    FailureReason: 'Unable to find security group sg-0aa',
  });
  await expect(studio.sm('UpdateDomain', { DomainId })).rejects.toEqual(error('ValidationException', 'Failed'));
  await studio.sm('DeleteDomain', { DomainId });
  await studio.settle();
  expect((await studio.sm('ListDomains', {})).Domains).toEqual([]);
});

test('a domain fails when its execution role is deleted while it is created', async () => {
  const studio = await Studio.open();
  const { DomainId } = await studio.sm('CreateDomain', studio.domainRequest());
  await studio.call(iam, 'DeleteRole', { RoleName: 'Execution' });
  await studio.settle();
  expect(await studio.sm('DescribeDomain', { DomainId })).toMatchObject({
    Status: 'Failed',
    FailureReason: expect.stringContaining(`Could not assume role ${studio.roleArn}`),
  });
});

test('SageMaker assumes a role with the source account and ARN; for Studio the ARN has no domain', async () => {
  const studio = await Studio.open();
  const trust = (source: string) =>
    studio.call(iam, 'UpdateAssumeRolePolicy', {
      RoleName: 'Execution',
      PolicyDocument: JSON.stringify({
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'sagemaker.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:sagemaker:eu-west-1:${source}` } },
        },
      }),
    });
  await trust('111122223333:domain/*');
  await expect(studio.domain()).rejects.toEqual(error('ValidationException', 'Could not assume role'));
  await trust('444455556666:*');
  await expect(studio.domain()).rejects.toEqual(error('ValidationException', 'Could not assume role'));
  await trust('111122223333:*');
  await expect(studio.domain()).resolves.toMatch(/^d-/);
});

test('a domain fails when a subnet has no free address for its mount target', async () => {
  const studio = await Studio.open();
  const full = await studio.subnet('10.0.9.0/28', 'c');
  for (let n = 0; n < 11; n += 1) await studio.ec2('CreateNetworkInterface', { SubnetId: full });
  const DomainId = await studio.domain({ SubnetIds: [full] });
  expect(await studio.sm('DescribeDomain', { DomainId })).toMatchObject({
    Status: 'Failed',
    FailureReason: expect.stringContaining('does not have enough free addresses'),
  });
});

test('a domain fails when its subnet is deleted while it is created', async () => {
  const studio = await Studio.open();
  const SubnetId = await studio.subnet('10.0.9.0/24', 'c');
  const { DomainId } = await studio.sm(
    'CreateDomain',
    studio.domainRequest({ SubnetIds: [SubnetId], HomeEfsFileSystemCreation: 'Disabled' }),
  );
  await studio.ec2('DeleteSubnet', { SubnetId });
  await studio.settle();
  expect(await studio.sm('DescribeDomain', { DomainId })).toMatchObject({
    Status: 'Failed',
    FailureReason: `The subnet ID '${SubnetId}' does not exist`,
  });
});

test('an update fails with the reason, and a valid one succeeds after it', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  await studio.sm('UpdateDomain', { DomainId, DefaultUserSettings: { SecurityGroups: ['sg-0aa'] } });
  expect(await studio.sm('DescribeDomain', { DomainId })).toMatchObject({ Status: 'Updating' });
  await studio.settle();
  expect(await studio.sm('DescribeDomain', { DomainId })).toMatchObject({
    Status: 'Update_Failed',
    FailureReason: 'Unable to find security group sg-0aa',
  });
  const GroupId = await studio.securityGroup('apps');
  await studio.sm('UpdateDomain', { DomainId, DefaultUserSettings: { SecurityGroups: [GroupId] } });
  await studio.settle();
  const mended = await studio.sm('DescribeDomain', { DomainId });
  expect(mended.Status).toBe('InService');
  expect(mended.FailureReason).toBeUndefined();
});

test('a deletion fails while the file system has another mount target, and succeeds when it is repeated', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  const { HomeEfsFileSystemId: FileSystemId } = await studio.sm('DescribeDomain', { DomainId });
  await studio.sm('DeleteDomain', { DomainId, RetentionPolicy: { HomeEfsFileSystem: 'Delete' } });
  await studio.clock.pass(60_000);
  const SubnetId = await studio.subnet('10.0.9.0/24', 'c');
  const { MountTargetId } = await studio.efs('CreateMountTarget', { FileSystemId, SubnetId });
  await studio.settle();
  expect(await studio.sm('DescribeDomain', { DomainId })).toMatchObject({
    Status: 'Delete_Failed',
    FailureReason: expect.stringContaining('has mount targets'),
  });
  await expect(studio.sm('UpdateDomain', { DomainId })).rejects.toEqual(error('ValidationException', 'Delete_Failed'));

  await studio.efs('DeleteMountTarget', { MountTargetId });
  await studio.settle();
  await studio.sm('DeleteDomain', { DomainId, RetentionPolicy: { HomeEfsFileSystem: 'Delete' } });
  await studio.settle();
  expect((await studio.sm('ListDomains', {})).Domains).toEqual([]);
});

test('a profile whose role does not trust SageMaker fails; one whose role does not exist is refused', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  const ExecutionRole = await studio.executionRole('Batch', 'batch.amazonaws.com');
  await studio.sm('CreateUserProfile', { DomainId, UserProfileName: 'ana', UserSettings: { ExecutionRole } });
  await studio.settle();
  expect(await studio.sm('DescribeUserProfile', { DomainId, UserProfileName: 'ana' })).toMatchObject({
    Status: 'Failed',
    FailureReason: expect.stringContaining(`Could not assume role ${ExecutionRole}`),
  });
  const UserSettings = { ExecutionRole: 'arn:aws:iam::111122223333:role/Missing' };
  await expect(studio.sm('CreateUserProfile', { DomainId, UserProfileName: 'eva', UserSettings })).rejects.toEqual(
    error('ValidationException', 'Could not assume role'),
  );
});

test('a profile, a space and an app fail when a role that they need was deleted', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  await studio.profile(DomainId, 'ana');
  await studio.space(DomainId, 'lab', 'ana');
  await studio.call(iam, 'DeleteRole', { RoleName: 'Execution' });

  await studio.sm('UpdateSpace', { DomainId, SpaceName: 'lab', SpaceDisplayName: 'Lab' });
  await studio.sm('CreateApp', { DomainId, UserProfileName: 'ana', AppType: 'JupyterServer', AppName: 'default' });
  const SecurityGroups = ['sg-0aa'];
  await studio.sm('UpdateUserProfile', { DomainId, UserProfileName: 'ana', UserSettings: { SecurityGroups } });
  await studio.settle();
  const reason = expect.stringContaining(`Could not assume role ${studio.roleArn}`);
  expect(await studio.sm('DescribeSpace', { DomainId, SpaceName: 'lab' })).toMatchObject({
    Status: 'Update_Failed',
    FailureReason: reason,
  });
  const app = { DomainId, UserProfileName: 'ana', AppType: 'JupyterServer', AppName: 'default' } as const;
  expect(await studio.sm('DescribeApp', app)).toMatchObject({ Status: 'Failed', FailureReason: reason });
  expect(await studio.sm('DescribeUserProfile', { DomainId, UserProfileName: 'ana' })).toMatchObject({
    Status: 'Update_Failed',
    FailureReason: 'Unable to find security group sg-0aa',
  });
});
