import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateUserProfileCommand,
  DeleteUserProfileCommand,
  DescribeDomainCommand,
  DescribeStudioLifecycleConfigCommand,
  ListUserProfilesCommand,
} from '@aws-sdk/client-sagemaker';
import { strToU8, zipSync } from 'fflate';
import { account, region } from '../../scripts/start/clients.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { pushImages, registryOf } from '../pushed-image.ts';
import { deployTemplate, startCloud } from './cloud.ts';
import { type Input, input, lambdaInvocation } from './lambda-invocation.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
/** A domain with one user, which a stack holds. */
let studio: Record<string, string>;
let role: string;

beforeAll(async () => {
  cloud = await startCloud({ provider: { DirectInvocations: 'true', AllowedDomains: '*' } });
  studio = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  role = (await describeDomain()).DefaultUserSettings!.ExecutionRole!;
});

afterAll(() => cloud.stop());

const describeDomain = () => cloud.clients.sagemaker.send(new DescribeDomainCommand({ DomainId: studio.DomainId }));

const invocationOf = (name: string) => lambdaInvocation(cloud, `studio-resources-${name}`);

/** Properties that each resource is created with, and then changed to. */
const lives: Record<string, () => Promise<[string, Input, Input]> | [string, Input, Input]> = {
  'studio-user-profile': () => {
    const profile = { DomainId: studio.DomainId, UserProfileName: 'grace' };
    return ['StudioUserProfile', profile, { ...profile, UserSettings: { ExecutionRole: role } }];
  },
  'studio-space': () => {
    const space = {
      DomainId: studio.DomainId,
      SpaceName: 'team',
      OwnershipSettings: { OwnerUserProfileName: studio.UserProfileName },
      SpaceSharingSettings: { SharingType: 'Private' },
      SpaceSettings: { AppType: 'JupyterLab' },
    };
    return ['StudioSpace', space, { ...space, SpaceDisplayName: 'The team' }];
  },
  'studio-lifecycle-config': () => {
    const config = { Name: 'greeting', Content: 'echo hello', AppType: 'JupyterLab' };
    return ['StudioLifecycleConfig', config, { ...config, AttachTo: [{ DomainId: studio.DomainId }] }];
  },
  async 'studio-image'() {
    await pushImages(registryOf(cloud.clientOptions), 'studio', ['1', '2']);
    const image = (tag: string) => ({
      ImageName: 'team-tools',
      RoleArn: role,
      BaseImage: `${account}.dkr.ecr.${region}.amazonaws.com/studio:${tag}`,
      JupyterLabAppImageConfig: {},
      AttachTo: [{ DomainId: studio.DomainId }],
    });
    return ['StudioImage', image('1'), image('2')];
  },
  'studio-user-profile-fleet': () => {
    const members = (...names: string[]) => ({
      DomainId: studio.DomainId,
      Members: names.map((UserProfileName) => ({ UserProfileName })),
    });
    return ['StudioUserProfileFleet', members('mia', 'noa'), members('mia', 'zoe')];
  },
  async 'seed-code'() {
    const { s3 } = cloud.clients;
    const Bucket = 'studio-resources-direct';
    await s3.send(new CreateBucketCommand({ Bucket }));
    const Body = zipSync({ 'buildspec.yml': strToU8('one') });
    await s3.send(new PutObjectCommand({ Bucket, Key: 'one.zip', Body }));
    const seed = { SourceBucket: Bucket, SourceKey: 'one.zip', DestinationBucket: Bucket };
    // Another source replaces it.
    return ['SeedCode', seed, seed];
  },
};

test.each(Object.keys(lives))('%s is created, changed in place and deleted without a stack', async (name) => {
  const [type, created, changed] = await lives[name]!();
  const before = await takeInventory(cloud.clients);
  const terraform = invocationOf(name);
  const first = await terraform.apply(input(type, created));
  expect(first).toMatchObject({ PhysicalResourceId: expect.stringMatching(/./), Attributes: expect.any(Object) });
  const second = await terraform.apply(input(type, changed, { Attempt: 2 }));
  expect(second!.PhysicalResourceId).toBe(first!.PhysicalResourceId);
  await terraform.destroy();
  expect(await takeInventory(cloud.clients)).toEqual(before);
});

test('a script in use is replaced by triggers, and the old version is deleted', async () => {
  const terraform = invocationOf('studio-lifecycle-config');
  const config = (Content: string) =>
    input('StudioLifecycleConfig', {
      Name: 'greeting',
      Content,
      AppType: 'JupyterLab',
      AttachTo: [{ DomainId: studio.DomainId }],
    });
  const first = await terraform.apply(config('echo a-token-4711'));
  const failed = await terraform.apply(config('echo another-token-4712')).catch((error: Error) => error);
  expect((failed as Error).message).toContain('a change of Content cannot be made in place');
  await terraform.apply(config('echo a-token-4711'));
  const second = await terraform.replace(config('echo another-token-4712'));
  const StudioLifecycleConfigName = first!.PhysicalResourceId;
  await expect(
    cloud.clients.sagemaker.send(new DescribeStudioLifecycleConfigCommand({ StudioLifecycleConfigName })),
  ).rejects.toMatchObject({ name: 'ResourceNotFound' });
  const { DefaultUserSettings } = await describeDomain();
  expect(JSON.stringify(DefaultUserSettings)).toContain(second!.PhysicalResourceId);
  await terraform.destroy();
  const log = (await cloud.logLines('studio-resources-studio-lifecycle-config')).join('\n');
  expect(log).not.toMatch(/token-471[12]/);
});

test('a fleet whose creation is repeated and fails keeps the profiles of the first one', async () => {
  const { sagemaker } = cloud.clients;
  const DomainIdEquals = studio.DomainId;
  const names = async () => {
    const { UserProfiles } = await sagemaker.send(new ListUserProfilesCommand({ DomainIdEquals }));
    return UserProfiles!.map(({ UserProfileName }) => UserProfileName).toSorted();
  };
  const before = await names();
  const fleet = (...more: Input[]) =>
    input('StudioUserProfileFleet', {
      DomainId: studio.DomainId,
      Members: [{ UserProfileName: 'mia' }, ...more],
      AllOrNothing: true,
    });
  const terraform = invocationOf('studio-user-profile-fleet');
  await terraform.apply(fleet());
  terraform.forget();
  const refused = { UserProfileName: 'noa', UserSettings: { ExecutionRole: `${role}-not` } };
  await expect(terraform.apply(fleet(refused))).rejects.toThrow('members failed');
  expect(await names()).toEqual([...before, 'mia'].toSorted());
  await terraform.apply(fleet({ UserProfileName: 'zoe' }));
  await terraform.destroy();
  expect(await names()).toEqual(before);
});

test('a profile that people have made is adopted, changed, and never deleted', async () => {
  const { sagemaker } = cloud.clients;
  const key = { DomainId: studio.DomainId, UserProfileName: 'theirs' };
  await sagemaker.send(new CreateUserProfileCommand(key));
  await cloud.pass(60_000);
  const terraform = invocationOf('studio-user-profile');
  await expect(terraform.apply(input('StudioUserProfile', key))).rejects.toThrow('set AdoptExisting: true');
  await terraform.apply(input('StudioUserProfile', { ...key, AdoptExisting: true }));
  await terraform.destroy();
  const { UserProfiles } = await sagemaker.send(new ListUserProfilesCommand({ DomainIdEquals: studio.DomainId }));
  expect(UserProfiles!.map(({ UserProfileName }) => UserProfileName)).toContain('theirs');
  await sagemaker.send(new DeleteUserProfileCommand(key));
  await cloud.pass(60_000);
});

test.each([
  ['studio-projects', 'StudioProjects', 'the service roles of the account may be created only for resources of stacks'],
  ['studio-contents', 'StudioContents', 'it deletes what blocks a deletion by CloudFormation'],
  ['resource-share-acceptance', 'ResourceShareAcceptance', 'the resources of stacks tell who else holds a share'],
])('%s says why it needs a stack', async (name, type, why) => {
  await expect(invocationOf(name).apply(input(type, {}))).rejects.toThrow(
    `Custom::${type} cannot be used without a stack, because ${why}`,
  );
});

test('studio-setup checks its input, and its error is the one that a stack event has', async () => {
  const setup = { DomainId: studio.DomainId, UserProfileName: 'absent', Commands: ['echo hello'] };
  await expect(invocationOf('studio-setup').apply(input('StudioSetup', setup))).rejects.toThrow('absent');
});
