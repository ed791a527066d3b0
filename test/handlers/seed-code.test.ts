import { S3Client } from '@aws-sdk/client-s3';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { handler, seedCode } from '../../handlers/seed-code.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { awsError } from './aws-error.ts';
import { type MockService, mockService } from './mock-service.ts';

const source = { SourceBucket: 'artifacts', SourceKey: 'seed.zip' };
const folder = { SourceBucket: 'artifacts', SourcePrefix: 'template' };
const destination = { DestinationBucket: 'seeds', DestinationPrefix: 'seed-code/' };
const properties = { ...source, ...destination };
const invented = 'studio-Seed-1ABCDEFGHIJKL';
const form = /^s3:\/\/seeds\/seed-code\/[0-9a-f]{64}-[0-9a-f]{8}\.zip$/;

/** The same bytes for the same text, whenever it is made. */
const zip = (text: string) => zipSync({ 'buildspec.yml': strToU8(text) }, { mtime: '2020-01-01T00:00:00Z' });

let own: MockService<(typeof s3)['module']>;

beforeEach(async () => {
  own = mockService(handler, seedCode, S3Client, s3);
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
  for (const Bucket of ['artifacts', 'seeds']) await own.as()('CreateBucket', { Bucket, CreateBucketConfiguration });
  await put('seed.zip', zip('one'));
});
afterEach(() => own.close());

const put = (Key: string, Body: Uint8Array | string, Bucket = 'artifacts') =>
  own.as()('PutObject', { Bucket, Key, Body });
const create = (ResourceProperties: Record<string, unknown> = properties) =>
  own.send({ RequestType: 'Create', ResourceProperties });
const update = (id: string, to: Record<string, unknown>, from: Record<string, unknown> = properties) =>
  own.send({ RequestType: 'Update', PhysicalResourceId: id, ResourceProperties: to, OldResourceProperties: from });
const remove = (PhysicalResourceId: string, ResourceProperties: Record<string, unknown> = properties) =>
  own.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties });

/** What is in a bucket, versions and delete markers as well. */
async function held(Bucket = 'seeds'): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await own.as()('ListObjectVersions', { Bucket });
  return [...Versions, ...DeleteMarkers].map(({ Key }) => `s3://${Bucket}/${Key}`);
}

async function read(id: string): Promise<Uint8Array> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(id)!;
  const { Body } = await own.as()('GetObject', { Bucket: Bucket!, Key: Key! });
  return Body!;
}

async function tagsOf(id: string) {
  const { TagSet } = await own.as()('GetObjectTagging', { Bucket: 'seeds', Key: id.slice('s3://seeds/'.length) });
  return Object.fromEntries(TagSet!.map(({ Key, Value }) => [Key, Value]));
}

async function version(Bucket = 'seeds') {
  await own.as()('PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Enabled' } });
}

