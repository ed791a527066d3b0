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
import { sharedRole } from '../shared.ts';

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
  return account.once('image', async () => {
    const { sagemaker } = account.clients;
    const ImageName = account.name('image');
    await sagemaker.send(new CreateImageCommand({ ImageName, RoleArn: await sharedRole(account) }));
    const described = () => unless(gone, sagemaker.send(new DescribeImageCommand({ ImageName })));
    account.made(`image ${ImageName}`, async () => {
      await sagemaker.send(new DeleteImageCommand({ ImageName }));
      await account.untilGone(`image ${ImageName}`, () => sagemaker.send(new DescribeImageCommand({ ImageName })));
    });
    await account.until(`image ${ImageName} to be created`, async () => {
      const image = await described();
      if (image?.ImageStatus === 'CREATE_FAILED') throw new Error(`image ${ImageName}: ${image.FailureReason}`);
      return image?.ImageStatus === 'CREATED' ? true : undefined;
    });
    return ImageName;
  });
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
