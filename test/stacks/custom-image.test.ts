import { DescribeDomainCommand, ListAppImageConfigsCommand, ListImagesCommand } from '@aws-sdk/client-sagemaker';
import { deleteStack, deployStack, type Ended } from '../../scripts/start/stack.ts';
import { blind, installProvider, readTemplate, reasons, startCloud, type TestCloud } from './cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
  await installProvider(cloud.clients);
}, 120_000);

afterAll(() => cloud.stop());

const outputOf = ({ stack }: Ended, name: string) =>
  stack.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;

test('an image is attached to a domain, gets a new version, is rolled back and taken away with its stack', async () => {
  const { cloudformation, sagemaker } = cloud.clients;
  const studio = await deployStack(cloudformation, blind, {
    name: 'studio',
    template: await readTemplate('examples/studio.yaml'),
  });
  const DomainId = outputOf(studio, 'DomainId')!;
  const settings = async () => {
    const { DefaultUserSettings } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
    return DefaultUserSettings!;
  };
  const attached = async () => (await settings()).JupyterLabAppSettings?.CustomImages;
  const RoleArn = (await settings()).ExecutionRole!;
  const template = await readTemplate('examples/custom-image.yaml');
  const deploy = (tag: string, more = '') =>
    deployStack(cloudformation, blind, {
      name: 'image',
      template: template.replace('\nOutputs:', `${more}\nOutputs:`),
      parameters: { DomainId, RoleArn, BaseImage: `111122223333.dkr.ecr.us-east-1.amazonaws.com/studio:${tag}` },
    });

  const first = await deploy('1');
  expect(reasons(first)).toEqual([]);
  expect(outputOf(first, 'ImageVersionNumber')).toBe('1');
  const image = { ImageName: 'team-tools', AppImageConfigName: outputOf(first, 'AppImageConfigName') };
  expect(await attached()).toEqual([image]);

  const second = await deploy('2');
  expect(reasons(second)).toEqual([]);
  expect(outputOf(second, 'ImageVersionNumber')).toBe('2');
  expect(outputOf(second, 'ImageArn')).toBe(outputOf(first, 'ImageArn'));
  expect(await attached()).toEqual([image]);

  const doomed = `
  Doomed:
    Type: Custom::StudioImage
    DependsOn: Image
    Properties:
      ServiceToken: !ImportValue StudioImageServiceToken
      ImageName: doomed
      BaseImage: !Ref BaseImage
      RoleArn: !Ref RoleArn
      CodeEditorAppImageConfig: {}
      AttachTo: [{ DomainId: !Ref DomainId, UserProfileName: nobody }]
`;
  const failed = await deploy('3', doomed);
  expect(failed.stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(reasons(failed).join()).toContain(`user profile nobody of domain ${DomainId}, which it is to be attached to`);
  // The third version is there, but it is not what people get.
  expect(await attached()).toEqual([{ ...image, ImageVersionNumber: 2 }]);
  expect((await sagemaker.send(new ListImagesCommand({}))).Images).toMatchObject([{ ImageName: 'team-tools' }]);

  expect(reasons(await deleteStack(cloudformation, blind, second.stack))).toEqual([]);
  expect(await attached()).toEqual([]);
  expect((await sagemaker.send(new ListImagesCommand({}))).Images).toEqual([]);
  expect((await sagemaker.send(new ListAppImageConfigsCommand({}))).AppImageConfigs).toEqual([]);
  expect(reasons(await deleteStack(cloudformation, blind, studio.stack))).toEqual([]);
}, 240_000);
