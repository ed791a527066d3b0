import * as EC2 from '@aws-sdk/client-ec2';
import * as EFS from '@aws-sdk/client-efs';
import * as Lambda from '@aws-sdk/client-lambda';
import * as S3 from '@aws-sdk/client-s3';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import { service } from '../../../../packages/local/src/service.ts';
import { account, policyOf } from '../authorised-cloud.ts';

const tagsOfDomains: Record<string, Record<string, string>> = {
  'arn:aws:sagemaker:eu-west-1:111122223333:domain/d-ours': { team: 'blue' },
};

// The least of each service: what is asked here is who may call it.
export const sagemaker = service('sagemaker', 'sagemaker', SageMaker, {
  operations: {
    CreateDomain: () => ({ DomainId: 'd-1' }),
    DescribeDomain: () => ({}),
    ListDomains: () => ({ Domains: [] }),
    AddTags: () => ({}),
  },
  passedRoles: (_operation, input) => {
    const { ExecutionRole: role } = (input.DefaultUserSettings ?? {}) as { ExecutionRole?: string };
    return role ? [role] : [];
  },
  tagsOf: (arn) => tagsOfDomains[arn],
});
export const ec2 = service('ec2', 'ec2', EC2, {
  operations: { CreateVpc: () => ({}), DescribeVpcs: () => ({}) },
  tagsOf: (arn, call) => call.table<Record<string, string>>('tags').get(arn),
});
export const efs = service('efs', 'elasticfilesystem', EFS, {
  operations: { DeleteFileSystem: () => ({}), DeleteMountTarget: () => ({}) },
  access: {
    DeleteMountTarget: ({ MountTargetId }) => [
      { resource: '*' },
      {
        action: 'ec2:DeleteNetworkInterface',
        resource: `arn:aws:ec2:eu-west-1:${account}:network-interface/${MountTargetId}`,
      },
    ],
  },
});
export const lambda = service('lambda', 'lambda', Lambda, { operations: { GetFunction: () => ({}) } });
export const s3 = service('s3', 's3', S3, {
  scope: 'global',
  operations: { GetObject: () => ({}), ListBuckets: () => ({ Buckets: [] }) },
  access: {
    GetObject: ({ Bucket, Key }) => [{ action: 's3:GetObject', resource: `arn:aws:s3:::${Bucket}/${Key}` }],
    ListBuckets: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  },
  resourcePolicy: (arn) =>
    arn.startsWith('arn:aws:s3:::shared/')
      ? {
          account: '444455556666',
          document: policyOf(
            { Effect: 'Allow', Principal: { AWS: account }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shared/*' },
            { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::shared/secret/*' },
          ),
        }
      : undefined,
});

export const domain = { DomainName: 'studio', AuthMode: 'IAM', DefaultUserSettings: {} } as const;
export const who = `User: arn:aws:sts::${account}:assumed-role/R/session is not authorized to perform:`;
export const allow = (Action: string | string[], Resource: string | string[] = '*', Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
export const denial = (promise: Promise<unknown>) =>
  promise.then(
    () => 'allowed',
    ({ name, message, status }) => ({ name, message, status }),
  );
