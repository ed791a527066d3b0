import { sagemaker } from '../../../../packages/local/src/services/sagemaker/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { custom, StackCloud } from '../stack-cloud.ts';

const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
const ref = (Ref: string) => ({ Ref });
const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

function studio({ minutes = '60', display = 'Notebooks' } = {}) {
  const idle = { LifecycleManagement: 'ENABLED', IdleTimeoutInMinutes: minutes };
  return {
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24' } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'studio-user',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
            ],
          },
        },
      },
      Domain: {
        Type: 'AWS::SageMaker::Domain',
        Properties: {
          DomainName: 'studio',
          AuthMode: 'IAM',
          VpcId: ref('Vpc'),
          SubnetIds: [ref('Subnet')],
          DefaultUserSettings: {
            ExecutionRole: arn('Role'),
            JupyterLabAppSettings: { AppLifecycleManagement: { IdleSettings: idle } },
          },
        },
      },
      Profile: { Type: 'AWS::SageMaker::UserProfile', Properties: { DomainId: ref('Domain'), UserProfileName: 'ada' } },
      Space: {
        Type: 'AWS::SageMaker::Space',
        Properties: {
          DomainId: ref('Domain'),
          SpaceName: 'notebooks',
          SpaceDisplayName: display,
          OwnershipSettings: { OwnerUserProfileName: ref('Profile') },
          SpaceSharingSettings: { SharingType: 'Private' },
          SpaceSettings: { AppType: 'JupyterLab' },
        },
      },
      App: {
        Type: 'AWS::SageMaker::App',
        Properties: {
          DomainId: ref('Domain'),
          UserProfileName: ref('Profile'),
          AppType: 'KernelGateway',
          AppName: 'kernel',
          ResourceSpec: { InstanceType: 'ml.t3.medium' },
        },
      },
    },
    Outputs: {
      Domain: { Value: { 'Fn::GetAtt': ['Domain', 'DomainId'] } },
      Url: { Value: { 'Fn::GetAtt': ['Domain', 'Url'] } },
    },
  };
}

test('a domain with all its resources is created, updated in place and deleted', async () => {
  const cloud = new StackCloud(new Store(), [sagemaker]);
  const made = await cloud.create('studio', studio(), { Capabilities });
  expect(await cloud.history('studio')).not.toContainEqual(expect.stringContaining('_FAILED'));
  expect(made).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
    Outputs: [{}, { OutputValue: expect.stringContaining('https://d-') }],
  });
  const DomainId = made.Outputs![0]!.OutputValue!;
  const idle = async () => {
    const { DefaultUserSettings } = await cloud.invoke(sagemaker, 'DescribeDomain', { DomainId });
    return DefaultUserSettings?.JupyterLabAppSettings?.AppLifecycleManagement?.IdleSettings?.IdleTimeoutInMinutes;
  };
  expect(await idle()).toBe(60);
  const updated = await cloud.update('studio', studio({ minutes: '120', display: 'Ada' }), { Capabilities });
  expect(updated).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Outputs: made.Outputs });
  expect(await idle()).toBe(120);
  const space = await cloud.invoke(sagemaker, 'DescribeSpace', { DomainId, SpaceName: 'notebooks' });
  expect(space.SpaceDisplayName).toBe('Ada');
  expect(await cloud.delete('studio')).toMatchObject({ StackStatus: 'DELETE_FAILED' });
  // As with AWS's own type, the home file system stays, and with it the subnet.
  const failed = (await cloud.history('studio')).filter((line) => line.includes('DELETE_FAILED:'));
  expect(failed[0]).toContain('Subnet DELETE_FAILED');
  expect((await cloud.invoke(sagemaker, 'ListDomains', {})).Domains).toEqual([]);
});

test('a resource whose creation is cancelled while it is pending is deleted once that is possible', async () => {
  const cloud = new StackCloud(new Store(), [sagemaker]);
  cloud.provider = async ({ RequestType, PhysicalResourceId = 'x' }) => {
    if (RequestType === 'Delete') return { PhysicalResourceId };
    await new Promise<void>((resolve) => cloud.clock.after(60_000, resolve));
    return { Status: 'FAILED', Reason: 'no', PhysicalResourceId };
  };
  const { Resources, Outputs } = studio();
  await cloud.create(
    'studio',
    { Resources: { ...Resources, Bad: custom({}, { DependsOn: 'Subnet' }) }, Outputs },
    { Capabilities },
  );
  const history = await cloud.history('studio');
  expect(history).toContain('Domain CREATE_FAILED: Resource creation cancelled');
  expect(history).toContain('Domain DELETE_COMPLETE');
  expect((await cloud.invoke(sagemaker, 'ListDomains', {})).Domains).toEqual([]);
});

test('a failed status is the reason in the event', async () => {
  const cloud = new StackCloud(new Store(), [sagemaker]);
  const { Resources, Outputs } = studio();
  const { Domain } = Resources;
  const SecurityGroups = ['sg-00000000000000000'];
  const DefaultUserSettings = { ...Domain.Properties.DefaultUserSettings, SecurityGroups };
  const failing = { ...Domain, Properties: { ...Domain.Properties, DefaultUserSettings } };
  await cloud.create('studio', { Resources: { ...Resources, Domain: failing }, Outputs }, { Capabilities });
  const [failed] = (await cloud.history('studio')).filter((line) => line.startsWith('Domain CREATE_FAILED'));
  expect(failed).toContain('sg-00000000000000000');
});

