import type * as S3 from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import type { Subject } from '../subject.ts';
import type { ServiceWorld } from './service-world.ts';

/** The parts of the contract that do not apply: other content is another object, and what was deleted is delivered anew. */
export const seedLacks = ['taken names', 'collisions', 'failures', 'statuses', 'changes', 'losses'] as const;

/** Seed code, to be held against the contract. */
export async function seedSubject(own: ServiceWorld<typeof S3>): Promise<Subject> {
  const s3 = own.as();
  for (const Bucket of ['artifacts', 'seeds']) await s3('CreateBucket', { Bucket });
  await s3('PutBucketVersioning', { Bucket: 'seeds', VersioningConfiguration: { Status: 'Enabled' } });
  const zipOf = (text: string) => zipSync({ 'buildspec.yml': strToU8(text) });
  const put = (Key: string, text: string) => s3('PutObject', { Bucket: 'artifacts', Key, Body: zipOf(text) });
  await put('one.zip', 'one');
  await put('copy.zip', 'one');
  await put('two.zip', 'two');
  const properties = {
    SourceBucket: 'artifacts',
    SourceKey: 'one.zip',
    DestinationBucket: 'seeds',
    DestinationPrefix: 'seed-code/',
  };
  const placeOf = (id: string) => ({ Bucket: 'seeds', Key: id.slice('s3://seeds/'.length) });
  const versions = async () => {
    const { Versions = [], DeleteMarkers = [] } = await s3('ListObjectVersions', { Bucket: 'seeds' });
    return [...Versions, ...DeleteMarkers];
  };
  const nothing = async () => {
    throw new Error('Tampering with seed code: it has nothing of the kind');
  };

  return {
    world: {
      send: own.send,
      existing: async () => [...new Set((await versions()).map(({ Key }) => `s3://seeds/${Key}`))],
      async look(id) {
        const { ContentType } = await s3('HeadObject', placeOf(id));
        const { TagSet = [] } = await s3('GetObjectTagging', placeOf(id));
        return { ContentType, Tags: Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value])) };
      },
      mutations: async () => own.mutations(),
      refuseNext: async (_, code, message) => own.refuse('PutObject', code, message),
      failNext: nothing,
      setStatus: nothing,
      async deleteBehindItsBack(id) {
        const { Key } = placeOf(id);
        for (const { VersionId } of (await versions()).filter((one) => one.Key === Key)) {
          await s3('DeleteObject', { ...placeOf(id), VersionId });
        }
      },
      disown: async (id) => void (await s3('PutObjectTagging', { ...placeOf(id), Tagging: { TagSet: [] } })),
      close: own.close,
    },
    id: /^s3:\/\/seeds\/seed-code\/[0-9a-f]{64}-[0-9a-f]{8}\.zip$/,
    attributes: ['Bucket', 'Key', 'VersionId', 'ChecksumSHA256'],
    properties,
    shown: { ContentType: 'application/zip', Tags: { 'servicecatalog:provisioning': 'true' } },
    // The same content.
    changed: { ...properties, SourceKey: 'copy.zip' },
    changedShown: { ContentType: 'application/zip' },
    replacing: { ...properties, SourceKey: 'two.zip' },
    strings: [{ ...properties }, { ContentType: 'application/zip' }],
    wrong: [
      [{ ...properties, SourceKy: 'one.zip' }, 'SourceKy: unknown property; did you mean SourceKey?'],
      [{ ...properties, SourcePrefix: 'one/' }, 'SourceKey: does not go with SourcePrefix, which is given too'],
      [{ ...properties, DestinationBucket: 'Seeds' }, 'DestinationBucket: expected the name of a bucket'],
      [
        { ...properties, SourceKey: 'none.zip' },
        'Reading s3://artifacts/none.zip: there is no object with that key in the bucket; upload it first',
      ],
    ],
  };
}
