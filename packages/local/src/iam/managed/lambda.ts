import type { ManagedPolicy } from './managed-policy.ts';

export const awsLambdaBasicExecutionRole: ManagedPolicy = {
  name: 'AWSLambdaBasicExecutionRole',
  path: '/service-role/',
  description: 'Provides write permissions to CloudWatch Logs.',
  versionId: 'v1',
  created: '2015-04-09T15:03:43Z',
  updated: '2015-04-09T15:03:43Z',
  document: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: '*',
      },
    ],
  },
};

export const awsLambdaVpcAccessExecutionRole: ManagedPolicy = {
  name: 'AWSLambdaVPCAccessExecutionRole',
  path: '/service-role/',
  description:
    'Provides minimum permissions for a Lambda function to execute while accessing a resource within a VPC - create, describe, delete network interfaces and write permissions to CloudWatch Logs.',
  versionId: 'v3',
  created: '2016-02-11T23:15:26Z',
  updated: '2024-01-05T22:38:26Z',
  document: {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AWSLambdaVPCAccessExecutionPermissions',
        Effect: 'Allow',
        Action: [
          'logs:CreateLogGroup',
          'logs:CreateLogStream',
          'logs:PutLogEvents',
          'ec2:CreateNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
          'ec2:DeleteNetworkInterface',
          'ec2:AssignPrivateIpAddresses',
          'ec2:UnassignPrivateIpAddresses',
        ],
        Resource: '*',
      },
    ],
  },
};
