import { ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  DescribeImageVersionCommand,
  ListAppImageConfigsCommand,
  ListDomainsCommand,
  ListImagesCommand,
} from '@aws-sdk/client-sagemaker';
import { buildCommands } from '../../stacks/build-commands.ts';
import { deployTemplate, removeStack } from '../../stacks/cloud.ts';
import { ImagePipeline } from '../../stacks/image-pipeline.ts';
import { installProvider } from '../../stacks/provider.ts';
import { temporaryDirectory } from '../../stacks/temporary-directory.ts';
import { type LocalProcess, startLocalProcess } from '../../stacks/wire-cloud.ts';

const directory = temporaryDirectory();

/** The provider's other functions, which are not needed here. */
const others = [
  ...['ResourceShareAcceptance', 'SeedCode', 'StudioContents', 'StudioDomain', 'StudioLifecycleConfig'],
  ...['StudioProjects', 'StudioSetup', 'StudioSpace', 'StudioUserProfile', 'StudioUserProfileFleet'],
];

let cloud: LocalProcess;

// Builds take real time, so the clock keeps it, and only services are quick.
beforeAll(async () => {
  const PATH = buildCommands(directory(), ['aws', 'docker']);
  cloud = await startLocalProcess(['--speed', '1', '--durations', '0.003'], { PATH });
  const notInstalled = Object.fromEntries(others.map((name) => [`Install${name}`, 'false']));
  // The domain is a native one of another stack.
  await installProvider(cloud, { ...notInstalled, AllowedDomains: '*' });
}, 120_000);
afterAll(() => cloud?.stop());

test('an image is built from its source, delivered to the domain, rebuilt, kept through an update, and deleted', async () => {
  const { cloudformation, sagemaker } = cloud.clients;
  await deployTemplate(cloud, 'studio', 'examples/migrating/native.yaml');
  const { Domains } = await sagemaker.send(new ListDomainsCommand({}));
  const tools = await ImagePipeline.make(cloud, Domains![0]!.DomainId!);
  const version = (Version: number) => sagemaker.send(new DescribeImageVersionCommand({ ImageName: 'tools', Version }));

  const made = await tools.deploy();
  const pipeline = made.outputs.PipelineName!;
  expect(await tools.ran(pipeline, 1)).toMatch(/^Failed/);

  await tools.putSource('FROM scratch');
  expect(await tools.ran(pipeline, 2)).toBe('Succeeded');
  expect(await tools.attached()).toEqual([{ ImageName: 'tools', AppImageConfigName: expect.any(String) }]);
  const first = await version(1);
  expect(first.BaseImage).toMatch(
    /^\d{12}\.dkr\.ecr\.us-east-1\.amazonaws\.com\/studio-images\/tools@sha256:[0-9a-f]{64}$/,
  );

  await tools.putSource('FROM scratch\nLABEL better=yes');
  expect(await tools.ran(pipeline, 3)).toBe('Succeeded');
  const second = await version(2);
  expect(second.BaseImage).not.toBe(first.BaseImage);

  // The update of the whole keeps what the pipeline has delivered, and a build that fails changes nothing for anybody.
  await tools.deploy({ KeepVersions: '5', Folder: 'nowhere' });
  await tools.putSource('FROM scratch\nLABEL better=no');
  expect(await tools.ran(pipeline, 4)).toMatch(/^Failed: Build terminated with state: FAILED: BUILD: .*docker build/);
  expect((await version(2)).BaseImage).toBe(second.BaseImage);
  await expect(version(3)).rejects.toThrow('does not exist');

  await removeStack(cloud, made.id);
  expect(await tools.attached()).toEqual([]);
  expect((await sagemaker.send(new ListImagesCommand({}))).Images).toEqual([]);
  expect((await sagemaker.send(new ListAppImageConfigsCommand({}))).AppImageConfigs).toEqual([]);
  const ecr = new ECRClient(cloud.clientOptions);
  expect((await ecr.send(new DescribeRepositoriesCommand({}))).repositories).toEqual([]);
  const { StackSummaries } = await cloudformation.send(new ListStacksCommand({}));
  const left = StackSummaries!.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  expect(left.map(({ StackName }) => StackName).sort()).toEqual(['studio', 'studio-resources']);
}, 240_000);
