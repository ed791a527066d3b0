import { error, Studio } from '../studio.ts';

async function withProfile(): Promise<{ studio: Studio; DomainId: string }> {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  await studio.profile(DomainId, 'ana');
  return { studio, DomainId };
}

const kernel = { UserProfileName: 'ana', AppType: 'KernelGateway', AppName: 'one' } as const;
const ResourceSpec = { InstanceType: 'ml.t3.medium' } as const;

test('a private space has an owner, a volume and a uid, and is listed with a summary', async () => {
  const { studio, DomainId } = await withProfile();
  await studio.space(DomainId, 'lab', 'ana');
  expect(await studio.sm('DescribeSpace', { DomainId, SpaceName: 'lab' })).toMatchObject({
    Status: 'InService',
    HomeEfsFileSystemUid: '200002',
    SpaceSettings: { SpaceStorageSettings: { EbsStorageSettings: { EbsVolumeSizeInGb: 5 } } },
  });
  expect((await studio.sm('ListSpaces', { DomainIdEquals: DomainId, SpaceNameContains: 'la' })).Spaces).toMatchObject([
    {
      SpaceName: 'lab',
      OwnershipSettingsSummary: { OwnerUserProfileName: 'ana' },
      SpaceSharingSettingsSummary: { SharingType: 'Private' },
      SpaceSettingsSummary: { AppType: 'JupyterLab' },
    },
  ]);
  expect((await studio.sm('ListSpaces', { SpaceNameContains: 'x' })).Spaces).toEqual([]);
});

test('an invalid space is refused at once', async () => {
  const { studio, DomainId } = await withProfile();
  await studio.space(DomainId, 'lab', 'ana');
  await studio.sm('CreateUserProfile', { DomainId, UserProfileName: 'eva' });
  const create = (SpaceName: string, more: object) => studio.sm('CreateSpace', { DomainId, SpaceName, ...more });
  const owned = (OwnerUserProfileName: string) => ({
    OwnershipSettings: { OwnerUserProfileName },
    SpaceSharingSettings: { SharingType: 'Private' },
  });
  await expect(create('lab', owned('ana'))).rejects.toEqual(error('ResourceInUse', 'already exists'));
  await expect(create('new', owned('missing'))).rejects.toEqual(error('ResourceNotFound'));
  await expect(create('new', owned('eva'))).rejects.toEqual(
    error('ValidationException', /Unable to create Space .* because UserProfile .* is not in InService/),
  );
  await expect(create('new', { OwnershipSettings: { OwnerUserProfileName: 'ana' } })).rejects.toEqual(
    error('ValidationException', 'must be specified together'),
  );
  const SpaceStorageSettings = { EbsStorageSettings: { EbsVolumeSizeInGb: 101 } };
  await expect(create('new', { ...owned('ana'), SpaceSettings: { SpaceStorageSettings } })).rejects.toEqual(
    error('ValidationException', 'maximum of 100'),
  );
  studio.table('quotas').set('Maximum number of Studio spaces allowed per account', 1);
  await expect(create('new', owned('ana'))).rejects.toEqual(error('ResourceLimitExceeded', 'is 1 Spaces'));
});

test('a space cannot be deleted while it is being created, or while it has an app', async () => {
  const { studio, DomainId } = await withProfile();
  const space = { DomainId, SpaceName: 'shared' };
  await studio.sm('CreateSpace', space);
  await expect(studio.sm('DeleteSpace', space)).rejects.toEqual(error('ValidationException', 'Pending'));
  await studio.settle();
  const app = { ...space, AppType: 'JupyterLab', AppName: 'default' } as const;
  await studio.sm('CreateApp', app);
  await studio.settle();
  await expect(studio.sm('DeleteSpace', space)).rejects.toEqual(error('ResourceInUse', 'because App(s)'));
  await studio.sm('DeleteApp', app);
  await studio.settle();
  await studio.sm('DeleteSpace', space);
  await studio.settle();
  expect((await studio.sm('ListSpaces', {})).Spaces).toEqual([]);
});

test('an app of a space waits for its storage', async () => {
  const { studio, DomainId } = await withProfile();
  await studio.space(DomainId, 'lab', 'ana');
  const app = { DomainId, SpaceName: 'lab', AppType: 'JupyterLab', AppName: 'default' } as const;
  await studio.sm('UpdateSpace', { DomainId, SpaceName: 'lab', SpaceDisplayName: 'Lab' });
  await expect(studio.sm('CreateApp', app)).rejects.toEqual(
    error('ResourceInUse', /Unable to create app \[.*\] because storage is not in Available status\./),
  );
  await studio.settle();
  await studio.sm('CreateApp', app);
  await studio.settle();
  expect(await studio.sm('DescribeApp', app)).toMatchObject({
    Status: 'InService',
    AppArn: studio.arn('app', DomainId, 'lab', 'jupyterlab', 'default'),
    ResourceSpec: { InstanceType: 'ml.t3.medium' },
  });
  expect((await studio.sm('ListApps', { SpaceNameEquals: 'lab' })).Apps).toMatchObject([{ SpaceName: 'lab' }]);
});

