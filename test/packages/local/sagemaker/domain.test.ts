import { error, Studio } from '../studio.ts';

test('a domain is created with its file system, a mount target in each subnet and two security groups', async () => {
  const studio = await Studio.open();
  const made = await studio.sm('CreateDomain', studio.domainRequest());
  expect(made.DomainId).toMatch(/^d-[a-z0-9]{12}$/);
  expect(made.Url).toBe(`https://${made.DomainId}.studio.eu-west-1.sagemaker.aws`);
  await studio.settle();

  const domain = await studio.sm('DescribeDomain', { DomainId: made.DomainId });
  expect(domain).toMatchObject({ Status: 'InService', AppNetworkAccessType: 'PublicInternetOnly' });
  const owner = { Key: 'ManagedByAmazonSageMakerResource', Value: made.DomainArn };
  const { FileSystems } = await studio.efs('DescribeFileSystems', { FileSystemId: domain.HomeEfsFileSystemId });
  expect(FileSystems).toMatchObject([{ LifeCycleState: 'available', Tags: [owner], NumberOfMountTargets: 2 }]);
  const { MountTargets } = await studio.efs('DescribeMountTargets', { FileSystemId: domain.HomeEfsFileSystemId });
  expect(MountTargets!.map(({ SubnetId }) => SubnetId).sort()).toEqual([...studio.SubnetIds].sort());

  const groups = await studio.nfsGroups(made.DomainId!);
  const [inbound, outbound] = groups;
  expect(groups).toMatchObject([{ Tags: [owner] }, { Tags: [owner] }]);
  const ports = [2049, 988, 1018];
  expect(inbound!.IpPermissions).toMatchObject(
    ports.map((FromPort) => ({ FromPort, UserIdGroupPairs: [{ GroupId: outbound!.GroupId }] })),
  );
  expect(outbound!.IpPermissionsEgress).toMatchObject(
    ports.map((FromPort) => ({ FromPort, UserIdGroupPairs: [{ GroupId: inbound!.GroupId }] })),
  );
});

test("DescribeDomain shows the request's values, and the defaults of others", async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain({
    DefaultUserSettings: { ExecutionRole: studio.roleArn, StudioWebPortal: 'DISABLED' },
  });
  expect((await studio.sm('DescribeDomain', { DomainId })).DefaultUserSettings).toEqual({
    ExecutionRole: studio.roleArn,
    AutoMountHomeEFS: 'Enabled',
    DefaultLandingUri: 'studio::',
    StudioWebPortal: 'DISABLED',
    SpaceStorageSettings: { DefaultEbsStorageSettings: { DefaultEbsVolumeSizeInGb: 5, MaximumEbsVolumeSizeInGb: 100 } },
  });
});

test('a domain without a home file system creates nothing in EFS or EC2 until an update enables one', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain({ HomeEfsFileSystemCreation: 'Disabled' });
  expect((await studio.sm('DescribeDomain', { DomainId })).HomeEfsFileSystemId).toBeUndefined();
  expect((await studio.efs('DescribeFileSystems', {})).FileSystems).toEqual([]);

  await studio.sm('UpdateDomain', { DomainId, HomeEfsFileSystemCreation: 'Enabled' });
  await studio.settle();
  expect(await studio.sm('DescribeDomain', { DomainId })).toMatchObject({ Status: 'InService' });
  expect((await studio.efs('DescribeFileSystems', {})).FileSystems).toMatchObject([{ NumberOfMountTargets: 2 }]);
  await expect(studio.sm('UpdateDomain', { DomainId, HomeEfsFileSystemCreation: 'Disabled' })).rejects.toEqual(
    error('ValidationException', 'from Enabled to Disabled'),
  );
});

test('a domain with AuthMode SSO has an application in IAM Identity Center', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain({ AuthMode: 'SSO' });
  expect(await studio.sm('DescribeDomain', { DomainId })).toMatchObject({
    SingleSignOnManagedApplicationInstanceId: expect.stringMatching(/^ins-[a-z0-9]{16}$/),
    SingleSignOnApplicationArn: expect.stringMatching(/^arn:aws:sso::\d{12}:application\/sagemaker\/apl-/),
  });
});

test('a domain with RStudio in a VPC has a boundary security group, which is deleted with it', async () => {
  const studio = await Studio.open();
  const RStudioServerProDomainSettings = { DomainExecutionRoleArn: studio.roleArn };
  const request = { AppNetworkAccessType: 'VpcOnly', DomainSettings: { RStudioServerProDomainSettings } } as const;
  await expect(studio.domain(request)).rejects.toEqual(
    error('ValidationException', 'AppSecurityGroupManagement is required'),
  );
  const DomainId = await studio.domain({ ...request, AppSecurityGroupManagement: 'Service' });
  const { SecurityGroupIdForDomainBoundary: GroupId } = await studio.sm('DescribeDomain', { DomainId });
  expect((await studio.ec2('DescribeSecurityGroups', { GroupIds: [GroupId!] })).SecurityGroups).toHaveLength(1);
  await studio.sm('DeleteDomain', { DomainId });
  await studio.settle();
  await expect(studio.ec2('DescribeSecurityGroups', { GroupIds: [GroupId!] })).rejects.toEqual(
    error('InvalidGroup.NotFound'),
  );
});

