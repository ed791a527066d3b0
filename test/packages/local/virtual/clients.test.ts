import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Rule } from '../../../../packages/local/src/faults/rule.ts';
import { presignedUrl } from '../../../../packages/local/src/signing.ts';
import { VirtualCloud } from '../../../../packages/local/src/virtual/virtual-cloud.ts';

let cloud: VirtualCloud;
afterEach(() => cloud.discard());

const open = (...faults: Rule[]) => {
  cloud = new VirtualCloud({ faults });
};

/** Calls once; how long that took, and after how many attempts it succeeded. */
async function describe(): Promise<{ attempts?: number; took: number }> {
  const before = cloud.time.now();
  const { $metadata } = await new EC2Client(cloud.clientOptions()).send(new DescribeVpcsCommand({}));
  return { attempts: $metadata.attempts, took: cloud.time.now() - before };
}

test('a call takes virtual milliseconds in each direction', async () => {
  open();
  const { attempts, took } = await describe();
  expect(attempts).toBe(1);
  expect(took).toBeGreaterThanOrEqual(2);
  expect(took).toBeLessThanOrEqual(120);
});

test('attempts after a throttle wait at virtual time', async () => {
  open({ on: 'call', fault: 'throttle', service: 'ec2', count: 2 });
  const { attempts, took } = await describe();
  expect(attempts).toBe(3);
  // 200 and 400 ms, and three ways there and back.
  expect(took).toBeGreaterThanOrEqual(606);
  expect(took).toBeLessThanOrEqual(960);
});

test('a third throttle is the error, and a client error is not retried', async () => {
  open(
    { on: 'call', fault: 'throttle', service: 'ec2', count: 3 },
    { on: 'call', fault: 'access-denied', service: 'ec2' },
  );
  await expect(describe()).rejects.toMatchObject({ name: 'RequestLimitExceeded', $metadata: { attempts: 3 } });
  await expect(describe()).rejects.toMatchObject({ name: 'UnauthorizedOperation', $metadata: { attempts: 1 } });
});

test('a reset connection is retried', async () => {
  open({ on: 'call', fault: 'reset', service: 'ec2', count: 1 });
  expect((await describe()).attempts).toBe(2);
});

test('a client has the account or the credentials, and the Region, that it is given', async () => {
  open();
  const who = async (as?: Parameters<VirtualCloud['clientOptions']>[0]) =>
    (await new STSClient(cloud.clientOptions(as)).send(new GetCallerIdentityCommand({}))).Arn;
  expect(await who()).toBe('arn:aws:iam::000000000000:root');
  expect(await who('111122223333')).toBe('arn:aws:iam::111122223333:root');
  const iam = new IAMClient(cloud.clientOptions());
  await iam.send(new CreateUserCommand({ UserName: 'ana' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ana' }));
  const keys = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  expect(await who(keys)).toBe('arn:aws:iam::000000000000:user/ana');
  await new EC2Client(cloud.clientOptions(undefined, 'eu-west-1')).send(new DescribeVpcsCommand({}));
  expect(cloud.calls().at(-1)).toMatchObject({ operation: 'DescribeVpcs', region: 'eu-west-1' });
});

test('fetch reaches the cloud: a presigned URL can put and get', async () => {
  open();
  await new S3Client(cloud.clientOptions()).send(new CreateBucketCommand({ Bucket: 'data' }));
  const url = (method: 'GET' | 'PUT') =>
    presignedUrl({
      method,
      origin: cloud.cloud.endpoint,
      path: '/data/key',
      service: 's3',
      region: 'us-east-1',
      at: cloud.time.now(),
      expires: 60,
      accessKeyId: '000000000000',
      secretAccessKey: 'local',
    });
  const put = await cloud.fetch(url('PUT'), { method: 'PUT', body: 'hello' });
  expect(put.status).toBe(200);
  expect(await (await cloud.fetch(url('GET'))).text()).toBe('hello');
  const expired = url('GET');
  await cloud.pass(61_000);
  expect((await cloud.fetch(expired)).status).toBe(403);
});