describe('a creation', () => {
  test('delivers a zip as it is, under its checksum and with the tags that Service Catalog and we need', async () => {
    const { Status, PhysicalResourceId: id, Data } = await create();
    expect(Status).toBe('SUCCESS');
    expect(id).toMatch(form);
    expect(await read(id)).toEqual(zip('one'));
    expect(await tagsOf(id)).toEqual({
      'servicecatalog:provisioning': 'true',
      'studio-resources:stack-id': 'arn:aws:cloudformation:eu-west-1:111122223333:stack/studio/5f1b2c30',
      'studio-resources:logical-id': 'Studio',
    });
    const sha256 = Buffer.from(/[0-9a-f]{64}/.exec(id)![0], 'hex').toString('base64');
    expect(Data).toEqual({
      Bucket: 'seeds',
      Key: id.slice('s3://seeds/'.length),
      VersionId: '',
      ChecksumSHA256: sha256,
    });
  });

  test('makes a zip of all that is in a folder, in its folders, and of nothing beside it', async () => {
    const text = 'print(1)\n'.repeat(1000);
    await put('template/train.py', text);
    await put('template/tests/é.py', 'assert True');
    await put('template/empty.txt', '');
    await put('template/tests/', '');
    await put('template-of-others/secret.txt', 'x');
    const { PhysicalResourceId: id } = await create({ ...folder, ...destination });
    const bytes = await read(id);
    const files = Object.entries(unzipSync(bytes)).map(([name, content]) => [name, strFromU8(content)]);
    expect(files).toEqual([
      ['empty.txt', ''],
      ['tests/é.py', 'assert True'],
      ['train.py', text],
    ]);
    expect(bytes.length).toBeLessThan(text.length);
    expect(await create({ ...folder, ...destination, SourcePrefix: 'template/' })).toMatchObject({
      PhysicalResourceId: id,
    });
  });

  test('takes the version of the zip that is asked for', async () => {
    await version('artifacts');
    const { VersionId } = await put('seed.zip', zip('two'));
    await put('seed.zip', zip('three'));
    const { PhysicalResourceId: id } = await create({ ...properties, SourceVersionId: VersionId });
    expect(await read(id)).toEqual(zip('two'));
  });

  test('answers the version that a bucket with versioning gives', async () => {
    await version();
    expect((await create()).Data?.VersionId).toMatch(/^[a-z0-9]{32}$/);
  });

  test('that is delivered twice makes one object', async () => {
    await version();
    const { PhysicalResourceId } = await create();
    expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(await held()).toEqual([PhysicalResourceId]);
  });

  test('of the same content by another resource makes an object of its own', async () => {
    const first = await create();
    const second = await own.send({
      RequestType: 'Create',
      LogicalResourceId: 'Other',
      ResourceProperties: properties,
    });
    expect(second.PhysicalResourceId).not.toBe(first.PhysicalResourceId);
    await remove(first.PhysicalResourceId);
    expect(await held()).toEqual([second.PhysicalResourceId]);
  });

  test('lives through an answer that is lost', async () => {
    own.answer('PutObject', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    const { Status, PhysicalResourceId } = await create();
    expect(Status).toBe('SUCCESS');
    expect(await held()).toEqual([PhysicalResourceId]);
  });

  test.each([
    ['a zip that is not there', { ...source, SourceKey: 'x.zip' }, 'Reading s3://artifacts/x.zip: NoSuchKey'],
    [
      'a bucket that is not there',
      { ...source, SourceBucket: 'nowhere' },
      'Reading s3://nowhere/seed.zip: NoSuchBucket',
    ],
    ['what is no zip', { ...source, SourceKey: 'notes.txt' }, 'Reading s3://artifacts/notes.txt: it is not a zip'],
    ['a folder with nothing in it', folder, 'Reading the folder s3://artifacts/template/: there is nothing in it'],
    [
      'what would be unpacked elsewhere',
      { ...folder, SourcePrefix: 'evil' },
      'evil/../../passwd would be unpacked outside of its folder',
    ],
  ])('of %s fails, and leaves nothing', async (_, from, reason) => {
    await put('notes.txt', 'hello');
    await put('evil/../../passwd', 'x');
    const answer = await create({ ...from, ...destination });
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(reason) });
    expect(await remove(answer.PhysicalResourceId)).toMatchObject({ Status: 'SUCCESS' });
    expect(own.mutations).toEqual([]);
  });

  test('of more than can be held fails, and says how much that is', async () => {
    own.answer('GetObject', { ContentLength: 60_000_000 }, { ContentLength: 60_000_000 });
    const { Reason } = await create();
    expect(Reason).toBe('Reading s3://artifacts/seed.zip: it has 60000000 bytes, and at most 52428800 are allowed');
  });

  test('of too many files fails, and says how many that is', async () => {
    const Contents = Array.from({ length: 1001 }, (_, number) => ({ Key: `template/${number}`, Size: 1 }));
    own.answer('ListObjectsV2', { Contents }, { Contents });
    const { Reason } = await create({ ...folder, ...destination });
    expect(Reason).toBe('Reading the folder s3://artifacts/template/: it has more than 1000 files');
  });

  test('that is denied says who has to allow it', async () => {
    own.answer('PutObject', awsError('AccessDenied', 'no bucket policy allows it'));
    const { Reason } = await create();
    expect(Reason).toContain("the provider's parameter SeedCodeBuckets has to name the bucket");
    expect(Reason).toContain('AccessDenied: no bucket policy allows it');
  });
});

