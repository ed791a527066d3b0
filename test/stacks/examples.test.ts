import { CreateResourceShareCommand, GetResourceSharesCommand } from '@aws-sdk/client-ram';
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import { account, region } from '../../scripts/start/clients.ts';
import { deployTemplate, removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud({ provider: { ShareOwnerAccountIds: '444455556666' } });
});
afterAll(() => cloud.stop());

test('examples/seed-code.yaml delivers seed code, replaces it, and leaves nothing', async () => {
  const { s3 } = cloud.clients;
  const SourceBucket = 'studio-resources-sources';
  await s3.send(new CreateBucketCommand({ Bucket: SourceBucket }));
  for (const name of ['one', 'two']) {
    const Body = zipSync({ 'buildspec.yml': strToU8(name) });
    await s3.send(new PutObjectCommand({ Bucket: SourceBucket, Key: `${name}.zip`, Body }));
  }
  const deploy = (SourceKey: string) =>
    deployTemplate(cloud, 'seed-code', 'examples/seed-code.yaml', { SourceBucket, SourceKey });
  const first = await deploy('one.zip');
  const second = await deploy('two.zip');
  expect(second.Key).not.toBe(first.Key);
  const head = (Key: string) => s3.send(new HeadObjectCommand({ Bucket: second.Bucket, Key }));
  await expect(head(first.Key!)).rejects.toMatchObject({ name: 'NotFound' });
  expect((await head(second.Key!)).TagCount).toBeGreaterThan(0);
  await removeStack(cloud, 'seed-code');
});

test('examples/shared-pipelines.yaml accepts another account’s share, and leaves it if the template says so', async () => {
  const OwningAccountId = '444455556666';
  const { ram: owner } = cloud.as(OwningAccountId).clients;
  const pipeline = `arn:aws:sagemaker:${region}:${OwningAccountId}:pipeline/train`;
  const ResourceShareName = 'pipelines';
  const share = { name: ResourceShareName, resourceArns: [pipeline], principals: [account] };
  const { resourceShare } = await owner.send(new CreateResourceShareCommand(share));
  const parameters = { OwningAccountId, ResourceShareName, LeaveOnDelete: 'true' };
  const outputs = await deployTemplate(cloud, 'shared-pipelines', 'examples/shared-pipelines.yaml', parameters);
  expect(outputs).toEqual({ ResourceShareArn: resourceShare!.resourceShareArn, PipelineArns: pipeline });
  await removeStack(cloud, 'shared-pipelines');
  const { resourceShares } = await cloud.clients.ram.send(
    new GetResourceSharesCommand({ resourceOwner: 'OTHER-ACCOUNTS' }),
  );
  expect(resourceShares).toEqual([]);
});
