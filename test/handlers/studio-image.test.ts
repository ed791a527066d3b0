import { CreateAppImageConfigCommand, CreateImageVersionCommand, ListTagsCommand } from '@aws-sdk/client-sagemaker';
import { studioImage } from '../../handlers/studio-image.ts';
import { AwsError } from '../../packages/local/src/errors.ts';
import { describeContract } from '../contract.ts';
import { account, region, stackId } from './built-function.ts';
import { imageSubject, registry } from './image-subject.ts';
import { type StudioWorld, studioWorld } from './studio-world.ts';

const id = `arn:aws:sagemaker:${region}:${account}:image/tools`;
const theirs = { ImageName: 'theirs', AppImageConfigName: 'theirs' };
const ours = { ImageName: 'tools', AppImageConfigName: 'tools-jupyter-lab' };

const startWorld = studioWorld('studio-image', 'Image', studioImage, { domains: ['team'] });

/** A world with a domain in which another team has attached an image. */
async function start() {
  const world = await startWorld();
  const DomainId = world.domainIds[0]!;
  Object.assign(world.members('domain', DomainId).DefaultUserSettings, {
    JupyterLabAppSettings: { CustomImages: [theirs] },
  });
  return world;
}

describeContract('studio-image', async () => {
  const world = await start();
  return imageSubject(world, { DomainId: world.domainIds[0]!, executionRole: world.executionRole });
}, ['collisions']);

describe('studio-image', () => {
  let own: StudioWorld;
  let DomainId: string;
  let properties: Record<string, unknown>;
  let attached: Record<string, unknown>;
  const create = (ResourceProperties: Record<string, unknown> = properties) =>
    own.send({ RequestType: 'Create', ResourceProperties });
  const update = (to: Record<string, unknown>, from: Record<string, unknown> = properties) =>
    own.send({ RequestType: 'Update', PhysicalResourceId: id, ResourceProperties: to, OldResourceProperties: from });
  const remove = (ResourceProperties: Record<string, unknown> = properties) =>
    own.send({ RequestType: 'Delete', PhysicalResourceId: id, ResourceProperties });
  const inDomain = (member = 'DefaultUserSettings', app = 'JupyterLabAppSettings') => {
    const settings = own.members('domain', DomainId)[member] as Record<string, { CustomImages?: object[] }> | undefined;
    return settings?.[app]?.CustomImages;
  };
  const configs = () => own.keys('app-image-config');
  const versions = () => own.keys('image-version').map((key) => own.members('image-version', key).BaseImage);
  const at = (tag: string | number, more: object = {}) => ({ ...attached, BaseImage: `${registry}:${tag}`, ...more });

  beforeEach(async () => {
    own = await start();
    DomainId = own.domainIds[0]!;
    const RoleArn = own.executionRole;
    properties = { ImageName: 'tools', RoleArn, BaseImage: `${registry}:1`, JupyterLabAppImageConfig: {} };
    attached = { ...properties, AttachTo: [{ DomainId }] };
  });
  afterEach(() => own.close());

  test('image, app image configs and version are made in this order, and the attributes tell them', async () => {
    const all = {
      ...properties,
      CodeEditorAppImageConfig: {},
      KernelGatewayImageConfig: { KernelSpecs: [{ Name: 'p' }] },
    };
    const { PhysicalResourceId, Data } = await create(all);
    expect(PhysicalResourceId).toBe(id);
    expect(own.operations()).toEqual([
      'CreateImage',
      ...['CreateAppImageConfig', 'CreateAppImageConfig', 'CreateAppImageConfig'],
      'CreateImageVersion',
    ]);
    expect(Data).toEqual({
      ImageName: 'tools',
      ImageArn: id,
      ImageVersionArn: `arn:aws:sagemaker:${region}:${account}:image-version/tools/1`,
      ImageVersionNumber: '1',
      ContainerImage: expect.stringContaining(`${registry}`),
      JupyterLabAppImageConfigName: 'tools-jupyter-lab',
      CodeEditorAppImageConfigName: 'tools-code-editor',
      KernelGatewayImageConfigName: 'tools-kernel-gateway',
    });
    expect(own.members('app-image-config', 'tools-kernel-gateway')).toMatchObject({
      KernelGatewayImageConfig: { KernelSpecs: [{ Name: 'p' }] },
    });
  });

  test('an image is put beside those that others have attached, and only it is detached again', async () => {
    await create(attached);
    expect(inDomain()).toEqual([theirs, ours]);
    expect(own.calls().at(-1)).toEqual({
      operation: 'UpdateDomain',
      input: { DomainId, DefaultUserSettings: { JupyterLabAppSettings: { CustomImages: [theirs, ours] } } },
    });
    expect(await remove(attached)).toMatchObject({ Status: 'SUCCESS' });
    expect(inDomain()).toEqual([theirs]);
    expect(own.operations().slice(-3)).toEqual(['UpdateDomain', 'DeleteAppImageConfig', 'DeleteImage']);
    expect(configs()).toEqual([]);
  });

  test('an image that others made the default stays in the list, until it is deleted with its default version', async () => {
    await create(attached);
    const lab = own.members('domain', DomainId).DefaultUserSettings.JupyterLabAppSettings;
    const SageMakerImageVersionArn = `arn:aws:sagemaker:${region}:${account}:image-version/tools/1`;
    Object.assign(lab, { DefaultResourceSpec: { InstanceType: 'ml.t3.medium', SageMakerImageVersionArn } });
    expect(await update(properties, attached)).toMatchObject({ Status: 'SUCCESS' });
    expect(inDomain()).toEqual([theirs, ours]);
    expect(await remove(attached)).toMatchObject({ Status: 'SUCCESS' });
    expect(own.members('domain', DomainId).DefaultUserSettings.JupyterLabAppSettings).toEqual({
      CustomImages: [theirs],
      DefaultResourceSpec: { InstanceType: 'ml.t3.medium' },
    });
  });

  test('the last image of a list is detached by an empty list', async () => {
    await create(at(1, { AttachTo: [{ DomainId, Settings: 'DefaultSpaceSettings' }] }));
    expect(inDomain('DefaultSpaceSettings')).toEqual([ours]);
    await remove(at(1, { AttachTo: [{ DomainId, Settings: 'DefaultSpaceSettings' }] }));
    expect(inDomain('DefaultSpaceSettings')).toEqual([]);
    expect(inDomain()).toEqual([theirs]);
  });

  test('an image is attached to one user profile', async () => {
    await own.addProfile(DomainId, 'ana');
    const one = at(1, { AttachTo: [{ DomainId, UserProfileName: 'ana' }] });
    expect(await create(one)).toMatchObject({ Status: 'SUCCESS' });
    const settings = () => own.members('user-profile', `${DomainId}/ana`).UserSettings;
    expect(settings()).toEqual({ JupyterLabAppSettings: { CustomImages: [ours] } });
    expect(inDomain()).toEqual([theirs]);
    await remove(one);
    expect(settings()).toEqual({ JupyterLabAppSettings: { CustomImages: [] } });
  });

  test('a domain that is being changed by others is waited for', async () => {
    own.changeDomain(DomainId);
    expect(await create(attached)).toMatchObject({ Status: 'SUCCESS' });
    expect(inDomain()).toEqual([theirs, ours]);
  });

  test('an update detaches from targets that are removed, and attaches to targets that are added', async () => {
    await own.addProfile(DomainId, 'ana');
    await create(attached);
    const toProfile = at(1, { AttachTo: [{ DomainId, UserProfileName: 'ana' }] });
    expect(await update(toProfile, attached)).toMatchObject({ Status: 'SUCCESS' });
    expect(inDomain()).toEqual([theirs]);
    expect(own.members('user-profile', `${DomainId}/ana`).UserSettings).toMatchObject({
      JupyterLabAppSettings: { CustomImages: [ours] },
    });
  });

  test('an image of another AppType is detached from the first one, whose app image config is deleted', async () => {
    await create(attached);
    const { JupyterLabAppImageConfig, ...rest } = attached;
    const asEditor = { ...rest, CodeEditorAppImageConfig: { FileSystemConfig: { DefaultUid: 1001 } } };
    expect(await update(asEditor, attached)).toMatchObject({
      Status: 'SUCCESS',
      Data: { JupyterLabAppImageConfigName: '', CodeEditorAppImageConfigName: 'tools-code-editor' },
    });
    expect(inDomain()).toEqual([theirs]);
    const asCodeEditor = { ImageName: 'tools', AppImageConfigName: 'tools-code-editor' };
    expect(inDomain('DefaultUserSettings', 'CodeEditorAppSettings')).toEqual([asCodeEditor]);
    expect(configs()).toEqual(['tools-code-editor']);
  });

  test('an attachment to what does not exist fails, and says so', async () => {
    const answer = await create(at(1, { AttachTo: [{ DomainId: 'd-gone' }] }));
    expect(answer.Reason).toContain('domain d-gone, a target of AttachTo, does not exist');
  });

  test('another BaseImage makes a new version in place, and people get the latest one', async () => {
    await create(attached);
    const answer = await update(at(2), attached);
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id, Data: { ImageVersionNumber: '2' } });
    expect(versions()).toEqual([`${registry}:1`, `${registry}:2`]);
    expect(inDomain()).toEqual([theirs, ours]);
  });

  test('a pinned image names its version, and a new version takes its place in the list', async () => {
    await create(at(1, { AttachedVersion: 'Pinned' }));
    await own.sagemaker.send(
      new CreateImageVersionCommand({ ImageName: 'tools', BaseImage: `${registry}:nightly`, ClientToken: 'theirs' }),
    );
    const isCreated = () => own.members('image-version', own.keys('image-version').at(-1)!).Status === 'CREATED';
    await own.run.cloud.until(isCreated, 'the version to be created');
    expect(inDomain()).toEqual([theirs, { ...ours, ImageVersionNumber: 1 }]);
    await update(at(2, { AttachedVersion: 'Pinned' }), at(1, { AttachedVersion: 'Pinned' }));
    expect(inDomain()).toEqual([theirs, { ...ours, ImageVersionNumber: 3 }]);
  });

  test('a rollback gives people the version before, though a later one was made', async () => {
    await create(attached);
    await update(at(2), attached);
    const back = await update(attached, at(2));
    expect(back).toMatchObject({ Status: 'SUCCESS', Data: { ImageVersionNumber: '1' } });
    expect(inDomain()).toEqual([theirs, { ...ours, ImageVersionNumber: 1 }]);
    expect(versions()).toHaveLength(2);
  });

  test("a version that cannot be made fails with SageMaker's reason, and the rollback deletes it", async () => {
    await create(attached);
    const end = { Status: 'CREATE_FAILED', FailureReason: 'The repository does not exist' };
    const fail = () => Object.assign(own.members('image-version', own.keys('image-version').at(-1)!), end);
    own.interceptions.set('CreateImageVersion', () => void own.run.cloud.time.after(5_000, fail));
    const answer = await update(at('gone'), attached);
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
    expect(answer.Reason).toContain(
      `version 2 of image tools, from ${registry}:gone, is CREATE_FAILED: The repository does not exist`,
    );
    expect(await update(attached, at('gone'))).toMatchObject({ Status: 'SUCCESS', Data: { ImageVersionNumber: '1' } });
    expect(inDomain()).toEqual([theirs, ours]);
    expect(await update(at('gone'), attached)).toMatchObject({ Status: 'SUCCESS', Data: { ImageVersionNumber: '3' } });
    expect(versions()).toEqual([`${registry}:1`, `${registry}:gone`]);
  });

  test('as many old versions are kept as KeepVersions says', async () => {
    const keeping = (tag: number) => at(tag, { KeepVersions: '2' });
    await create(keeping(1));
    for (const tag of [2, 3, 4]) await update(keeping(tag), keeping(tag - 1));
    expect(versions()).toEqual([2, 3, 4].map((tag) => `${registry}:${tag}`));
    await update(at(4, { KeepVersions: '1' }), keeping(4));
    await update(at(4, { KeepVersions: '1', DisplayName: 'Tools' }), at(4, { KeepVersions: '1' }));
    // The deletion of a version takes a while.
    await own.run.cloud.pass(60_000);
    expect(versions()).toEqual([3, 4].map((tag) => `${registry}:${tag}`));
  });

  test('an old version that is in use is kept', async () => {
    const keeping = (tag: number) => at(tag, { KeepVersions: '1' });
    await create(keeping(1));
    await update(keeping(2), keeping(1));
    own.interceptions.set('DeleteImageVersion', ...Array(1000).fill(new AwsError('ResourceInUse', 'used')));
    expect(await update(keeping(3), keeping(2))).toMatchObject({ Status: 'SUCCESS' });
    expect(versions()).toHaveLength(3);
  });

  test('a property that is removed goes back to its default', async () => {
    const full = {
      ...properties,
      DisplayName: 'Tools',
      Description: 'Of the team',
      JupyterLabAppImageConfig: {
        ContainerConfig: { ContainerArguments: ['--x'], ContainerEnvironmentVariables: { A: '1' } },
        FileSystemConfig: { DefaultUid: 1001 },
      },
    };
    await create(full);
    const JupyterLabAppImageConfig = { ContainerConfig: { ContainerEntrypoint: ['/start'] } };
    await update({ ...properties, JupyterLabAppImageConfig }, full);
    const sent = own
      .calls()
      .filter(({ operation }) => operation.startsWith('Update'))
      .map(({ input }) => input);
    expect(sent).toEqual([
      { ImageName: 'tools', DeleteProperties: ['DisplayName', 'Description'] },
      {
        AppImageConfigName: 'tools-jupyter-lab',
        JupyterLabAppImageConfig: {
          ContainerConfig: {
            ContainerArguments: [],
            ContainerEntrypoint: ['/start'],
            ContainerEnvironmentVariables: {},
          },
          FileSystemConfig: { DefaultUid: 1000 },
        },
      },
    ]);
  });

  test('an app image config of another team is neither used nor deleted', async () => {
    const AppImageConfigName = 'tools-jupyter-lab';
    await own.sagemaker.send(new CreateAppImageConfigCommand({ AppImageConfigName, JupyterLabAppImageConfig: {} }));
    await own.run.cloud.pass(10_000);
    const answer = await create(attached);
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain(
      'Creating app image config tools-jupyter-lab: it exists, and this stack did not create it',
    );
    expect(await remove(attached)).toMatchObject({ Status: 'SUCCESS' });
    expect(await own.existing()).toEqual([]);
    expect(configs()).toEqual(['tools-jupyter-lab']);
    expect(inDomain()).toEqual([theirs]);
  });

  test('the rest of an image that no longer exists is deleted', async () => {
    await create(attached);
    await own.deleteBehindItsBack(id);
    expect(await remove(attached)).toMatchObject({ Status: 'SUCCESS' });
    expect(configs()).toEqual([]);
  });

  test('an image that is in use is detached wherever others have attached it', async () => {
    await create(attached);
    await own.addProfile(DomainId, 'bob');
    const bob = own.members('user-profile', `${DomainId}/bob`);
    bob.UserSettings = { KernelGatewayAppSettings: { CustomImages: [{ ...theirs, ImageName: 'tools' }, theirs] } };
    expect(await remove(attached)).toMatchObject({ Status: 'SUCCESS' });
    expect(bob.UserSettings).toEqual({ KernelGatewayAppSettings: { CustomImages: [theirs] } });
    expect(await own.existing()).toEqual([]);
  });

  test('a Delete with an invented id and properties that name no image has nothing to do', async () => {
    const answer = await own.send({
      RequestType: 'Delete',
      PhysicalResourceId: 'studio-Tools-1ABCDEFGHIJKL',
      ResourceProperties: { ImageName: 'no image', AttachTo: 'nowhere' },
    });
    expect(answer.Status).toBe('SUCCESS');
  });

  test('everything that is made carries the tags of the template and of the stack', async () => {
    await create({ ...properties, Tags: [{ Key: 'team', Value: 'red' }] });
    const names = { 'stack-id': stackId, 'logical-id': 'Studio', provider: 'studio-resources' };
    const ownTags = Object.entries(names).map(([name, value]) => [`studio-resources:${name}`, value]);
    const tags = { team: 'red', ...Object.fromEntries(ownTags) };
    const ResourceArn = `arn:aws:sagemaker:${region}:${account}:app-image-config/tools-jupyter-lab`;
    const { Tags = [] } = await own.sagemaker.send(new ListTagsCommand({ ResourceArn }));
    expect((await own.look(id)).Tags).toEqual(tags);
    expect(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))).toEqual(tags);
  });
});
