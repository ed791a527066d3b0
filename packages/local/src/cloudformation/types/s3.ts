import type * as S3 from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import type { ResourceContext } from '../resources/resource-type.ts';
import { partitionOf } from '../stack.ts';
import { nativeType } from './native-type.ts';
import { asIn, document, flag, list, number, optional, required, struct, type Tag, tags, text } from './property.ts';
import { type ServiceClient, serviceClient, undefinedIfNotFound } from './service-client.ts';

const s3Client = (context: ResourceContext) => serviceClient<typeof S3>(context, 's3');

interface ServerSideEncryptionRule {
  BucketKeyEnabled?: boolean;
  ServerSideEncryptionByDefault?: { SSEAlgorithm: S3.ServerSideEncryption; KMSMasterKeyID?: string };
}

/** What templates say of a lifecycle, as far as it is kept here; S3 has other names for some of it. */
const lifecycleRules = list(
  struct({
    AbortIncompleteMultipartUpload: optional(asIn<S3.AbortIncompleteMultipartUpload>()),
    ExpirationInDays: optional(number),
    Id: optional(text),
    NoncurrentVersionExpiration: optional(asIn<S3.NoncurrentVersionExpiration>()),
    Prefix: optional(text),
    Status: required(text),
  }),
);

type LifecycleRules = ReturnType<typeof lifecycleRules>;

const bucket = nativeType({
  type: 'AWS::S3::Bucket',
  properties: {
    BucketName: optional(text, 'replaces'),
    BucketEncryption: optional(
      struct({ ServerSideEncryptionConfiguration: required(asIn<ServerSideEncryptionRule[]>()) }),
    ),
    LifecycleConfiguration: optional(struct({ Rules: required(lifecycleRules) })),
    NotificationConfiguration: optional(
      struct({ EventBridgeConfiguration: optional(struct({ EventBridgeEnabled: optional(flag) })) }),
    ),
    OwnershipControls: optional(asIn<S3.OwnershipControls>()),
    PublicAccessBlockConfiguration: optional(asIn<S3.PublicAccessBlockConfiguration>()),
    Tags: optional(tags),
    VersioningConfiguration: optional(struct({ Status: required(text) })),
  },
  async create(values, context) {
    const s3 = s3Client(context);
    const Bucket = values.BucketName ?? context.inventName(63).toLowerCase();
    // In us-east-1 S3 makes no fuss about a bucket of one's own that exists, but CloudFormation adopts none.
    if (await bucketExists(s3, Bucket)) throw new AwsError('AlreadyExists', `${Bucket} already exists`);
    const LocationConstraint = context.region as S3.BucketLocationConstraint;
    await s3('CreateBucket', {
      Bucket,
      CreateBucketConfiguration: context.region === 'us-east-1' ? undefined : { LocationConstraint },
    });
    context.initiated(Bucket);
    await configure(s3, Bucket, values, {});
    return { physicalId: Bucket, attributes: bucketAttributes(Bucket, context.region) };
  },
  async update({ physicalId, values, old, changed }, context) {
    const now = Object.fromEntries(Object.entries(values).filter(([name]) => changed.has(name as keyof typeof values)));
    const gone = Object.fromEntries(Object.entries(old).filter(([name]) => changed.has(name as keyof typeof values)));
    await configure(s3Client(context), physicalId, now, gone);
    return { physicalId, attributes: bucketAttributes(physicalId, context.region) };
  },
  async delete(Bucket, _, context) {
    await undefinedIfNotFound(s3Client(context)('DeleteBucket', { Bucket }));
  },
});

async function bucketExists(s3: ServiceClient<typeof S3>, Bucket: string): Promise<boolean> {
  try {
    await s3('HeadBucket', { Bucket });
    return true;
  } catch {
    // Not there, or not to be seen: creating it tells.
    return false;
  }
}

interface Configuration {
  BucketEncryption?: { ServerSideEncryptionConfiguration: ServerSideEncryptionRule[] };
  LifecycleConfiguration?: { Rules: LifecycleRules };
  OwnershipControls?: S3.OwnershipControls;
  NotificationConfiguration?: { EventBridgeConfiguration?: { EventBridgeEnabled?: boolean } };
  PublicAccessBlockConfiguration?: S3.PublicAccessBlockConfiguration;
  Tags?: Tag[];
  VersioningConfiguration?: { Status: string };
}

