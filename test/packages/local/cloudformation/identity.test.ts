import { efs } from '../../../../packages/local/src/services/efs/index.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { logs } from '../../../../packages/local/src/services/logs/index.ts';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { ssm } from '../../../../packages/local/src/services/ssm/index.ts';
import { account, custom, StackCloud } from '../stack-cloud.ts';

const ref = (Ref: string) => ({ Ref });
const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
const trust = (Service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
});
const allow = (Action: string | string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});

function identities(action: string, managed: string) {
  return {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'worker',
          Description: action,
          AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
          ManagedPolicyArns: [`arn:aws:iam::aws:policy/${managed}`, ref('Managed')],
          Policies: [
            { PolicyName: 'inline', PolicyDocument: allow(action) },
            { PolicyName: action.replace(':', '-'), PolicyDocument: allow(action) },
          ],
          Tags: [{ Key: action.split(':')[0], Value: 'x' }],
        },
      },
      Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: allow(action) } },
      User: {
        Type: 'AWS::IAM::User',
        Properties: {
          UserName: 'ada',
          Policies: [{ PolicyName: 'own', PolicyDocument: allow(action) }],
          ManagedPolicyArns: [ref('Managed')],
        },
      },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'shared', PolicyDocument: allow(action), Roles: [ref('Role')], Users: [ref('User')] },
      },
    },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } }, Managed: { Value: ref('Managed') } },
  };
}

test('roles, users and policies are created, updated in place and deleted', async () => {
  const cloud = new StackCloud();
  const made = await cloud.create('identity', identities('s3:GetObject', 'AdministratorAccess'), { Capabilities });
  expect(made).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
    Outputs: [
      { OutputValue: `arn:aws:iam::${account}:role/worker` },
      { OutputValue: expect.stringContaining(':policy/identity-Managed-') },
    ],
  });
  const names = await cloud.invoke(iam, 'ListRolePolicies', { RoleName: 'worker' });
  expect(names.PolicyNames!.sort()).toEqual(['inline', 's3-GetObject', 'shared']);

  const updated = await cloud.update('identity', identities('ec2:DescribeVpcs', 'AmazonSageMakerFullAccess'), {
    Capabilities,
  });
  expect(updated).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Outputs: made.Outputs });
  const after = await cloud.invoke(iam, 'ListRolePolicies', { RoleName: 'worker' });
  expect(after.PolicyNames!.sort()).toEqual(['ec2-DescribeVpcs', 'inline', 'shared']);
  const { PolicyDocument } = await cloud.invoke(iam, 'GetRolePolicy', { RoleName: 'worker', PolicyName: 'shared' });
  expect(decodeURIComponent(PolicyDocument!)).toContain('ec2:DescribeVpcs');
  const { Role } = await cloud.invoke(iam, 'GetRole', { RoleName: 'worker' });
  expect(Role).toMatchObject({ Description: 'ec2:DescribeVpcs', Tags: [{ Key: 'ec2', Value: 'x' }] });
  const attached = await cloud.invoke(iam, 'ListAttachedRolePolicies', { RoleName: 'worker' });
  expect(attached.AttachedPolicies!.map(({ PolicyName }) => PolicyName)).toContain('AmazonSageMakerFullAccess');

  expect(await cloud.delete('identity')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect((await cloud.invoke(iam, 'ListRoles', {})).Roles).toEqual([]);
  expect((await cloud.invoke(iam, 'ListUsers', {})).Users).toEqual([]);
  expect((await cloud.invoke(iam, 'ListPolicies', { Scope: 'Local' })).Policies).toEqual([]);
});

