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

/** For buckets with a customer managed key: the function may use the key through S3 only. */
export const viaS3 = { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } };
