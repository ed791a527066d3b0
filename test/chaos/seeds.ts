import { strToU8, zipSync } from 'fflate';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import type { Version } from '../../packages/local/src/services/s3/state.ts';
import type { World } from './world.ts';

/** Where seed code comes from, and where it may be brought to. */
export interface Seeds {
  source: string;
  destinations: string[];
}

const seeds: Seeds = {
  source: 'studio-resources-seeds',
  // The latter keeps versions.
  destinations: ['studio-resources-plain', 'studio-resources-versioned'],
};

export async function makeSeeds({ call }: World): Promise<Seeds> {
  const { source, destinations } = seeds;
  for (const Bucket of [source, ...destinations]) await call(s3, 'CreateBucket', { Bucket });
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await call(s3, 'PutBucketVersioning', { Bucket: destinations[1]!, VersioningConfiguration });
  for (const content of [0, 1]) {
    const text = strToU8(`version: ${content}`);
    const zip = zipSync({ 'buildspec.yml': text });
    for (const [Key, Body] of Object.entries({
      [`zip/${content}`]: zip,
      [`copy/${content}`]: zip,
      [`folder/${content}/buildspec.yml`]: text,
    })) {
      await call(s3, 'PutObject', { Bucket: source, Key, Body });
    }
  }
  return seeds;
}

/** What has been brought to the destinations, with its tags; something that is deleted, but for a marker, as well. */
export function deliveredIn({ store }: Pick<World, 'store'>): { id: string; tags: Version['tags'] }[] {
  return seeds.destinations.flatMap((bucket) => {
    const objects = store.table<Version[]>('s3', { account: 'global', region: 'global' }, `objects:${bucket}`);
    return [...objects]
      .filter(([, versions]) => versions.length > 0)
      .map(([key, versions]) => ({ id: `s3://${bucket}/${key}`, tags: versions[0]!.tags }));
  });
}