test('a service-linked role is created and deleted', async () => {
  const cloud = new StackCloud();
  const template = {
    Resources: {
      Linked: { Type: 'AWS::IAM::ServiceLinkedRole', Properties: { AWSServiceName: 'sagemaker.amazonaws.com' } },
    },
  };
  expect(await cloud.create('identity', template)).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  expect(await cloud.delete('identity')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
});

test('buckets, parameters and log groups are created, updated in place and deleted', async () => {
  const cloud = new StackCloud();
  const template = (Status: string, Value: string, RetentionInDays: number | undefined) => ({
    Resources: {
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          VersioningConfiguration: { Status },
          PublicAccessBlockConfiguration: { BlockPublicAcls: 'true', BlockPublicPolicy: 'false' },
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
          },
          OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        },
      },
      BucketPolicy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: ref('Bucket'),
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: account },
                Action: 's3:GetObject',
                Resource: { 'Fn::Sub': '${Bucket.Arn}/*' },
              },
            ],
          },
        },
      },
      Parameter: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Name: '/a/b', Type: 'String', Value, Tags: { v: Value } },
      },
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/a', RetentionInDays } },
      Stream: { Type: 'AWS::Logs::LogStream', Properties: { LogGroupName: ref('Group') } },
    },
    Outputs: { Bucket: { Value: ref('Bucket') }, Value: { Value: { 'Fn::GetAtt': ['Parameter', 'Value'] } } },
  });
  const Tags = [{ Key: 'team', Value: 'ml' }];
  const made = await cloud.create('things', template('Enabled', 'one', 7), { Tags });
  expect(made).toMatchObject({ StackStatus: 'CREATE_COMPLETE', Outputs: [{}, { OutputValue: 'one' }] });
  const Bucket = made.Outputs![0]!.OutputValue!;
  expect(Bucket).toMatch(/^things-bucket-[a-z0-9]{12}$/);
  expect((await cloud.invoke(s3, 'GetBucketTagging', { Bucket })).TagSet).toEqual(Tags);
  const block = (await cloud.invoke(s3, 'GetPublicAccessBlock', { Bucket })).PublicAccessBlockConfiguration;
  expect(block).toMatchObject({ BlockPublicAcls: true, BlockPublicPolicy: false });
  expect((await cloud.invoke(logs, 'DescribeLogGroups', {})).logGroups).toMatchObject([{ retentionInDays: 7 }]);

  expect(await cloud.update('things', template('Suspended', 'two', undefined))).toMatchObject({
    Outputs: [{}, { OutputValue: 'two' }],
  });
  expect((await cloud.invoke(s3, 'GetBucketVersioning', { Bucket })).Status).toBe('Suspended');
  const { Parameter } = await cloud.invoke(ssm, 'GetParameter', { Name: '/a/b' });
  expect(Parameter).toMatchObject({ Value: 'two', Version: 2 });
  expect((await cloud.invoke(logs, 'DescribeLogGroups', {})).logGroups![0]!.retentionInDays).toBeUndefined();

  expect(await cloud.delete('things')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect((await cloud.invoke(s3, 'ListBuckets', {})).Buckets).toEqual([]);
});

test('a stack acts with its role’s rights, and with its caller’s where it has none', async () => {
  const cloud = new StackCloud();
  const role = { AssumeRolePolicyDocument: JSON.stringify(trust('cloudformation.amazonaws.com')) };
  await cloud.invoke(iam, 'CreateRole', { RoleName: 'deployer', ...role });
  const PolicyDocument = JSON.stringify(allow(['s3:*']));
  await cloud.invoke(iam, 'PutRolePolicy', { RoleName: 'deployer', PolicyName: 'p', PolicyDocument });
  const RoleARN = `arn:aws:iam::${account}:role/deployer`;
  const bucket = { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } };
  const group = { Resources: { Group: { Type: 'AWS::Logs::LogGroup' } } };
  expect(await cloud.create('allowed', bucket, { RoleARN })).toMatchObject({ StackStatus: 'CREATE_COMPLETE', RoleARN });
  expect(await cloud.create('denied', group, { RoleARN })).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  const [failed] = (await cloud.history('denied')).filter((line) => line.startsWith('Group CREATE_FAILED'));
  expect(failed).toContain(`assumed-role/deployer/AWSCloudFormation is not authorized to perform: logs:CreateLogGroup`);
  expect(failed).toContain('HandlerErrorCode: AccessDenied');
  await expect(cloud.create('other', bucket, { RoleARN: `${RoleARN}-2` })).rejects.toThrow(
    `Role ${RoleARN}-2 is invalid or cannot be assumed`,
  );
});

