import type * as S3 from '@aws-sdk/client-s3';
import type { Access, Call, Definition } from '../../service.ts';
import { headerOf, parseTags } from './object-tags.ts';
import { copySourceOf } from './objects.ts';
import { findVersion } from './state.ts';

interface Target {
  Bucket?: string;
  Key?: string;
  VersionId?: string;
}

function onBucket(action: string): (input: Target) => Access[] {
  return ({ Bucket }) => [{ action: `s3:${action}`, resource: `arn:aws:s3:::${Bucket}` }];
}

function onObject(action: string): (input: Target, call: Call) => Access[] {
  return ({ Bucket, Key, VersionId }, call) => {
    const tags = findVersion(call, Bucket ?? '', Key ?? '', VersionId)?.tags;
    const resource = `arn:aws:s3:::${Bucket}/${Key}`;
    return [{ action: `s3:${action}`, resource, context: tagKeys('s3:ExistingObjectTag', tags) }];
  };
}

/** An action that has another name where a version is asked for. */
function onVersion(action: string, ofVersion: string): (input: Target, call: Call) => Access[] {
  return (input, call) => onObject(input.VersionId ? ofVersion : action)(input, call);
}

/** The condition keys that tell of tags. */
function tagKeys(prefix: string, tags: S3.Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [`${prefix}/${Key}`, Value ?? '']));
}

/** The condition keys of the tags that a request gives. */
function requestTags(tags: S3.Tag[]): Record<string, string | string[]> {
  if (tags.length === 0) return {};
  return { ...tagKeys('s3:RequestObjectTag', tags), 's3:RequestObjectTagKeys': tags.map(({ Key }) => Key!) };
}

function withTags(access: Access[], tags: S3.Tag[]): Access[] {
  return access.map((one) => ({ ...one, context: { ...one.context, ...requestTags(tags) } }));
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

function putAccess({ Bucket, Key, Tagging }: Target & { Tagging?: string }, call: Call): Access[] {
  const actions = Tagging ? ['PutObject', 'PutObjectTagging'] : ['PutObject'];
  const rights = actions.flatMap((action) => onObject(action)({ Bucket, Key }, call));
  return withTags(rights, parseTags(Tagging));
}

/** A copy reads the source, and its tags where it takes them along. */
function copying(input: S3.CopyObjectRequest, call: Call): Access[] {
  const source = copySourceOf(input.CopySource);
  const replaces = input.TaggingDirective === 'REPLACE';
  const taken = replaces ? [] : (findVersion(call, source.Bucket, source.Key, source.VersionId)?.tags ?? []);
  const Tagging = replaces ? input.Tagging : headerOf(taken);
  return [
    ...onVersion('GetObject', 'GetObjectVersion')(source, call),
    ...(taken.length > 0 ? onVersion('GetObjectTagging', 'GetObjectVersionTagging')(source, call) : []),
    ...putAccess({ ...input, Tagging }, call),
  ];
}

/** S3's rights are not named after its operations. */
export const access: Definition<typeof S3>['access'] = {
  CreateBucket: (input) => [
    ...onBucket('CreateBucket')(input),
    ...(input.ACL ? onBucket('PutBucketAcl')(input) : []),
    ...(input.ObjectOwnership ? onBucket('PutBucketOwnershipControls')(input) : []),
  ],
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
  PutBucketLifecycleConfiguration: onBucket('PutLifecycleConfiguration'),
  GetBucketLifecycleConfiguration: onBucket('GetLifecycleConfiguration'),
  DeleteBucketLifecycle: onBucket('PutLifecycleConfiguration'),
  PutBucketNotificationConfiguration: onBucket('PutBucketNotification'),
  GetBucketNotificationConfiguration: onBucket('GetBucketNotification'),
  PutBucketAcl: onBucket('PutBucketAcl'),
  GetBucketAcl: onBucket('GetBucketAcl'),
  PutBucketCors: onBucket('PutBucketCORS'),
  GetBucketCors: onBucket('GetBucketCORS'),
  DeleteBucketCors: onBucket('PutBucketCORS'),
  PutBucketLogging: onBucket('PutBucketLogging'),
  GetBucketLogging: onBucket('GetBucketLogging'),
  PutBucketOwnershipControls: onBucket('PutBucketOwnershipControls'),
  GetBucketOwnershipControls: onBucket('GetBucketOwnershipControls'),
  DeleteBucketOwnershipControls: onBucket('PutBucketOwnershipControls'),

  ListObjects: listing('ListBucket'),
  ListObjectsV2: listing('ListBucket'),
  ListObjectVersions: listing('ListBucketVersions'),
  ListMultipartUploads: onBucket('ListBucketMultipartUploads'),

  PutObject: putAccess,
  GetObject: onVersion('GetObject', 'GetObjectVersion'),
  HeadObject: onVersion('GetObject', 'GetObjectVersion'),
  DeleteObject: onVersion('DeleteObject', 'DeleteObjectVersion'),
  DeleteObjects: ({ Bucket, Delete }, call) =>
    (Delete?.Objects ?? []).flatMap(({ Key, VersionId }) => {
      return onVersion('DeleteObject', 'DeleteObjectVersion')({ Bucket, Key, VersionId }, call);
    }),
  CopyObject: copying,
  GetObjectAttributes: (input, call) => [
    ...onVersion('GetObject', 'GetObjectVersion')(input, call),
    ...onVersion('GetObjectAttributes', 'GetObjectVersionAttributes')(input, call),
  ],
  PutObjectTagging: (input, call) =>
    withTags(onVersion('PutObjectTagging', 'PutObjectVersionTagging')(input, call), input.Tagging?.TagSet ?? []),
  GetObjectTagging: onVersion('GetObjectTagging', 'GetObjectVersionTagging'),
  DeleteObjectTagging: onVersion('DeleteObjectTagging', 'DeleteObjectVersionTagging'),

  CreateMultipartUpload: putAccess,
  UploadPart: onObject('PutObject'),
  CompleteMultipartUpload: onObject('PutObject'),
  AbortMultipartUpload: onObject('AbortMultipartUpload'),
  ListParts: onObject('ListMultipartUploadParts'),
};
