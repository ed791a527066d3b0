import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  ListBuildsForProjectCommand,
  ListProjectsCommand,
} from '@aws-sdk/client-codebuild';
import {
  CodePipelineClient,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  ListPipelinesCommand,
} from '@aws-sdk/client-codepipeline';
import { CreateRoleCommand, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ListDomainsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { ConfirmSubscriptionCommand, ListTopicsCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { zipSync } from 'fflate';
import { handlerNames, root, zipPath } from '../../scripts/handlers.ts';
import { account, region } from '../../scripts/start/clients.ts';
import { deleteStack, deployStack } from '../../scripts/start/stack.ts';
import { awsCommand } from './aws-command.ts';
import { buildCommands } from './build-commands.ts';
import { blind, readTemplate, reasons, startCloud, type TestCloud } from './cloud.ts';
import { shellLines } from './shell.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const regions = [region, 'eu-west-1'] as const;
const bucket = `studio-resources-ci-${account}-${region}`;
const messages: string[] = [];
let cloud: TestCloud;
let codebuild: CodeBuildClient;
let codepipeline: CodePipelineClient;
let subscriber: Server;
let deployRoleArn = '';

/** The README's commands, for the account here. They make the stacks that are tested. */
const page = shellLines('cloudformation/ci/README.md').map((line) => line.replaceAll('111122223333', account));

const pipelineParameters = () => ({ SecondRegion: regions[1], DeployRoleArn: deployRoleArn });

/** Creates or updates the stack of a template of `ci`, which has to succeed. */
async function deploy(name: string, inRegion: string, parameters: Record<string, string> = {}) {
  const template = await readTemplate(`ci/${name}.yaml`);
  const { cloudformation } = clientsIn(inRegion);
  const ended = await deployStack(cloudformation, blind, { name: `ci-${name}`, template, parameters });
  expect(reasons(ended)).toEqual([]);
  return ended;
}

const clientsIn = (inRegion: string) => {
  const credentials = { accessKeyId: account, secretAccessKey: 'local' };
  const config = { endpoint: cloud.endpoint, region: inRegion, credentials };
  return {
    cloudformation: new CloudFormationClient(config),
    codebuild: new CodeBuildClient(config),
    codepipeline: new CodePipelineClient(config),
    sagemaker: new SageMakerClient(config),
    sns: new SNSClient(config),
  };
};

beforeAll(async () => {
  process.env.PATH = buildCommands(directory(), ['aws']);
  cloud = await startCloud();
  const { sns, ...here } = clientsIn(region);
  codebuild = here.codebuild;
  codepipeline = here.codepipeline;
  const { iam } = cloud.clients;
  const document = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: 'ci-deploy',
      AssumeRolePolicyDocument: document({
        Principal: { Service: 'cloudformation.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    }),
  );
  // The account's own administrator of tests, whatever the templates make.
  const PolicyDocument = document({ Action: '*', Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'ci-deploy', PolicyName: 'all', PolicyDocument }));
  deployRoleArn = Role!.Arn!;
  for (const line of page.filter((one) => one.startsWith('aws cloudformation deploy'))) {
    const [, inRegion] = /--region (\S+)/.exec(line)!;
    await awsCommand({ ...cloud.clients, ...clientsIn(inRegion!) }, line);
  }
  const made = await deploy('pipeline', region, pipelineParameters());
  const TopicArn = made.stack.Outputs!.find(({ OutputKey }) => OutputKey === 'TopicArn')!.OutputValue;
  subscriber = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { Type, Token, Message } = JSON.parse(body) as { Type: string; Token: string; Message: string };
    response.end();
    if (Type === 'Notification') messages.push(Message);
    else await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
  });
  await new Promise<void>((resolve) => subscriber.listen(0, '127.0.0.1', resolve));
  const Endpoint = `http://127.0.0.1:${(subscriber.address() as AddressInfo).port}/`;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }));
}, 120_000);

afterAll(async () => {
  subscriber.closeAllConnections();
  subscriber.close();
  await cloud.stop();
});

/** A release as it is zipped for a test, with files of its own in place of others. */
function release(changed: Record<string, string> = {}): Uint8Array {
  const templates = ['provider', 'network', 'domain', 'user-profile', 'lifecycle-configs'].map(
    (name) => `${name}.yaml`,
  );
  const paths = [...templates, 'ci/publish.sh', 'ci/check.sh'].map((path) => `cloudformation/${path}`);
  const files = paths.map((path) => [path, changed[path] ?? readFileSync(join(root, path), 'utf8')] as const);
  const zips = handlerNames().map((name) => [`dist/${basename(zipPath(name))}`, readFileSync(zipPath(name))] as const);
  return zipSync(
    { ...Object.fromEntries(files.map(([path, text]) => [path, Buffer.from(text)])), ...Object.fromEntries(zips) },
    { level: 0 },
  );
}