test('a caller needs the right to the operation, and to pass the role', async () => {
  const cloud = new StackCloud();
  const role = { AssumeRolePolicyDocument: JSON.stringify(trust('cloudformation.amazonaws.com')) };
  await cloud.invoke(iam, 'CreateRole', { RoleName: 'caller', ...role });
  const PolicyDocument = JSON.stringify(allow(['cloudformation:CreateStack']));
  await cloud.invoke(iam, 'PutRolePolicy', { RoleName: 'caller', PolicyName: 'p', PolicyDocument });
  const arn = `arn:aws:sts::${account}:assumed-role/caller/s`;
  const caller = { kind: 'role', account, arn, roleName: 'caller', sessionName: 's' } as const;
  const input = { StackName: 'studio', TemplateBody: JSON.stringify({ Resources: { Thing: custom() } }) };
  await cloud.call('CreateStack', input, caller);
  await cloud.ended('studio');
  expect(await cloud.history('studio')).toContainEqual(
    expect.stringContaining('is not authorized to perform: lambda:InvokeFunction'),
  );
  await expect(cloud.call('DeleteStack', { StackName: 'studio' }, caller)).rejects.toThrow(
    'cloudformation:DeleteStack',
  );
  await expect(
    cloud.call('CreateStack', { ...input, StackName: 'x', RoleARN: `arn:aws:iam::${account}:role/caller` }, caller),
  ).rejects.toThrow('iam:PassRole');
});

test('values come from the parameter store, for parameters and for dynamic references', async () => {
  const cloud = new StackCloud();
  await cloud.invoke(ssm, 'PutParameter', { Name: '/size', Type: 'String', Value: '7' });
  await cloud.invoke(ssm, 'PutParameter', { Name: '/key', Type: 'SecureString', Value: 'secret' });
  const template = {
    Parameters: { Size: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/size' } },
    Resources: {
      Thing: custom({ Size: ref('Size'), Again: '{{resolve:ssm:/size}}', Key: '{{resolve:ssm-secure:/key}}' }),
    },
  };
  expect(await cloud.create('studio', template)).toMatchObject({
    Parameters: [{ ParameterKey: 'Size', ParameterValue: '/size', ResolvedValue: '7' }],
  });
  expect(cloud.requests[0]!.ResourceProperties).toMatchObject({ Size: '7', Again: '7', Key: 'secret' });
  expect(JSON.stringify(await cloud.events('studio'))).not.toContain('secret');
  const missing = { Resources: { Thing: custom({ Key: '{{resolve:secretsmanager:x}}' }) } };
  await cloud.create('other', missing);
  expect(await cloud.history('other')).toContainEqual(expect.stringContaining('has no service secrets-manager'));
});

test('the stack’s tags are set on resources that can have tags, and change with the stack’s', async () => {
  const cloud = new StackCloud();
  const Tags = (Value: string) => [{ Key: 'team', Value }];
  const template = {
    Resources: {
      Plain: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/plain', Type: 'String', Value: '1' } },
      Own: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Name: '/own', Type: 'String', Value: '1', Tags: { team: 'own' } },
      },
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/g', Tags: [{ Key: 'a', Value: 'b' }] } },
      Files: { Type: 'AWS::EFS::FileSystem' },
      Thing: custom(),
    },
  };
  const tagsOf = async (ResourceId: string) =>
    (await cloud.invoke(ssm, 'ListTagsForResource', { ResourceType: 'Parameter', ResourceId })).TagList;
  expect(await cloud.create('tagged', template, { Tags: Tags('ml') })).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
  });
  expect(await tagsOf('/plain')).toEqual(Tags('ml'));
  expect(await tagsOf('/own')).toEqual(Tags('own'));
  expect((await cloud.invoke(efs, 'DescribeFileSystems', {})).FileSystems).toMatchObject([{ Tags: Tags('ml') }]);
  const resourceArn = `arn:aws:logs:us-east-1:${account}:log-group:/g`;
  const { tags } = await cloud.invoke(logs, 'ListTagsForResource', { resourceArn });
  expect(tags).toEqual({ a: 'b', team: 'ml' });

  await cloud.update('tagged', template, { Tags: Tags('it') });
  expect(await tagsOf('/plain')).toEqual(Tags('it'));
  expect(cloud.asked()).toEqual(['Create Thing']);
});
