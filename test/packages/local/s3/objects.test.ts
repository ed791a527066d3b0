import { Readable } from 'node:stream';
import * as S3 from '@aws-sdk/client-s3';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { type ServedCloud, serveCloud } from '../served-cloud.ts';

const Bucket = 'data';
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

const put = (Key: string, more: Partial<S3.PutObjectCommandInput> = {}) =>
  client.send(new S3.PutObjectCommand({ Bucket, Key, Body: `content of ${Key}`, ...more }));
const head = (Key: string, more: Partial<S3.HeadObjectCommandInput> = {}) =>
  client.send(new S3.HeadObjectCommand({ Bucket, Key, ...more }));
const read = async (Key: string, more: Partial<S3.GetObjectCommandInput> = {}) => {
  const { Body } = await client.send(new S3.GetObjectCommand({ Bucket, Key, ...more }));
  return Body?.transformToString();
};
const refused = (name: string, httpStatusCode: number) => ({ name, $metadata: { httpStatusCode } });

test('an object is returned as it was put, with its headers, metadata, tag count and checksum', async () => {
  await put('a folder/é & b+c.txt', {
    Body: 'hello',
    ContentType: 'text/plain',
    Metadata: { colour: 'blue' },
    Tagging: 'team=x&stage=y%20z',
  });
  const { Body, ...rest } = await client.send(
    new S3.GetObjectCommand({ Bucket, Key: 'a folder/é & b+c.txt', ChecksumMode: 'ENABLED' }),
  );
  expect(await Body?.transformToString()).toBe('hello');
  expect(rest).toMatchObject({
    ContentType: 'text/plain',
    ContentLength: 5,
    Metadata: { colour: 'blue' },
    ETag: '"5d41402abc4b2a76b9719d911017c592"',
    ChecksumCRC32: 'NhCmhg==',
    TagCount: 2,
    LastModified: new Date('2026-11-21T06:24:00Z'),
  });
});

test('HEAD has the headers of GET, without the body', async () => {
  await put('a', { Body: 'hello' });
  expect(await head('a')).toMatchObject({ ContentLength: 5, ContentType: 'application/octet-stream' });
});

test('a body that is streamed in signed chunks arrives whole', async () => {
  const Body = Readable.from([Buffer.alloc(200_000, 'A'), Buffer.alloc(100_000, 'A')]);
  await put('a', { Body, ContentLength: 300_000, ChecksumAlgorithm: 'SHA256' });
  expect(await read('a', { ChecksumMode: 'ENABLED' })).toBe('A'.repeat(300_000));
});

test("a body that does not match the client's checksum is refused", async () => {
  await expect(put('a', { ChecksumSHA256: Buffer.alloc(32).toString('base64') })).rejects.toMatchObject({
    ...refused('BadDigest', 400),
    message: 'The SHA256 you specified did not match what we received.',
  });
  await expect(put('a', { ContentMD5: Buffer.alloc(16).toString('base64') })).rejects.toMatchObject({
    name: 'BadDigest',
  });
});

test('a missing object is NoSuchKey for GET and NotFound for HEAD', async () => {
  await expect(read('missing')).rejects.toMatchObject({ ...refused('NoSuchKey', 404), Key: 'missing' });
  await expect(head('missing')).rejects.toMatchObject(refused('NotFound', 404));
  await expect(client.send(new S3.GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'a' }))).rejects.toMatchObject(
    refused('NoSuchBucket', 404),
  );
});

test('a range of bytes can be read, from either end', async () => {
  await put('a', { Body: '0123456789' });
  const part = await client.send(new S3.GetObjectCommand({ Bucket, Key: 'a', Range: 'bytes=2-4' }));
  expect(part).toMatchObject({ ContentRange: 'bytes 2-4/10', ContentLength: 3, $metadata: { httpStatusCode: 206 } });
  expect(await part.Body?.transformToString()).toBe('234');
  expect(await read('a', { Range: 'bytes=8-' })).toBe('89');
  expect(await read('a', { Range: 'bytes=-3' })).toBe('789');
  await expect(read('a', { Range: 'bytes=20-30' })).rejects.toMatchObject(refused('InvalidRange', 416));
});

