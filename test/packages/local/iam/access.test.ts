import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { AuthorisedCloud, account, policyOf, trusting } from '../authorised-cloud.ts';

let cloud: AuthorisedCloud;

beforeEach(() => {
  cloud = new AuthorisedCloud();
});

const trust = trusting({ Service: 'lambda.amazonaws.com' });
const allow = (Action: string, Resource: string, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    ({ message }: Error) => /perform: (.*) because/.exec(message)?.[1],
  );
const arn = (rest: string) => `arn:aws:iam::${account}:${rest}`;

test('permissions for a role use its path, also before the role exists', async () => {
  const admin = await cloud.role('Admin', allow('iam:*', arn('role/studio/*')));
  const input = { RoleName: 'User', AssumeRolePolicyDocument: trust };
  await cloud.call(iam, 'CreateRole', { ...input, Path: '/studio/' }, admin);
  expect((await cloud.call(iam, 'GetRole', { RoleName: 'User' }, admin)).Role?.RoleName).toBe('User');
  expect(await refusal(cloud.call(iam, 'CreateRole', input, admin))).toBe(
    `iam:CreateRole on resource: ${arn('role/User')}`,
  );
});

test('creating a role with tags requires the permission to tag it', async () => {
  const admin = await cloud.role('Admin', allow('iam:CreateRole', '*'));
  const input = { RoleName: 'User', AssumeRolePolicyDocument: trust, Tags: [{ Key: 'a', Value: 'b' }] };
  expect(await refusal(cloud.call(iam, 'CreateRole', input, admin))).toBe(
    `iam:TagRole on resource: ${arn('role/User')}`,
  );
});

test('a permission can limit which policies are attached', async () => {
  const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  const admin = await cloud.role(
    'Admin',
    allow('iam:AttachRolePolicy', '*', { ArnEquals: { 'iam:PolicyARN': basic } }),
  );
  await cloud.call(iam, 'AttachRolePolicy', { RoleName: 'Admin', PolicyArn: basic }, admin);
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  expect(await refusal(cloud.call(iam, 'AttachRolePolicy', { RoleName: 'Admin', PolicyArn }, admin))).toBe(
    `iam:AttachRolePolicy on resource: ${arn('role/Admin')}`,
  );
});

test('a permission can require a boundary for every role that is created or changed', async () => {
  const PolicyDocument = policyOf(allow('s3:*', '*'));
  const { Policy } = await cloud.call(iam, 'CreatePolicy', { PolicyName: 'edge', PolicyDocument });
  const PermissionsBoundary = Policy!.Arn!;
  const condition = { StringEquals: { 'iam:PermissionsBoundary': PermissionsBoundary } };
  const admin = await cloud.role('Admin', allow('iam:*', '*', condition));
  const input = { RoleName: 'User', AssumeRolePolicyDocument: trust };
  expect(await refusal(cloud.call(iam, 'CreateRole', input, admin))).toBe(
    `iam:CreateRole on resource: ${arn('role/User')}`,
  );
  await cloud.call(iam, 'CreateRole', { ...input, PermissionsBoundary }, admin);
  await cloud.call(iam, 'PutRolePolicy', { RoleName: 'User', PolicyName: 'p', PolicyDocument }, admin);
});

test('a permission can depend on the tags of a role, a user and a policy', async () => {
  const Tags = [{ Key: 'team', Value: 'blue' }];
  const PolicyDocument = policyOf(allow('s3:*', '*'));
  const condition = { StringEquals: { 'iam:ResourceTag/team': 'blue' } };
  const admin = await cloud.role('Admin', allow('iam:Get*', '*', condition));
  await cloud.call(iam, 'CreateRole', { RoleName: 'ours', AssumeRolePolicyDocument: trust, Tags });
  await cloud.call(iam, 'CreateUser', { UserName: 'ours', Tags });
  const { Policy } = await cloud.call(iam, 'CreatePolicy', { PolicyName: 'ours', PolicyDocument, Tags });
  await cloud.call(iam, 'GetRole', { RoleName: 'ours' }, admin);
  await cloud.call(iam, 'GetUser', { UserName: 'ours' }, admin);
  await cloud.call(iam, 'GetPolicy', { PolicyArn: Policy!.Arn }, admin);
  expect(await refusal(cloud.call(iam, 'GetUser', { UserName: 'theirs' }, admin))).toBe(
    `iam:GetUser on resource: ${arn('user/theirs')}`,
  );
});

test('a service-linked role requires the permission to create it for its service', async () => {
  const path = 'role/aws-service-role/sagemaker.amazonaws.com/';
  const AWSServiceName = 'sagemaker.amazonaws.com';
  const admin = await cloud.role(
    'Admin',
    allow('iam:CreateServiceLinkedRole', arn(`${path}*`), { StringEquals: { 'iam:AWSServiceName': AWSServiceName } }),
  );
  expect(await refusal(cloud.call(iam, 'CreateServiceLinkedRole', { AWSServiceName: 'x.amazonaws.com' }, admin))).toBe(
    `iam:CreateServiceLinkedRole on resource: ${arn('role/aws-service-role/x.amazonaws.com/*')}`,
  );
  const { Role } = await cloud.call(iam, 'CreateServiceLinkedRole', { AWSServiceName }, admin);
  const RoleName = Role!.RoleName;
  expect(await refusal(cloud.call(iam, 'DeleteServiceLinkedRole', { RoleName }, admin))).toBe(
    `iam:DeleteServiceLinkedRole on resource: ${arn(path + RoleName)}`,
  );
  const { DeletionTaskId } = await cloud.call(iam, 'DeleteServiceLinkedRole', { RoleName });
  expect(await refusal(cloud.call(iam, 'GetServiceLinkedRoleDeletionStatus', { DeletionTaskId }, admin))).toBe(
    `iam:GetServiceLinkedRoleDeletionStatus on resource: ${arn(path + RoleName)}`,
  );
});

test('permissions for a policy use its ARN, also before the policy exists', async () => {
  const admin = await cloud.role('Admin', allow('iam:*', arn('policy/team/*')));
  const input = { PolicyName: 'p', PolicyDocument: policyOf(allow('s3:*', '*')) };
  const { Policy } = await cloud.call(iam, 'CreatePolicy', { ...input, Path: '/team/' }, admin);
  await cloud.call(iam, 'ListPolicyVersions', { PolicyArn: Policy!.Arn }, admin);
  expect(await refusal(cloud.call(iam, 'CreatePolicy', input, admin))).toBe(
    `iam:CreatePolicy on resource: ${arn('policy/p')}`,
  );
});
