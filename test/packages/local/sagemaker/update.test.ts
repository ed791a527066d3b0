import { error, Studio } from '../studio.ts';

const lifecycle = 'arn:aws:sagemaker:eu-west-1:111122223333:studio-lifecycle-config/start';

test('an update keeps what it does not name, replaces lists as a whole, and clears what is None or an empty list', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain({
    DefaultUserSettings: {
      ExecutionRole: studio.roleArn,
      JupyterLabAppSettings: {
        DefaultResourceSpec: { InstanceType: 'ml.t3.medium', LifecycleConfigArn: lifecycle },
        LifecycleConfigArns: [lifecycle],
        CodeRepositories: [{ RepositoryUrl: 'https://example.com/a' }],
      },
    },
  });
  await studio.sm('UpdateDomain', {
    DomainId,
    DefaultUserSettings: {
      JupyterLabAppSettings: {
        DefaultResourceSpec: { LifecycleConfigArn: 'None' },
        LifecycleConfigArns: [],
        CodeRepositories: [{ RepositoryUrl: 'https://example.com/b' }],
      },
    },
  });
  const { DefaultUserSettings } = await studio.sm('DescribeDomain', { DomainId });
  expect(DefaultUserSettings!.ExecutionRole).toBe(studio.roleArn);
  expect(DefaultUserSettings!.JupyterLabAppSettings).toEqual({
    DefaultResourceSpec: { InstanceType: 'ml.t3.medium' },
    LifecycleConfigArns: [],
    CodeRepositories: [{ RepositoryUrl: 'https://example.com/b' }],
  });
});

test('the security groups of a domain are replaced, but an empty list is ignored', async () => {
  const studio = await Studio.open();
  const [first, second] = [await studio.securityGroup('first'), await studio.securityGroup('second')];
  const DomainId = await studio.domain({ DomainSettings: { SecurityGroupIds: [first] } });
  const groupsAfter = async (SecurityGroupIds: string[]) => {
    await studio.sm('UpdateDomain', { DomainId, DomainSettingsForUpdate: { SecurityGroupIds } });
    await studio.settle();
    return (await studio.sm('DescribeDomain', { DomainId })).DomainSettings!.SecurityGroupIds;
  };
  expect(await groupsAfter([second])).toEqual([second]);
  expect(await groupsAfter([])).toEqual([second]);
});

test('a change of subnets moves the mount targets, also within one Availability Zone', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  const [old, kept] = studio.SubnetIds as [string, string];
  const replacement = await studio.subnet('10.0.7.0/24', 'a');
  await studio.sm('UpdateDomain', { DomainId, SubnetIds: [kept, replacement] });
  await studio.settle();
  const { HomeEfsFileSystemId: FileSystemId, Status } = await studio.sm('DescribeDomain', { DomainId });
  expect(Status).toBe('InService');
  const { MountTargets } = await studio.efs('DescribeMountTargets', { FileSystemId });
  expect(MountTargets!.map(({ SubnetId }) => SubnetId).sort()).toEqual([kept, replacement].sort());
  await studio.ec2('DeleteSubnet', { SubnetId: old });
});

test('the network access of apps can be changed with the VPC and its subnets, while no app exists', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  await studio.profile(DomainId, 'ana');
  const { VpcId, SubnetIds } = studio;
  const vpcOnly = { DomainId, AppNetworkAccessType: 'VpcOnly', VpcId, SubnetIds } as const;
  await expect(studio.sm('UpdateDomain', { DomainId, AppNetworkAccessType: 'VpcOnly' })).rejects.toEqual(
    error('ValidationException', 'VpcId and Subnet IDs are required for updating domains to VpcOnly mode.'),
  );
  const app = { DomainId, UserProfileName: 'ana', AppType: 'JupyterServer', AppName: 'default' } as const;
  await studio.sm('CreateApp', app);
  await studio.settle();
  const message = `Unable to update Domain [${studio.arn('domain', DomainId)}] with InService App. Delete all InService apps in the domain including shared Apps for [domain-shared] User Profile, and try again.`;
  await expect(studio.sm('UpdateDomain', vpcOnly)).rejects.toEqual(error('ValidationException', message));
  await expect(studio.sm('UpdateDomain', { DomainId, SubnetIds: [SubnetIds[0]!] })).rejects.toEqual(
    error('ValidationException', message),
  );
  const identity = { ExecutionRoleIdentityConfig: 'USER_PROFILE_NAME' } as const;
  await expect(studio.sm('UpdateDomain', { DomainId, DomainSettingsForUpdate: identity })).rejects.toEqual(
    error('ValidationException', message),
  );

  await studio.sm('DeleteApp', app);
  await studio.settle();
  await studio.sm('UpdateDomain', vpcOnly);
  await studio.settle();
  expect(await studio.sm('DescribeDomain', { DomainId })).toMatchObject({
    Status: 'InService',
    AppNetworkAccessType: 'VpcOnly',
  });
});

