import { ListStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CodePipelineClient,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
} from '@aws-sdk/client-codepipeline';
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { GetRoleCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import {
  DescribeDomainCommand,
  DescribeImageVersionCommand,
  ListAppImageConfigsCommand,
  ListImagesCommand,
} from '@aws-sdk/client-sagemaker';
import { strToU8, zipSync } from 'fflate';
import { account, region } from '../../scripts/start/clients.ts';
import { deleteStack, deployStack, type Ended } from '../../scripts/start/stack.ts';
import { buildCommands } from './build-commands.ts';
import { blind, installProvider, readTemplate, reasons, startCloud, type TestCloud } from './cloud.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const bucket = 'team-pipelines';
let cloud: TestCloud;
let codepipeline: CodePipelineClient;
let ecr: ECRClient;

beforeAll(async () => {
  process.env.PATH = buildCommands(directory(), ['aws', 'docker']);
  cloud = await startCloud();
  const { s3 } = cloud.clients;
  const config = { endpoint: cloud.endpoint, region, credentials: { accessKeyId: account, secretAccessKey: 'local' } };
  codepipeline = new CodePipelineClient(config);
  ecr = new ECRClient(config);
  await installProvider(cloud.clients);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const NotificationConfiguration = { EventBridgeConfiguration: {} };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration }));
}, 120_000);

afterAll(() => cloud.stop());

const outputOf = ({ stack }: Ended, name: string) =>
  stack.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;

/** How the pipeline's execution of that number ended: its status, and why an action failed. */
async function ran(pipelineName: string, number: number): Promise<string> {
  for (;;) {
    const { pipelineExecutionSummaries: all } = await codepipeline.send(
      new ListPipelineExecutionsCommand({ pipelineName }),
    );
    const { status, pipelineExecutionId } = all!.at(-number) ?? {};
    if (status && status !== 'InProgress') {
      const filter = { pipelineExecutionId };
      const { actionExecutionDetails } = await codepipeline.send(
        new ListActionExecutionsCommand({ pipelineName, filter }),
      );
      const failed = actionExecutionDetails!.find((one) => one.status === 'Failed');
      return failed ? `${status}: ${failed.output!.executionResult!.errorDetails!.message}` : status;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const putSource = (Dockerfile: string) =>
  cloud.clients.s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: 'custom-images/tools.zip',
      Body: zipSync({ Dockerfile: strToU8(Dockerfile) }),
    }),
  );

test('an image is built from its source, delivered to the domain, built anew, kept through an update, and taken away', async () => {
  const { cloudformation, iam, sagemaker } = cloud.clients;
  const roles = async () => (await iam.send(new ListRolesCommand({}))).Roles!.map(({ RoleName }) => RoleName).sort();
  const studio = await deployStack(cloudformation, blind, {
    name: 'studio',
    template: await readTemplate('examples/studio.yaml'),
  });
  const DomainId = outputOf(studio, 'DomainId')!;
  const attached = async () => {
    const { DefaultUserSettings } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
    return DefaultUserSettings!.JupyterLabAppSettings?.CustomImages ?? [];
  };
  const version = (Version: number) => sagemaker.send(new DescribeImageVersionCommand({ ImageName: 'tools', Version }));
  const before = await roles();

  const template = await readTemplate('custom-image.yaml');
  const parameters = {
    DomainId,
    ImageName: 'tools',
    PipelineBucket: bucket,
    ArtifactBucket: 'studio-resources-artifacts',
    ArtifactPrefix: 'test',
  };
  const deploy = (more: Record<string, string> = {}) =>
    deployStack(cloudformation, blind, { name: 'tools', template, parameters: { ...parameters, ...more } });
  const made = await deploy();
  expect(reasons(made)).toEqual([]);
  expect(outputOf(made, 'SourceUri')).toBe(`s3://${bucket}/custom-images/tools.zip`);
  const pipeline = outputOf(made, 'PipelineName')!;
  // There is no source yet.
  expect(await ran(pipeline, 1)).toBe('Failed: The specified key does not exist.');
  expect(await attached()).toEqual([]);

  await putSource('FROM scratch');
  expect(await ran(pipeline, 2)).toBe('Succeeded');
  expect(await attached()).toEqual([{ ImageName: 'tools', AppImageConfigName: expect.any(String) }]);
  const first = await version(1);
  expect(first.BaseImage).toMatch(
    /^\d{12}\.dkr\.ecr\.us-east-1\.amazonaws\.com\/studio-images\/tools@sha256:[0-9a-f]{64}$/,
  );

  await putSource('FROM scratch\nLABEL better=yes');
  expect(await ran(pipeline, 3)).toBe('Succeeded');
  const second = await version(2);
  expect(second.BaseImage).not.toBe(first.BaseImage);

  // The update of the whole keeps what the pipeline has delivered, and a build that fails changes nothing for anybody.
  const PermissionsBoundaryArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const updated = await deploy({ KeepVersions: '5', Folder: 'nowhere', PermissionsBoundaryArn });
  expect(reasons(updated)).toEqual([]);
  const ours = (await roles()).filter((name) => !before.includes(name));
  const bounded = await Promise.all(ours.map((RoleName) => iam.send(new GetRoleCommand({ RoleName }))));
  expect(bounded.map(({ Role }) => Role!.PermissionsBoundary?.PermissionsBoundaryArn)).toEqual(
    ours.map(() => PermissionsBoundaryArn),
  );
  await putSource('FROM scratch\nLABEL better=no');
  expect(await ran(pipeline, 4)).toMatch(/^Failed: Build terminated with state: FAILED: BUILD: .*docker build/);
  expect((await version(2)).BaseImage).toBe(second.BaseImage);
  await expect(version(3)).rejects.toThrow('does not exist');

  expect(reasons(await deleteStack(cloudformation, blind, made.stack))).toEqual([]);
  expect(await attached()).toEqual([]);
  expect((await sagemaker.send(new ListImagesCommand({}))).Images).toEqual([]);
  expect((await sagemaker.send(new ListAppImageConfigsCommand({}))).AppImageConfigs).toEqual([]);
  expect((await ecr.send(new DescribeRepositoriesCommand({}))).repositories).toEqual([]);
  expect(await roles()).toEqual(before);
  const { StackSummaries } = await cloudformation.send(new ListStacksCommand({}));
  const left = StackSummaries!.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  expect(left.map(({ StackName }) => StackName).sort()).toEqual(['studio', 'studio-resources']);
}, 240_000);
