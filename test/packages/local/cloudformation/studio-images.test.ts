import { ecr } from '../../../../packages/local/src/services/ecr/index.ts';
import { sagemaker } from '../../../../packages/local/src/services/sagemaker/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { localRegistry, pushImages } from '../../../pushed-image.ts';
import { account, region, StackCloud } from '../stack-cloud.ts';

const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
const ref = (Ref: string) => ({ Ref });
const attribute = (...path: [string, string]) => ({ Value: { 'Fn::GetAtt': path } });
const arn = (rest: string) => `arn:aws:sagemaker:${region}:${account}:${rest}`;
const BaseImage = `${account}.dkr.ecr.${region}.amazonaws.com/team/studio:1.4`;

interface Changes {
  display?: string;
  notes?: string;
  aliases?: string[];
  script?: string;
  secret?: string;
  branch?: string;
  cores?: number;
  team?: string;
}

/** All types of Studio's images, configurations and repositories. */
function images({ display, notes, aliases = ['stable'], script = 'echo', team = 'a', ...more }: Changes = {}) {
  const { secret, branch = 'main', cores = 1 } = more;
  const Tags = [{ Key: 'team', Value: team }];
  return {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'images',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
            ],
          },
        },
      },
      Image: {
        Type: 'AWS::SageMaker::Image',
        Properties: {
          ImageName: 'tools',
          ImageRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
          ImageDisplayName: display,
          Tags,
        },
      },
      Version: {
        Type: 'AWS::SageMaker::ImageVersion',
        DependsOn: 'Image',
        Properties: { ImageName: 'tools', BaseImage, Aliases: aliases, ReleaseNotes: notes },
      },
      Config: {
        Type: 'AWS::SageMaker::AppImageConfig',
        Properties: {
          AppImageConfigName: 'tools',
          JupyterLabAppImageConfig: { FileSystemConfig: { DefaultUid: String(cores) } },
          Tags,
        },
      },
      Setup: {
        Type: 'AWS::SageMaker::StudioLifecycleConfig',
        Properties: {
          StudioLifecycleConfigName: `setup-${script}`,
          StudioLifecycleConfigContent: { 'Fn::Base64': script },
          StudioLifecycleConfigAppType: 'JupyterLab',
        },
      },
      Repository: {
        Type: 'AWS::SageMaker::CodeRepository',
        Properties: {
          GitConfig: { RepositoryUrl: 'https://git.example.com/team/notebooks', Branch: branch, SecretArn: secret },
          Tags,
        },
      },
    },
    Outputs: {
      Image: { Value: ref('Image') },
      ImageArn: attribute('Image', 'ImageArn'),
      Version: { Value: ref('Version') },
      VersionNumber: attribute('Version', 'Version'),
      VersionImage: attribute('Version', 'ImageArn'),
      Container: attribute('Version', 'ContainerImage'),
      Config: { Value: ref('Config') },
      ConfigArn: attribute('Config', 'AppImageConfigArn'),
      Setup: { Value: ref('Setup') },
      SetupArn: attribute('Setup', 'StudioLifecycleConfigArn'),
      Repository: { Value: ref('Repository') },
      RepositoryName: attribute('Repository', 'CodeRepositoryName'),
    },
  };
}

let cloud: StackCloud;

const outputs = async () => {
  const { Outputs = [], StackStatus } = await cloud.stack('images');
  const values = Object.fromEntries(Outputs.map((one) => [one.OutputKey!, one.OutputValue!]));
  return { StackStatus, ...values } as Record<string, string>;
};

const update = async (changes: Changes) => {
  await cloud.update('images', images(changes), { Capabilities });
  return outputs();
};

beforeEach(async () => {
  cloud = new StackCloud(new Store(), [ecr, sagemaker]);
  await pushImages(
    localRegistry((operation, input) => cloud.invoke(ecr, operation, input as never)),
    'team/studio',
    ['1.4'],
  );
  await cloud.create('images', images(), { Capabilities });
});

test('Ref and GetAtt give the names, ARNs and numbers that AWS documents', async () => {
  const { RepositoryName, Repository, ...made } = await outputs();
  expect(made).toEqual({
    StackStatus: 'CREATE_COMPLETE',
    Image: arn('image/tools'),
    ImageArn: arn('image/tools'),
    Version: arn('image-version/tools/1'),
    VersionNumber: '1',
    VersionImage: arn('image/tools'),
    Container: expect.stringMatching(/^111122223333\.dkr\.ecr\.us-east-1\.amazonaws\.com\/team\/studio@sha256:/),
    Config: 'tools',
    ConfigArn: arn('app-image-config/tools'),
    Setup: 'setup-echo',
    SetupArn: arn('studio-lifecycle-config/setup-echo'),
  });
  expect(RepositoryName).toMatch(/^images-Repository-/);
  expect(Repository).toBe(arn(`code-repository/${RepositoryName}`));
});

