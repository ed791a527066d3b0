import { DescribeDomainCommand, ListAppImageConfigsCommand, ListImagesCommand } from '@aws-sdk/client-sagemaker';
import { pushImages, registryOf } from '../pushed-image.ts';
import { deployTemplate, readTemplate, removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
});

afterAll(() => cloud.stop());

test('an image is attached to a domain, gets a new version, is rolled back and deleted with its stack', async () => {
  const { sagemaker } = cloud.clients;
  const { DomainId = '' } = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  const settings = async () => {
    const { DefaultUserSettings } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
    return DefaultUserSettings!;
  };
  const attached = async () => (await settings()).JupyterLabAppSettings?.CustomImages;
  await pushImages(registryOf(cloud.clientOptions), 'studio', ['1', '2', '3']);
  const RoleArn = (await settings()).ExecutionRole!;
  const template = await readTemplate('examples/custom-image.yaml');
  const deploy = (tag: string, more = '') =>
    cloud.deploy('image', {
      template: template.replace('\nOutputs:', `${more}\nOutputs:`),
      parameters: { DomainId, RoleArn, BaseImage: `111122223333.dkr.ecr.us-east-1.amazonaws.com/studio:${tag}` },
    });

  const first = await deploy('1');
  expect(first.failures).toEqual([]);
  const { AppImageConfigName, ImageArn } = first.outputs;
  expect(first.outputs).toMatchObject({ ImageVersionNumber: '1' });
  const image = { ImageName: 'team-tools', AppImageConfigName };
  expect(await attached()).toEqual([image]);

  const second = await deploy('2');
  expect(second.failures).toEqual([]);
  expect(second.outputs).toMatchObject({ ImageVersionNumber: '2', ImageArn });
  expect(await attached()).toEqual([image]);

  const failing = `
  Failing:
    Type: Custom::StudioImage
    DependsOn: Image
    Properties:
      ServiceToken: !ImportValue StudioImageServiceToken
      ImageName: failing
      BaseImage: !Ref BaseImage
      RoleArn: !Ref RoleArn
      CodeEditorAppImageConfig: {}
      AttachTo: [{ DomainId: !Ref DomainId, UserProfileName: absent }]
`;
  const failed = await deploy('3', failing);
  expect(failed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(failed.failures.join()).toContain(
    `user profile absent of domain ${DomainId}, a target of AttachTo, does not exist`,
  );
  // The third version exists, but users do not get it.
  expect(await attached()).toEqual([{ ...image, ImageVersionNumber: 2 }]);
  expect((await sagemaker.send(new ListImagesCommand({}))).Images).toMatchObject([{ ImageName: 'team-tools' }]);

  await removeStack(cloud, 'image');
  expect(await attached()).toEqual([]);
  expect((await sagemaker.send(new ListImagesCommand({}))).Images).toEqual([]);
  expect((await sagemaker.send(new ListAppImageConfigsCommand({}))).AppImageConfigs).toEqual([]);
  await removeStack(cloud, 'studio');
});