test('conditions on the ETag are checked', async () => {
  const { ETag } = await put('a');
  await expect(put('a', { IfNoneMatch: '*' })).rejects.toMatchObject(refused('PreconditionFailed', 412));
  await expect(put('a', { IfMatch: '"other"' })).rejects.toMatchObject(refused('PreconditionFailed', 412));
  await expect(read('a', { IfMatch: '"other"' })).rejects.toMatchObject(refused('PreconditionFailed', 412));
  await expect(head('a', { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  await put('a', { IfMatch: ETag });
});

test('a key may have 1024 bytes and no more', async () => {
  await put('k'.repeat(1024));
  await expect(put('k'.repeat(1025))).rejects.toMatchObject(refused('KeyTooLongError', 400));
});

test('a deleted object is gone, and deleting it again succeeds', async () => {
  await put('a');
  await client.send(new S3.DeleteObjectCommand({ Bucket, Key: 'a' }));
  await client.send(new S3.DeleteObjectCommand({ Bucket, Key: 'a' }));
  await expect(read('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('many objects are deleted in one call, which lists them unless it is quiet', async () => {
  for (const key of ['a', 'b', 'c']) await put(key);
  const remove = (keys: string[], Quiet?: boolean) => {
    const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet };
    return client.send(new S3.DeleteObjectsCommand({ Bucket, Delete }));
  };
  expect((await remove(['a', 'b'])).Deleted).toEqual([{ Key: 'a' }, { Key: 'b' }]);
  expect((await remove(['c'], true)).Deleted).toBeUndefined();
  await expect(remove(Array.from({ length: 1001 }, (_, i) => `${i}`))).rejects.toMatchObject({ name: 'MalformedXML' });
});

test('a copy has the content, metadata and tags of its source, or new ones', async () => {
  await put('a', { Metadata: { colour: 'blue' }, Tagging: 'a=b' });
  await client.send(new S3.CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }));
  expect(await head('b')).toMatchObject({ Metadata: { colour: 'blue' }, TagCount: 1 });
  expect(await read('b')).toBe('content of a');
  await client.send(
    new S3.CopyObjectCommand({
      Bucket,
      Key: 'c',
      CopySource: `${Bucket}/a`,
      MetadataDirective: 'REPLACE',
      Metadata: { x: 'y' },
    }),
  );
  expect((await head('c')).Metadata).toEqual({ x: 'y' });
});

test('a copy onto itself without a change is refused, as is a copy of a missing object', async () => {
  await put('a');
  const copy = (CopySource: string) => client.send(new S3.CopyObjectCommand({ Bucket, Key: 'a', CopySource }));
  await expect(copy(`${Bucket}/a`)).rejects.toMatchObject({ name: 'InvalidRequest' });
  await expect(copy('nothing')).rejects.toMatchObject({ name: 'InvalidArgument' });
  await expect(copy(`${Bucket}/missing`)).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('tags of an object are set, read and removed', async () => {
  await put('a');
  const TagSet = [{ Key: 'k', Value: 'v + w = é' }];
  await client.send(new S3.PutObjectTaggingCommand({ Bucket, Key: 'a', Tagging: { TagSet } }));
  expect((await client.send(new S3.GetObjectTaggingCommand({ Bucket, Key: 'a' }))).TagSet).toEqual(TagSet);
  await client.send(new S3.DeleteObjectTaggingCommand({ Bucket, Key: 'a' }));
  expect((await client.send(new S3.GetObjectTaggingCommand({ Bucket, Key: 'a' }))).TagSet).toEqual([]);
});

describe('in a bucket with versioning', () => {
  beforeEach(() =>
    client.send(new S3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
  );

  test('every PUT creates a version, which can still be read', async () => {
    const first = await put('a', { Body: 'one' });
    const second = await put('a', { Body: 'two' });
    expect(first.VersionId).not.toBe(second.VersionId);
    expect(await read('a')).toBe('two');
    expect(await read('a', { VersionId: first.VersionId })).toBe('one');
    await expect(read('a', { VersionId: 'missing' })).rejects.toMatchObject(refused('NoSuchVersion', 404));
  });

  test('a DELETE adds a marker, and deleting the marker restores the object', async () => {
    await put('a');
    const { DeleteMarker, VersionId } = await client.send(new S3.DeleteObjectCommand({ Bucket, Key: 'a' }));
    expect(DeleteMarker).toBe(true);
    await expect(read('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await client.send(new S3.DeleteObjectCommand({ Bucket, Key: 'a', VersionId }));
    expect(await read('a')).toBe('content of a');
  });

  test('the bucket is empty only once every version is deleted', async () => {
    const { VersionId } = await put('a');
    const marker = await client.send(new S3.DeleteObjectCommand({ Bucket, Key: 'a' }));
    const remove = () => client.send(new S3.DeleteBucketCommand({ Bucket }));
    await expect(remove()).rejects.toMatchObject(refused('BucketNotEmpty', 409));
    const Objects = [VersionId, marker.VersionId].map((id) => ({ Key: 'a', VersionId: id }));
    await client.send(new S3.DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    await remove();
  });
});

test('listeners are notified of each new object', async () => {
  const heard: string[] = [];
  served.cloud.events.on('objectCreated', ({ bucket, key, body }) => heard.push(`${bucket}/${key} ${body.length}`));
  await put('a', { Body: 'hello' });
  await client.send(new S3.CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }));
  expect(heard).toEqual(['data/a 5', 'data/b 5']);
});
