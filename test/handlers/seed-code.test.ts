import { strFromU8, unzipSync } from 'fflate';
import { seedCode } from '../../handlers/seed-code.ts';
import { awsError } from './aws-error.ts';
import { requests } from './requests.ts';
import { destination, invented, properties, type SeedBuckets, seedBuckets, source, zip } from './seed-buckets.ts';

const folder = { SourceBucket: 'artifacts', SourcePrefix: 'template' };
const form = /^s3:\/\/seeds\/seed-code\/[0-9a-f]{64}-[0-9a-f]{8}\.zip$/;

let own: SeedBuckets;

beforeEach(async () => {
  own = await seedBuckets();
});
afterEach(() => own.close());

const { create, update, remove } = requests(() => own, properties);

describe('a creation', () => {
  test('delivers a zip as it is, under its checksum and with the tags that Service Catalog and we need', async () => {
    const { Status, PhysicalResourceId: id, Data } = await create();
    expect(Status).toBe('SUCCESS');
    expect(id).toMatch(form);
    expect(await own.read(id)).toEqual(zip('one'));
    expect(await own.tagsOf(id)).toEqual({
      'servicecatalog:provisioning': 'true',
      'studio-resources:stack-id': 'arn:aws:cloudformation:eu-west-1:111122223333:stack/studio/5f1b2c30',
      'studio-resources:logical-id': 'Studio',
      'studio-resources:provider': 'studio-resources',
    });
    const sha256 = Buffer.from(/[0-9a-f]{64}/.exec(id)![0], 'hex').toString('base64');
    expect(Data).toEqual({
      Bucket: 'seeds',
      Key: id.slice('s3://seeds/'.length),
      VersionId: '',
      ChecksumSHA256: sha256,
    });
  });

  test('makes a zip of everything below a folder, and of nothing beside it', async () => {
    const text = 'print(1)\n'.repeat(1000);
    await own.put('template/train.py', text);
    await own.put('template/tests/é.py', 'assert True');
    await own.put('template/empty.txt', '');
    await own.put('template/tests/', '');
    await own.put('template-of-others/secret.txt', 'x');
    const { PhysicalResourceId: id } = await create({ ...folder, ...destination });
    const bytes = await own.read(id);
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
    await own.version('artifacts');
    const { VersionId } = await own.put('seed.zip', zip('two'));
    await own.put('seed.zip', zip('three'));
    const { PhysicalResourceId: id } = await create({ ...properties, SourceVersionId: VersionId });
    expect(await own.read(id)).toEqual(zip('two'));
  });

  test('answers the version that a bucket with versioning gives', async () => {
    await own.version();
    expect((await create()).Data?.VersionId).toMatch(/^[a-z0-9]{32}$/);
  });

  test('that is delivered twice makes one object', async () => {
    await own.version();
    const { PhysicalResourceId } = await create();
    expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(await own.held()).toEqual([PhysicalResourceId]);
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
    expect(await own.held()).toEqual([second.PhysicalResourceId]);
  });

  test('tolerates a lost answer', async () => {
    own.answer('PutObject', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    const { Status, PhysicalResourceId } = await create();
    expect(Status).toBe('SUCCESS');
    expect(await own.held()).toEqual([PhysicalResourceId]);
  });

  test.each([
    [
      'a zip that is not there',
      { ...source, SourceKey: 'x.zip' },
      'Reading s3://artifacts/x.zip: there is no object with that key in the bucket; upload it first',
    ],
    [
      'a bucket that is not there',
      { ...source, SourceBucket: 'nowhere' },
      'Reading s3://nowhere/seed.zip: there is no such bucket; create it',
    ],
    ['what is no zip', { ...source, SourceKey: 'notes.txt' }, 'Reading s3://artifacts/notes.txt: it is not a zip'],
    ['a folder with nothing in it', folder, 'Reading the folder s3://artifacts/template/: there is nothing in it'],
    [
      'a path that leads out of its folder',
      { ...folder, SourcePrefix: 'evil' },
      'evil/../../passwd would be unpacked outside of its folder',
    ],
  ])('of %s fails, and leaves nothing', async (_, from, reason) => {
    await own.put('notes.txt', 'hello');
    await own.put('evil/../../passwd', 'x');
    const answer = await create({ ...from, ...destination });
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(reason) });
    expect(await remove(answer.PhysicalResourceId)).toMatchObject({ Status: 'SUCCESS' });
    expect(own.mutations).toEqual([]);
  });

  test('of a zip that is too large fails, and says how large one may be', async () => {
    own.answer('GetObject', { ContentLength: 60_000_000 }, { ContentLength: 60_000_000 });
    const { Reason } = await create();
    expect(Reason).toBe('Reading s3://artifacts/seed.zip: it has 60000000 bytes, and at most 52428800 are allowed');
  });

  test('of too many files fails, and says how many there may be', async () => {
    const Contents = Array.from({ length: 1001 }, (_, number) => ({ Key: `template/${number}`, Size: 1 }));
    own.answer('ListObjectsV2', { Contents }, { Contents });
    const { Reason } = await create({ ...folder, ...destination });
    expect(Reason).toBe('Reading the folder s3://artifacts/template/: it has more than 1000 files');
  });

  test('that is denied says who has to allow it', async () => {
    own.answer('PutObject', awsError('AccessDenied', 'no bucket policy allows it'));
    const { Reason } = await create();
    expect(Reason).toContain("the provider's parameter SeedCodeBuckets has to name it");
    expect(Reason).toContain('AccessDenied: no bucket policy allows it');
  });
});

