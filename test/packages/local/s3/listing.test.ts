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
  for (const Key of ['b/2', 'a', 'b/1', 'c', 'b/deep/1', 'é']) {
    await client.send(new S3.PutObjectCommand({ Bucket, Key, Body: Key }));
  }
});

afterEach(async () => {
  client.destroy();
  served.close();
});

const list = (more: Partial<S3.ListObjectsV2CommandInput> = {}) =>
  client.send(new S3.ListObjectsV2Command({ Bucket, ...more }));
const keys = ({ Contents = [] }: { Contents?: S3._Object[] }) => Contents.map(({ Key }) => Key);

test('objects are listed in the order of their keys', async () => {
  const page = await list();
  expect(keys(page)).toEqual(['a', 'b/1', 'b/2', 'b/deep/1', 'c', 'é']);
  expect(page).toMatchObject({ KeyCount: 6, IsTruncated: false, MaxKeys: 1000 });
  expect(page.Contents?.[0]).toMatchObject({
    Size: 1,
    StorageClass: 'STANDARD',
    ETag: '"0cc175b9c0f1b6a831c399e269772661"',
  });
});

test('a delimiter groups keys with a common prefix', async () => {
  const page = await list({ Delimiter: '/' });
  expect(keys(page)).toEqual(['a', 'c', 'é']);
  expect(page.CommonPrefixes).toEqual([{ Prefix: 'b/' }]);
  const inside = await list({ Delimiter: '/', Prefix: 'b/' });
  expect(keys(inside)).toEqual(['b/1', 'b/2']);
  expect(inside.CommonPrefixes).toEqual([{ Prefix: 'b/deep/' }]);
});

test('pages have every key once, grouped or not', async () => {
  for (const Delimiter of [undefined, '/']) {
    const seen: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list({ Delimiter, MaxKeys: 1, ContinuationToken });
      expect(page.KeyCount).toBe(1);
      seen.push(...keys(page).map(String), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => `${Prefix}`));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(seen).toEqual(Delimiter ? ['a', 'b/', 'c', 'é'] : ['a', 'b/1', 'b/2', 'b/deep/1', 'c', 'é']);
  }
});

test('a page can start after a key, be empty, or have encoded keys', async () => {
  expect(keys(await list({ StartAfter: 'b/2' }))).toEqual(['b/deep/1', 'c', 'é']);
  expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
  expect(keys(await list({ EncodingType: 'url', Prefix: 'é' }))).toEqual(['%C3%A9']);
  await expect(list({ MaxKeys: -1 })).rejects.toMatchObject({ name: 'InvalidArgument' });
});

test('the older call continues after a marker', async () => {
  const first = await client.send(new S3.ListObjectsCommand({ Bucket, MaxKeys: 2, Delimiter: '/' }));
  expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'b/', CommonPrefixes: [{ Prefix: 'b/' }] });
  const second = await client.send(new S3.ListObjectsCommand({ Bucket, Marker: first.NextMarker, Delimiter: '/' }));
  expect(keys(second)).toEqual(['c', 'é']);
});

test('versions are listed with their markers, the newest first, page by page', async () => {
  await client.send(new S3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await client.send(new S3.PutObjectCommand({ Bucket, Key: 'a', Body: 'newer' }));
  await client.send(new S3.DeleteObjectCommand({ Bucket, Key: 'a' }));
  const whole = await client.send(new S3.ListObjectVersionsCommand({ Bucket, Prefix: 'a' }));
  expect(whole.DeleteMarkers).toMatchObject([{ Key: 'a', IsLatest: true }]);
  expect(whole.Versions).toMatchObject([
    { Key: 'a', IsLatest: false, Size: 5 },
    { Key: 'a', IsLatest: false, Size: 1, VersionId: 'null' },
  ]);

  const seen: string[] = [];
  let marker: Pick<S3.ListObjectVersionsCommandInput, 'KeyMarker' | 'VersionIdMarker'> = {};
  for (let more = true; more; ) {
    const page = await client.send(new S3.ListObjectVersionsCommand({ Bucket, MaxKeys: 1, ...marker }));
    for (const { Key, VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
      seen.push(`${Key} ${VersionId === 'null' ? 'null' : 'id'}`);
    }
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    more = page.IsTruncated ?? false;
  }
  expect(seen).toEqual(['a id', 'a id', 'a null', 'b/1 null', 'b/2 null', 'b/deep/1 null', 'c null', 'é null']);
});
