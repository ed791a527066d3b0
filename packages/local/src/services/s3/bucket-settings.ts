import { AwsError } from '../../errors.ts';
import { checkPolicy } from '../../iam/policy-check.ts';
import { checkOwnership } from './acl.ts';
import { malformed, present } from './errors.ts';
import { checkPublicPolicy } from './public-policy.ts';
import { getBucket, type Operations } from './state.ts';

/**
 * What is kept of a bucket and given back: versioning, tags, policy, encryption, public access, ownership, lifecycle,
 * notification. Nothing expires here.
 */
export const bucketSettings: Operations = {
  PutBucketVersioning({ Bucket, VersioningConfiguration }, call) {
    const status = VersioningConfiguration?.Status;
    if (status !== 'Enabled' && status !== 'Suspended') throw malformed();
    getBucket(call, Bucket).versioning = status;
    return {};
  },
  GetBucketVersioning: ({ Bucket }, call) => ({ Status: getBucket(call, Bucket).versioning }),

  PutBucketTagging({ Bucket, Tagging }, call) {
    getBucket(call, Bucket).tags = Tagging?.TagSet ?? [];
    return {};
  },
  GetBucketTagging({ Bucket }, call) {
    const { tags, name } = getBucket(call, Bucket);
    return { TagSet: present(tags?.length ? tags : undefined, name, 'NoSuchTagSet', 'The TagSet does not exist') };
  },
  DeleteBucketTagging({ Bucket }, call) {
    delete getBucket(call, Bucket).tags;
    return {};
  },

  PutBucketPolicy({ Bucket, Policy = '' }, call) {
    const bucket = getBucket(call, Bucket);
    checkBucketPolicy(Policy);
    checkPublicPolicy(Policy, bucket, call);
    bucket.policy = Policy;
    return {};
  },
  GetBucketPolicy({ Bucket }, call) {
    const { policy, name } = getBucket(call, Bucket);
    return { Policy: present(policy, name, 'NoSuchBucketPolicy', 'The bucket policy does not exist') };
  },
  DeleteBucketPolicy({ Bucket }, call) {
    delete getBucket(call, Bucket).policy;
    return {};
  },

  PutBucketEncryption({ Bucket, ServerSideEncryptionConfiguration }, call) {
    const bucket = getBucket(call, Bucket);
    bucket.encryption = ServerSideEncryptionConfiguration ?? bucket.encryption;
    return {};
  },
  GetBucketEncryption: ({ Bucket }, call) => ({
    ServerSideEncryptionConfiguration: getBucket(call, Bucket).encryption,
  }),
  DeleteBucketEncryption({ Bucket }, call) {
    getBucket(call, Bucket).encryption = {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
    };
    return {};
  },

  PutPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration }, call) {
    getBucket(call, Bucket).publicAccessBlock = PublicAccessBlockConfiguration;
    return {};
  },
  GetPublicAccessBlock({ Bucket }, call) {
    const { publicAccessBlock, name } = getBucket(call, Bucket);
    const code = 'NoSuchPublicAccessBlockConfiguration';
    const message = 'The public access block configuration was not found';
    return { PublicAccessBlockConfiguration: present(publicAccessBlock, name, code, message) };
  },
  DeletePublicAccessBlock({ Bucket }, call) {
    delete getBucket(call, Bucket).publicAccessBlock;
    return {};
  },

  PutBucketNotificationConfiguration({ Bucket, NotificationConfiguration }, call) {
    const { EventBridgeConfiguration, ...others } = NotificationConfiguration ?? {};
    const [other] = Object.entries(others).find(([, list]) => list.length > 0) ?? [];
    if (other) throw new AwsError('InvalidArgument', `The local cloud tells EventBridge alone, and knows no ${other}`);
    getBucket(call, Bucket).tellsEventBridge = EventBridgeConfiguration !== undefined;
    return {};
  },
  GetBucketNotificationConfiguration: ({ Bucket }, call) =>
    getBucket(call, Bucket).tellsEventBridge ? { EventBridgeConfiguration: {} } : {},

  PutBucketOwnershipControls({ Bucket, OwnershipControls }, call) {
    const bucket = getBucket(call, Bucket);
    checkOwnership(bucket.grants ?? [], OwnershipControls?.Rules?.[0]?.ObjectOwnership, call);
    bucket.ownership = OwnershipControls;
    return {};
  },
  GetBucketOwnershipControls({ Bucket }, call) {
    const { ownership, name } = getBucket(call, Bucket);
    const message = 'The bucket ownership controls were not found';
    return { OwnershipControls: present(ownership, name, 'OwnershipControlsNotFoundError', message) };
  },
  DeleteBucketOwnershipControls({ Bucket }, call) {
    delete getBucket(call, Bucket).ownership;
    return {};
  },

  PutBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration }, call) {
    const { Rules = [] } = LifecycleConfiguration ?? {};
    if (Rules.length === 0) throw malformed();
    getBucket(call, Bucket).lifecycle = Rules;
    return {};
  },
  GetBucketLifecycleConfiguration({ Bucket }, call) {
    const { lifecycle, name } = getBucket(call, Bucket);
    const message = 'The lifecycle configuration does not exist';
    return { Rules: present(lifecycle, name, 'NoSuchLifecycleConfiguration', message) };
  },
  DeleteBucketLifecycle({ Bucket }, call) {
    delete getBucket(call, Bucket).lifecycle;
    return {};
  },
};

/** S3 has another code than IAM for a policy that is none. */
function checkBucketPolicy(text: string): void {
  try {
    checkPolicy(text, 'resource');
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw new AwsError('MalformedPolicy', cause.message);
  }
}