async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Tests a release; gives how each action ended, once the clean-up has been told of. */
async function tested(zip: Uint8Array): Promise<{ status: string; actions: Record<string, string>; told: string[] }> {
  const pipelineName = 'studio-resources-ci';
  const before = (await codepipeline.send(new ListPipelineExecutionsCommand({ pipelineName })))
    .pipelineExecutionSummaries!;
  await cloud.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'source.zip', Body: zip }));
  const ended = await eventually(async () => {
    const { pipelineExecutionSummaries: all = [] } = await codepipeline.send(
      new ListPipelineExecutionsCommand({ pipelineName }),
    );
    return all.length > before.length && all[0]!.status !== 'InProgress' ? all[0] : undefined;
  });
  const told = await eventually(() => {
    const from = messages.findIndex((message) => message.includes(ended.pipelineExecutionId!));
    return from >= 0 && messages.length > from + 1 ? messages.slice(from) : undefined;
  });
  const filter = { pipelineExecutionId: ended.pipelineExecutionId };
  const { actionExecutionDetails = [] } = await codepipeline.send(
    new ListActionExecutionsCommand({ pipelineName, filter }),
  );
  const actions = actionExecutionDetails.reverse().map(({ stageName, actionName, status, output }) => {
    const { errorDetails } = output?.executionResult ?? {};
    return [`${stageName} ${actionName}`, errorDetails?.message ?? status];
  });
  return { status: ended.status!, actions: Object.fromEntries(actions), told };
}

test('what the README says to type brings a release to where the pipeline looks for it', () => {
  expect(page.filter((line) => !line.startsWith('aws cloudformation deploy'))).toEqual([
    'npm run build',
    'zip --quiet --recurse-paths source.zip cloudformation dist',
    `aws s3 cp source.zip s3://${bucket}/source.zip`,
  ]);
});

/** What there is in each Region that no test was to leave. */
async function left(): Promise<string[]> {
  const found: string[] = [];
  for (const each of regions) {
    const { cloudformation, sagemaker } = clientsIn(each);
    const { StackSummaries = [] } = await cloudformation.send(new ListStacksCommand({}));
    const stacks = StackSummaries.filter(
      ({ StackName, StackStatus }) => /^studio-resources-ci-/.test(StackName!) && StackStatus !== 'DELETE_COMPLETE',
    );
    const { Domains = [] } = await sagemaker.send(new ListDomainsCommand({}));
    found.push(
      ...stacks.map(({ StackName }) => `${StackName} in ${each}`),
      ...Domains.map(({ DomainId }) => DomainId!),
    );
  }
  return found;
}

test('a release that works passes in both Regions, and one that does not is cleaned up after; both are told of', async () => {
  // The pipeline ran when it was made, found no source, and was cleaned up after.
  await eventually(async () => {
    const { ids = [] } = await codebuild.send(
      new ListBuildsForProjectCommand({ projectName: 'studio-resources-ci-clean-up' }),
    );
    if (ids.length === 0) return undefined;
    const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids }));
    return builds![0]!.buildComplete || undefined;
  });
  const good = await tested(release());
  expect(Object.entries(good.actions).filter(([, status]) => status !== 'Succeeded')).toEqual([]);
  expect(Object.keys(good.actions)).toHaveLength(25);
  expect(good.status).toBe('Succeeded');
  expect(good.told).toEqual([
    expect.stringContaining('ended as SUCCEEDED'),
    expect.stringMatching(/^The clean-up .* ended as SUCCEEDED/),
  ]);
  expect(await left()).toEqual([]);

  const path = 'cloudformation/domain.yaml';
  const broken = readFileSync(join(root, path), 'utf8').replace('AuthMode: !Ref AuthMode', 'AuthMode: Nobody');
  const bad = await tested(release({ [path]: broken }));
  expect(bad.status).toBe('Failed');
  expect(bad.actions['FirstRegion CreateDomain']).toContain("Value 'Nobody' at 'authMode'");
  expect(bad.actions['SecondRegion Publish']).toBeUndefined();
  expect(bad.told).toEqual([
    expect.stringContaining('ended as FAILED'),
    expect.stringMatching(/^The clean-up .* ended as SUCCEEDED/),
  ]);
  expect(await left()).toEqual([]);
}, 240_000);

test('the stacks change in place, and when they go, the buckets with what is in them stay', async () => {
  const { cloudformation, sns } = clientsIn(region);
  const topics = async () => (await sns.send(new ListTopicsCommand({}))).Topics;
  const topic = await topics();
  const mailed = await deploy('pipeline', region, {
    ...pipelineParameters(),
    NotificationEmail: 'platform@example.com',
  });
  expect(mailed.stack.StackStatus).toBe('UPDATE_COMPLETE');
  expect(await topics()).toEqual(topic);
  expect(reasons(await deleteStack(cloudformation, blind, mailed.stack))).toEqual([]);
  for (const each of regions) {
    const { stack } = await deploy('region', each);
    expect(reasons(await deleteStack(clientsIn(each).cloudformation, blind, stack))).toEqual([]);
  }
  expect(await topics()).toEqual([]);
  expect((await codepipeline.send(new ListPipelinesCommand({}))).pipelines).toEqual([]);
  expect((await codebuild.send(new ListProjectsCommand({}))).projects).toEqual([]);
  const { Roles = [] } = await cloud.clients.iam.send(new ListRolesCommand({ PathPrefix: '/' }));
  const ours = Roles.filter(({ Path }) => Path === '/').map(({ RoleName }) => RoleName);
  expect(ours).toEqual(['ci-deploy']);
  const { Buckets } = await cloud.clients.s3.send(new ListBucketsCommand({}));
  expect(Buckets!.map(({ Name }) => Name)).toEqual(
    regions.map((each) => `studio-resources-ci-${account}-${each}`).sort(),
  );
}, 120_000);
