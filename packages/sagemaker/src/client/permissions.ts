import type { Permission } from '@studio-resources/core';

/** Actions on a kind of SageMaker's resources: `on('domain', 'CreateDomain')`. */
export function actionsOn(kind: string, ...actions: string[]): Permission[] {
  return actions.map((action) => ({ action: `sagemaker:${action}`, resource: `arn:*:sagemaker:*:*:${kind}/*` }));
}

/** Lists, which IAM grants on everything or not at all. */
export function listActions(...actions: string[]): Permission[] {
  return actions.map((action) => ({ action: `sagemaker:${action}`, resource: '*' }));
}

/** Handing execution roles to SageMaker. */
export const passRole: Permission = {
  action: 'iam:PassRole',
  resource: 'arn:*:iam::*:role/*',
  condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
};

/** For buckets that are encrypted with a key of one's own: the key's use for S3 only. */
export const viaS3 = { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } };
