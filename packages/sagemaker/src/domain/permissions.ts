import type { Permission } from '@studio-resources/core';
import { managedByTag } from '../tags.ts';

const managedByDomain = {
  StringLike: { [`aws:ResourceTag/${managedByTag}`]: 'arn:*:sagemaker:*:*:domain/*' },
};

/** For finding and deleting the file system and the security groups that remain after a domain's deletion. */
export const orphanedResourcePermissions: readonly Permission[] = [
  ...['DescribeFileSystems', 'DescribeMountTargets'].map((action) => ({
    action: `elasticfilesystem:${action}` as const,
    resource: 'arn:*:elasticfilesystem:*:*:file-system/*',
  })),
  ...['DeleteFileSystem', 'DeleteMountTarget'].map((action) => ({
    action: `elasticfilesystem:${action}` as const,
    resource: 'arn:*:elasticfilesystem:*:*:file-system/*',
    condition: managedByDomain,
  })),
  // EFS deletes a mount target's network interface with the caller's permissions.
  { action: 'ec2:DeleteNetworkInterface', resource: 'arn:*:ec2:*:*:network-interface/*' },
  { action: 'ec2:DescribeSecurityGroups', resource: '*' },
  ...['RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress', 'DeleteSecurityGroup'].map((action) => ({
    action: `ec2:${action}` as const,
    resource: 'arn:*:ec2:*:*:security-group/*',
    condition: managedByDomain,
  })),
];

const viaSageMaker = {
  StringLike: { 'kms:ViaService': ['elasticfilesystem.*.amazonaws.com', 'sagemaker.*.amazonaws.com'] },
};

/**
 * SageMaker uses the caller's permissions when it creates a domain: for its service-linked role, and for a customer
 * managed key.
 */
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
    condition: viaSageMaker,
  })),
];
