import {
  type AppImageConfigDetails,
  CreateAppImageConfigCommand,
  CreateImageCommand,
  CreateImageVersionCommand,
  DeleteAppImageConfigCommand,
  DeleteImageCommand,
  DescribeAppImageConfigCommand,
  DescribeImageCommand,
  DescribeImageVersionCommand,
  UpdateAppImageConfigCommand,
} from '@aws-sdk/client-sagemaker';
import type { Account } from '../account.ts';
import { code, refusal, unless } from '../answers.ts';
import type { Scenario } from '../scenario.ts';
import { createRole, grant, profileInService, requestProfile, sharedRole, trustIn } from '../shared.ts';

const gone = /^ResourceNotFound/;

export const images: readonly Scenario[] = [
  {
    name: 'image-name-taken',
    fact: 'The name of an image that exists is ResourceInUse, and the text names it.',
    asks: 'CreateImage twice with one name',
    expected: /^ResourceInUse: .*already exists/,
    source: 'aws-samples/sagemaker-studio-custom-image-samples, issue 17',
    certainty: 'reported',
    makes: 'an image without versions',
    needs: ['role'],
    async observe(account) {
      const ImageName = await sharedImage(account);
      const request = new CreateImageCommand({ ImageName, RoleArn: await sharedRole(account) });
      return refusal(account.clients.sagemaker.send(request));
    },
  },
  {
    name: 'image-without-versions',
    fact: 'The latest version of an image that has none is ResourceNotFound.',
    asks: 'DescribeImageVersion without Version',
    expected: 'ResourceNotFound',
    source: 'aws-samples/sagemaker-studio-custom-image-samples, issue 17',
    certainty: 'reported',
    makes: 'an image without versions',
    needs: ['role'],
    async observe(account) {
      const ImageName = await sharedImage(account);
      return code(account.clients.sagemaker.send(new DescribeImageVersionCommand({ ImageName })));
    },
  },
  {
    name: 'image-version-base-image',
    fact: 'The base image of a version has to be in Amazon ECR.',
    asks: 'CreateImageVersion with the name of an image on Docker Hub',
    expected: /^ValidationException: /,
    source: 'SageMaker API Reference, CreateImageVersion, BaseImage; the text is unverified',
    certainty: 'documented',
    makes: 'an image without versions',
    needs: ['role'],
    async observe(account) {
      const ImageName = await sharedImage(account);
      const request = { ImageName, BaseImage: 'docker.io/library/python:3', ClientToken: account.name('version') };
      return refusal(account.clients.sagemaker.send(new CreateImageVersionCommand(request)));
    },
  },
  {
    name: 'image-version-missing-repository',
    fact: 'A version whose base image is in no repository of the own registry is CREATE_FAILED, or refused.',
    asks: 'CreateImageVersion with a repository that does not exist, and its status',
    expected: /^(CREATE_FAILED: Cannot find repository|ValidationException: )/,
    source:
      'SageMaker API Reference, DescribeImageVersion, FailureReason; the text is that of CreateTrainingJob (aws/amazon-sagemaker-examples issue 2534)',
    certainty: 'unverified',
    makes: 'an image with a version that fails',
    needs: ['role'],
    async observe(account) {
      const { sagemaker } = account.clients;
      const ImageName = await sharedImage(account);
      const BaseImage = `${account.identity.id}.dkr.ecr.${account.region}.amazonaws.com/${account.name('absent')}:1`;
      const ClientToken = account.name('absent');
      const refused = await refusal(
        sagemaker.send(new CreateImageVersionCommand({ ImageName, BaseImage, ClientToken })),
      );
      if (refused !== 'no error') return refused;
      return account.until(`the version of image ${ImageName} to end`, async () => {
        const version = await unless(gone, sagemaker.send(new DescribeImageVersionCommand({ ImageName })));
        if (!version || version.ImageVersionStatus === 'CREATING') return undefined;
        return `${version.ImageVersionStatus}: ${version.FailureReason}`;
      });
    },
  },
  {
    name: 'image-in-settings',
    fact: 'An image that the settings of a user profile name cannot be deleted.',
    asks: 'DeleteImage of an image without versions that a user profile offers',
    expected: 'ResourceInUse',
    source: 'no source was found; our handler detaches an image everywhere before it deletes it',
    certainty: 'unverified',
    makes: 'a second image, a user profile with a role of its own, an app image configuration',
    needs: ['domain'],
    async observe(account) {
      const ImageName = await createImage(account, 'offered-image');
      await createConfig(account, 'offered', { JupyterLabAppImageConfig: {} });
      const ExecutionRole = await createRole(account, 'offering', trustIn('sagemaker.amazonaws.com'));
      const Action = ['sagemaker:DescribeImage', 'sagemaker:DescribeImageVersion'];
      await grant(account, 'offering', { Effect: 'Allow', Action, Resource: '*' });
      const CustomImages = [{ ImageName, AppImageConfigName: account.name('offered') }];
      const profile = await requestProfile(account, account.name('offers'), {
        ExecutionRole,
        JupyterLabAppSettings: { CustomImages },
      });
      await profileInService(account, profile);
      return code(account.clients.sagemaker.send(new DeleteImageCommand({ ImageName })));
    },
  },
  {
    name: 'app-image-config-name-taken',
    fact: 'The name of an app image configuration that exists is ResourceInUse.',
    asks: 'CreateAppImageConfig twice with one name',
    expected: 'ResourceInUse',
    source: 'aws-samples/sagemaker-studio-custom-image-samples, issue 17',
    certainty: 'reported',
    makes: 'an app image configuration',
    async observe(account) {
      await createConfig(account, 'twice', {});
      return code(createConfig(account, 'twice', {}));
    },
  },
  {
    name: 'app-image-config-update',
    fact: 'UpdateAppImageConfig replaces a configuration whole.',
    asks: 'UpdateAppImageConfig of a JupyterLab configuration with ContainerConfig, without its FileSystemConfig',
    expected: 'gone',
    source: 'no source was found; the local cloud replaces, and the handler sends all members',
    certainty: 'unverified',
    makes: 'an app image configuration',
    async observe(account) {
      const { sagemaker } = account.clients;
      await createConfig(account, 'updated', {
        JupyterLabAppImageConfig: { FileSystemConfig: { MountPath: '/home/sagemaker-user', DefaultUid: 1000 } },
      });
      const AppImageConfigName = account.name('updated');
      await sagemaker.send(
        new UpdateAppImageConfigCommand({
          AppImageConfigName,
          JupyterLabAppImageConfig: { ContainerConfig: { ContainerArguments: ['--debug'] } },
        }),
      );
      const after = await sagemaker.send(new DescribeAppImageConfigCommand({ AppImageConfigName }));
      return after.JupyterLabAppImageConfig?.FileSystemConfig?.MountPath === undefined ? 'gone' : 'kept';
    },
  },
];

