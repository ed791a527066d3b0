import { CreateStudioLifecycleConfigCommand } from '@aws-sdk/client-sagemaker';
import { diffDomainSettings } from '@studio-resources/sagemaker/domain/domain';
import { studioDomain } from '../../handlers/studio-domain.ts';
import type { Answer } from '../subject.ts';
import { account, region, stackId } from './built-function.ts';
import { domainProperties } from './domain-subject.ts';
import { type StudioWorld, studioWorld } from './studio-world.ts';

type Properties = Record<string, unknown>;

const start = studioWorld('studio-domain', 'Domain', studioDomain);
const config = `arn:aws:sagemaker:${region}:${account}:studio-lifecycle-config/setup`;
const role = `arn:aws:iam::${account}:role/studio`;

let world: StudioWorld;

beforeEach(async () => {
  world = await start();
});
afterEach(() => world.close());

/** Makes a domain and updates it; gives the answer and the calls of the update that changed something. */
async function update(
  from: Properties,
  to: Properties,
  StackId = stackId,
): Promise<{ answer: Answer; calls: [string, Properties][]; id: string }> {
  const properties = domainProperties(world);
  const OldResourceProperties = { ...properties, ...from };
  const created = await world.send({ RequestType: 'Create', ResourceProperties: OldResourceProperties });
  expect(created).toMatchObject({ Status: 'SUCCESS' });
  const before = world.calls().length;
  const id = created.PhysicalResourceId;
  const answer = await world.send({
    RequestType: 'Update',
    StackId,
    PhysicalResourceId: id,
    ResourceProperties: { ...properties, ...to },
    OldResourceProperties,
  });
  const calls = world.calls().slice(before);
  return { answer, id, calls: calls.map(({ operation, input }) => [operation, input]) };
}

async function makeConfigs(): Promise<void> {
  for (const [StudioLifecycleConfigName, StudioLifecycleConfigAppType] of [
    ['setup', 'JupyterLab'],
    ['classic', 'KernelGateway'],
  ] as const) {
    await world.sagemaker.send(
      new CreateStudioLifecycleConfigCommand({
        StudioLifecycleConfigName,
        StudioLifecycleConfigAppType,
        StudioLifecycleConfigContent: Buffer.from('echo hello').toString('base64'),
      }),
    );
  }
  await world.run.cloud.pass(10_000);
}

const settings = (own: Properties) => ({ DefaultUserSettings: { ExecutionRole: role, ...own } });
const classic = config.replace('setup', 'classic');

test.each<[what: string, from: Properties, to: Properties, sent: Properties]>([
  [
    'a changed member deep inside goes without its neighbours',
    settings({ DefaultLandingUri: 'studio::', JupyterLabAppSettings: { CodeRepositories: [] } }),
    settings({
      DefaultLandingUri: 'studio::',
      JupyterLabAppSettings: { CodeRepositories: [{ RepositoryUrl: 'https://git.example.com/a' }] },
    }),
    {
      DefaultUserSettings: {
        JupyterLabAppSettings: { CodeRepositories: [{ RepositoryUrl: 'https://git.example.com/a' }] },
      },
    },
  ],
  [
    'a removed list goes as an empty one, a removed ARN as None',
    settings({ JupyterLabAppSettings: { LifecycleConfigArns: [config], BuiltInLifecycleConfigArn: config } }),
    settings({}),
    { DefaultUserSettings: { JupyterLabAppSettings: { LifecycleConfigArns: [], BuiltInLifecycleConfigArn: 'None' } } },
  ],
  [
    'an innermost structure goes as a whole',
    settings({
      JupyterLabAppSettings: {
        DefaultResourceSpec: { InstanceType: 'ml.t3.medium', LifecycleConfigArn: config },
        LifecycleConfigArns: [config],
      },
    }),
    settings({
      JupyterLabAppSettings: {
        DefaultResourceSpec: { InstanceType: 'ml.t3.medium' },
        LifecycleConfigArns: [config],
      },
    }),
    {
      DefaultUserSettings: {
        JupyterLabAppSettings: { DefaultResourceSpec: { InstanceType: 'ml.t3.medium', LifecycleConfigArn: 'None' } },
      },
    },
  ],
  [
    'lifecycle configs of Studio Classic go with the resource spec that they need',
    settings({ KernelGatewayAppSettings: { DefaultResourceSpec: { InstanceType: 'ml.t3.medium' } } }),
    settings({
      KernelGatewayAppSettings: {
        DefaultResourceSpec: { InstanceType: 'ml.t3.medium' },
        LifecycleConfigArns: [classic],
      },
    }),
    {
      DefaultUserSettings: {
        KernelGatewayAppSettings: {
          DefaultResourceSpec: { InstanceType: 'ml.t3.medium' },
          LifecycleConfigArns: [classic],
        },
      },
    },
  ],
  [
    'a member that is left out goes as its documented default',
    { TagPropagation: 'ENABLED' },
    {},
    { TagPropagation: 'DISABLED' },
  ],
  [
    'a domain without a home file system is given one',
    { HomeEfsFileSystemCreation: 'Disabled' },
    { HomeEfsFileSystemCreation: 'Enabled' },
    { HomeEfsFileSystemCreation: 'Enabled' },
  ],
])('%s', async (_, from, to, sent) => {
  await makeConfigs();
  const { answer, calls, id } = await update(from, to);
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  expect(calls).toEqual([['UpdateDomain', { DomainId: id, ...sent }]]);
});

