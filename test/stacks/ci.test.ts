import { CodeBuildClient, ListProjectsCommand } from '@aws-sdk/client-codebuild';
import { ListPipelinesCommand } from '@aws-sdk/client-codepipeline';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { account, region } from '../../scripts/start/clients.ts';
import { CiStacks, page, regions } from './ci-stacks.ts';
import { removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

// What the pipeline does with a release is tested in test/system: its builds run for real.

const bucket = `studio-resources-ci-${account}-${region}`;
let cloud: TestCloud;
let stacks: CiStacks;

beforeAll(async () => {
  cloud = await startCloud({ provider: false });
  stacks = await CiStacks.make(cloud);
  await stacks.pipeline();
});
afterAll(() => cloud?.stop());

test('the README’s commands upload a release to the pipeline’s source', () => {
  expect(page.filter((line) => !line.startsWith('aws cloudformation deploy'))).toEqual([
    'npm run build',
    'zip --quiet --recurse-paths source.zip cloudformation dist',
    `aws s3 cp source.zip s3://${bucket}/source.zip`,
  ]);
});

test('the stacks change in place, and their deletion retains the buckets with their objects', async () => {
  const sns = new SNSClient(cloud.clientOptions);
  const codebuild = new CodeBuildClient(cloud.clientOptions);
  const topics = async () => (await sns.send(new ListTopicsCommand({}))).Topics;
  const topic = await topics();
  const mailed = await stacks.pipeline({ NotificationEmail: 'platform@example.com' });
  expect(mailed.status).toBe('UPDATE_COMPLETE');
  expect(await topics()).toEqual(topic);
  await removeStack(cloud, mailed.id);
  for (const each of regions) {
    const { id } = await stacks.deploy('region', each);
    await removeStack(cloud.as(undefined, each), id);
  }
  expect(await topics()).toEqual([]);
  expect((await cloud.clients.codepipeline.send(new ListPipelinesCommand({}))).pipelines).toEqual([]);
  expect((await codebuild.send(new ListProjectsCommand({}))).projects).toEqual([]);
  const { Roles = [] } = await cloud.clients.iam.send(new ListRolesCommand({ PathPrefix: '/' }));
  const ours = Roles.filter(({ Path }) => Path === '/').map(({ RoleName }) => RoleName);
  expect(ours).toEqual(['ci-deploy']);
  const { Buckets } = await cloud.clients.s3.send(new ListBucketsCommand({}));
  expect(Buckets!.map(({ Name }) => Name)).toEqual(
    regions.map((each) => `studio-resources-ci-${account}-${each}`).sort(),
  );
});