test('an app runs, is deleted, stays listed for a day, and can be started again', async () => {
  const { studio, DomainId } = await withProfile();
  const app = { DomainId, ...kernel };
  await studio.sm('CreateApp', { ...app, ResourceSpec });
  await expect(studio.sm('DeleteApp', app)).rejects.toEqual(error('ResourceInUse', 'Pending'));
  await studio.settle();
  const { CreationTime } = await studio.sm('DescribeApp', app);
  await expect(studio.sm('CreateApp', { ...app, ResourceSpec })).rejects.toEqual(
    error('ResourceInUse', 'already exists'),
  );
  await studio.sm('DeleteApp', app);
  expect(await studio.sm('DescribeApp', app)).toMatchObject({ Status: 'Deleting' });
  await studio.settle();
  expect((await studio.sm('ListApps', { DomainIdEquals: DomainId })).Apps).toMatchObject([{ Status: 'Deleted' }]);
  await expect(studio.sm('DeleteApp', app)).rejects.toEqual(error('ValidationException', 'has already been deleted'));

  await studio.sm('CreateApp', { ...app, ResourceSpec });
  await studio.settle();
  expect(await studio.sm('DescribeApp', app)).toMatchObject({ Status: 'InService', CreationTime });
  await studio.sm('DeleteApp', app);
  await studio.clock.pass(24 * 3_600_000);
  expect((await studio.sm('ListApps', {})).Apps).toMatchObject([{ Status: 'Deleted' }]);
  await studio.settle();
  expect((await studio.sm('ListApps', {})).Apps).toEqual([]);
  await expect(studio.sm('DeleteApp', app)).rejects.toEqual(error('ResourceNotFound'));
});

test('a failed app does not block a deletion, and cannot be deleted', async () => {
  const { studio, DomainId } = await withProfile();
  const ExecutionRole = await studio.executionRole('Batch', 'batch.amazonaws.com');
  await studio.sm('UpdateUserProfile', { DomainId, UserProfileName: 'ana', UserSettings: { ExecutionRole } });
  await studio.settle();
  await studio.sm('UpdateUserProfile', {
    DomainId,
    UserProfileName: 'ana',
    UserSettings: { ExecutionRole: studio.roleArn },
  });
  await studio.settle();
  const app = { DomainId, ...kernel };
  await studio.sm('CreateApp', { ...app, ResourceSpec });
  await studio.sm('UpdateUserProfile', { DomainId, UserProfileName: 'ana', UserSettings: { ExecutionRole } });
  await studio.settle();
  expect(await studio.sm('DescribeApp', app)).toMatchObject({ Status: 'Failed' });
  await expect(studio.sm('DeleteApp', app)).rejects.toEqual(
    error('ValidationException', 'previously failed and was automatically deleted'),
  );
  await studio.sm('DeleteUserProfile', { DomainId, UserProfileName: 'ana' });
});

test('an invalid app is refused at once', async () => {
  const { studio, DomainId } = await withProfile();
  const create = (more: object) => studio.sm('CreateApp', { DomainId, ...kernel, ResourceSpec, ...more });
  await expect(create({ SpaceName: 'lab' })).rejects.toEqual(error('ValidationException', 'Exactly one of'));
  await expect(create({ UserProfileName: undefined })).rejects.toEqual(error('ValidationException', 'Exactly one of'));
  await expect(create({ UserProfileName: 'missing' })).rejects.toEqual(error('ResourceNotFound'));
  await expect(create({ AppType: 'JupyterServer' })).rejects.toEqual(error('ValidationException', 'must be default'));
  await expect(create({ ResourceSpec: undefined })).rejects.toEqual(
    error('ValidationException', 'InstanceType is required'),
  );
  await expect(studio.sm('ListApps', { SpaceNameEquals: 'a', UserProfileNameEquals: 'b' })).rejects.toEqual(
    error('ValidationException', 'cannot be specified together'),
  );
  studio.table('quotas').set('Maximum number of running Studio apps allowed per account', 0);
  await expect(create({})).rejects.toEqual(error('ResourceLimitExceeded', 'is 0 Apps'));
  await studio.sm('UpdateUserProfile', { DomainId, UserProfileName: 'ana' });
  await expect(create({})).rejects.toEqual(error('ValidationException', 'is not in InService status'));
});

test('an app uses the settings of the request, then of the user, then of the domain', async () => {
  const { studio, DomainId } = await withProfile();
  const settings = (InstanceType: 'ml.t3.large' | 'ml.m5.large') => ({
    KernelGatewayAppSettings: { DefaultResourceSpec: { InstanceType } },
  });
  const launched = async (AppName: string, more: object = {}) => {
    await studio.sm('CreateApp', { DomainId, ...kernel, AppName, ...more });
    await studio.settle();
    return (await studio.sm('DescribeApp', { DomainId, ...kernel, AppName })).ResourceSpec!.InstanceType;
  };
  await studio.sm('UpdateDomain', { DomainId, DefaultUserSettings: settings('ml.t3.large') });
  await studio.settle();
  expect(await launched('a')).toBe('ml.t3.large');
  await studio.sm('UpdateUserProfile', { DomainId, UserProfileName: 'ana', UserSettings: settings('ml.m5.large') });
  await studio.settle();
  expect(await launched('b')).toBe('ml.m5.large');
  expect(await launched('c', { ResourceSpec })).toBe('ml.t3.medium');
});