test('a changed network access is sent with the VPC and the subnets', async () => {
  const { answer, calls, id } = await update({}, { AppNetworkAccessType: 'VpcOnly' });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  const { VpcId, SubnetIds } = domainProperties(world);
  expect(calls).toEqual([['UpdateDomain', { DomainId: id, AppNetworkAccessType: 'VpcOnly', VpcId, SubnetIds }]]);
});

test('domain settings are sent under their names in UpdateDomain, with those that it requires', async () => {
  const domainSettings = (group: string, url: string) => ({
    DomainSettings: {
      SecurityGroupIds: [group],
      RStudioServerProDomainSettings: { DomainExecutionRoleArn: role, RStudioConnectUrl: url },
    },
  });
  const groups = await world.makeSecurityGroups('one', 'two');
  const { answer, calls, id } = await update(
    domainSettings(groups[0]!, 'https://a'),
    domainSettings(groups[1]!, 'https://b'),
  );
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  expect(calls).toEqual([
    [
      'UpdateDomain',
      {
        DomainId: id,
        DomainSettingsForUpdate: {
          SecurityGroupIds: [groups[1]],
          RStudioServerProDomainSettingsForUpdate: { DomainExecutionRoleArn: role, RStudioConnectUrl: 'https://b' },
        },
      },
    ],
  ]);
});

test('a domain that was made without a VPC is given one in place', async () => {
  const { VpcId, SubnetIds, ...without } = domainProperties(world);
  // Only a domain of SageMaker Unified Studio may do without a VPC.
  const DomainSettings = { UnifiedStudioSettings: { StudioWebPortalAccess: 'ENABLED' } };
  const made = { ...without, DomainSettings, HomeEfsFileSystemCreation: 'Disabled' };
  const { PhysicalResourceId } = await world.send({ RequestType: 'Create', ResourceProperties: made });
  const answer = await world.send({
    RequestType: 'Update',
    PhysicalResourceId,
    ResourceProperties: { ...made, VpcId, SubnetIds },
    OldResourceProperties: made,
  });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  const input = { DomainId: PhysicalResourceId, VpcId, SubnetIds };
  expect(world.calls().at(-1)).toEqual({ operation: 'UpdateDomain', input });
});

test('a home file system cannot be removed, so that change would replace', async () => {
  const { answer, calls } = await update(
    { HomeEfsFileSystemCreation: 'Enabled' },
    { HomeEfsFileSystemCreation: 'Disabled' },
  );
  expect(answer.Status).toBe('FAILED');
  expect(answer.Reason).toContain('a change of HomeEfsFileSystemCreation cannot be made in place');
  expect(calls).toEqual([]);
});

test('if CloudFormation does not say that it is no rollback, settings that the API cannot clear are in the log', async () => {
  const { answer, calls } = await update(
    settings({ CustomPosixUserConfig: { Uid: '10000', Gid: '1001' }, DefaultLandingUri: 'studio::' }),
    settings({}),
    stackId.replace('studio', 'unknown'),
  );
  expect(answer.Status).toBe('SUCCESS');
  expect(calls).toEqual([]);
  expect(await world.run.log()).toContainEqual(
    expect.objectContaining({
      message: 'The API cannot clear these settings, so they keep their values',
      notCleared: ['DefaultUserSettings.CustomPosixUserConfig.Uid', 'DefaultUserSettings.CustomPosixUserConfig.Gid'],
    }),
  );
});

test('what the API cannot clear is named by its path in the template', () => {
  const RStudioServerProDomainSettings = { DomainExecutionRoleArn: role, RStudioConnectUrl: 'https://a' };
  const { notCleared } = diffDomainSettings({}, { DomainSettings: { RStudioServerProDomainSettings } });
  expect(notCleared.map(({ path }) => path)).toEqual([
    'DomainSettings.RStudioServerProDomainSettings.DomainExecutionRoleArn',
    'DomainSettings.RStudioServerProDomainSettings.RStudioConnectUrl',
  ]);
});

test('tags change in place, and only those of the template', async () => {
  const { calls, id } = await update(
    {
      Tags: [
        { Key: 'team', Value: 'red' },
        { Key: 'old', Value: '1' },
        { Key: 'same', Value: '1' },
      ],
    },
    {
      Tags: [
        { Key: 'team', Value: 'blue' },
        { Key: 'same', Value: '1' },
      ],
    },
  );
  const ResourceArn = `arn:aws:sagemaker:${region}:${account}:domain/${id}`;
  expect(calls).toEqual([
    ['DeleteTags', { ResourceArn, TagKeys: ['old'] }],
    ['AddTags', { ResourceArn, Tags: [{ Key: 'team', Value: 'blue' }] }],
  ]);
  expect(await world.look(id)).toMatchObject({ Tags: { 'studio-resources:logical-id': 'Studio' } });
});

test('all 47 tags may be exchanged at once, and a change of case is a change', async () => {
  const tags = (prefix: string) => Array.from({ length: 47 }, (_, n) => ({ Key: `${prefix}${n}`, Value: 'x' }));
  const { answer, id } = await update({ Tags: tags('team') }, { Tags: tags('Team') });
  expect(answer).toMatchObject({ Status: 'SUCCESS' });
  const { Tags } = await world.look(id);
  const own = Object.keys(Tags as object).filter((key) => !key.startsWith('studio-resources:'));
  expect(own.sort()).toEqual(
    tags('Team')
      .map(({ Key }) => Key)
      .sort(),
  );
});

test('tags for which there is no room are refused before anything is called', async () => {
  const Tags = Array.from({ length: 49 }, (_, n) => ({ Key: `team${n}`, Value: 'x' }));
  const { answer, calls } = await update({}, { Tags });
  expect(answer.Reason).toContain(
    'Reading Tags: 49 of the template and 3 of this project are 52, and a resource can have 50. Remove 2 of them',
  );
  expect(calls).toEqual([]);
});

test('an RStudio user group is sent only with access', async () => {
  const group = { UserGroup: 'R_STUDIO_ADMIN' };
  const { answer, calls, id } = await update(
    settings({ RStudioServerProAppSettings: { AccessStatus: 'ENABLED', ...group } }),
    settings({ RStudioServerProAppSettings: { AccessStatus: 'DISABLED', ...group } }),
  );
  expect(answer).toMatchObject({ Status: 'SUCCESS' });
  const sent = { RStudioServerProAppSettings: { AccessStatus: 'DISABLED' } };
  expect(calls).toEqual([['UpdateDomain', { DomainId: id, DefaultUserSettings: sent }]]);
});

test.each([
  ['DeleteContents', 'All'],
  ['HomeEfsFileSystem', 'Delete'],
  ['AdoptExisting', 'true'],
])('setting %s changes nothing in SageMaker', async (name, value) => {
  const { answer, calls } = await update({}, { [name]: value });
  expect(answer.Status).toBe('SUCCESS');
  expect(calls).toEqual([]);
});
