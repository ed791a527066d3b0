import type * as S3 from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { type Bucket, getBucket, type Operations, ownerId } from './state.ts';

const groups = 'http://acs.amazonaws.com/groups';

/**
 * What a canned ACL grants beside the owner's full control. Those with `bucket-owner` and `aws-exec-read` are about objects:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
 */
const cannedGrants: Readonly<Record<string, readonly [group: string, permission: S3.Permission][]>> = {
  private: [],
  'public-read': [['global/AllUsers', 'READ']],
  'public-read-write': [
    ['global/AllUsers', 'READ'],
    ['global/AllUsers', 'WRITE'],
  ],
  'authenticated-read': [['global/AuthenticatedUsers', 'READ']],
  'log-delivery-write': [
    ['s3/LogDelivery', 'WRITE'],
    ['s3/LogDelivery', 'READ_ACP'],
  ],
  'aws-exec-read': [],
  'bucket-owner-read': [],
  'bucket-owner-full-control': [],
};

/** ACLs of buckets are kept and given back. They grant nothing here: policies do. */
export const aclOperations: Operations = {
  PutBucketAcl(input, call) {
    const bucket = getBucket(call, input.Bucket);
    const isOfHeaders = Object.entries(input).some(([name, value]) => name.startsWith('Grant') && value !== undefined);
    if (isOfHeaders) {
      const message = 'The local cloud has no grants in headers: give a canned ACL or an AccessControlPolicy.';
      throw new AwsError('NotImplemented', message, { status: 501 });
    }
    const grants = input.ACL === undefined ? input.AccessControlPolicy?.Grants : grantsOf(input.ACL, call);
    if (!grants) throw new AwsError('MissingSecurityHeader', 'Your request was missing a required header');
    if (ownershipOf(bucket) === 'BucketOwnerEnforced') {
      if (!areOfOwner(grants, call))
        throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
    }
    if (bucket.publicAccessBlock?.BlockPublicAcls && arePublic(grants)) {
      throw new AwsError('AccessDenied', 'Access Denied', { status: 403 });
    }
    bucket.grants = grants;
    return {};
  },

  GetBucketAcl({ Bucket }, call) {
    const bucket = getBucket(call, Bucket);
    return { Owner: { ID: ownerId(call) }, Grants: bucket.grants ?? grantsOf('private', call) };
  },
};

/**
 * The grants of a bucket that is created. Throws where the ACL gives others rights, and the ownership or the block of public
 * access, which every new bucket has, excludes that.
 */
export function firstGrants(acl: string, ownership: S3.ObjectOwnership, call: Call): S3.Grant[] {
  const grants = grantsOf(acl, call);
  checkOwnership(grants, ownership, call);
  if (arePublic(grants)) {
    const message = 'Bucket cannot have public ACLs set with BlockPublicAccess enabled';
    throw new AwsError('InvalidBucketAclWithBlockPublicAccessError', message);
  }
  return grants;
}

/** Throws where this ownership disables ACLs, and these grants are not the owner's alone. */
export function checkOwnership(grants: readonly S3.Grant[], ownership: string | undefined, call: Call): void {
  if (ownership !== 'BucketOwnerEnforced' || areOfOwner(grants, call)) return;
  throw new AwsError(
    'InvalidBucketAclWithObjectOwnership',
    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
  );
}

function ownershipOf({ ownership }: Bucket): string | undefined {
  return ownership?.Rules?.[0]?.ObjectOwnership;
}

function grantsOf(acl: string, call: Call): S3.Grant[] {
  const granted = cannedGrants[acl];
  if (!granted)
    throw new AwsError('InvalidArgument', '', { members: { ArgumentName: 'x-amz-acl', ArgumentValue: acl } });
  const owner: S3.Grant = { Grantee: { Type: 'CanonicalUser', ID: ownerId(call) }, Permission: 'FULL_CONTROL' };
  const others = granted.map(
    ([group, Permission]): S3.Grant => ({ Grantee: { Type: 'Group', URI: `${groups}/${group}` }, Permission }),
  );
  return [owner, ...others];
}

function areOfOwner(grants: readonly S3.Grant[], call: Call): boolean {
  return grants.every(({ Grantee }) => Grantee?.ID === ownerId(call));
}

function arePublic(grants: readonly S3.Grant[]): boolean {
  return grants.some(({ Grantee }) => Grantee?.URI?.startsWith(`${groups}/global/`));
}
