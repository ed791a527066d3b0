import * as ECR from '@aws-sdk/client-ecr';
import { type Access, type Call, type Definition, service } from '../../service.ts';
import { imageOperations, imageTasks } from './images.ts';
import { policyOperations } from './policies.ts';
import { repositories } from './records.ts';
import { arnOf, repositoryOperations } from './repositories.ts';

interface Target {
  repositoryName?: string;
}

function onRepository({ repositoryName = '' }: Target, call: Call): Access[] {
  return [{ resource: arnOf(repositoryName, call) }];
}

function onTagged({ resourceArn = '' }: { resourceArn?: string }): Access[] {
  return [{ resource: resourceArn }];
}

const access: Definition<typeof ECR>['access'] = {
  CreateRepository: onRepository,
  DescribeRepositories: ({ repositoryNames = ['*'] }, call) =>
    repositoryNames.map((name) => ({ resource: arnOf(name, call) })),
  DeleteRepository: onRepository,
  PutImageTagMutability: onRepository,
  PutImageScanningConfiguration: onRepository,
  TagResource: onTagged,
  UntagResource: onTagged,
  ListTagsForResource: onTagged,
  SetRepositoryPolicy: onRepository,
  GetRepositoryPolicy: onRepository,
  DeleteRepositoryPolicy: onRepository,
  PutLifecyclePolicy: onRepository,
  GetLifecyclePolicy: onRepository,
  DeleteLifecyclePolicy: onRepository,
  PutImage: onRepository,
  BatchGetImage: onRepository,
  DescribeImages: onRepository,
  ListImages: onRepository,
  BatchDeleteImage: onRepository,
  DescribeImageScanFindings: onRepository,
  GetAuthorizationToken: () => [{ resource: '*' }],
};

/** ECR: repositories, their policies, and the manifests of images. */
export const ecr = service('ecr', 'ecr', ECR, {
  operations: { ...repositoryOperations, ...policyOperations, ...imageOperations },
  tasks: imageTasks,
  access,
  tagsOf: (arn, call) => repositories(call).get(arn.split(':repository/')[1] ?? '')?.tags,
  resourcePolicy(arn, call) {
    const found = repositories(call).get(arn.split(':repository/')[1] ?? '');
    return found?.policy === undefined ? undefined : { document: found.policy, account: call.account };
  },
});