test('a deleted domain leaves its file system and security groups behind', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  await studio.sm('DeleteDomain', { DomainId });
  expect(await studio.sm('DescribeDomain', { DomainId })).toMatchObject({ Status: 'Deleting' });
  await studio.settle();
  await expect(studio.sm('DescribeDomain', { DomainId })).rejects.toEqual(error('ResourceNotFound'));
  expect((await studio.efs('DescribeFileSystems', {})).FileSystems).toMatchObject([{ NumberOfMountTargets: 2 }]);
  expect((await studio.ec2('DescribeNetworkInterfaces', {})).NetworkInterfaces).toHaveLength(2);
});

test('a domain deleted with its file system leaves only the two security groups', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  await studio.sm('DeleteDomain', { DomainId, RetentionPolicy: { HomeEfsFileSystem: 'Delete' } });
  await studio.settle();
  await expect(studio.sm('DescribeDomain', { DomainId })).rejects.toEqual(error('ResourceNotFound'));
  expect((await studio.efs('DescribeFileSystems', {})).FileSystems).toEqual([]);
  expect((await studio.ec2('DescribeNetworkInterfaces', {})).NetworkInterfaces).toEqual([]);
  expect(await studio.nfsGroups(DomainId)).toHaveLength(2);
});

test("the two security groups are deleted too if the account's behaviour says so", async () => {
  const studio = await Studio.open();
  studio.table('behaviour').set('NfsSecurityGroups', 'Delete');
  const DomainId = await studio.domain();
  await studio.sm('DeleteDomain', { DomainId, RetentionPolicy: { HomeEfsFileSystem: 'Delete' } });
  await studio.settle();
  expect(await studio.nfsGroups(DomainId)).toEqual([]);
});

test('a file system that was deleted before its domain does not stop the deletion', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  const { HomeEfsFileSystemId: FileSystemId } = await studio.sm('DescribeDomain', { DomainId });
  const { MountTargets } = await studio.efs('DescribeMountTargets', { FileSystemId });
  for (const { MountTargetId } of MountTargets!) await studio.efs('DeleteMountTarget', { MountTargetId });
  await studio.settle();
  await studio.efs('DeleteFileSystem', { FileSystemId });
  await studio.settle();
  await studio.sm('DeleteDomain', { DomainId, RetentionPolicy: { HomeEfsFileSystem: 'Delete' } });
  await studio.settle();
  expect((await studio.sm('ListDomains', {})).Domains).toEqual([]);
});

test('a domain cannot be deleted while it has profiles or spaces, or while it is changed', async () => {
  const studio = await Studio.open();
  const { DomainId } = await studio.sm('CreateDomain', studio.domainRequest());
  await expect(studio.sm('DeleteDomain', { DomainId })).rejects.toEqual(error('ValidationException', 'Pending'));
  await studio.settle();
  await studio.profile(DomainId!, 'ana');
  await expect(studio.sm('DeleteDomain', { DomainId })).rejects.toEqual(
    error('ResourceInUse', 'because UserProfile(s) are associated with it.'),
  );
  await studio.sm('DeleteUserProfile', { DomainId, UserProfileName: 'ana' });
  await studio.settle();
  await studio.sm('CreateSpace', { DomainId, SpaceName: 'shared' });
  await expect(studio.sm('DeleteDomain', { DomainId })).rejects.toEqual(
    error('ResourceInUse', 'because Space(s) are associated with it.'),
  );
  await studio.settle();
  await studio.sm('DeleteSpace', { DomainId, SpaceName: 'shared' });
  await studio.settle();
  await studio.sm('DeleteDomain', { DomainId });
  await expect(studio.sm('DeleteDomain', { DomainId })).rejects.toEqual(error('ResourceInUse', 'Deleting'));
  await expect(studio.sm('UpdateDomain', { DomainId })).rejects.toEqual(error('ResourceInUse', 'Deleting'));
});

test('a name in use and a reached quota are refused', async () => {
  const studio = await Studio.open();
  await studio.domain();
  await expect(studio.domain()).rejects.toEqual(error('ResourceInUse', 'team'));
  studio.table('quotas').set('Total domains', 1);
  await expect(studio.domain({ DomainName: 'other' })).rejects.toEqual(
    error(
      'ResourceLimitExceeded',
      "The account-level service limit 'Total domains' is 1 Domains, with current utilization of 1 Domains and a request delta of 1 Domains.",
    ),
  );
});

test('domains are listed ten to a page, each once', async () => {
  const studio = await Studio.open();
  studio.table('quotas').set('Total domains', 12);
  for (let n = 1; n <= 12; n += 1) {
    await studio.sm('CreateDomain', studio.domainRequest({ DomainName: `team-${n}` }));
    await studio.clock.pass(10);
  }
  await studio.settle();
  const first = await studio.sm('ListDomains', {});
  expect(first.Domains).toHaveLength(10);
  const second = await studio.sm('ListDomains', { NextToken: first.NextToken });
  expect(second.NextToken).toBeUndefined();
  const names = [...first.Domains!, ...second.Domains!].map(({ DomainName }) => DomainName);
  expect(names).toEqual(Array.from({ length: 12 }, (_, index) => `team-${index + 1}`));
  await expect(studio.sm('ListDomains', { NextToken: 'made up' })).rejects.toEqual(error('ValidationException'));
});

