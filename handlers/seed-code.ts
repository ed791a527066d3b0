import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { type Resource, serve } from '@studio-resources/core';
import { onBuckets, onObjects, viaS3 } from '@studio-resources/sagemaker/client/permissions';
import {
  deleteObject,
  expectedChecksum,
  findLatest,
  findObject,
  isOwned,
  locationOf,
  locationUri,
  type ObjectLocation,
  parseLocation,
  putObject,
  undefinedIfNotFound,
} from './seed-code/object.ts';
import { type Props, schema } from './seed-code/properties.ts';
import { readSource } from './seed-code/source.ts';

interface State {
  place: ObjectLocation;
  object: HeadObjectCommandOutput;
}

/**
 * Copies a project template's seed code into a bucket from which AWS Service Catalog reads it. The key contains a hash of
 * the content. Each logical id has its own object: after a rename, the new one is delivered before the old one is deleted.
 */
export const seedCode: Resource<Props, State> = {
  type: 'Custom::SeedCode',
  schema,
  // New content has a new key, so it replaces the object. A change to these that gives the same content replaces
  // nothing.
  nameProperties: schema.names,
  immutable: schema.names,
  permissions: [
    ...onBuckets('ListBucket', 'ListBucketVersions'),
    ...onObjects('GetObject', 'GetObjectVersion', 'GetObjectTagging', 'PutObject', 'PutObjectTagging'),
    ...onObjects('DeleteObjectVersion'),
    // The seed code of releases in the provider's ArtifactBucket, in whichever account that is.
    { action: 's3:GetObject', resource: 'arn:*:s3:::*/*/project-templates/*' },
    // For buckets with a customer managed key.
    { action: 'kms:Decrypt', resource: 'arn:*:kms:*:*:key/*', condition: viaS3 },
    { action: 'kms:GenerateDataKey', resource: 'arn:*:kms:*:*:key/*', condition: viaS3 },
  ],
  ownsId: (id) => parseLocation(id) !== undefined,

  async find(props, ctx) {
    const { DestinationBucket, DestinationPrefix = '' }: Partial<Props> = props;
    if (ctx.requestType === 'Delete') {
      // The source may no longer exist, and the properties may not fit the schema.
      if (typeof DestinationBucket !== 'string' || typeof DestinationPrefix !== 'string') return undefined;
      const last = await findLatest(DestinationBucket, DestinationPrefix, ctx);
      return last && locationUri(last);
    }
    const content = await undefinedIfNotFound(readSource(props));
    const place = content && locationOf(props.DestinationBucket, DestinationPrefix, content, ctx);
    return place && (await findObject(place)) && (await isOwned(place, ctx)) ? locationUri(place) : undefined;
  },

  async create(props, ctx) {
    const content = await readSource(props);
    const place = locationOf(props.DestinationBucket, props.DestinationPrefix, content, ctx);
    await putObject(place, content, ctx);
    return locationUri(place);
  },

  async read(id) {
    const place = parseLocation(id);
    const object = place && (await findObject(place));
    return object && { place, object };
  },

  // An in-place change gives the same content.
  async update() {},

  async delete(id, _, ctx) {
    const place = parseLocation(id);
    if (!place) return undefined;
    if (!(await isOwned(place, ctx))) {
      ctx.log.info('The object does not have the tags of this stack and logical id, so it is retained', { id });
      return 'retained';
    }
    await deleteObject(place);
    return undefined;
  },

  status({ place, object }) {
    const checksum = expectedChecksum(place);
    if (object.ChecksumSHA256 === checksum) return 'ready';
    const has = object.ChecksumSHA256 ?? 'none';
    return { failed: `its SHA-256 checksum has to be ${checksum}, and is ${has}: it was overwritten` };
  },

  attributes: ({ place, object }) => ({
    Bucket: place.Bucket,
    Key: place.Key,
    VersionId: object.VersionId ?? '',
    ChecksumSHA256: object.ChecksumSHA256 ?? '',
  }),

  pace: {
    create: { expectedSeconds: 1, pollIntervalSeconds: 1 },
    update: { expectedSeconds: 1, pollIntervalSeconds: 1 },
    delete: { expectedSeconds: 1, pollIntervalSeconds: 1 },
  },
};

export const handler = serve(seedCode);