describe('an update', () => {
  test('to other content delivers that beside the old, which goes in the clean-up', async () => {
    const { PhysicalResourceId: first } = await create();
    await put('seed-2.zip', zip('two'));
    const to = { ...properties, SourceKey: 'seed-2.zip' };
    const { Status, PhysicalResourceId: second } = await update(first, to);
    expect({ Status, differs: second !== first }).toEqual({ Status: 'SUCCESS', differs: true });
    expect((await held()).sort()).toEqual([first, second].sort());
    expect(await remove(first)).toMatchObject({ Status: 'SUCCESS' });
    expect(await held()).toEqual([second]);
  });

  test('that leads to the same content changes nothing', async () => {
    const { PhysicalResourceId, Data } = await create();
    await put('copy.zip', zip('one'));
    const answer = await update(PhysicalResourceId, { ...properties, SourceKey: 'copy.zip' });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId, Data });
    expect(own.mutations).toEqual(['PutObject']);
  });

  test('that takes back another finds the old content again', async () => {
    const { PhysicalResourceId: first } = await create();
    await put('seed-2.zip', zip('two'));
    const to = { ...properties, SourceKey: 'seed-2.zip' };
    await update(first, to);
    expect(await update(first, properties, to)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first });
    expect(await held()).toEqual([first]);
  });

  test('whose old source is gone since is made all the same', async () => {
    const { PhysicalResourceId: first } = await create();
    await put('copy.zip', zip('one'));
    await own.as()('DeleteObject', { Bucket: 'artifacts', Key: 'seed.zip' });
    const answer = await update(first, { ...properties, SourceKey: 'copy.zip' });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first });
  });

  test('to another prefix moves it', async () => {
    const { PhysicalResourceId: first } = await create();
    const { PhysicalResourceId: second } = await update(first, { ...properties, DestinationPrefix: '' });
    expect(second).toBe(first.replace('seed-code/', ''));
  });

  test('of what was overwritten fails, and says so', async () => {
    const { PhysicalResourceId: id, Data } = await create();
    await put(Data!.Key!, zip('mine'), 'seeds');
    expect(await update(id, { ...properties })).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('it was overwritten'),
    });
  });
});

describe('a logical id that is renamed, or moves to another stack', () => {
  const send = (RequestType: 'Create' | 'Delete', LogicalResourceId: string, PhysicalResourceId?: string) =>
    own.send({ RequestType, LogicalResourceId, PhysicalResourceId, ResourceProperties: properties });

  test.each([
    ['Studio', 'Renamed'],
    // A rollback.
    ['Renamed', 'Studio'],
  ])('keeps the object of the other when %s is deleted', async (first, last) => {
    const ids = new Map<string, string>();
    for (const name of ['Studio', 'Renamed']) ids.set(name, (await send('Create', name)).PhysicalResourceId);
    await send('Delete', first, ids.get(first));
    expect(await held()).toEqual([ids.get(last)]);
    expect(await read(ids.get(last)!)).toEqual(zip('one'));
    await send('Delete', last, ids.get(last));
    expect(await held()).toEqual([]);
  });

  test('deletes nothing of another, even if it is asked to', async () => {
    const { PhysicalResourceId } = await send('Create', 'Renamed');
    await send('Delete', 'Studio', PhysicalResourceId);
    expect(await held()).toEqual([PhysicalResourceId]);
  });
});