/** An image without versions, for several scenarios; its name. */
function sharedImage(account: Account): Promise<string> {
  return account.once('image', () => createImage(account, 'image'));
}

/** An image without versions; its name. */
async function createImage(account: Account, words: string): Promise<string> {
  const { sagemaker } = account.clients;
  const ImageName = account.name(words);
  await sagemaker.send(new CreateImageCommand({ ImageName, RoleArn: await sharedRole(account) }));
  const described = () => unless(gone, sagemaker.send(new DescribeImageCommand({ ImageName })));
  account.made(`image ${ImageName}`, async () => {
    await unless(gone, sagemaker.send(new DeleteImageCommand({ ImageName })));
    await account.untilGone(`image ${ImageName}`, () => sagemaker.send(new DescribeImageCommand({ ImageName })));
  });
  await account.until(`image ${ImageName} to be created`, async () => {
    const image = await described();
    if (image?.ImageStatus === 'CREATE_FAILED') throw new Error(`image ${ImageName}: ${image.FailureReason}`);
    return image?.ImageStatus === 'CREATED' ? true : undefined;
  });
  return ImageName;
}

async function createConfig(
  account: Account,
  words: string,
  config: Pick<AppImageConfigDetails, 'JupyterLabAppImageConfig'>,
): Promise<void> {
  const { sagemaker } = account.clients;
  const AppImageConfigName = account.name(words);
  await sagemaker.send(new CreateAppImageConfigCommand({ AppImageConfigName, ...config }));
  account.made(`app image configuration ${AppImageConfigName}`, () =>
    unless(gone, sagemaker.send(new DeleteAppImageConfigCommand({ AppImageConfigName }))),
  );
  await account.until(`app image configuration ${AppImageConfigName} to be found`, () =>
    unless(gone, sagemaker.send(new DescribeAppImageConfigCommand({ AppImageConfigName }))),
  );
}
