import { CodeBuildClient, ListProjectsCommand } from '@aws-sdk/client-codebuild';
import { ListPipelinesCommand } from '@aws-sdk/client-codepipeline';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { GetBucketPolicyCommand, GetPublicAccessBlockCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { inspectBucket } from '../../scripts/release/bucket.ts';
import { account, region } from '../../scripts/start/clients.ts';
import { CiStacks, ReleaseBucketPrefix, regions } from './ci-stacks.ts';
import { removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

// What the pipeline does with a release is tested in test/system: its builds run for real.

let cloud: TestCloud;
let stacks: CiStacks;

beforeAll(async () => {
  cloud = await startCloud({ provider: false });
  stacks = await CiStacks.make(cloud);
  await stacks.pipeline();
});
afterAll(() => cloud?.stop());

test.each([
  ['Account', { kind: 'account' }],
  ['Everybody', { kind: 'everybody' }],
  ['o-a1b2c3d4e5', { kind: 'organization', id: 'o-a1b2c3d4e5' }],
] as const)('a release bucket that %s may read is what the release command wants', async (Readers, readers) => {
  await stacks.deploy('region', region, { Readers });
  const name = `${ReleaseBucketPrefix}-${region}`;
  const place = { region, bucket: name, account, partition: 'aws', s3: cloud.clients.s3 };
  expect(await inspectBucket(place, { readers, createBuckets: true })).toBe('none');
  const { PublicAccessBlockConfiguration } = await cloud.clients.s3.send(
    new GetPublicAccessBlockCommand({ Bucket: name }),
  );
  const isBlocked = readers.kind !== 'everybody';
  expect(PublicAccessBlockConfiguration).toEqual({
    ...{ BlockPublicAcls: true, IgnorePublicAcls: true },
    ...{ BlockPublicPolicy: isBlocked, RestrictPublicBuckets: isBlocked },
  });
  const { Policy } = await cloud.clients.s3.send(new GetBucketPolicyCommand({ Bucket: name }));
  expect(Policy!.includes('"Allow"')).toBe(readers.kind !== 'account');
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
    [`studio-resources-ci-${account}`, ReleaseBucketPrefix]
      .flatMap((prefix) => regions.map((each) => `${prefix}-${each}`))
      .sort(),
  );
});
