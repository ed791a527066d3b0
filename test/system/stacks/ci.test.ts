import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { GetTemplateCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { BatchGetBuildsCommand, CodeBuildClient, ListBuildsForProjectCommand } from '@aws-sdk/client-codebuild';
import {
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  type PipelineExecutionSummary,
} from '@aws-sdk/client-codepipeline';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ListDomainsCommand } from '@aws-sdk/client-sagemaker';
import { ConfirmSubscriptionCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { root } from '../../../scripts/handlers.ts';
import { latestKey } from '../../../scripts/release/latest.ts';
import { account, region } from '../../../scripts/start/clients.ts';
import { buildCommands } from '../../stacks/build-commands.ts';
import { CiStacks, ReleaseBucketPrefix, regions } from '../../stacks/ci-stacks.ts';
import { temporaryDirectory } from '../../stacks/temporary-directory.ts';
import { type LocalProcess, startLocalProcess } from '../../stacks/wire-cloud.ts';
import { ReleasedRepository } from './released-repository.ts';

const directory = temporaryDirectory();
const messages: string[] = [];
let cloud: LocalProcess;
let repository: ReleasedRepository;
/** With `aws` among the commands. */
let PATH: string;
let codebuild: CodeBuildClient;
let subscriber: Server;

// Builds take real time, so the clock keeps it, and only services are quick.
beforeAll(async () => {
  PATH = buildCommands(directory(), ['aws']);
  repository = new ReleasedRepository(join(directory(), 'repository'));
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

interface Released {
  status: string;
  /** How each action ended: Succeeded, or the error's message. */
  actions: Record<string, string>;
  /** When each action ended, in milliseconds. */
  ended: Record<string, number>;
  told: string[];
}

/** Releases the repository's commit; gives how each action ended, once the clean-up has been told of. */
async function released(): Promise<Released> {
  const pipelineName = 'studio-resources-ci';
  const { codepipeline } = cloud.clients;
  const executions = async () =>
    (await codepipeline.send(new ListPipelineExecutionsCommand({ pipelineName }))).pipelineExecutionSummaries!;
  const before = await executions();
  const keys = { AWS_ACCESS_KEY_ID: account, AWS_SECRET_ACCESS_KEY: 'local' };
  repository.upload({ PATH, AWS_ENDPOINT_URL: cloud.endpoint, AWS_REGION: region, ...keys }, account);
  let ended: PipelineExecutionSummary = {};
  await cloud.until(async () => {
    const all = await executions();
    ended = all[0]!;
    return all.length > before.length && ended.status !== 'InProgress';
  }, 'the release to end');
  const told = () => {
    const from = messages.findIndex((message) => message.includes(ended.pipelineExecutionId!));
    return from < 0 ? [] : messages.slice(from);
  };
  await cloud.until(() => told().length > 1, 'the clean-up to be told of');
  const filter = { pipelineExecutionId: ended.pipelineExecutionId };
  const { actionExecutionDetails = [] } = await codepipeline.send(
    new ListActionExecutionsCommand({ pipelineName, filter }),
  );
  const actions = actionExecutionDetails.reverse().map(({ stageName, actionName, status, output, lastUpdateTime }) => {
    const { errorDetails } = output?.executionResult ?? {};
    return { name: `${stageName} ${actionName}`, status: errorDetails?.message ?? status!, at: lastUpdateTime! };
  });
  return {
    status: ended.status!,
    actions: Object.fromEntries(actions.map(({ name, status }) => [name, status])),
    ended: Object.fromEntries(actions.map(({ name, at }) => [name, at.getTime()])),
    told: told(),
  };
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

/** The objects of a Region's release bucket by their keys, and the latest version. */
async function publishedIn(inRegion: string): Promise<{ keys: string[]; latest: string | undefined }> {
  const { s3 } = cloud.as(undefined, inRegion).clients;
  const Bucket = `${ReleaseBucketPrefix}-${inRegion}`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const keys = Contents.map(({ Key }) => Key!);
  if (!keys.includes(latestKey)) return { keys, latest: undefined };
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: latestKey }));
  return { keys, latest: (JSON.parse(await Body!.transformToString()) as { version: string }).version };
}

/** What every Region has of a version, and its latest version. */
async function published(version: string) {
  const all = await Promise.all(regions.map(publishedIn));
  const ofVersion = (key: string) => key.startsWith(`studio-resources/${version}/`);
  return all.map(({ keys, latest }) => ({ files: keys.filter(ofVersion).length, latest }));
}

/** What the builds have logged. */
async function buildLog(): Promise<string> {
  const logGroupName = '/aws/codebuild/studio-resources-ci';
  const pages = paginateFilterLogEvents({ client: cloud.clients.logs }, { logGroupName });
  const lines = (await Array.fromAsync(pages)).flatMap(({ events = [] }) => events.map(({ message }) => message!));
  return lines.join('\n');
}

const cleanedUp = (state: string) => [
  expect.stringContaining(`ended as ${state}`),
  expect.stringMatching(/^The clean-up .* ended as SUCCEEDED/),
];

describe('after a good release', () => {
  let good: Released;

  beforeAll(async () => {
    // The pipeline ran when it was made, found no source, and was cleaned up after.
    await cloud.until(async () => {
      const projectName = 'studio-resources-ci-clean-up';
      const { ids = [] } = await codebuild.send(new ListBuildsForProjectCommand({ projectName }));
      if (ids.length === 0) return false;
      const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids }));
      return builds![0]!.buildComplete;
    }, 'the clean-up after the first execution');
    repository.commit('1.0.0');
    good = await released();
  }, 600_000);

  test('it was published, installed from there in both Regions, verified and removed, and then became the latest', async () => {
    expect(Object.entries(good.actions).filter(([, status]) => status !== 'Succeeded')).toEqual([]);
    expect(Object.keys(good.actions)).toHaveLength(25);
    expect(good.status).toBe('Succeeded');
    expect(good.told).toEqual(cleanedUp('SUCCEEDED'));
    expect(await left()).toEqual([]);
    const examined = (await buildLog())
      .split('\n')
      .filter((line) => /^(mend|warning|could not tell) |to mend/.test(line));
    expect(examined).toEqual(
      regions.map(() => '11 of 11 checks found nothing, 0 to mend, 0 to look at, 0 could not be told'),
    );
    for (const each of regions) {
      const { cloudformation, s3 } = cloud.as(undefined, each).clients;
      const { StackSummaries = [] } = await cloudformation.send(new ListStacksCommand({}));
      const provider = StackSummaries.find(({ StackName }) => StackName === 'studio-resources-ci-provider')!;
      const installed = await cloudformation.send(new GetTemplateCommand({ StackName: provider.StackId }));
      const Bucket = `${ReleaseBucketPrefix}-${each}`;
      const Key = 'studio-resources/1.0.0/provider.yaml';
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      expect(installed.TemplateBody).toBe(await Body!.transformToString());
      expect((await publishedIn(each)).latest).toBe('1.0.0');
      const { LastModified } = await s3.send(new HeadObjectCommand({ Bucket, Key: latestKey }));
      // S3 tells whole seconds.
      const removed = Math.floor(good.ended['SecondRegion DeleteProvider']! / 1000) * 1000;
      expect(LastModified!.getTime()).toBeGreaterThanOrEqual(removed);
    }
  });

  test('one whose tests fail is not published', async () => {
    repository.commit('1.1.0', { tests: 'exit 1' });
    const bad = await released();
    expect(bad.status).toBe('Failed');
    expect(bad.actions['Build Publish']).toContain('BUILD: Error while executing command');
    expect(bad.actions['FirstRegion InstallProvider']).toBeUndefined();
    expect(bad.told).toEqual(cleanedUp('FAILED'));
    expect(await published('1.1.0')).toEqual(regions.map(() => ({ files: 0, latest: '1.0.0' })));
  }, 600_000);

  test('one with a broken template is cleaned up, and the latest stays what it was', async () => {
    const path = 'cloudformation/domain.yaml';
    const template = readFileSync(join(root, path), 'utf8');
    repository.commit('1.2.0', { files: { [path]: template.replace('AuthMode: !Ref AuthMode', 'AuthMode: None') } });
    const bad = await released();
    expect(bad.status).toBe('Failed');
    expect(bad.actions['FirstRegion CreateDomain']).toContain('AuthMode: expected one of SSO, IAM, got "None"');
    expect(bad.actions['SecondRegion InstallProvider']).toBeUndefined();
    expect(bad.told).toEqual(cleanedUp('FAILED'));
    expect(await left()).toEqual([]);
    for (const { files, latest } of await published('1.2.0')) {
      expect(files).toBeGreaterThan(20);
      expect(latest).toBe('1.0.0');
    }
  }, 600_000);

  test('another one under its version is refused', async () => {
    const before = await published('1.0.0');
    const path = 'cloudformation/network.yaml';
    const template = readFileSync(join(root, path), 'utf8');
    repository.commit('1.0.0', { files: { [path]: `${template}# Other bytes.\n` } });
    const bad = await released();
    expect(bad.status).toBe('Failed');
    expect(bad.actions['Build Publish']).toContain('BUILD: Error while executing command');
    expect(await buildLog()).toContain('it has other bytes than this release. Version 1.0.0 exists');
    expect(await published('1.0.0')).toEqual(before);
  }, 600_000);
});
