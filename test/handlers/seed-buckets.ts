import { S3Client } from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import { handler, seedCode } from '../../handlers/seed-code.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { type MockService, mockService } from './mock-service.ts';

export const source = { SourceBucket: 'artifacts', SourceKey: 'seed.zip' };
export const destination = { DestinationBucket: 'seeds', DestinationPrefix: 'seed-code/' };
export const properties = { ...source, ...destination };
/** An id that CloudFormation made up. */
export const invented = 'studio-Seed-1ABCDEFGHIJKL';

/** The same bytes for the same text, whenever it is made. */
export const zip = (text: string) => zipSync({ 'buildspec.yml': strToU8(text) }, { mtime: '2020-01-01T00:00:00Z' });

/** Custom::SeedCode with S3, which has the bucket artifacts, with seed.zip in it, and the empty bucket seeds. */
export interface SeedBuckets extends MockService<(typeof s3)['module']> {
  put(Key: string, Body: Uint8Array | string, Bucket?: string): Promise<{ VersionId?: string }>;
  /** The URIs of what the bucket seeds has, versions and delete markers as well. */
  held(): Promise<string[]>;
  read(uri: string): Promise<Uint8Array>;
  /** The tags of an object of the bucket seeds. */
  tagsOf(uri: string): Promise<Record<string, string>>;
  /** Enables versioning. */
  version(Bucket?: string): Promise<void>;
}

export async function seedBuckets(): Promise<SeedBuckets> {
  const service = mockService(handler, seedCode, S3Client, s3);
  const call = service.as();
  const put: SeedBuckets['put'] = (Key, Body, Bucket = 'artifacts') => call('PutObject', { Bucket, Key, Body });
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
  for (const Bucket of ['artifacts', 'seeds']) await call('CreateBucket', { Bucket, CreateBucketConfiguration });
  await put('seed.zip', zip('one'));
  return {
    ...service,
    put,
    async held() {
      const { Versions = [], DeleteMarkers = [] } = await call('ListObjectVersions', { Bucket: 'seeds' });
      return [...Versions, ...DeleteMarkers].map(({ Key }) => `s3://seeds/${Key}`);
    },
    async read(uri) {
      const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri)!;
      const { Body } = await call('GetObject', { Bucket: Bucket!, Key: Key! });
      return Body!;
    },
    async tagsOf(uri) {
      const { TagSet } = await call('GetObjectTagging', { Bucket: 'seeds', Key: uri.slice('s3://seeds/'.length) });
      return Object.fromEntries(TagSet!.map(({ Key, Value }) => [Key, Value]));
    },
    async version(Bucket = 'seeds') {
      await call('PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    },
  };
}
