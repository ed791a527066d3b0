import type { ManagedPolicy } from './managed-policy.ts';

export const administratorAccess: ManagedPolicy = {
  name: 'AdministratorAccess',
  path: '/',
  description: 'Provides full access to AWS services and resources.',
  versionId: 'v1',
  created: '2015-02-06T18:39:46Z',
  updated: '2015-02-06T18:39:46Z',
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};

export const amazonS3ReadOnlyAccess: ManagedPolicy = {
  name: 'AmazonS3ReadOnlyAccess',
  path: '/',
  description: 'Provides read only access to all buckets via the AWS Management Console.',
  versionId: 'v3',
  created: '2015-02-06T18:40:59Z',
  updated: '2023-08-10T21:31:39Z',
  document: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'],
        Resource: '*',
      },
    ],
  },
};
