import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import * as EC2 from '@aws-sdk/client-ec2';
import * as EFS from '@aws-sdk/client-efs';
import * as Lambda from '@aws-sdk/client-lambda';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import * as SSM from '@aws-sdk/client-ssm';
import { rightsOf } from '../../../../packages/local/src/iam/rights.ts';
import { type Call, type Service, service } from '../../../../packages/local/src/service.ts';
import { account, root } from '../authorised-cloud.ts';

const services: Service[] = [
  service('ec2', 'ec2', EC2, { operations: {} }),
  service('efs', 'elasticfilesystem', EFS, { operations: {} }),
  service('lambda', 'lambda', Lambda, { operations: {}, passedRoles: () => ['role-a', 'role-b', 'role-a'] }),
  service('cloudwatch-logs', 'logs', Logs, { operations: {} }),
  service('sagemaker', 'sagemaker', SageMaker, {
    operations: {},
    access: { CreateSpace: () => [{ context: { 'sagemaker:SpaceSharingType': 'Private' } }] },
  }),
  service('ssm', 'ssm', SSM, { operations: {} }),
];

async function rights(id: string, operation: string, input: Record<string, unknown>): Promise<string[]> {
  const asked = services.find((one) => one.id === id)!;
  const call = { account, region: 'eu-west-1', principal: root } as Call;
  const request = { service: id, operation, input, principal: root, region: 'eu-west-1' };
  const all = await rightsOf(asked, request, call);
  return all.map(({ action, resource, context }) => {
    const short = resource.replace(`arn:aws:${action.split(':')[0]}:eu-west-1:${account}:`, '');
    const keys = Object.entries(context).map(([key, value]) => ` ${key}=${value}`);
    return `${action} ${short}${keys.join('')}`;
  });
}

const Tags = [{ Key: 'team', Value: 'blue' }];

test.each<[string, string, Record<string, unknown>, string[]]>([
  [
    'ec2',
    'CreateSubnet',
    { VpcId: 'vpc-1', TagSpecifications: [{ ResourceType: 'subnet', Tags }] },
    [
      'ec2:CreateSubnet subnet/*',
      'ec2:CreateSubnet vpc/vpc-1',
      'ec2:CreateTags subnet/* ec2:CreateAction=CreateSubnet',
    ],
  ],
  [
    'efs',
    'CreateFileSystem',
    { Tags },
    [
      'elasticfilesystem:CreateFileSystem *',
      'elasticfilesystem:TagResource file-system/* elasticfilesystem:CreateAction=CreateFileSystem',
    ],
  ],
  [
    'efs',
    'CreateAccessPoint',
    { FileSystemId: 'fs-1', Tags },
    [
      'elasticfilesystem:CreateAccessPoint file-system/fs-1',
      'elasticfilesystem:TagResource access-point/* elasticfilesystem:CreateAction=CreateAccessPoint',
    ],
  ],
  [
    'lambda',
    'CreateFunction',
    { FunctionName: 'f', Tags: { team: 'blue' } },
    [
      'lambda:CreateFunction function:f',
      'iam:PassRole role-a iam:PassedToService=lambda.amazonaws.com',
      'iam:PassRole role-b iam:PassedToService=lambda.amazonaws.com',
    ],
  ],
  [
    'cloudwatch-logs',
    'CreateLogGroup',
    { logGroupName: '/aws/f', tags: { team: 'blue' } },
    ['logs:CreateLogGroup log-group:/aws/f', 'logs:TagResource log-group:/aws/f'],
  ],
  [
    'sagemaker',
    'CreateSpace',
    { DomainId: 'd-1', SpaceName: 'lab', Tags },
    [
      'sagemaker:CreateSpace space/d-1/lab sagemaker:SpaceSharingType=Private',
      'sagemaker:AddTags space/d-1/lab sagemaker:SpaceSharingType=Private sagemaker:TaggingAction=CreateSpace',
    ],
  ],
  [
    'sagemaker',
    'CreateSpace',
    { DomainId: 'd-1', SpaceName: 'lab', Tags: [] },
    ['sagemaker:CreateSpace space/d-1/lab sagemaker:SpaceSharingType=Private'],
  ],
  ['ssm', 'PutParameter', { Name: '/a', Tags }, ['ssm:PutParameter parameter/*', 'ssm:AddTagsToResource parameter/*']],
])('%s %s with %j needs %j', async (id, operation, input, expected) => {
  expect(await rights(id, operation, input)).toEqual(expected);
});
