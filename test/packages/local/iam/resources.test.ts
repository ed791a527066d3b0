import { homeRegionOf } from '../../../../packages/local/src/iam/partition.ts';
import { resourcesOf } from '../../../../packages/local/src/iam/resources.ts';

const here = { account: '111122223333', region: 'eu-west-1' };
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:111122223333:${rest}`;

test.each<[string, Record<string, unknown>, string[]]>([
  // What the call will make has no id yet.
  ['sagemaker:CreateDomain', { DomainName: 'studio' }, [arn('sagemaker', 'domain/*')]],
  ['sagemaker:DescribeDomain', { DomainId: 'd-1' }, [arn('sagemaker', 'domain/d-1')]],
  ['sagemaker:ListDomains', {}, ['*']],
  [
    'sagemaker:CreateUserProfile',
    { DomainId: 'd-1', UserProfileName: 'ada' },
    [arn('sagemaker', 'user-profile/d-1/ada')],
  ],
  [
    'sagemaker:CreateApp',
    { DomainId: 'd-1', UserProfileName: 'ada', AppType: 'JupyterLab', AppName: 'default' },
    [arn('sagemaker', 'app/d-1/ada/jupyterlab/default')],
  ],
  [
    'sagemaker:DeleteApp',
    { DomainId: 'd-1', SpaceName: 'lab', AppType: 'JupyterLab', AppName: 'default' },
    [arn('sagemaker', 'app/d-1/lab/jupyterlab/default')],
  ],
  [
    'sagemaker:AddTags',
    { ResourceArn: arn('sagemaker', 'user-profile/d-1/ada'), Tags: [] },
    [arn('sagemaker', 'user-profile/d-1/ada')],
  ],
  ['elasticfilesystem:CreateFileSystem', {}, ['*']],
  ['elasticfilesystem:DescribeFileSystems', {}, [arn('elasticfilesystem', 'file-system/*')]],
  ['elasticfilesystem:DescribeFileSystems', { FileSystemId: 'fs-1' }, [arn('elasticfilesystem', 'file-system/fs-1')]],
  ['elasticfilesystem:DeleteMountTarget', { MountTargetId: 'fsmt-1' }, [arn('elasticfilesystem', 'file-system/*')]],
  ['elasticfilesystem:TagResource', { ResourceId: 'fs-1' }, [arn('elasticfilesystem', 'file-system/fs-1')]],
  ['elasticfilesystem:TagResource', { ResourceId: 'fsap-1' }, [arn('elasticfilesystem', 'access-point/fsap-1')]],
  ['elasticfilesystem:ListTagsForResource', {}, ['*']],
  ['ec2:DescribeSubnets', { SubnetIds: ['subnet-1'] }, ['*']],
  ['ec2:CreateSubnet', { VpcId: 'vpc-1' }, [arn('ec2', 'subnet/*'), arn('ec2', 'vpc/vpc-1')]],
  ['ec2:DeleteSecurityGroup', { GroupId: 'sg-1' }, [arn('ec2', 'security-group/sg-1')]],
  [
    'ec2:DeleteVpcEndpoints',
    { VpcEndpointIds: ['vpce-1', 'vpce-2'] },
    ['vpce-1', 'vpce-2'].map((id) => arn('ec2', `vpc-endpoint/${id}`)),
  ],
  [
    'ec2:CreateNetworkInterface',
    { SubnetId: 'subnet-1', Groups: ['sg-1', 'sg-2'] },
    [
      arn('ec2', 'network-interface/*'),
      arn('ec2', 'security-group/sg-1'),
      arn('ec2', 'security-group/sg-2'),
      arn('ec2', 'subnet/subnet-1'),
    ],
  ],
  ['lambda:InvokeFunction', { FunctionName: 'studio' }, [arn('lambda', 'function:studio')]],
  [
    'lambda:GetFunction',
    { FunctionName: 'arn:aws:lambda:us-east-1:444455556666:function:studio' },
    ['arn:aws:lambda:us-east-1:444455556666:function:studio'],
  ],
  ['logs:CreateLogGroup', { logGroupName: '/aws/lambda/f' }, [arn('logs', 'log-group:/aws/lambda/f')]],
  [
    'logs:PutLogEvents',
    { logGroupName: '/aws/lambda/f', logStreamName: '2026/x' },
    [arn('logs', 'log-group:/aws/lambda/f:log-stream:2026/x')],
  ],
  ['cloudformation:CreateStack', { StackName: 'studio' }, [arn('cloudformation', 'stack/studio/*')]],
  [
    'cloudformation:DeleteStack',
    { StackName: arn('cloudformation', 'stack/studio/9a') },
    [arn('cloudformation', 'stack/studio/9a')],
  ],
  ['cloudformation:DescribeStacks', {}, [arn('cloudformation', 'stack/*/*')]],
  ['sagemaker:NoSuchAction', {}, ['*']],
  ['nosuchservice:Action', {}, ['*']],
])('%s with %j is about %j', async (action, input, expected) => {
  expect(await resourcesOf(action, input, here)).toEqual(expected);
});

test.each([
  ['cn-northwest-1', 'aws-cn', 'cn-north-1'],
  ['us-gov-east-1', 'aws-us-gov', 'us-gov-west-1'],
  ['eu-west-1', 'aws', 'us-east-1'],
])('%s is in the partition %s, whose global services are in %s', async (region, partition, home) => {
  expect(await resourcesOf('sagemaker:DescribeDomain', { DomainId: 'd-1' }, { ...here, region })).toEqual([
    `arn:${partition}:sagemaker:${region}:111122223333:domain/d-1`,
  ]);
  expect(homeRegionOf(region)).toBe(home);
});
