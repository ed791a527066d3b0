import type { ManagedPolicy } from './managed-policy.ts';
import { sageMakerCompanionStatements } from './sagemaker-full-access-companions.ts';

const domainId = `\${sagemaker:DomainId}`;
const ownProfile = `arn:aws:sagemaker:*:*:user-profile/${domainId}/\${sagemaker:UserProfileName}`;

/** All of SageMaker except the administration of domains, and what notebooks and jobs use of other services. */
export const amazonSageMakerFullAccess: ManagedPolicy = {
  name: 'AmazonSageMakerFullAccess',
  path: '/',
  description:
    'Provides full access to Amazon SageMaker via the AWS Management Console and SDK. Also provides select access to related services (e.g., S3, ECR, CloudWatch Logs).',
  versionId: 'v26',
  created: '2017-11-29T13:07:59Z',
  updated: '2024-03-29T17:35:49Z',
  document: {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AllowAllNonAdminSageMakerActions',
        Effect: 'Allow',
        Action: ['sagemaker:*', 'sagemaker-geospatial:*'],
        NotResource: [
          'arn:aws:sagemaker:*:*:domain/*',
          'arn:aws:sagemaker:*:*:user-profile/*',
          'arn:aws:sagemaker:*:*:app/*',
          'arn:aws:sagemaker:*:*:space/*',
          'arn:aws:sagemaker:*:*:flow-definition/*',
        ],
      },
      {
        Sid: 'AllowAddTagsForSpace',
        Effect: 'Allow',
        Action: ['sagemaker:AddTags'],
        Resource: ['arn:aws:sagemaker:*:*:space/*'],
        Condition: { StringEquals: { 'sagemaker:TaggingAction': 'CreateSpace' } },
      },
      {
        Sid: 'AllowAddTagsForApp',
        Effect: 'Allow',
        Action: ['sagemaker:AddTags'],
        Resource: ['arn:aws:sagemaker:*:*:app/*'],
      },
      {
        Sid: 'AllowStudioActions',
        Effect: 'Allow',
        Action: [
          'sagemaker:CreatePresignedDomainUrl',
          'sagemaker:DescribeDomain',
          'sagemaker:ListDomains',
          'sagemaker:DescribeUserProfile',
          'sagemaker:ListUserProfiles',
          'sagemaker:DescribeSpace',
          'sagemaker:ListSpaces',
          'sagemaker:DescribeApp',
          'sagemaker:ListApps',
        ],
        Resource: '*',
      },
      {
        Sid: 'AllowAppActionsForUserProfile',
        Effect: 'Allow',
        Action: ['sagemaker:CreateApp', 'sagemaker:DeleteApp'],
        Resource: 'arn:aws:sagemaker:*:*:app/*/*/*/*',
        Condition: { Null: { 'sagemaker:OwnerUserProfileArn': 'true' } },
      },
      {
        Sid: 'AllowAppActionsForSharedSpaces',
        Effect: 'Allow',
        Action: ['sagemaker:CreateApp', 'sagemaker:DeleteApp'],
        Resource: `arn:aws:sagemaker:*:*:app/${domainId}/*/*/*`,
        Condition: { StringEquals: { 'sagemaker:SpaceSharingType': ['Shared'] } },
      },
      {
        Sid: 'AllowMutatingActionsOnSharedSpacesWithoutOwner',
        Effect: 'Allow',
        Action: ['sagemaker:CreateSpace', 'sagemaker:UpdateSpace', 'sagemaker:DeleteSpace'],
        Resource: `arn:aws:sagemaker:*:*:space/${domainId}/*`,
        Condition: { Null: { 'sagemaker:OwnerUserProfileArn': 'true' } },
      },
      {
        Sid: 'RestrictMutatingActionsOnSpacesToOwnerUserProfile',
        Effect: 'Allow',
        Action: ['sagemaker:CreateSpace', 'sagemaker:UpdateSpace', 'sagemaker:DeleteSpace'],
        Resource: `arn:aws:sagemaker:*:*:space/${domainId}/*`,
        Condition: {
          ArnLike: { 'sagemaker:OwnerUserProfileArn': ownProfile },
          StringEquals: { 'sagemaker:SpaceSharingType': ['Private', 'Shared'] },
        },
      },
      {
        Sid: 'RestrictMutatingActionsOnPrivateSpaceAppsToOwnerUserProfile',
        Effect: 'Allow',
        Action: ['sagemaker:CreateApp', 'sagemaker:DeleteApp'],
        Resource: `arn:aws:sagemaker:*:*:app/${domainId}/*/*/*`,
        Condition: {
          ArnLike: { 'sagemaker:OwnerUserProfileArn': ownProfile },
          StringEquals: { 'sagemaker:SpaceSharingType': ['Private'] },
        },
      },
      {
        Sid: 'AllowFlowDefinitionActions',
        Effect: 'Allow',
        Action: 'sagemaker:*',
        Resource: ['arn:aws:sagemaker:*:*:flow-definition/*'],
        Condition: { StringEqualsIfExists: { 'sagemaker:WorkteamType': ['private-crowd', 'vendor-crowd'] } },
      },
      ...sageMakerCompanionStatements,
    ],
  },
};
