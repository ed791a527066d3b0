import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { partitionOf } from '../../iam/partition.ts';
import { findRole } from '../../iam/records.ts';
import type { Access, Definition } from '../../service.ts';
import { arnOf } from './records.ts';

/** SageMaker's own role, which the first domain of an account makes with the caller's rights. */
const serviceRole = 'AWSServiceRoleForAmazonSageMakerNotebooks';

/** A version's ARN has a slash more than the pattern that IAM publishes. */
const onModelPackage = ({
  ModelPackageName,
  ModelPackageArn,
}: {
  ModelPackageName?: string;
  ModelPackageArn?: string;
}) => [{ resource: ModelPackageArn ?? ModelPackageName }];

export const access: Definition<typeof SageMaker>['access'] = {
  CreateDomain({ KmsKeyId, HomeEfsFileSystemKmsKeyId }, { cloud, account, region }) {
    const needed: Access[] = [{}];
    if (!findRole(cloud.store, account, serviceRole)) {
      const path = 'aws-service-role/sagemaker.amazonaws.com';
      needed.push({
        action: 'iam:CreateServiceLinkedRole',
        resource: `arn:${partitionOf(region)}:iam::${account}:role/${path}/${serviceRole}`,
        context: { 'iam:AWSServiceName': 'sagemaker.amazonaws.com' },
      });
    }
    if (KmsKeyId ?? HomeEfsFileSystemKmsKeyId) needed.push({ action: 'elasticfilesystem:CreateFileSystem' });
    return needed;
  },
  CreateModelPackage: ({ ModelPackageGroupName = '*' }, call) => [
    { resource: arnOf('model-package', `${ModelPackageGroupName}/*`, call) },
  ],
  DescribeModelPackage: onModelPackage,
  UpdateModelPackage: onModelPackage,
  DeleteModelPackage: onModelPackage,
};
