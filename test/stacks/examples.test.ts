import { CreateResourceShareCommand, GetResourceSharesCommand, RAMClient } from '@aws-sdk/client-ram';
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import { account } from '../../scripts/start/clients.ts';
import { deleteStack, deployStack } from '../../scripts/start/stack.ts';
import { blind, installProvider, readTemplate, reasons, startCloud, type TestCloud } from './cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
  await installProvider(cloud.clients);
}, 120_000);
afterAll(() => cloud.stop());

async function deploy(name: string, parameters: Record<string, string>) {
  const template = await readTemplate(`examples/${name}.yaml`);
  const ended = await deployStack(cloud.clients.cloudformation, blind, { name, template, parameters });
  expect(reasons(ended)).toEqual([]);
  const outputs = ended.stack.Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
  return { stack: ended.stack, outputs: Object.fromEntries(outputs) as Record<string, string> };
}

async function remove(stack: Awaited<ReturnType<typeof deploy>>['stack']): Promise<void> {
  expect(reasons(await deleteStack(cloud.clients.cloudformation, blind, stack))).toEqual([]);
}

test('examples/seed-code.yaml delivers seed code, changes it over, and leaves nothing', async () => {
  const { s3 } = cloud.clients;
  const SourceBucket = 'studio-resources-sources';
  await s3.send(new CreateBucketCommand({ Bucket: SourceBucket }));
  for (const name of ['one', 'two']) {
    const Body = zipSync({ 'buildspec.yml': strToU8(name) });
    await s3.send(new PutObjectCommand({ Bucket: SourceBucket, Key: `${name}.zip`, Body }));
  }
  const first = await deploy('seed-code', { SourceBucket, SourceKey: 'one.zip' });
  const second = await deploy('seed-code', { SourceBucket, SourceKey: 'two.zip' });
  expect(second.outputs.Key).not.toBe(first.outputs.Key);
  const head = (Key: string) => s3.send(new HeadObjectCommand({ Bucket: second.outputs.Bucket, Key }));
  await expect(head(first.outputs.Key!)).rejects.toMatchObject({ name: 'NotFound' });
  expect((await head(second.outputs.Key!)).TagCount).toBeGreaterThan(0);
  await remove(second.stack);
}, 120_000);

test('examples/shared-pipelines.yaml accepts what another account shares, and leaves it when asked', async () => {
  const OwningAccountId = '444455556666';
  const region = 'us-east-1';
  const as = (accessKeyId: string) =>
    new RAMClient({ endpoint: cloud.endpoint, region, credentials: { accessKeyId, secretAccessKey: 'local' } });
  const [owner, consumer] = [as(OwningAccountId), as(account)];
  const pipeline = `arn:aws:sagemaker:${region}:${OwningAccountId}:pipeline/train`;
  const ResourceShareName = 'pipelines';
  const share = { name: ResourceShareName, resourceArns: [pipeline], principals: [account] };
  const { resourceShare } = await owner.send(new CreateResourceShareCommand(share));
  const parameters = { OwningAccountId, ResourceShareName, LeaveOnDelete: 'true' };
  const { stack, outputs } = await deploy('shared-pipelines', parameters);
  expect(outputs).toEqual({ ResourceShareArn: resourceShare!.resourceShareArn, PipelineArns: pipeline });
  await remove(stack);
  const { resourceShares } = await consumer.send(new GetResourceSharesCommand({ resourceOwner: 'OTHER-ACCOUNTS' }));
  expect(resourceShares).toEqual([]);
  owner.destroy();
  consumer.destroy();
}, 120_000);
