import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import { firstGrants } from './acl.ts';
import { buckets, getBucket, type Operations, objects, ownerId } from './state.ts';

export const bucketOperations: Operations = {
  CreateBucket({ Bucket: name = '', ACL, CreateBucketConfiguration, ObjectOwnership = 'BucketOwnerEnforced' }, call) {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes('..')) {
      throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', { members: { BucketName: name } });
    }
    checkRegion(CreateBucketConfiguration?.LocationConstraint, call.region);
    const bucket = buckets(call).get(name);
    if (bucket) {
      // In us-east-1, creating one's own bucket again succeeds and changes nothing.
      if (bucket.account === call.account && call.region === 'us-east-1') return { Location: `/${name}` };
      throw taken(name, bucket.account === call.account);
    }
    buckets(call).set(name, {
      name,
      account: call.account,
      region: call.region,
      created: new Date(call.clock.now()),
      tags: CreateBucketConfiguration?.Tags,
      encryption: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
      },
      publicAccessBlock: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
      ownership: { Rules: [{ ObjectOwnership }] },
      grants: ACL && firstGrants(ACL, ObjectOwnership, call),
    });
    return { Location: call.region === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/` };
  },

  DeleteBucket({ Bucket }, call) {
    const { name } = getBucket(call, Bucket);
    if (objects(call, name).size > 0) {
      const message = 'The bucket you tried to delete is not empty';
      throw new AwsError('BucketNotEmpty', message, { status: 409, members: { BucketName: name } });
    }
    buckets(call).delete(name);
    return {};
  },

  HeadBucket({ Bucket }, call) {
    if (!buckets(call).has(Bucket ?? '')) throw new AwsError('NotFound', 'Not Found', { status: 404 });
    return { BucketRegion: getBucket(call, Bucket).region };
  },

  ListBuckets({ Prefix, MaxBuckets = 10_000, ContinuationToken = '' }, call) {
    const found = [...buckets(call).values()]
      .filter(
        ({ account, name }) => account === call.account && name.startsWith(Prefix ?? '') && name > ContinuationToken,
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = found.slice(0, MaxBuckets);
    return {
      Buckets: page.map(({ name, created, region }) => ({ Name: name, CreationDate: created, BucketRegion: region })),
      Owner: { ID: ownerId(call) },
      Prefix,
      ContinuationToken: found.length > page.length ? page.at(-1)?.name : undefined,
    };
  },

  GetBucketLocation({ Bucket }, call) {
    const { region } = getBucket(call, Bucket);
    // As in AWS, the location constraint of us-east-1 is null.
    return region === 'us-east-1' ? {} : { LocationConstraint: region as BucketLocationConstraint };
  },
};

function checkRegion(constraint: string | undefined, region: string): void {
  const place = constraint === 'EU' ? 'eu-west-1' : (constraint ?? 'us-east-1');
  if (place === region) return;
  const message = `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`;
  throw new AwsError('IllegalLocationConstraintException', message);
}

function taken(name: string, own: boolean): AwsError {
  const members = { BucketName: name };
  if (own) {
    const message = 'Your previous request to create the named bucket succeeded and you already own it.';
    return new AwsError('BucketAlreadyOwnedByYou', message, { status: 409, members });
  }
  const message =
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.';
  return new AwsError('BucketAlreadyExists', message, { status: 409, members });
}