test('what can be changed changes in place', async () => {
  const before = await outputs();
  const SecretArn = `arn:aws:secretsmanager:${region}:${account}:secret:git-AbCdEf`;
  const changes = { display: 'Tools', notes: 'New', aliases: ['next'], secret: SecretArn, cores: 2, team: 'b' };
  expect(await update(changes)).toEqual({ ...before, StackStatus: 'UPDATE_COMPLETE' });
  const image = await cloud.invoke(sagemaker, 'DescribeImage', { ImageName: 'tools' });
  expect(image.DisplayName).toBe('Tools');
  const next = { ImageName: 'tools', Alias: 'next' };
  expect(await cloud.invoke(sagemaker, 'DescribeImageVersion', next)).toMatchObject({
    Version: 1,
    ReleaseNotes: 'New',
  });
  const config = await cloud.invoke(sagemaker, 'DescribeAppImageConfig', { AppImageConfigName: 'tools' });
  expect(config.JupyterLabAppImageConfig).toEqual({ FileSystemConfig: { DefaultUid: 2 } });
  const CodeRepositoryName = before.RepositoryName;
  const repository = await cloud.invoke(sagemaker, 'DescribeCodeRepository', { CodeRepositoryName });
  expect(repository.GitConfig).toMatchObject({ SecretArn });
  for (const ResourceArn of [before.Image, before.ConfigArn, before.Repository]) {
    const { Tags } = await cloud.invoke(sagemaker, 'ListTags', { ResourceArn });
    expect(Tags).toEqual([{ Key: 'team', Value: 'b' }]);
  }
  // A property that leaves the template is what it was by default.
  await update({ team: 'b' });
  expect((await cloud.invoke(sagemaker, 'DescribeImage', { ImageName: 'tools' })).DisplayName).toBe('tools');
  const { SageMakerImageVersionAliases } = await cloud.invoke(sagemaker, 'ListAliases', { ImageName: 'tools' });
  expect(SageMakerImageVersionAliases).toEqual(['stable']);
});

test('a change of a script or of a branch replaces', async () => {
  const before = await outputs();
  const after = await update({ script: 'date', branch: 'next' });
  expect(after).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Setup: 'setup-date', Image: before.Image });
  expect(after.Repository).not.toBe(before.Repository);
  const { StudioLifecycleConfigs } = await cloud.invoke(sagemaker, 'ListStudioLifecycleConfigs', {});
  expect(StudioLifecycleConfigs).toHaveLength(1);
  const { CodeRepositorySummaryList } = await cloud.invoke(sagemaker, 'ListCodeRepositories', {});
  expect(CodeRepositorySummaryList!.map((one) => one.CodeRepositoryArn)).toEqual([after.Repository]);
});

test('a changed script under the same name fails, since the name exists, and is rolled back', async () => {
  const { Setup } = images().Resources;
  const changed = {
    ...Setup,
    Properties: { ...Setup.Properties, StudioLifecycleConfigContent: { 'Fn::Base64': 'date' } },
  };
  const template = images();
  const stack = await cloud.update(
    'images',
    { ...template, Resources: { ...template.Resources, Setup: changed } },
    { Capabilities },
  );
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  const failed = (await cloud.history('images')).find((line) => line.startsWith('Setup UPDATE_FAILED'));
  expect(failed).toContain('already exists');
});

test('a deletion leaves nothing', async () => {
  expect(await cloud.delete('images')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  const lists = ['ListImages', 'ListAppImageConfigs', 'ListStudioLifecycleConfigs', 'ListCodeRepositories'] as const;
  expect(await cloud.listed(sagemaker, ...lists)).toEqual([]);
});

test('an image that SageMaker cannot create fails with its own reason', async () => {
  const { Role, Image } = images().Resources;
  const Statement = [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = { Version: '2012-10-17', Statement };
  const other = { ...Role, Properties: { RoleName: 'other', AssumeRolePolicyDocument } };
  const bad = { ...Image, Properties: { ...Image.Properties, ImageName: 'bad' } };
  await cloud.create('bad', { Resources: { Role: other, Image: bad } }, { Capabilities });
  const history = await cloud.history('bad');
  expect(history).toContainEqual(expect.stringMatching(/^Image CREATE_FAILED: .*CREATE_FAILED: .*assume role/));
  expect(history).toContain('Image DELETE_COMPLETE');
});