describe('a deletion', () => {
  test('leaves no version', async () => {
    await version();
    const { PhysicalResourceId: id, Data } = await create();
    await own.as()('DeleteObject', { Bucket: 'seeds', Key: Data!.Key });
    expect(await held()).toEqual([id, id]);
    expect(await remove(id)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(await held()).toEqual([]);
    expect(await remove(id)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  });

  test('reads the versions of an object page by page', async () => {
    const { PhysicalResourceId: id, Data } = await create();
    own.answer(
      'ListObjectVersions',
      { Versions: [{ Key: `${Data!.Key}.bak`, VersionId: 'null' }], IsTruncated: true, NextKeyMarker: 'a' },
      { Versions: [{ Key: Data!.Key, VersionId: 'null' }] },
    );
    expect(await remove(id)).toMatchObject({ Status: 'SUCCESS' });
    expect(own.mutations).toEqual(['PutObject', 'DeleteObject']);
  });

  test('keeps what does not carry the tags of this stack', async () => {
    const { PhysicalResourceId: id, Data } = await create();
    await own.as()('DeleteObjectTagging', { Bucket: 'seeds', Key: Data!.Key });
    expect(await remove(id)).toMatchObject({ Status: 'SUCCESS' });
    expect(await held()).toEqual([id]);
  });

  test('of what was overwritten keeps it', async () => {
    const { PhysicalResourceId: id, Data } = await create();
    await put(Data!.Key!, zip('mine'), 'seeds');
    expect(await remove(id)).toMatchObject({ Status: 'SUCCESS' });
    expect(await held()).toEqual([id]);
  });

  test('with an id that CloudFormation invented deletes what this stack made, and nothing else', async () => {
    const other = await own.send({ RequestType: 'Create', LogicalResourceId: 'Other', ResourceProperties: properties });
    await create();
    await own.as()('DeleteObject', { Bucket: 'artifacts', Key: 'seed.zip' });
    expect(await remove(invented)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: invented });
    expect(await held()).toEqual([other.PhysicalResourceId]);
    expect(await remove(invented)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('succeeds where the bucket is gone, and with properties that no longer fit', async () => {
    const { PhysicalResourceId: id } = await create();
    await remove(id);
    await own.as()('DeleteBucket', { Bucket: 'seeds' });
    expect(await remove(id)).toMatchObject({ Status: 'SUCCESS' });
    expect(await remove(invented)).toMatchObject({ Status: 'SUCCESS' });
    expect(await remove(invented, { DestinationBucket: ['x'] })).toMatchObject({ Status: 'SUCCESS' });
  });
});

test.each([
  [{ ...destination, SourceBucket: 'artifacts' }, 'SourceKey: required, but missing; or give SourcePrefix instead'],
  [{ ...properties, SourcePrefix: 'x' }, 'SourceKey: does not go with SourcePrefix, which is given too'],
  [{ ...folder, ...destination, SourceVersionId: '1' }, 'SourceVersionId: does not go with SourcePrefix'],
  [{ ...source }, 'DestinationBucket: required, but missing'],
  [
    { ...properties, SourceBucket: 's3://artifacts' },
    'SourceBucket: expected the name of a bucket, got "s3://artifacts"',
  ],
  [{ ...properties, DestinationPrefix: '/seeds' }, 'DestinationPrefix: expected a prefix of at most 800 characters'],
  [{ ...folder, ...destination, SourcePrefix: '' }, 'SourcePrefix: expected the prefix of a folder'],
  [{ ...properties, SourceKye: 'x' }, 'SourceKye: unknown property; did you mean SourceKey?'],
])('%j is refused, and its Delete succeeds', async (given, reason) => {
  const answer = await create(given);
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(reason) });
  expect(await remove(answer.PhysicalResourceId, given)).toMatchObject({ Status: 'SUCCESS' });
  expect(own.mutations).toEqual([]);
});

test('the ids that it makes are told from those that CloudFormation invents', () => {
  const hash = 'a'.repeat(64);
  const ids = [`s3://seeds/x/${hash}-01234567.zip`, `s3://seeds/${hash}.zip`, 's3://seeds', invented];
  expect(ids.map((id) => seedCode.ownsId?.(id))).toEqual([true, false, false, false]);
});
