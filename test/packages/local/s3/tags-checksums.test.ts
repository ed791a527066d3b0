import * as S3 from '@aws-sdk/client-s3';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { AuthorisedCloud } from '../authorised-cloud.ts';
import { type ServedCloud, serveCloud } from '../served-cloud.ts';
import { error } from '../studio.ts';

const Bucket = 'data';
const check = '123456789';

describe('checksums', () => {
  let served: ServedCloud;
  let client: S3.S3Client;

  beforeEach(async () => {
    served = serveCloud([s3]);
    client = new S3.S3Client(served.as('111111111111'));
    await client.send(new S3.CreateBucketCommand({ Bucket }));
  });
  afterEach(async () => {
    client.destroy();
    served.close();
  });

  const put = (more: Partial<S3.PutObjectCommandInput>) =>
    client.send(new S3.PutObjectCommand({ Bucket, Key: 'a', Body: check, ...more }));
  const head = (Key: string) => client.send(new S3.HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));

  test.each([
    ['ChecksumCRC32', 'y/Q5Jg=='],
    ['ChecksumCRC32C', '4waSgw=='],
    ['ChecksumCRC64NVME', 'rosUhgp5mIg='],
    ['ChecksumSHA256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
  ])("a body that matches the client's %s is accepted, and another is refused", async (member, sum) => {
    await put({ [member]: sum });
    expect(await head('a')).toMatchObject({ [member]: sum });
    await expect(put({ [member]: sum, Body: 'something else' })).rejects.toMatchObject({ name: 'BadDigest' });
  });

  test('a body without one gets one from S3', async () => {
    await served.cloud.invoke(
      s3,
      'PutObject',
      { Bucket, Key: 'a', Body: check },
      {
        principal: { kind: 'account', account: '111111111111', arn: 'arn:aws:iam::111111111111:root' },
        region: 'us-east-1',
      },
    );
    expect(await head('a')).toMatchObject({ ChecksumCRC64NVME: 'rosUhgp5mIg=' });
  });

  test('a copy has the checksum algorithm of its source, or the requested one', async () => {
    await put({ ChecksumAlgorithm: 'SHA1' });
    const copy = (Key: string, more: Partial<S3.CopyObjectCommandInput> = {}) =>
      client.send(new S3.CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/a`, ...more }));
    await copy('b');
    expect((await head('b')).ChecksumSHA1).toBeDefined();
    const { CopyObjectResult } = await copy('c', { ChecksumAlgorithm: 'SHA256' });
    expect(CopyObjectResult?.ChecksumSHA256).toBe('FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=');
    expect((await head('c')).ChecksumSHA1).toBeUndefined();
  });

  test('a copy is made only if its conditions on the source hold', async () => {
    const { ETag } = await put({});
    const copy = (more: Partial<S3.CopyObjectCommandInput>) =>
      client.send(new S3.CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a`, ...more }));
    await copy({ CopySourceIfMatch: ETag });
    await expect(copy({ CopySourceIfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(copy({ CopySourceIfNoneMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  test('only the requested attributes of an object are returned', async () => {
    await put({ ChecksumAlgorithm: 'SHA256' });
    const ask = (...ObjectAttributes: S3.ObjectAttributes[]) =>
      client.send(new S3.GetObjectAttributesCommand({ Bucket, Key: 'a', ObjectAttributes }));
    const { $metadata, LastModified, ...found } = await ask('Checksum', 'ObjectSize');
    expect(found).toEqual({
      ObjectSize: check.length,
      Checksum: {
        ChecksumSHA256: 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
        ChecksumType: 'FULL_OBJECT',
      },
    });
    expect(await ask('ETag', 'StorageClass')).toMatchObject({ StorageClass: 'STANDARD' });
  });
});

describe('tags', () => {
  let cloud: AuthorisedCloud;
  const put = (Key: string, Tagging: string) => cloud.call(s3, 'PutObject', { Bucket, Key, Body: 'x', Tagging });

  beforeEach(async () => {
    cloud = new AuthorisedCloud([s3]);
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
    await cloud.call(s3, 'CreateBucket', { Bucket, CreateBucketConfiguration });
  });
  afterEach(() => cloud.cloud.close());

  test.each([
    ['more than ten', Array.from({ length: 11 }, (_, n) => `k${n}=v`).join('&'), 'BadRequest'],
    ['the same key twice', 'a=1&a=2', 'InvalidTag'],
    ["AWS's own keys", 'aws:a=1', 'InvalidTag'],
    ['keys that are too long', `${'k'.repeat(129)}=1`, 'InvalidTag'],
    ['values that are too long', `a=${'v'.repeat(257)}`, 'InvalidTag'],
    ['other characters', 'a=%3C', 'InvalidTag'],
  ])('%s are refused', async (_, tagging, code) => {
    await expect(put('a', tagging)).rejects.toMatchObject({ name: code });
    await put('b', '');
    const TagSet = [...new URLSearchParams(tagging)].map(([Key, Value]) => ({ Key, Value }));
    const tag = cloud.call(s3, 'PutObjectTagging', { Bucket, Key: 'b', Tagging: { TagSet } });
    await expect(tag).rejects.toMatchObject({ name: code });
  });

  test('a permission can depend on the tags of an object, like that of a launch role', async () => {
    await put('seed', 'servicecatalog:provisioning=true');
    await put('secret', 'team=red');
    const launch = await cloud.role('launch', {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { StringEquals: { 's3:ExistingObjectTag/servicecatalog:provisioning': 'true' } },
    });
    expect(await cloud.call(s3, 'GetObject', { Bucket, Key: 'seed' }, launch)).toMatchObject({ TagCount: 1 });
    await expect(cloud.call(s3, 'GetObject', { Bucket, Key: 'secret' }, launch)).rejects.toEqual(
      error('AccessDenied', 's3:GetObject'),
    );
  });

  test('a permission can depend on the tags in a request, and a copy has those of its source', async () => {
    await put('red', 'team=red');
    await put('blue', 'team=blue');
    const writer = await cloud.role(
      'writer',
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:GetObjectTagging'], Resource: '*' },
      {
        Effect: 'Allow',
        Action: ['s3:PutObject', 's3:PutObjectTagging'],
        Resource: `arn:aws:s3:::${Bucket}/*`,
        Condition: { StringEquals: { 's3:RequestObjectTag/team': 'red' } },
      },
    );
    const copy = (from: string) =>
      cloud.call(s3, 'CopyObject', { Bucket, Key: `${from}-copy`, CopySource: `${Bucket}/${from}` }, writer);
    await copy('red');
    await expect(copy('blue')).rejects.toEqual(error('AccessDenied', 's3:PutObject'));
    expect(await cloud.call(s3, 'GetObjectTagging', { Bucket, Key: 'red-copy' })).toMatchObject({
      TagSet: [{ Key: 'team', Value: 'red' }],
    });
  });
});
