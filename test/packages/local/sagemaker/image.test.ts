import { ecr } from '../../../../packages/local/src/services/ecr/index.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { sagemaker } from '../../../../packages/local/src/services/sagemaker/index.ts';
import { account, trusting } from '../authorised-cloud.ts';
import { error, region, Studio } from '../studio.ts';

const BaseImage = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/studio:1.4';
let studio: Studio;

beforeEach(async () => {
  studio = await Studio.open();
  await studio.push('team/studio', ['1.4']);
});

async function image(ImageName: string): Promise<void> {
  await studio.sm('CreateImage', { ImageName, RoleArn: studio.roleArn });
  await studio.settle();
}

async function version(ImageName: string, ClientToken: string): Promise<void> {
  await studio.sm('CreateImageVersion', { ImageName, BaseImage, ClientToken });
  await studio.settle();
}

test('an image is created, updated and deleted over time', async () => {
  await studio.sm('CreateImage', { ImageName: 'tools', RoleArn: studio.roleArn, Description: 'Of the team' });
  expect((await studio.sm('DescribeImage', { ImageName: 'tools' })).ImageStatus).toBe('CREATING');
  await studio.settle();
  const shown = { ImageName: 'tools', ImageArn: studio.arn('image', 'tools'), ImageStatus: 'CREATED' };
  expect(await studio.sm('DescribeImage', { ImageName: 'tools' })).toMatchObject({
    ...shown,
    DisplayName: 'tools',
    Description: 'Of the team',
    RoleArn: studio.roleArn,
  });
  await studio.sm('UpdateImage', { ImageName: 'tools', DisplayName: 'Tools', DeleteProperties: ['Description'] });
  await expect(studio.sm('DeleteImage', { ImageName: 'tools' })).rejects.toEqual(error('ResourceInUse', 'UPDATING'));
  await studio.settle();
  const changed = await studio.sm('DescribeImage', { ImageName: 'tools' });
  expect(changed).toMatchObject({ ...shown, DisplayName: 'Tools' });
  expect(changed.Description).toBeUndefined();
  await version('tools', 'one');
  await studio.sm('DeleteImage', { ImageName: 'tools' });
  await studio.settle();
  await expect(studio.sm('DescribeImage', { ImageName: 'tools' })).rejects.toEqual(error('ResourceNotFound', 'tools'));
  expect((await studio.sm('ListImages', {})).Images).toEqual([]);
  await image('tools');
  expect((await studio.sm('ListImageVersions', { ImageName: 'tools' })).ImageVersions).toEqual([]);
});

test('a name can be used once', async () => {
  await image('tools');
  await expect(studio.sm('CreateImage', { ImageName: 'tools', RoleArn: studio.roleArn })).rejects.toEqual(
    error('ResourceInUse', 'The Image with ImageName tools already exists. Please use a different ImageName.'),
  );
});

test('an image whose role SageMaker cannot assume fails', async () => {
  const AssumeRolePolicyDocument = trusting({ Service: 'ec2.amazonaws.com' });
  const { Role } = await studio.call(iam, 'CreateRole', { RoleName: 'Other', AssumeRolePolicyDocument });
  await studio.sm('CreateImage', { ImageName: 'tools', RoleArn: Role!.Arn! });
  await studio.settle();
  expect(await studio.sm('DescribeImage', { ImageName: 'tools' })).toMatchObject({
    ImageStatus: 'CREATE_FAILED',
    FailureReason: expect.stringContaining(`Could not assume role ${Role!.Arn}`),
  });
  await expect(version('tools', 'one')).rejects.toEqual(
    error('ValidationException', 'Image tools is in an invalid state.'),
  );
  await studio.sm('DeleteImage', { ImageName: 'tools' });
  await studio.settle();
  expect((await studio.sm('ListImages', {})).Images).toEqual([]);
});

