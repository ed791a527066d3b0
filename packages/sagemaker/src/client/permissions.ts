import type { Permission } from '@studio-resources/core';

/** Actions on one type of SageMaker resource: `actionsOn('domain', 'CreateDomain')`. */
export function actionsOn(kind: string, ...actions: string[]): Permission[] {
  return actions.map((action) => ({ action: `sagemaker:${action}`, resource: `arn:*:sagemaker:*:*:${kind}/*` }));
}

/** List actions: IAM grants them on all resources only. */
export function listActions(...actions: string[]): Permission[] {
  return actions.map((action) => ({ action: `sagemaker:${action}`, resource: '*' }));
}

/** Lets the function pass execution roles to SageMaker. */
export const passRole: Permission = {
  action: 'iam:PassRole',
  resource: 'arn:*:iam::*:role/*',
  condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
};

/**
 * Only on what belongs to the role's own account. Bucket names are shared by all accounts: another account can own one that a
 * wildcard matches, and whose policy allows everybody.
 */
const ofOwnAccount = { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } };

/** Actions on this account's buckets that the provider's parameters name: `onBuckets('ListBucket')`. */
export function onBuckets(...actions: string[]): Permission[] {
  return actions.map((action) => ({ action: `s3:${action}`, resource: 'arn:*:s3:::*', condition: ofOwnAccount }));
}

/** Actions on the objects in those buckets: `onObjects('GetObject')`. */
export function onObjects(...actions: string[]): Permission[] {
  return actions.map((action) => ({ action: `s3:${action}`, resource: 'arn:*:s3:::*/*', condition: ofOwnAccount }));
}

/** For buckets with a customer managed key: the function may use the key through S3 only. */
export const viaS3 = { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } };
