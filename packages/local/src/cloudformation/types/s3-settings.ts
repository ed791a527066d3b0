import type * as S3 from '@aws-sdk/client-s3';
import {
  asIn,
  choice,
  flag,
  list,
  number,
  optional,
  required,
  struct,
  type Tag,
  text,
  type ValuesOf,
} from './property.ts';
import type { ServiceClient } from './service-client.ts';

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

/** The canned ACLs, each with what S3 calls it. */
const cannedAcls: Readonly<Record<string, string>> = {
  AuthenticatedRead: 'authenticated-read',
  AwsExecRead: 'aws-exec-read',
  BucketOwnerFullControl: 'bucket-owner-full-control',
  BucketOwnerRead: 'bucket-owner-read',
  LogDeliveryWrite: 'log-delivery-write',
  Private: 'private',
  PublicRead: 'public-read',
  PublicReadWrite: 'public-read-write',
};

const corsRules = list(
  struct({
    AllowedHeaders: optional(list(text)),
    AllowedMethods: required(list(choice('GET', 'PUT', 'HEAD', 'POST', 'DELETE'))),
    AllowedOrigins: required(list(text)),
    ExposedHeaders: optional(list(text)),
    Id: optional(text),
    MaxAge: optional(number),
  }),
);

/** What a bucket is set to, beside its name and tags. */
export const bucketSettings = {
  AccessControl: optional(choice(...Object.keys(cannedAcls))),
  CorsConfiguration: optional(struct({ CorsRules: required(corsRules) })),
  LoggingConfiguration: optional(
    struct({
      DestinationBucketName: optional(text),
      LogFilePrefix: optional(text),
      TargetObjectKeyFormat: optional(asIn<S3.TargetObjectKeyFormat>()),
    }),
  ),
  BucketEncryption: optional(
    struct({ ServerSideEncryptionConfiguration: required(asIn<ServerSideEncryptionRule[]>()) }),
  ),
  LifecycleConfiguration: optional(struct({ Rules: required(lifecycleRules) })),
  NotificationConfiguration: optional(
    struct({ EventBridgeConfiguration: optional(struct({ EventBridgeEnabled: optional(flag) })) }),
  ),
  OwnershipControls: optional(asIn<S3.OwnershipControls>()),
  PublicAccessBlockConfiguration: optional(asIn<S3.PublicAccessBlockConfiguration>()),
  VersioningConfiguration: optional(struct({ Status: required(text) })),
};

export type Configuration = Partial<ValuesOf<typeof bucketSettings>> & { Tags?: Tag[] };

/** Puts what is given, and takes away what only was. */
export async function configure(
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
  // A public ACL is refused until its block is off.
  await configureAcl(s3, Bucket, now, old);
  await configureCors(s3, Bucket, now, old);
  await configureLogging(s3, Bucket, now, old);
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

async function configureAcl(s3: ServiceClient<typeof S3>, Bucket: string, now: Configuration, old: Configuration) {
  const ACL = cannedAcls[now.AccessControl ?? (old.AccessControl && 'Private') ?? ''] as S3.BucketCannedACL | undefined;
  if (ACL) await s3('PutBucketAcl', { Bucket, ACL });
}

async function configureCors(s3: ServiceClient<typeof S3>, Bucket: string, now: Configuration, old: Configuration) {
  if (now.CorsConfiguration) {
    const CORSRules = now.CorsConfiguration.CorsRules.map(({ ExposedHeaders, Id, MaxAge, ...same }) => {
      return { ...same, ExposeHeaders: ExposedHeaders, ID: Id, MaxAgeSeconds: MaxAge };
    });
    await s3('PutBucketCors', { Bucket, CORSConfiguration: { CORSRules } });
  } else if (old.CorsConfiguration) await s3('DeleteBucketCors', { Bucket });
}

/** Without a destination, a bucket logs into itself. */
async function configureLogging(s3: ServiceClient<typeof S3>, Bucket: string, now: Configuration, old: Configuration) {
  if (!now.LoggingConfiguration && !old.LoggingConfiguration) return;
  const { DestinationBucketName, LogFilePrefix = '', TargetObjectKeyFormat } = now.LoggingConfiguration ?? {};
  const LoggingEnabled = now.LoggingConfiguration && {
    TargetBucket: DestinationBucketName ?? Bucket,
    TargetPrefix: LogFilePrefix,
    TargetObjectKeyFormat,
  };
  await s3('PutBucketLogging', { Bucket, BucketLoggingStatus: { LoggingEnabled } });
}

async function configureEvents(s3: ServiceClient<typeof S3>, Bucket: string, now: Configuration, old: Configuration) {
  if (!now.NotificationConfiguration && !old.NotificationConfiguration) return;
  const { EventBridgeConfiguration: told } = now.NotificationConfiguration ?? {};
  // Left out, EventBridgeEnabled is true.
  const EventBridgeConfiguration = told && (told.EventBridgeEnabled ?? true) ? {} : undefined;
  const NotificationConfiguration = { EventBridgeConfiguration };
  await s3('PutBucketNotificationConfiguration', { Bucket, NotificationConfiguration });
}

/** The ACL that a bucket is created with: one for which the template has no ownership that allows it, so that S3 refuses it. */
export function firstAcl({ AccessControl, OwnershipControls }: Configuration): S3.BucketCannedACL | undefined {
  return OwnershipControls ? undefined : (cannedAcls[AccessControl ?? ''] as S3.BucketCannedACL | undefined);
}