describe('an update', () => {
  test('to other content delivers it beside the old, which the clean-up deletes', async () => {
    const { PhysicalResourceId: first } = await create();
    await own.put('seed-2.zip', zip('two'));
    const to = { ...properties, SourceKey: 'seed-2.zip' };
    const { Status, PhysicalResourceId: second } = await update(first, to);
    expect({ Status, differs: second !== first }).toEqual({ Status: 'SUCCESS', differs: true });
    expect((await own.held()).sort()).toEqual([first, second].sort());
    expect(await remove(first)).toMatchObject({ Status: 'SUCCESS' });
    expect(await own.held()).toEqual([second]);
  });

  test('that leads to the same content changes nothing', async () => {
    const { PhysicalResourceId, Data } = await create();
    await own.put('copy.zip', zip('one'));
    const answer = await update(PhysicalResourceId, { ...properties, SourceKey: 'copy.zip' });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId, Data });
    expect(own.mutations).toEqual(['PutObject']);
  });

  test('that is a rollback finds the old content again', async () => {
    const { PhysicalResourceId: first } = await create();
    await own.put('seed-2.zip', zip('two'));
    const to = { ...properties, SourceKey: 'seed-2.zip' };
    await update(first, to);
    expect(await update(first, properties, to)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first });
    expect(await own.held()).toEqual([first]);
  });

  test('whose old source no longer exists succeeds', async () => {
    const { PhysicalResourceId: first } = await create();
    await own.put('copy.zip', zip('one'));
    await own.as()('DeleteObject', { Bucket: 'artifacts', Key: 'seed.zip' });
    const answer = await update(first, { ...properties, SourceKey: 'copy.zip' });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: first });
  });

  test('to another prefix moves it', async () => {
    const { PhysicalResourceId: first } = await create();
    const { PhysicalResourceId: second } = await update(first, { ...properties, DestinationPrefix: '' });
    expect(second).toBe(first.replace('seed-code/', ''));
  });

  test('of an object that was overwritten fails, and says so', async () => {
    const { PhysicalResourceId: id, Data } = await create();
    await own.put(Data!.Key!, zip('mine'), 'seeds');
    expect(await update(id, { ...properties })).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('it was overwritten'),
    });
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