describe('a domain is refused at once with', () => {
  const noVpc = { VpcId: undefined, SubnetIds: undefined };
  const long = Array.from({ length: 17 }, (_, index) => `subnet-${index}`);
  const cases: [string, Parameters<Studio['domain']>[0], string][] = [
    [
      'a name with a dot',
      { DomainName: 'a.b' },
      "Value 'a.b' at 'domainName' failed to satisfy constraint: Member must satisfy regular",
    ],
    [
      'an AuthMode that does not exist',
      { AuthMode: 'NONE' as 'IAM' },
      'Member must satisfy enum value set: [SSO, IAM]',
    ],
    ['17 subnets', { SubnetIds: long }, 'Member must have length less than or equal to 16'],
    ['no subnet', { SubnetIds: [] }, 'Member must have length greater than or equal to 1'],
    ['a VPC that does not exist', { VpcId: 'vpc-0aa' }, "The vpc ID 'vpc-0aa' does not exist"],
    ['a subnet that does not exist', { SubnetIds: ['subnet-0aa'] }, "The subnet ID 'subnet-0aa' does not exist"],
    ['neither VPC nor subnets', noVpc, 'VpcId and SubnetIds are required'],
    ['a VPC alone', { SubnetIds: undefined }, 'must be specified together'],
    [
      'VpcOnly without a VPC',
      { ...noVpc, AppNetworkAccessType: 'VpcOnly' },
      'are required for domains in VpcOnly mode',
    ],
    [
      'AppSecurityGroupManagement without RStudio',
      { AppSecurityGroupManagement: 'Service' },
      'AppSecurityGroupManagement can only be set for Rstudio enabled domains.',
    ],
    ['Amazon Q without SSO', { DomainSettings: { AmazonQSettings: { Status: 'ENABLED' } } }, 'AuthMode SSO'],
    [
      'identity propagation without SSO',
      { DomainSettings: { TrustedIdentityPropagationSettings: { Status: 'ENABLED' } } },
      'AuthMode SSO',
    ],
    [
      'a domain that mounts as the domain does',
      { DefaultUserSettings: { AutoMountHomeEFS: 'DefaultAsDomain' } },
      'AutoMountHomeEFS',
    ],
    [
      'lifecycle configurations without a DefaultResourceSpec',
      {
        DefaultUserSettings: {
          JupyterServerAppSettings: {
            LifecycleConfigArns: [`arn:aws:sagemaker:eu-west-1:111122223333:studio-lifecycle-config/a`],
          },
        },
      },
      'DefaultResourceSpec is required in JupyterServerAppSettings',
    ],
    ['a tag of AWS', { Tags: [{ Key: 'aws:x', Value: 'y' }] }, 'aws: prefixed tag key names'],
    [
      'a tag twice',
      {
        Tags: [
          { Key: 'x', Value: 'y' },
          { Key: 'x', Value: 'z' },
        ],
      },
      'Duplicate tag keys',
    ],
    [
      'an idle timeout of 59 minutes',
      {
        DefaultUserSettings: {
          JupyterLabAppSettings: { AppLifecycleManagement: { IdleSettings: { IdleTimeoutInMinutes: 59 } } },
        },
      },
      "Value '59' at 'defaultUserSettings.jupyterLabAppSettings.appLifecycleManagement.idleSettings.idleTimeoutInMinutes' failed to satisfy constraint: Member must have value greater than or equal to 60",
    ],
    [
      'an execution role that does not exist',
      { DefaultUserSettings: { ExecutionRole: 'arn:aws:iam::111122223333:role/Missing' } },
      "Could not assume role arn:aws:iam::111122223333:role/Missing. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.",
    ],
  ];
  test.each(cases)('%s', async (_name, request, message) => {
    const studio = await Studio.open();
    await expect(studio.sm('CreateDomain', studio.domainRequest(request))).rejects.toEqual(
      error('ValidationException', message),
    );
    expect((await studio.sm('ListDomains', {})).Domains).toEqual([]);
  });

  test('a subnet of another VPC', async () => {
    const studio = await Studio.open();
    const { Vpc } = await studio.ec2('CreateVpc', { CidrBlock: '10.1.0.0/16' });
    const other = await studio.subnet('10.1.0.0/24', 'a', Vpc!.VpcId);
    await expect(studio.domain({ SubnetIds: [other] })).rejects.toEqual(
      error('ValidationException', `Subnet ${other} does not belong to VPC ${studio.VpcId}`),
    );
  });
});

test('of two concurrent requests for one name, one succeeds', async () => {
  const studio = await Studio.open();
  const [first, second] = await Promise.allSettled([studio.domain(), studio.domain()]);
  expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected']);
  expect((await studio.sm('ListDomains', {})).Domains).toHaveLength(1);
});
