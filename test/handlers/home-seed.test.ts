import { readdirSync, rmSync, symlinkSync } from 'node:fs';
import { homeSeed } from '../../handlers/home-seed.ts';
import { domainId as DomainId, type HomeSeedWorld, homeSeedWorld, source as Source } from './home-seed-world.ts';
import { ada, grace } from './home-tree.ts';
import { requests } from './requests.ts';

const invented = 'studio-HomeSeed-1ABCDEFGHIJKL';

let world: HomeSeedWorld;

beforeEach(async () => {
  world = await homeSeedWorld();
  await world.bundle('two.zip', { 'README.md': 'two', 'examples/train.py': 'print(1)' });
});
afterEach(() => world.close());

const properties = { DomainId, UserProfileName: 'ada', Source };
const { create, update, remove } = requests(() => world, properties);

describe('a creation', () => {
  test('seeds the home of one profile, and no other', async () => {
    expect(await create()).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: expect.stringMatching(/^d-homes\/ada\/[0-9a-f]{16}$/),
    });
    expect(world.files()).toEqual([`${ada}/README.md`, `${ada}/examples/train.py`]);
  });

  test('seeds the homes of all profiles of the domain, but not of those that have failed or are being deleted', async () => {
    world.profiles.set('failed', { statuses: ['Failed'] });
    world.profiles.set('deleted', { statuses: ['Deleting'], uid: '200003' });
    const { PhysicalResourceId } = await create({ DomainId, Source });
    expect(PhysicalResourceId).toMatch(/^d-homes\/\*\/[0-9a-f]{16}$/);
    expect(readdirSync(world.tree.path).sort()).toEqual([String(ada), String(grace)]);
    expect(world.tree.read(`${grace}/README.md`)).toBe('one');
  });

  test('puts it into a folder of the home', async () => {
    await create({ ...properties, Destination: 'starter/v1/' });
    expect(world.files()).toEqual([`${ada}/starter/v1/README.md`, `${ada}/starter/v1/examples/train.py`]);
  });

  test('takes a folder of S3, or a given version of a zip', async () => {
    await world.as()('PutObject', { Bucket: 'sources', Key: 'folder/a/b.txt', Body: 'b' });
    await create({ ...properties, Source: 's3://sources/folder/', Destination: 'f' });
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await world.as()('PutBucketVersioning', { Bucket: 'sources', VersioningConfiguration });
    await world.bundle('versions.zip', { 'v.txt': 'first' });
    const { Versions } = await world.as()('ListObjectVersions', { Bucket: 'sources', Prefix: 'versions.zip' });
    await world.bundle('versions.zip', { 'v.txt': 'second' });
    const SourceVersionId = Versions![0]!.VersionId;
    await create({ ...properties, Source: 's3://sources/versions.zip', SourceVersionId });
    expect(world.files()).toEqual([`${ada}/f/a/b.txt`, `${ada}/v.txt`]);
    expect(world.tree.read(`${ada}/v.txt`)).toBe('first');
  });

  test('waits for a profile that is still being made', async () => {
    world.profiles.set('ada', { statuses: ['Pending', 'Pending', 'Pending', 'InService'], uid: String(ada) });
    expect(await create()).toMatchObject({ Status: 'SUCCESS' });
    expect(world.files()).toHaveLength(2);
  });

  test('that is delivered twice does nothing twice', async () => {
    const { PhysicalResourceId } = await create();
    const before = world.tree.list();
    expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(world.tree.list()).toEqual(before);
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      'a profile that is not there',
      { UserProfileName: 'absent' },
      'user profile absent of domain d-homes: it does not',
    ],
    ['a profile that has failed', { UserProfileName: 'failed' }, 'it is Failed: the role cannot be assumed'],
    ['a profile without a home', { UserProfileName: 'homeless' }, 'SageMaker gives it no HomeEfsFileSystemUid'],
    [
      'a zip that is not there',
      { Source: 's3://sources/x.zip' },
      'Reading s3://sources/x.zip: there is no object with that key in the bucket; upload it first',
    ],
    ['what is no zip', { Source: 's3://sources/text' }, 'Reading s3://sources/text: it is not a zip'],
    ['an empty zip', { Source: 's3://sources/empty.zip' }, 'Reading s3://sources/empty.zip: there is no file in it'],
    [
      'a path that leads out',
      { Source: 's3://sources/out.zip' },
      'the path "../../etc/passwd" is not allowed: it leads',
    ],
    ['a link', { Source: 's3://sources/link.zip' }, 'Reading s3://sources/link.zip: link is a link'],
    ['a file that is a folder too', { Source: 's3://sources/both.zip' }, 'a is a file in it, and a folder as well'],
    ['a folder that is empty', { Source: 's3://sources/nothing/' }, 'there is nothing in it'],
    ['another domain', { DomainId: 'd-other' }, 'Install home-seed.yaml for d-other, and use the ServiceToken'],
  ])('with %s fails before any home is touched', async (_, wrong, reason) => {
    world.profiles.set('failed', { statuses: ['Failed'], reason: 'the role cannot be assumed' });
    world.profiles.set('homeless', { statuses: ['InService'] });
    await world.as()('PutObject', { Bucket: 'sources', Key: 'text', Body: 'hello' });
    await world.bundle('empty.zip', {});
    await world.bundle('out.zip', { 'a.txt': 'a', '../../etc/passwd': 'x' });
    await world.bundle('link.zip', { 'a.txt': 'a', link: [Buffer.from('/etc'), { os: 3, attrs: 0o120777 * 0x10000 }] });
    await world.bundle('both.zip', { a: 'a', 'a/b': 'b' });
    const answer = await create({ ...properties, ...wrong });
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(reason) });
    expect(await remove(answer.PhysicalResourceId, { ...properties, ...wrong })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.tree.list()).toEqual([]);
  });

  test('fails in a function that mounts another file system than that of the domain', async () => {
    process.env.FILE_SYSTEM_ID = 'fs-0000000000000000f';
    const { Reason } = await create();
    expect(Reason).toContain('its home file system is fs-0123456789abcdef0, and the function has fs-0000000000000000f');
    expect(world.tree.list()).toEqual([]);
  });

  test('that is denied says who has to allow it', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });
    world.answer('GetObject', denied);
    expect((await create()).Reason).toContain('the parameter SourceBuckets of home-seed.yaml has to name it');
  });

  test('for all profiles goes on if one home cannot be seeded, and then fails with the reason', async () => {
    symlinkSync('other', world.tree.at(String(ada)));
    const { Status, Reason } = await create({ DomainId, Source });
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(`Seeding the home of user profile ada, /${ada} of the home file system`);
    expect(world.tree.read(`${grace}/README.md`)).toBe('one');
  });
});

describe('an update', () => {
  test('to another source brings unchanged files up to date, in place', async () => {
    const { PhysicalResourceId } = await create();
    world.tree.write(ada, `${ada}/examples/train.py`, 'mine');
    const to = { ...properties, Source: 's3://sources/two.zip' };
    expect(await update(PhysicalResourceId, to)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(world.tree.read(`${ada}/README.md`)).toBe('two');
    expect(world.tree.read(`${ada}/examples/train.py`)).toBe('mine');
    expect(await update(PhysicalResourceId, { ...to, Overwrite: 'Always' }, to)).toMatchObject({ Status: 'SUCCESS' });
    expect(world.tree.read(`${ada}/examples/train.py`)).toBe('print(1)');
  });

  test('that changes nothing does not look at homes', async () => {
    const { PhysicalResourceId } = await create();
    rmSync(world.tree.at(String(ada)), { recursive: true });
    expect(await update(PhysicalResourceId, { ...properties })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.tree.list()).toEqual([]);
  });

  test('that gives the name of the profile in another case is made in place', async () => {
    const { PhysicalResourceId } = await create();
    const answer = await update(PhysicalResourceId, { ...properties, UserProfileName: 'Ada' });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  });

  test.each([
    ['another profile', { UserProfileName: 'grace' }],
    ['another folder', { Destination: 'starter' }],
  ])('to %s seeds it, and the clean-up removes the old files if the template says so', async (_, change) => {
    const given = { ...properties, DeleteUnchanged: 'true' };
    const { PhysicalResourceId: first } = await create(given);
    const old = world.files();
    const { PhysicalResourceId: second } = await update(first, { ...given, ...change }, given);
    expect(second).not.toBe(first);
    expect(world.files()).toHaveLength(4);
    expect(await remove(first, given)).toMatchObject({ Status: 'SUCCESS' });
    expect(world.files()).toHaveLength(2);
    expect(world.files()).not.toEqual(expect.arrayContaining(old));
  });

  test('from all profiles to one leaves that one its files', async () => {
    const all = { DomainId, Source, DeleteUnchanged: 'true' };
    const { PhysicalResourceId: first } = await create(all);
    await update(first, { ...all, UserProfileName: 'ada' }, all);
    await remove(first, all);
    expect(world.files()).toEqual([`${ada}/README.md`, `${ada}/examples/train.py`]);
  });
});

describe('two resources that give the same files', () => {
  const all = { DomainId, Source, DeleteUnchanged: 'true' };
  const send = (RequestType: 'Create' | 'Delete', LogicalResourceId: string, PhysicalResourceId?: string) =>
    world.send({ RequestType, LogicalResourceId, PhysicalResourceId, ResourceProperties: all });
  const everything = [
    `${ada}/README.md`,
    `${ada}/examples/train.py`,
    `${grace}/README.md`,
    `${grace}/examples/train.py`,
  ];

  test.each([
    ['renamed', 'Studio', 'Renamed'],
    ['renamed, which is rolled back', 'Renamed', 'Studio'],
  ])('a logical id that is %s: %s leaves the files, which go with %s', async (_, first, last) => {
    const ids = new Map<string, string>();
    for (const name of ['Studio', 'Renamed']) ids.set(name, (await send('Create', name)).PhysicalResourceId);
    expect(await send('Delete', first, ids.get(first))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.files()).toEqual(everything);
    expect(await send('Delete', last, ids.get(last))).toMatchObject({ Status: 'SUCCESS' });
    expect(world.files()).toEqual([]);
  });
});

describe('a deletion', () => {
  test('leaves the files that users were given', async () => {
    const { PhysicalResourceId } = await create();
    const before = world.tree.list();
    expect(await remove(PhysicalResourceId)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(world.tree.list()).toEqual(before);
  });

  test('with DeleteUnchanged removes what is unchanged from every home, without a call of S3', async () => {
    const given = { DomainId, Source, DeleteUnchanged: true };
    const { PhysicalResourceId } = await create(given);
    world.tree.write(grace, `${grace}/README.md`, 'mine');
    await world.as()('DeleteObject', { Bucket: 'sources', Key: 'one.zip' });
    expect(await remove(PhysicalResourceId, given)).toMatchObject({ Status: 'SUCCESS' });
    expect(world.files()).toEqual([`${grace}/README.md`]);
    expect(world.tree.list(String(ada))).toEqual([]);
    expect(await remove(PhysicalResourceId, given)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('with an id that CloudFormation invented finds what this stack has seeded, and nothing else', async () => {
    const given = { ...properties, DeleteUnchanged: 'true' };
    const other = await world.send({
      RequestType: 'Create',
      LogicalResourceId: 'Other',
      ResourceProperties: { ...given, Destination: 'other' },
    });
    await create(given);
    expect(await remove(invented, given)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: invented });
    expect(world.files()).toEqual([`${ada}/other/README.md`, `${ada}/other/examples/train.py`]);
    expect(await remove(invented, given)).toMatchObject({ Status: 'SUCCESS' });
    expect(await remove(other.PhysicalResourceId, given)).toMatchObject({ Status: 'SUCCESS' });
    expect(world.files()).toEqual([]);
  });

  test('succeeds where the profile or the domain is gone, or the homes are those of another domain', async () => {
    const given = { ...properties, DeleteUnchanged: 'true' };
    const { PhysicalResourceId } = await create(given);
    const before = world.tree.list();
    world.profiles.clear();
    expect(await remove(PhysicalResourceId, given)).toMatchObject({ Status: 'SUCCESS' });
    process.env.DOMAIN_ID = 'd-gone';
    expect(await remove(PhysicalResourceId, given)).toMatchObject({ Status: 'SUCCESS' });
    expect(await remove(PhysicalResourceId.replace('d-homes', 'd-gone'), given)).toMatchObject({ Status: 'SUCCESS' });
    expect(await remove(invented, { DomainId: ['x'], DeleteUnchanged: 'true' })).toMatchObject({ Status: 'SUCCESS' });
    expect(world.tree.list()).toEqual(before);
  });
});

test.each<[Record<string, unknown>, string]>([
  [{ Source }, 'DomainId: required, but missing'],
  [{ DomainId }, 'Source: required, but missing'],
  [
    { ...properties, DomainId: 'studio' },
    'DomainId: expected the id of a domain, such as d-abcdefghijkl, got "studio"',
  ],
  [{ ...properties, DomainId: ['d-1'] }, 'DomainId: expected a string, got a list'],
  [{ ...properties, UserProfileName: 'a/b' }, 'UserProfileName: expected the name of a user profile, got "a/b"'],
  [{ ...properties, UserProfileName: '' }, 'UserProfileName: expected the name of a user profile, got ""'],
  [{ ...properties, Source: 'sources/one.zip' }, 'Source: expected the S3 URI of a zip or of a folder'],
  [{ ...properties, Source: 's3://sources' }, 'Source: expected the S3 URI of a zip or of a folder'],
  [{ ...properties, Source: 'https://sources/one.zip' }, 'got "https://sources/one.zip"'],
  [
    { ...properties, Source: 's3://sources/folder/', SourceVersionId: '1' },
    'SourceVersionId: goes with a zip, and Source is a folder; leave it out, or name a zip',
  ],
  [
    { ...properties, Destination: '/etc' },
    'Destination: expected a path within the home, such as examples/first; it is',
  ],
  [
    { ...properties, Destination: '../ada' },
    'Destination: expected a path within the home, such as examples/first; it',
  ],
  [{ ...properties, Destination: '/' }, 'Destination: expected a path within the home'],
  [{ ...properties, Destination: 'C:\\x' }, 'it begins with a drive letter'],
  [{ ...properties, Destination: '.studio-resources' }, 'is reserved for the records of seeds'],
  [{ ...properties, Destination: { a: 1 } }, 'Destination: expected a path within the home, such as examples/first'],
  [{ ...properties, Overwrite: 'Sometimes' }, 'Overwrite: expected one of Never, IfUnchanged, Always; got "Sometimes"'],
  [{ ...properties, DeleteUnchanged: 'maybe' }, 'DeleteUnchanged: expected true or false, got "maybe"'],
  [{ ...properties, Sorce: 'x' }, 'Sorce: unknown property; did you mean Source?'],
])('%j is refused, and its Delete succeeds', async (given, reason) => {
  const answer = await create(given);
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(reason) });
  expect(await remove(answer.PhysicalResourceId, given)).toMatchObject({ Status: 'SUCCESS' });
  expect(world.tree.list()).toEqual([]);
});

test('the ids that it makes are told from those that CloudFormation invents', () => {
  const seed = '0123456789abcdef';
  const ids = [
    `d-homes/ada/${seed}`,
    `d-homes/*/${seed}`,
    `d-homes/ada/x`,
    `d-homes/../${seed}`,
    `d-homes/ada`,
    invented,
  ];
  expect(ids.map((id) => homeSeed.ownsId?.(id))).toEqual([true, true, false, false, false, false]);
});