type Template = ReturnType<typeof studio>;

/** The template with these properties of the domain or the profile in place of its own. */
function changed(resource: 'Domain' | 'Profile', properties: object, { Resources, Outputs }: Template = studio()) {
  const { App: _, ...rest } = Resources;
  const subnet = { VpcId: ref('Vpc'), CidrBlock: '10.0.1.0/24' };
  const before = Resources[resource];
  return {
    Resources: {
      ...rest,
      Second: { Type: 'AWS::EC2::Subnet', Properties: subnet },
      [resource]: { ...before, Properties: { ...before.Properties, ...properties } },
    },
    Outputs,
  };
}

test('subnets, network access and tags of a domain, and the tags of a profile, change in place', async () => {
  const cloud = new StackCloud(new Store(), [sagemaker]);
  const Tags = [{ Key: 'team', Value: 'a' }];
  const { Outputs } = await cloud.create('studio', changed('Domain', { Tags }), { Capabilities });
  const DomainId = Outputs![0]!.OutputValue!;
  const network = { AppNetworkAccessType: 'VpcOnly', SubnetIds: [ref('Subnet'), ref('Second')] };
  const domain = changed('Domain', { ...network, Tags: [{ Key: 'owner', Value: 'b' }] });
  expect(await cloud.update('studio', domain, { Capabilities })).toMatchObject({
    StackStatus: 'UPDATE_COMPLETE',
    Outputs,
  });
  const described = await cloud.invoke(sagemaker, 'DescribeDomain', { DomainId });
  expect(described).toMatchObject({
    AppNetworkAccessType: 'VpcOnly',
    SubnetIds: [{}, {}].map(() => expect.any(String)),
  });
  const tagsOf = async (ResourceArn?: string) => (await cloud.invoke(sagemaker, 'ListTags', { ResourceArn })).Tags;
  expect(await tagsOf(described.DomainArn)).toEqual([{ Key: 'owner', Value: 'b' }]);
  const profile = changed('Profile', { Tags }, { ...studio(), Resources: domain.Resources as never });
  expect((await cloud.update('studio', profile, { Capabilities })).StackStatus).toBe('UPDATE_COMPLETE');
  const ada = await cloud.invoke(sagemaker, 'DescribeUserProfile', { DomainId, UserProfileName: 'ada' });
  expect(await tagsOf(ada.UserProfileArn)).toEqual(Tags);
  expect(await cloud.history('studio')).not.toContainEqual(expect.stringContaining('new physical resource'));
});

test('a removed subnet is refused while apps run, with the reason of the service, and rolls back', async () => {
  const cloud = new StackCloud(new Store(), [sagemaker]);
  const both = changed('Domain', { SubnetIds: [ref('Subnet'), ref('Second')] });
  const { App } = studio().Resources;
  await cloud.create('studio', { ...both, Resources: { ...both.Resources, App } }, { Capabilities });
  const one = changed('Domain', { SubnetIds: [ref('Subnet')] });
  const updated = await cloud.update('studio', { ...one, Resources: { ...one.Resources, App } }, { Capabilities });
  expect(updated.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  const failed = (await cloud.history('studio')).find((line) => line.startsWith('Domain UPDATE_FAILED'));
  expect(failed).toContain('with InService App');
});

describe('a change set says that', () => {
  test.each<[string, 'Domain' | 'Profile', object, string]>([
    ['another name replaces a domain', 'Domain', { DomainName: 'other' }, 'True'],
    ['another VPC replaces a domain, which has one', 'Domain', { VpcId: 'vpc-1' }, 'True'],
    ['network access changes in place', 'Domain', { AppNetworkAccessType: 'VpcOnly' }, 'False'],
    [
      'another resource specification of RStudio replaces a domain',
      'Domain',
      { DomainSettings: { RStudioServerProDomainSettings: { DefaultResourceSpec: { InstanceType: 'system' } } } },
      'True',
    ],
    ['other settings of a domain do not', 'Domain', { DomainSettings: { DockerSettings: {} } }, 'False'],
    [
      'another group of RStudio replaces a profile',
      'Profile',
      { UserSettings: { RStudioServerProAppSettings: { UserGroup: 'R_STUDIO_ADMIN' } } },
      'True',
    ],
    [
      'access to RStudio replaces a profile',
      'Profile',
      { UserSettings: { RStudioServerProAppSettings: { AccessStatus: 'ENABLED' } } },
      'True',
    ],
    ['other settings of a profile do not', 'Profile', { UserSettings: { SecurityGroups: [] } }, 'False'],
    ['another user of SSO replaces a profile', 'Profile', { SingleSignOnUserValue: 'ada' }, 'True'],
    ['tags of a profile change in place', 'Profile', { Tags: [{ Key: 'a', Value: 'b' }] }, 'False'],
  ])('%s', async (_, resource, properties, Replacement) => {
    const cloud = new StackCloud(new Store(), [sagemaker]);
    await cloud.create('studio', changed('Domain', {}), { Capabilities });
    const { Id } = await cloud.call('CreateChangeSet', {
      ...{ StackName: 'studio', ChangeSetName: 'change', Capabilities },
      TemplateBody: JSON.stringify(changed(resource, properties)),
    });
    const { Changes } = await cloud.call('DescribeChangeSet', { ChangeSetName: Id });
    const change = Changes!.find(({ ResourceChange }) => ResourceChange!.LogicalResourceId === resource);
    expect(change!.ResourceChange).toMatchObject({ Action: 'Modify', Replacement });
  });
});
