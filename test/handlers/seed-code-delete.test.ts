import { requests } from './requests.ts';
import { invented, properties, type SeedBuckets, seedBuckets, zip } from './seed-buckets.ts';

let own: SeedBuckets;

beforeEach(async () => {
  own = await seedBuckets();
});
afterEach(() => own.close());

const { create, remove } = requests(() => own, properties);

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
    expect(await own.held()).toEqual([ids.get(last)]);
    expect(await own.read(ids.get(last)!)).toEqual(zip('one'));
    await send('Delete', last, ids.get(last));
    expect(await own.held()).toEqual([]);
  });

  test('deletes no object of another, even if its id is given', async () => {
    const { PhysicalResourceId } = await send('Create', 'Renamed');
    await send('Delete', 'Studio', PhysicalResourceId);
    expect(await own.held()).toEqual([PhysicalResourceId]);
  });
});

describe('a deletion', () => {
  test('leaves no version', async () => {
    await own.version();
    const { PhysicalResourceId: id, Data } = await create();
    await own.as()('DeleteObject', { Bucket: 'seeds', Key: Data!.Key });
    expect(await own.held()).toEqual([id, id]);
    expect(await remove(id)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(await own.held()).toEqual([]);
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
    expect(await own.held()).toEqual([id]);
  });

  test('keeps an object that was overwritten', async () => {
    const { PhysicalResourceId: id, Data } = await create();
    await own.put(Data!.Key!, zip('mine'), 'seeds');
    expect(await remove(id)).toMatchObject({ Status: 'SUCCESS' });
    expect(await own.held()).toEqual([id]);
  });

  test('with an id that CloudFormation invented deletes what this stack made, and nothing else', async () => {
    const other = await own.send({ RequestType: 'Create', LogicalResourceId: 'Other', ResourceProperties: properties });
    await create();
    await own.as()('DeleteObject', { Bucket: 'artifacts', Key: 'seed.zip' });
    expect(await remove(invented)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: invented });
    expect(await own.held()).toEqual([other.PhysicalResourceId]);
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
