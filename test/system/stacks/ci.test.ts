import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { BatchGetBuildsCommand, CodeBuildClient, ListBuildsForProjectCommand } from '@aws-sdk/client-codebuild';
import {
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  type PipelineExecutionSummary,
} from '@aws-sdk/client-codepipeline';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ListDomainsCommand } from '@aws-sdk/client-sagemaker';
import { ConfirmSubscriptionCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { zipSync } from 'fflate';
import { handlerNames, root, zipPath } from '../../../scripts/handlers.ts';
import { account, region } from '../../../scripts/start/clients.ts';
import { buildCommands } from '../../stacks/build-commands.ts';
import { CiStacks, regions } from '../../stacks/ci-stacks.ts';
import { temporaryDirectory } from '../../stacks/temporary-directory.ts';
import { type LocalProcess, startLocalProcess } from '../../stacks/wire-cloud.ts';

const directory = temporaryDirectory();
const bucket = `studio-resources-ci-${account}-${region}`;
const messages: string[] = [];
let cloud: LocalProcess;
let codebuild: CodeBuildClient;
let subscriber: Server;

// Builds take real time, so the clock keeps it, and only services are quick.
beforeAll(async () => {
  const PATH = buildCommands(directory(), ['aws']);
  cloud = await startLocalProcess(['--speed', '1', '--durations', '0.003'], { PATH });
  codebuild = new CodeBuildClient(cloud.clientOptions);
  const sns = new SNSClient(cloud.clientOptions);
  const stacks = await CiStacks.make(cloud);
  const { TopicArn } = (await stacks.pipeline()).outputs;
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
  subscriber?.closeAllConnections();
  subscriber?.close();
  await cloud?.stop();
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

/** Tests a release; gives how each action ended, once the clean-up has been told of. */
async function tested(zip: Uint8Array): Promise<{ status: string; actions: Record<string, string>; told: string[] }> {
  const pipelineName = 'studio-resources-ci';
  const { codepipeline, s3 } = cloud.clients;
  const executions = async () =>
    (await codepipeline.send(new ListPipelineExecutionsCommand({ pipelineName }))).pipelineExecutionSummaries!;
  const before = await executions();
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'source.zip', Body: zip }));
  let ended: PipelineExecutionSummary = {};
  await cloud.until(async () => {
    const all = await executions();
    ended = all[0]!;
    return all.length > before.length && ended.status !== 'InProgress';
  }, 'the release to be tested');
  const told = () => {
    const from = messages.findIndex((message) => message.includes(ended.pipelineExecutionId!));
    return from < 0 ? [] : messages.slice(from);
  };
  await cloud.until(() => told().length > 1, 'the clean-up to be told of');
  const filter = { pipelineExecutionId: ended.pipelineExecutionId };
  const { actionExecutionDetails = [] } = await codepipeline.send(
    new ListActionExecutionsCommand({ pipelineName, filter }),
  );
  const actions = actionExecutionDetails.reverse().map(({ stageName, actionName, status, output }) => {
    const { errorDetails } = output?.executionResult ?? {};
    return [`${stageName} ${actionName}`, errorDetails?.message ?? status];
  });
  return { status: ended.status!, actions: Object.fromEntries(actions), told: told() };
}

/** What there is in each Region that no test was to leave. */
async function left(): Promise<string[]> {
  const found: string[] = [];
  for (const each of regions) {
    const { cloudformation, sagemaker } = cloud.as(undefined, each).clients;
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

test('a good release passes in both Regions, a broken one is cleaned up, and both are reported', async () => {
  // The pipeline ran when it was made, found no source, and was cleaned up after.
  await cloud.until(async () => {
    const projectName = 'studio-resources-ci-clean-up';
    const { ids = [] } = await codebuild.send(new ListBuildsForProjectCommand({ projectName }));
    if (ids.length === 0) return false;
    const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids }));
    return builds![0]!.buildComplete;
  }, 'the clean-up after the first execution');
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
  const broken = readFileSync(join(root, path), 'utf8').replace('AuthMode: !Ref AuthMode', 'AuthMode: None');
  const bad = await tested(release({ [path]: broken }));
  expect(bad.status).toBe('Failed');
  expect(bad.actions['FirstRegion CreateDomain']).toContain("Value 'None' at 'authMode'");
  expect(bad.actions['SecondRegion Publish']).toBeUndefined();
  expect(bad.told).toEqual([
    expect.stringContaining('ended as FAILED'),
    expect.stringMatching(/^The clean-up .* ended as SUCCEEDED/),
  ]);
  expect(await left()).toEqual([]);
}, 600_000);