/** Puts what is given, and takes away what only was. */
async function configure(
  s3: ServiceClient<typeof S3>,
  Bucket: string,
  now: Configuration,
  old: Configuration,
): Promise<void> {
  const { BucketEncryption, LifecycleConfiguration, OwnershipControls, PublicAccessBlockConfiguration } = now;
  const { Tags, VersioningConfiguration } = now;
  if (VersioningConfiguration ?? old.VersioningConfiguration) {
    // A bucket that had versions cannot be as one that never had any.
    const Status = (VersioningConfiguration?.Status ?? 'Suspended') as S3.BucketVersioningStatus;
    await s3('PutBucketVersioning', { Bucket, VersioningConfiguration: { Status } });
  }
  if (BucketEncryption) {
    const Rules = BucketEncryption.ServerSideEncryptionConfiguration.map(
      ({ ServerSideEncryptionByDefault: byDefault, BucketKeyEnabled }) => ({
        ApplyServerSideEncryptionByDefault: byDefault && {
          SSEAlgorithm: byDefault.SSEAlgorithm,
          KMSMasterKeyID: byDefault.KMSMasterKeyID,
        },
        BucketKeyEnabled,
      }),
    );
    await s3('PutBucketEncryption', { Bucket, ServerSideEncryptionConfiguration: { Rules } });
  } else if (old.BucketEncryption) await s3('DeleteBucketEncryption', { Bucket });
  if (LifecycleConfiguration) {
    const Rules = LifecycleConfiguration.Rules.map(lifecycleRule);
    await s3('PutBucketLifecycleConfiguration', { Bucket, LifecycleConfiguration: { Rules } });
  } else if (old.LifecycleConfiguration) await s3('DeleteBucketLifecycle', { Bucket });
  if (OwnershipControls) await s3('PutBucketOwnershipControls', { Bucket, OwnershipControls });
  else if (old.OwnershipControls) await s3('DeleteBucketOwnershipControls', { Bucket });
  if (PublicAccessBlockConfiguration) await s3('PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration });
  else if (old.PublicAccessBlockConfiguration) await s3('DeletePublicAccessBlock', { Bucket });
  await configureEvents(s3, Bucket, now, old);
  if (Tags?.length) await s3('PutBucketTagging', { Bucket, Tagging: { TagSet: Tags } });
  else if (old.Tags?.length) await s3('DeleteBucketTagging', { Bucket });
}

function lifecycleRule({
  ExpirationInDays,
  Id,
  Prefix = '',
  Status,
  ...same
}: LifecycleRules[number]): S3.LifecycleRule {
  return {
    ...same,
    ID: Id,
    Status: Status as S3.ExpirationStatus,
    Filter: { Prefix },
    Expiration: ExpirationInDays === undefined ? undefined : { Days: ExpirationInDays },
  };
}

async function configureEvents(s3: ServiceClient<typeof S3>, Bucket: string, now: Configuration, old: Configuration) {
  if (!now.NotificationConfiguration && !old.NotificationConfiguration) return;
  const { EventBridgeConfiguration: told } = now.NotificationConfiguration ?? {};
  // Left out, EventBridgeEnabled is true.
  const EventBridgeConfiguration = told && (told.EventBridgeEnabled ?? true) ? {} : undefined;
  const NotificationConfiguration = { EventBridgeConfiguration };
  await s3('PutBucketNotificationConfiguration', { Bucket, NotificationConfiguration });
}

function bucketAttributes(name: string, region: string) {
  const suffix = partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    Arn: `arn:${partitionOf(region)}:s3:::${name}`,
    DomainName: `${name}.s3.${suffix}`,
    DualStackDomainName: `${name}.s3.dualstack.${region}.${suffix}`,
    RegionalDomainName: `${name}.s3.${region}.${suffix}`,
    WebsiteURL: `http://${name}.s3-website-${region}.${suffix}`,
  };
}

const bucketPolicy = nativeType({
  type: 'AWS::S3::BucketPolicy',
  properties: { Bucket: required(text, 'replaces'), PolicyDocument: required(document) },
  async create({ Bucket, PolicyDocument }, context) {
    await s3Client(context)('PutBucketPolicy', { Bucket, Policy: PolicyDocument });
    return { physicalId: Bucket, attributes: {} };
  },
  async update({ physicalId, values: { PolicyDocument } }, context) {
    await s3Client(context)('PutBucketPolicy', { Bucket: physicalId, Policy: PolicyDocument });
    return { physicalId, attributes: {} };
  },
  async delete(Bucket, _, context) {
    await undefinedIfNotFound(s3Client(context)('DeleteBucketPolicy', { Bucket }));
  },
});

export const s3Types = [bucket, bucketPolicy];