test('the VPC of a domain cannot be changed, nor can the network access of a domain with RStudio', async () => {
  const studio = await Studio.open();
  const RStudioServerProDomainSettings = { DomainExecutionRoleArn: studio.roleArn };
  const DomainId = await studio.domain({ DomainSettings: { RStudioServerProDomainSettings } });
  const { VpcId, SubnetIds } = studio;
  await expect(studio.sm('UpdateDomain', { DomainId, VpcId: 'vpc-0bb' })).rejects.toEqual(
    error('ValidationException', 'VpcId can only be added'),
  );
  await expect(
    studio.sm('UpdateDomain', { DomainId, AppNetworkAccessType: 'VpcOnly', VpcId, SubnetIds }),
  ).rejects.toEqual(error('ValidationException', 'Rstudio enabled'));
});

test('an RStudio user group is refused without access, and removed with it', async () => {
  const studio = await Studio.open();
  const settings = (RStudioServerProAppSettings: object) => ({ RStudioServerProAppSettings });
  const [group, access] = [{ UserGroup: 'R_STUDIO_ADMIN' }, { AccessStatus: 'ENABLED' }];
  const DomainId = await studio.domain();
  const refused = error('ValidationException', 'Make sure AccessStatus is set to ENABLED');
  const disabled = settings({ AccessStatus: 'DISABLED', ...group });
  const profile = { DomainId, UserProfileName: 'ana' };
  await expect(studio.sm('UpdateDomain', { DomainId, DefaultUserSettings: disabled })).rejects.toEqual(refused);
  await expect(studio.sm('CreateUserProfile', { ...profile, UserSettings: settings(group) })).rejects.toEqual(refused);
  await studio.profile(DomainId, 'ana');
  await expect(studio.sm('UpdateUserProfile', { ...profile, UserSettings: disabled })).rejects.toEqual(refused);
  for (const change of [access, group, { AccessStatus: 'DISABLED' }]) {
    await studio.sm('UpdateUserProfile', { ...profile, UserSettings: settings(change) });
    await studio.settle();
  }
  const { UserSettings } = await studio.sm('DescribeUserProfile', profile);
  expect(UserSettings).toMatchObject(settings({ AccessStatus: 'DISABLED' }));
  expect(JSON.stringify(UserSettings)).not.toContain('R_STUDIO_ADMIN');
});

test('profiles and spaces are updated the same way, and the app type of a space cannot be changed', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  await studio.profile(DomainId, 'ana');
  await studio.space(DomainId, 'lab', 'ana');
  const profile = { DomainId, UserProfileName: 'ana' };
  await studio.sm('UpdateUserProfile', { ...profile, UserSettings: { StudioWebPortal: 'DISABLED' } });
  await expect(studio.sm('UpdateUserProfile', profile)).rejects.toEqual(error('ResourceInUse', 'Updating'));
  await studio.settle();
  await studio.sm('UpdateUserProfile', { ...profile, UserSettings: { DefaultLandingUri: 'app:JupyterServer:' } });
  await studio.settle();
  expect(await studio.sm('DescribeUserProfile', profile)).toMatchObject({
    Status: 'InService',
    UserSettings: { StudioWebPortal: 'DISABLED', DefaultLandingUri: 'app:JupyterServer:' },
  });

  const space = { DomainId, SpaceName: 'lab' };
  await expect(studio.sm('UpdateSpace', { ...space, SpaceSettings: { AppType: 'JupyterLab' } })).rejects.toEqual(
    error('ValidationException', 'Updating AppType for Space is not supported.'),
  );
  await studio.sm('UpdateSpace', { ...space, SpaceDisplayName: 'Lab', SpaceSettings: { RemoteAccess: 'ENABLED' } });
  await studio.settle();
  expect(await studio.sm('DescribeSpace', space)).toMatchObject({
    Status: 'InService',
    SpaceDisplayName: 'Lab',
    SpaceSettings: { AppType: 'JupyterLab', RemoteAccess: 'ENABLED' },
  });
});

test("a space's volume can be made larger, but not smaller", async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  await studio.profile(DomainId, 'ana');
  await studio.space(DomainId, 'lab', 'ana');
  const space = { DomainId, SpaceName: 'lab' };
  const resize = (EbsVolumeSizeInGb: number) =>
    studio.sm('UpdateSpace', {
      ...space,
      SpaceSettings: { SpaceStorageSettings: { EbsStorageSettings: { EbsVolumeSizeInGb } } },
    });
  await resize(20);
  await studio.settle();
  await expect(resize(10)).rejects.toEqual(
    error('ValidationException', 'EbsVolumeSizeInGb 10 is less than the 20 that the volume has.'),
  );
  expect(await studio.sm('DescribeSpace', space)).toMatchObject({
    Status: 'InService',
    SpaceSettings: { SpaceStorageSettings: { EbsStorageSettings: { EbsVolumeSizeInGb: 20 } } },
  });
});
