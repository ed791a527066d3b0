/** Values that AWS documents and takes, and that the enums of its models lack: by service and shape. */
export const documentedValues: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // S3's table of canned ACLs, with those about objects: on a bucket, S3 ignores them.
  s3: { BucketCannedACL: ['aws-exec-read', 'bucket-owner-read', 'bucket-owner-full-control', 'log-delivery-write'] },
};