describe('versions', () => {
  beforeEach(() => image('tools'));

  test('are numbered, and a number is never used again', async () => {
    await version('tools', 'one');
    await version('tools', 'two');
    await studio.sm('DeleteImageVersion', { ImageName: 'tools', Version: 2 });
    await studio.settle();
    await version('tools', 'three');
    const { ImageVersions = [] } = await studio.sm('ListImageVersions', { ImageName: 'tools' });
    expect(ImageVersions.map(({ Version }) => Version)).toEqual([3, 1]);
    expect(await studio.sm('DescribeImageVersion', { ImageName: 'tools' })).toMatchObject({
      Version: 3,
      BaseImage,
      ContainerImage: expect.stringMatching(/^111122223333\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/team\/studio@sha256:/),
      ImageVersionArn: studio.arn('image-version', 'tools', '3'),
      ImageVersionStatus: 'CREATED',
    });
  });

  test('are created once for a client token', async () => {
    const request = { ImageName: 'tools', BaseImage, ClientToken: 'same' };
    const first = await studio.sm('CreateImageVersion', request);
    expect(await studio.sm('CreateImageVersion', request)).toEqual(first);
  });

  test('are of images in a registry', async () => {
    await expect(
      studio.sm('CreateImageVersion', { ImageName: 'tools', BaseImage: 'python:3', ClientToken: 'one' }),
    ).rejects.toEqual(error('ValidationException', 'not a valid Amazon ECR URI'));
  });

  test.each([
    ['a repository', 'absent:1', 'Cannot find repository: absent in registry ID: 111122223333'],
    ['a tag', 'team/studio:2', 'Requested image 111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/studio:2 not found'],
    [
      'the tag latest',
      'team/studio',
      'Requested image 111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/studio not found',
    ],
    ['a digest', `team/studio@sha256:${'0'.repeat(64)}`, 'not found'],
  ])('of %s that does not exist in the own registry fail', async (_, path, reason) => {
    const missing = `111122223333.dkr.ecr.eu-west-1.amazonaws.com/${path}`;
    await studio.sm('CreateImageVersion', { ImageName: 'tools', BaseImage: missing, ClientToken: 'one' });
    await studio.settle();
    expect(await studio.sm('DescribeImageVersion', { ImageName: 'tools' })).toMatchObject({
      ImageVersionStatus: 'CREATE_FAILED',
      FailureReason: expect.stringContaining(reason),
    });
  });

  test('keep the image that their tag stood for when they were created', async () => {
    await version('tools', 'one');
    const { ContainerImage } = await studio.sm('DescribeImageVersion', { ImageName: 'tools' });
    const { imageDetails } = await studio.call(ecr, 'DescribeImages', { repositoryName: 'team/studio' });
    expect(ContainerImage).toBe(`${BaseImage.replace(':1.4', '')}@${imageDetails![0]!.imageDigest}`);
  });

  test('of a registry that is not here are taken', async () => {
    const theirs = '999988887777.dkr.ecr.eu-west-1.amazonaws.com/studio:1';
    await studio.sm('CreateImageVersion', { ImageName: 'tools', BaseImage: theirs, ClientToken: 'one' });
    await studio.settle();
    expect(await studio.sm('DescribeImageVersion', { ImageName: 'tools' })).toMatchObject({
      ImageVersionStatus: 'CREATED',
    });
  });

  test('that do not exist are not found', async () => {
    await expect(studio.sm('DescribeImageVersion', { ImageName: 'tools' })).rejects.toEqual(
      error('ResourceNotFound', 'Latest ImageVersion with ImageName tools does not exist.'),
    );
    await expect(studio.sm('DeleteImageVersion', { ImageName: 'tools', Version: 7 })).rejects.toEqual(
      error('ResourceNotFound', 'ImageVersion 7'),
    );
  });
});

test('an image that settings name cannot be deleted', async () => {
  await image('tools');
  await version('tools', 'one');
  const DomainId = await studio.domain();
  const attach = async (CustomImages: object[]) => {
    const JupyterLabAppSettings = { CustomImages: CustomImages as never };
    await studio.sm('UpdateDomain', { DomainId, DefaultUserSettings: { JupyterLabAppSettings } });
    await studio.ended(() => studio.sm('DescribeDomain', { DomainId }));
  };
  await attach([{ ImageName: 'tools', AppImageConfigName: 'lab', ImageVersionNumber: 1 }]);
  await expect(studio.sm('DeleteImage', { ImageName: 'tools' })).rejects.toEqual(error('ResourceInUse'));
  await expect(studio.sm('DeleteImageVersion', { ImageName: 'tools', Version: 1 })).rejects.toEqual(
    error('ResourceInUse'),
  );
  await attach([]);
  await studio.sm('DeleteImage', { ImageName: 'tools' });
});

