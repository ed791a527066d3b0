import type { Permission } from '@studio-resources/core';
import { managedByTag } from '../tags.ts';

const managedByDomain = {
  StringLike: { [`aws:ResourceTag/${managedByTag}`]: 'arn:*:sagemaker:*:*:domain/*' },
};

/** Finding and deleting the file system and the security groups that a domain leaves. */
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
  // EFS deletes a mount target's network interface with the caller's rights.
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
    condition: viaSageMaker,
  })),
];
