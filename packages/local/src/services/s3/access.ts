import type * as S3 from '@aws-sdk/client-s3';
import type { Access, Definition } from '../../service.ts';
import { copySourceOf } from './objects.ts';

interface Target {
  Bucket?: string;
  Key?: string;
  VersionId?: string;
}

function onBucket(action: string): (input: Target) => Access[] {
  return ({ Bucket }) => [{ action: `s3:${action}`, resource: `arn:aws:s3:::${Bucket}` }];
}

function onObject(action: string): (input: Target) => Access[] {
  return ({ Bucket, Key }) => [{ action: `s3:${action}`, resource: `arn:aws:s3:::${Bucket}/${Key}` }];
}

/** An action that has another name where a version is asked for. */
function onVersion(action: string, ofVersion: string): (input: Target) => Access[] {
  return (input) => onObject(input.VersionId ? ofVersion : action)(input);
}

function listing(
  action: string,
): (input: Target & { Prefix?: string; Delimiter?: string; MaxKeys?: number }) => Access[] {
  return ({ Bucket, Prefix, Delimiter, MaxKeys }) => [
    {
      action: `s3:${action}`,
      resource: `arn:aws:s3:::${Bucket}`,
      context: {
        's3:prefix': Prefix ?? '',
        ...(Delimiter && { 's3:delimiter': Delimiter }),
        ...(MaxKeys !== undefined && { 's3:max-keys': `${MaxKeys}` }),
      },
    },
  ];
}

function putting(input: Target & { Tagging?: string }): Access[] {
  return [...onObject('PutObject')(input), ...(input.Tagging ? onObject('PutObjectTagging')(input) : [])];
}

/** S3's rights are not named after its operations. */
export const access: Definition<typeof S3>['access'] = {
  CreateBucket: onBucket('CreateBucket'),
  DeleteBucket: onBucket('DeleteBucket'),
  HeadBucket: onBucket('ListBucket'),
  ListBuckets: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  GetBucketLocation: onBucket('GetBucketLocation'),

  PutBucketVersioning: onBucket('PutBucketVersioning'),
  GetBucketVersioning: onBucket('GetBucketVersioning'),
  PutBucketTagging: onBucket('PutBucketTagging'),
  GetBucketTagging: onBucket('GetBucketTagging'),
  DeleteBucketTagging: onBucket('PutBucketTagging'),
  PutBucketPolicy: onBucket('PutBucketPolicy'),
  GetBucketPolicy: onBucket('GetBucketPolicy'),
  DeleteBucketPolicy: onBucket('DeleteBucketPolicy'),
  PutBucketEncryption: onBucket('PutEncryptionConfiguration'),
  GetBucketEncryption: onBucket('GetEncryptionConfiguration'),
  DeleteBucketEncryption: onBucket('PutEncryptionConfiguration'),
  PutPublicAccessBlock: onBucket('PutBucketPublicAccessBlock'),
  GetPublicAccessBlock: onBucket('GetBucketPublicAccessBlock'),
  DeletePublicAccessBlock: onBucket('PutBucketPublicAccessBlock'),
  PutBucketOwnershipControls: onBucket('PutBucketOwnershipControls'),
  GetBucketOwnershipControls: onBucket('GetBucketOwnershipControls'),
  DeleteBucketOwnershipControls: onBucket('PutBucketOwnershipControls'),

  ListObjects: listing('ListBucket'),
  ListObjectsV2: listing('ListBucket'),
  ListObjectVersions: listing('ListBucketVersions'),
  ListMultipartUploads: onBucket('ListBucketMultipartUploads'),

  PutObject: putting,
  GetObject: onVersion('GetObject', 'GetObjectVersion'),
  HeadObject: onVersion('GetObject', 'GetObjectVersion'),
  DeleteObject: onVersion('DeleteObject', 'DeleteObjectVersion'),
  DeleteObjects: ({ Bucket, Delete }) =>
    (Delete?.Objects ?? []).flatMap(({ Key, VersionId }) => {
      return onVersion('DeleteObject', 'DeleteObjectVersion')({ Bucket, Key, VersionId });
    }),
  CopyObject: (input) => [
    ...onVersion('GetObject', 'GetObjectVersion')(copySourceOf(input.CopySource)),
    ...putting(input),
  ],
  PutObjectTagging: onVersion('PutObjectTagging', 'PutObjectVersionTagging'),
  GetObjectTagging: onVersion('GetObjectTagging', 'GetObjectVersionTagging'),
  DeleteObjectTagging: onVersion('DeleteObjectTagging', 'DeleteObjectVersionTagging'),

  CreateMultipartUpload: putting,
  UploadPart: onObject('PutObject'),
  CompleteMultipartUpload: onObject('PutObject'),
  AbortMultipartUpload: onObject('AbortMultipartUpload'),
  ListParts: onObject('ListMultipartUploadParts'),
};