describe('app image configs', () => {
  const AppImageConfigName = 'lab';
  const ContainerConfig = { ContainerArguments: ['--x'] };

  test('are created, replaced and deleted at once', async () => {
    await studio.sm('CreateAppImageConfig', { AppImageConfigName, JupyterLabAppImageConfig: { ContainerConfig } });
    await studio.settle();
    const FileSystemConfig = { DefaultUid: 1001 };
    await studio.sm('UpdateAppImageConfig', { AppImageConfigName, JupyterLabAppImageConfig: { FileSystemConfig } });
    const shown = await studio.sm('DescribeAppImageConfig', { AppImageConfigName });
    expect(shown).toMatchObject({ AppImageConfigArn: studio.arn('app-image-config', 'lab') });
    expect(shown.JupyterLabAppImageConfig).toEqual({ FileSystemConfig });
    await studio.sm('DeleteAppImageConfig', { AppImageConfigName });
    await expect(studio.sm('DescribeAppImageConfig', { AppImageConfigName })).rejects.toEqual(
      error('ResourceNotFound', 'lab'),
    );
  });

  test('are each for one kind of app', async () => {
    const both = { JupyterLabAppImageConfig: {}, CodeEditorAppImageConfig: {} };
    await expect(studio.sm('CreateAppImageConfig', { AppImageConfigName, ...both })).rejects.toEqual(
      error('ValidationException', 'Only one of'),
    );
  });

  test('have unique names', async () => {
    await studio.sm('CreateAppImageConfig', { AppImageConfigName });
    await expect(studio.sm('CreateAppImageConfig', { AppImageConfigName })).rejects.toEqual(
      error('ResourceInUse', 'The ID or Name specified is already in use.'),
    );
  });

  test.each<[object, RegExp]>([
    [{ KernelGatewayImageConfig: { KernelSpecs: [] } }, /kernelSpecs.*greater than or equal to 1/],
    [{ JupyterLabAppImageConfig: { FileSystemConfig: { DefaultUid: 70_000 } } }, /defaultUid.*65535/],
    [{ CodeEditorAppImageConfig: { FileSystemConfig: { MountPath: 'home' } } }, /mountPath/],
    [{ JupyterLabAppImageConfig: { ContainerConfig: { ContainerEntrypoint: ['a', 'b'] } } }, /containerEntrypoint/],
  ])('have limits: %j', async (config, message) => {
    await expect(studio.sm('CreateAppImageConfig', { AppImageConfigName, ...config })).rejects.toEqual(
      error('ValidationException', message),
    );
  });
});

test('lists have pages, the newest first, and can be sorted and filtered', async () => {
  for (const name of ['c', 'a', 'b', 'other']) await image(name);
  const names = async (more: object) =>
    (await studio.sm('ListImages', more)).Images?.map(({ ImageName }) => ImageName) ?? [];
  expect(await names({})).toEqual(['other', 'b', 'a', 'c']);
  expect(await names({ SortBy: 'IMAGE_NAME', SortOrder: 'ASCENDING' })).toEqual(['a', 'b', 'c', 'other']);
  expect(await names({ NameContains: 'th' })).toEqual(['other']);
  const { Images, NextToken } = await studio.sm('ListImages', { MaxResults: 3 });
  expect(Images).toHaveLength(3);
  expect(await names({ NextToken })).toEqual(['c']);
  const { CreationTime } = await studio.sm('DescribeImage', { ImageName: 'b' });
  expect(await names({ CreationTimeAfter: CreationTime })).toEqual(['other', 'b']);
  await studio.sm('CreateAppImageConfig', { AppImageConfigName: 'lab' });
  await studio.settle();
  expect((await studio.sm('ListAppImageConfigs', {})).AppImageConfigs).toMatchObject([{ AppImageConfigName: 'lab' }]);
});

test('images and app image configs have tags until they are deleted', async () => {
  const Tags = [{ Key: 'team', Value: 'red' }];
  await studio.sm('CreateImage', { ImageName: 'tools', RoleArn: studio.roleArn, Tags });
  await studio.sm('CreateAppImageConfig', { AppImageConfigName: 'lab', Tags });
  await studio.settle();
  for (const ResourceArn of [studio.arn('image', 'tools'), studio.arn('app-image-config', 'lab')]) {
    expect(await studio.sm('ListTags', { ResourceArn })).toMatchObject({ Tags });
  }
  await studio.sm('DeleteAppImageConfig', { AppImageConfigName: 'lab' });
  await expect(studio.sm('ListTags', { ResourceArn: studio.arn('app-image-config', 'lab') })).rejects.toEqual(
    error('ValidationException', 'Could not find'),
  );
});

test('a version can be made to fail, and one of a deleted image is gone', async () => {
  const faulty = await Studio.open({
    rules: [
      { on: 'resource', fault: 'failed', kind: 'image-version', during: 'create', reason: 'No such repository' },
      { on: 'resource', fault: 'deleted', kind: 'image', seconds: 500 },
    ],
  });
  await faulty.sm('CreateImage', { ImageName: 'tools', RoleArn: faulty.roleArn });
  await faulty.settle();
  await faulty.sm('CreateImageVersion', { ImageName: 'tools', BaseImage, ClientToken: 'one' });
  await faulty.clock.pass(70_000);
  expect(await faulty.sm('DescribeImageVersion', { ImageName: 'tools' })).toMatchObject({
    ImageVersionStatus: 'CREATE_FAILED',
    FailureReason: 'No such repository',
  });
  await faulty.settle();
  await expect(faulty.sm('DescribeImage', { ImageName: 'tools' })).rejects.toEqual(error('ResourceNotFound'));
  expect(faulty.store.table(sagemaker.id, { account, region }, 'image-version').size).toBe(0);
});
