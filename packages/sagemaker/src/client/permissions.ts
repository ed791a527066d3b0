import type { Permission } from '@studio-resources/core';
import { managedBy } from '../tags.ts';

/** Actions on a kind of SageMaker's resources: `on('domain', 'CreateDomain')`. */
export function on(kind: string, ...actions: string[]): Permission[] {
  return actions.map((action) => ({ action: `sagemaker:${action}`, resource: `arn:*:sagemaker:*:*:${kind}/*` }));
}

/** Lists, which IAM grants on everything or not at all. */
export function lists(...actions: string[]): Permission[] {
  return actions.map((action) => ({ action: `sagemaker:${action}`, resource: '*' }));
}

/** Handing execution roles to SageMaker. */
export const passRole: Permission = {
  action: 'iam:PassRole',
  resource: 'arn:*:iam::*:role/*',
  condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
};

/** For buckets that are encrypted with a key of one's own: the key's use for S3 only. */
export const throughS3 = { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } };

/** Finding and deleting what lives in a domain or belongs to a profile. */
export const contentsPermissions: readonly Permission[] = [
  ...lists('ListApps', 'ListSpaces'),
  ...on('app', 'DeleteApp'),
  ...on('space', 'DeleteSpace'),
];

/** Making a custom image with all that belongs to it, and attaching it. */
export const imagePermissions: readonly Permission[] = [
  ...on('image', 'CreateImage', 'DescribeImage', 'UpdateImage', 'DeleteImage', 'CreateImageVersion'),
  ...on('image', 'ListImageVersions', 'AddTags', 'DeleteTags', 'ListTags'),
  ...on('image-version', 'DescribeImageVersion', 'DeleteImageVersion'),
  ...on('app-image-config', 'CreateAppImageConfig', 'DescribeAppImageConfig', 'UpdateAppImageConfig'),
  ...on('app-image-config', 'DeleteAppImageConfig', 'AddTags', 'DeleteTags', 'ListTags'),
  ...on('domain', 'DescribeDomain', 'UpdateDomain'),
  ...on('user-profile', 'DescribeUserProfile', 'UpdateUserProfile'),
  ...on('space', 'DescribeSpace'),
  ...lists('ListDomains', 'ListUserProfiles', 'ListSpaces'),
];

const ofDomains = {
  StringLike: { [`aws:ResourceTag/${managedBy}`]: 'arn:*:sagemaker:*:*:domain/*' },
};

/** Finding and deleting the file system and the security groups that a domain leaves. */
export const leftoverPermissions: readonly Permission[] = [
  ...['DescribeFileSystems', 'DescribeMountTargets'].map((action) => ({
    action: `elasticfilesystem:${action}` as const,
    resource: 'arn:*:elasticfilesystem:*:*:file-system/*',
  })),
  ...['DeleteFileSystem', 'DeleteMountTarget'].map((action) => ({
    action: `elasticfilesystem:${action}` as const,
    resource: 'arn:*:elasticfilesystem:*:*:file-system/*',
    condition: ofDomains,
  })),
  // EFS deletes a mount target's network interface with the caller's rights.
  { action: 'ec2:DeleteNetworkInterface', resource: 'arn:*:ec2:*:*:network-interface/*' },
  { action: 'ec2:DescribeSecurityGroups', resource: '*' },
  ...['RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress', 'DeleteSecurityGroup'].map((action) => ({
    action: `ec2:${action}` as const,
    resource: 'arn:*:ec2:*:*:security-group/*',
    condition: ofDomains,
  })),
];

const throughSageMaker = {
  StringLike: { 'kms:ViaService': ['elasticfilesystem.*.amazonaws.com', 'sagemaker.*.amazonaws.com'] },
};

/** What SageMaker does with the caller's rights when it makes a domain: its role, and with a key of one's own more. */
export const createDomainPermissions: readonly Permission[] = [
  {
    action: 'iam:CreateServiceLinkedRole',
    resource: 'arn:*:iam::*:role/aws-service-role/sagemaker.amazonaws.com/AWSServiceRoleForAmazonSageMakerNotebooks',
    condition: { StringEquals: { 'iam:AWSServiceName': 'sagemaker.amazonaws.com' } },
  },
  { action: 'elasticfilesystem:CreateFileSystem', resource: '*' },
  ...['CreateGrant', 'Decrypt', 'DescribeKey', 'GenerateDataKeyWithoutPlaintext'].map((action) => ({
    action: `kms:${action}` as const,
    resource: 'arn:*:kms:*:*:key/*',
    condition: throughSageMaker,
  })),
];
