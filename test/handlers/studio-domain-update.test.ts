import { handler, studioDomain } from '../../handlers/studio-domain.ts';
import type { Answer } from '../contract.ts';
import { domainProperties, role } from './domain-properties.ts';
import { type MockWorld, mockWorld } from './mock-world.ts';

type Properties = Record<string, unknown>;

let world: MockWorld;

beforeEach(() => {
  world = mockWorld('Domain', handler, studioDomain);
});
afterEach(() => world.close());

/** Makes a domain and updates it; gives the answer and the calls of the update that changed something. */
async function update(from: Properties, to: Properties): Promise<{ answer: Answer; calls: unknown[] }> {
  const OldResourceProperties = { ...domainProperties, ...from };
  const created = await world.send({ RequestType: 'Create', ResourceProperties: OldResourceProperties });
  expect(created.Status).toBe('SUCCESS');
  const before = world.studio.mutations.length;
  const answer = await world.send({
    RequestType: 'Update',
    PhysicalResourceId: created.PhysicalResourceId,
    ResourceProperties: { ...domainProperties, ...to },
    OldResourceProperties,
  });
  const calls = world.studio.mutations.slice(before).map(({ operation, input }) => [operation, input]);
  return { answer, calls };
}

const DomainId = 'd-aaaaaaaaaaa1';
const ResourceArn = `arn:aws:sagemaker:eu-west-1:111122223333:domain/${DomainId}`;
const config = 'arn:aws:sagemaker:eu-west-1:111122223333:studio-lifecycle-config/setup';
const settings = (own: Properties) => ({ DefaultUserSettings: { ExecutionRole: role, ...own } });

test.each<[what: string, from: Properties, to: Properties, sent: Properties]>([
  [
    'a changed member deep inside goes without its neighbours',
    settings({ SecurityGroups: ['sg-1'], JupyterLabAppSettings: { CodeRepositories: [] } }),
    settings({
      SecurityGroups: ['sg-1'],
      JupyterLabAppSettings: { CodeRepositories: [{ RepositoryUrl: 'https://a' }] },
    }),
    { DefaultUserSettings: { JupyterLabAppSettings: { CodeRepositories: [{ RepositoryUrl: 'https://a' }] } } },
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
      JupyterLabAppSettings: { DefaultResourceSpec: { InstanceType: 'ml.t3.medium', LifecycleConfigArn: config } },
    }),
    settings({ JupyterLabAppSettings: { DefaultResourceSpec: { InstanceType: 'ml.t3.medium' } } }),
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
        LifecycleConfigArns: [config],
      },
    }),
    {
      DefaultUserSettings: {
        KernelGatewayAppSettings: {
          DefaultResourceSpec: { InstanceType: 'ml.t3.medium' },
          LifecycleConfigArns: [config],
        },
      },
    },
  ],
  [
    'a changed network access goes with the VPC and the subnets',
    {},
    { AppNetworkAccessType: 'VpcOnly' },
    { AppNetworkAccessType: 'VpcOnly', VpcId: 'vpc-1', SubnetIds: ['subnet-1', 'subnet-2'] },
  ],
  [
    'a member that is left out goes as its documented default',
    { TagPropagation: 'ENABLED' },
    {},
    { TagPropagation: 'DISABLED' },
  ],
  [
    'domain settings go under the names that the update has for them, with what is required',
    {
      DomainSettings: {
        SecurityGroupIds: ['sg-1'],
        RStudioServerProDomainSettings: { DomainExecutionRoleArn: role, RStudioConnectUrl: 'https://a' },
      },
    },
    {
      DomainSettings: {
        SecurityGroupIds: ['sg-2'],
        RStudioServerProDomainSettings: { DomainExecutionRoleArn: role, RStudioConnectUrl: 'https://b' },
      },
    },
    {
      DomainSettingsForUpdate: {
        SecurityGroupIds: ['sg-2'],
        RStudioServerProDomainSettingsForUpdate: { DomainExecutionRoleArn: role, RStudioConnectUrl: 'https://b' },
      },
    },
  ],
  [
    'a domain without a home file system is given one',
    { HomeEfsFileSystemCreation: 'Disabled' },
    { HomeEfsFileSystemCreation: 'Enabled' },
    { HomeEfsFileSystemCreation: 'Enabled' },
  ],
])('%s', async (_, from, to, sent) => {
  const { answer, calls } = await update(from, to);
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: DomainId });
  expect(calls).toEqual([['UpdateDomain', { DomainId, ...sent }]]);
});

test('a domain that was made without a VPC is given one in place', async () => {
  const { VpcId, SubnetIds, ...without } = domainProperties;
  const { PhysicalResourceId } = await world.send({
    RequestType: 'Create',
    ResourceProperties: { ...without, SubnetIds },
  });
  const answer = await world.send({
    RequestType: 'Update',
    PhysicalResourceId,
    ResourceProperties: domainProperties,
    OldResourceProperties: { ...without, SubnetIds },
  });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  expect(world.studio.mutations.at(-1)).toEqual({ operation: 'UpdateDomain', input: { DomainId, VpcId } });
});

test('a home file system cannot be taken away, so that change would replace', async () => {
  const { answer, calls } = await update(
    { HomeEfsFileSystemCreation: 'Enabled' },
    { HomeEfsFileSystemCreation: 'Disabled' },
  );
  expect(answer.Status).toBe('FAILED');
  expect(answer.Reason).toContain('a change of HomeEfsFileSystemCreation cannot be made in place');
  expect(calls).toEqual([]);
});

test('what the API cannot clear keeps its value, and the log says so', async () => {
  const { answer, calls } = await update(
    settings({ CustomPosixUserConfig: { Uid: '10000', Gid: '1001' }, DefaultLandingUri: 'studio::' }),
    settings({}),
  );
  expect(answer.Status).toBe('SUCCESS');
  expect(calls).toEqual([]);
  expect(world.log()).toContainEqual(
    expect.objectContaining({
      message: 'Nothing in the API clears these settings, so they keep their values',
      kept: [
        'DefaultUserSettings.DefaultLandingUri',
        'DefaultUserSettings.CustomPosixUserConfig.Uid',
        'DefaultUserSettings.CustomPosixUserConfig.Gid',
      ],
    }),
  );
});

test('tags change in place, and only those of the template', async () => {
  const { calls } = await update(
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
  expect(calls).toEqual([
    ['AddTags', { ResourceArn, Tags: [{ Key: 'team', Value: 'blue' }] }],
    ['DeleteTags', { ResourceArn, TagKeys: ['old'] }],
  ]);
  expect(world.studio.tagsOf(ResourceArn)).toMatchObject({ 'studio-resources:logical-id': 'Studio' });
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
