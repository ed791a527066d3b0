import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DescribeDomainCommand, UpdateDomainCommand } from '@aws-sdk/client-sagemaker';
import { installProvider } from '../stacks/provider.ts';
import { type DeputiesCloud, domainProperties, startDeputiesCloud, tokenOf } from './deputies-cloud.ts';

let world: DeputiesCloud;
let DomainId: string;

/** What a domain's users need for its images. */
const PolicyDocument = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['sagemaker:DescribeImage', 'sagemaker:DescribeImageVersion'], Resource: '*' },
  ],
});

beforeAll(async () => {
  world = await startDeputiesCloud();
  const { cloud, network } = world;
  await installProvider(cloud, { NamePrefix: 'team-b' }, 'team-b');
  const ServiceToken = tokenOf('studio-domain', 'team-b');
  const Properties = { ...domainProperties('team-b', network), ServiceToken };
  const Domain = { Type: 'Custom::StudioDomain', Properties };
  const Outputs = { DomainId: { Value: { Ref: 'Domain' } } };
  const { failures, outputs } = await deploy('studio-of-b', { Domain }, Outputs);
  expect(failures).toEqual([]);
  DomainId = outputs.DomainId!;
  await cloud.clients.iam.send(
    new PutRolePolicyCommand({ RoleName: 'studio-user', PolicyName: 'images', PolicyDocument }),
  );
});

afterAll(() => world.cloud.stop());

function deploy(name: string, Resources: object, Outputs: object = {}) {
  return world.cloud.deploy(name, { template: JSON.stringify({ Resources, Outputs }) });
}

/** The other team's administrator sets what its users have in JupyterLab. */
async function attach(settings: object): Promise<void> {
  const { cloud } = world;
  const { sagemaker } = cloud.clients;
  await sagemaker.send(new UpdateDomainCommand({ DomainId, DefaultUserSettings: { JupyterLabAppSettings: settings } }));
  const isReady = async () => (await shown()).Status === 'InService';
  await cloud.until(isReady, 'the domain to be in service');
}

function shown() {
  return world.cloud.clients.sagemaker.send(new DescribeDomainCommand({ DomainId }));
}

async function attached() {
  const { DefaultUserSettings } = await shown();
  const { LifecycleConfigArns = [], CustomImages = [] } = DefaultUserSettings?.JupyterLabAppSettings ?? {};
  return { LifecycleConfigArns, CustomImages };
}

test('a script that another team has attached to its domain stays there, and its deletion says where', async () => {
  const script = (Content: string) => ({
    Type: 'Custom::StudioLifecycleConfig',
    Properties: { ServiceToken: tokenOf('studio-lifecycle-config'), Name: 'hello', AppType: 'JupyterLab', Content },
  });
  const Outputs = { Arn: { Value: { 'Fn::GetAtt': ['Script', 'StudioLifecycleConfigArn'] } } };
  const { outputs } = await deploy('script', { Script: script('echo hello') }, Outputs);
  await attach({ LifecycleConfigArns: [outputs.Arn] });
  const changed = await deploy('script', { Script: script('echo changed') }, Outputs);
  expect(changed).toMatchObject({ failures: [], status: 'UPDATE_COMPLETE' });
  expect((await attached()).LifecycleConfigArns).toEqual([outputs.Arn]);

  const { failures, status } = await world.cloud.remove('script');
  expect({ status, failures: failures.join() }).toEqual({
    status: 'DELETE_FAILED',
    failures: expect.stringMatching(
      `it is still in domain ${DomainId}: .*not authorized to perform: sagemaker:UpdateDomain`,
    ),
  });
  await attach({ LifecycleConfigArns: [] });
  expect(await world.cloud.remove('script')).toMatchObject({ failures: [], status: 'DELETE_COMPLETE' });
});

test('an image that another team has attached to its domain stays there, and its deletion says where', async () => {
  const Image = {
    Type: 'Custom::StudioImage',
    Properties: {
      ServiceToken: tokenOf('studio-image'),
      ImageName: 'tools',
      RoleArn: world.network.ExecutionRole,
      BaseImage: '999988887777.dkr.ecr.us-east-1.amazonaws.com/studio:1',
      JupyterLabAppImageConfig: {},
    },
  };
  expect((await deploy('image', { Image })).failures).toEqual([]);
  const CustomImages = [{ ImageName: 'tools', AppImageConfigName: 'tools-jupyter-lab' }];
  await attach({ CustomImages });
  const { failures, status } = await world.cloud.remove('image');
  expect({ status, failures: failures.join() }).toEqual({
    status: 'DELETE_FAILED',
    failures: expect.stringMatching(
      `it is still in domain ${DomainId}: .*not authorized to perform: sagemaker:UpdateDomain`,
    ),
  });
  expect((await attached()).CustomImages).toEqual(CustomImages);
  await attach({ CustomImages: [] });
  expect(await world.cloud.remove('image')).toMatchObject({ failures: [], status: 'DELETE_COMPLETE' });
});
