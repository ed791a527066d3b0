import type * as IAM from '@aws-sdk/client-iam';
import { account, policyOf, trusting } from '../authorised-cloud.ts';
import { failure, servedIam, trust } from './served-iam.ts';

const served = servedIam();

const document = policyOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });

test('a role is described as it was created, with its trust policy encoded as IAM encodes it', async () => {
  const { Role: made } = await served.createRole('User', {
    Path: '/studio/',
    Description: 'For people',
    MaxSessionDuration: 7200,
    Tags: [{ Key: 'team', Value: 'blue' }],
  });
  expect(made).toMatchObject({
    Path: '/studio/',
    RoleName: 'User',
    RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
    Arn: `arn:aws:iam::${account}:role/studio/User`,
    CreateDate: new Date('2026-11-21T06:24:00Z'),
    Description: 'For people',
    MaxSessionDuration: 7200,
    Tags: [{ Key: 'team', Value: 'blue' }],
  });
  const { Role: got } = await served.client.getRole({ RoleName: 'user' });
  expect(got).toEqual({ ...made, RoleLastUsed: {} });
  expect(got?.AssumeRolePolicyDocument).toContain('%7B%22Version%22');
  expect(decodeURIComponent(got!.AssumeRolePolicyDocument!)).toBe(trust);
});

test('a role is changed in place', async () => {
  await served.createRole('User');
  await served.client.updateRole({ RoleName: 'User', Description: 'New', MaxSessionDuration: 3600 });
  expect((await served.client.getRole({ RoleName: 'User' })).Role).toMatchObject({
    Description: 'New',
    MaxSessionDuration: 3600,
  });
  expect(
    (await served.client.updateRoleDescription({ RoleName: 'User', Description: 'Newer' })).Role?.Description,
  ).toBe('Newer');
  const changed = trusting({ Service: 'lambda.amazonaws.com' });
  await served.client.updateAssumeRolePolicy({ RoleName: 'User', PolicyDocument: changed });
  const { Role } = await served.client.getRole({ RoleName: 'User' });
  expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(changed);
});

test('names are unique in any case, and an error names one that does not exist', async () => {
  await served.createRole('User');
  expect(await failure(served.createRole('USER'))).toEqual({
    code: 'EntityAlreadyExists',
    message: 'Role with name USER already exists.',
    status: 409,
  });
  expect(await failure(served.client.getRole({ RoleName: 'Missing' }))).toEqual({
    code: 'NoSuchEntity',
    message: 'The role with name Missing cannot be found.',
    status: 404,
  });
});

test.each<[Partial<IAM.CreateRoleCommandInput>, string]>([
  [
    { RoleName: 'a b' },
    "Value 'a b' at 'roleName' failed to satisfy constraint: Member must satisfy regular expression",
  ],
  [
    { RoleName: 'a'.repeat(65) },
    "at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64",
  ],
  [{ Path: 'studio' }, "Value 'studio' at 'path' failed to satisfy constraint"],
  [{ Path: `/${'a'.repeat(511)}/` }, 'Member must have length less than or equal to 512'],
  [
    { MaxSessionDuration: 60 },
    "Value '60' at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600",
  ],
  [{ MaxSessionDuration: 50_000 }, 'Member must have value less than or equal to 43200'],
  [{ Description: 'x'.repeat(1001) }, 'Member must have length less than or equal to 1000'],
  [{ PermissionsBoundary: 'nonsense' }, 'Member must have length greater than or equal to 20'],
  [{ PermissionsBoundary: 'nonsense'.repeat(3) }, 'ARN nonsensenonsensenonsense is not valid.'],
])('a role with %j is refused', async (input, message) => {
  expect(await failure(served.createRole('User', input))).toEqual({
    code: 'ValidationError',
    status: 400,
    message: expect.stringContaining(message),
  });
  expect((await served.client.listRoles({})).Roles).toEqual([]);
});

test('roles are listed by path in pages, without their tags', async () => {
  for (const name of ['c', 'a', 'b'])
    await served.createRole(name, { Path: '/team/', Tags: [{ Key: 'k', Value: 'v' }] });
  await served.createRole('other');
  const first = await served.client.listRoles({ PathPrefix: '/team/', MaxItems: 2 });
  expect(first.Roles?.map(({ RoleName }) => RoleName)).toEqual(['a', 'b']);
  expect(first.Roles?.[0]).not.toHaveProperty('Tags');
  expect(first.IsTruncated).toBe(true);
  const second = await served.client.listRoles({ PathPrefix: '/team/', MaxItems: 2, Marker: first.Marker });
  expect(second).toMatchObject({ Roles: [{ RoleName: 'c' }], IsTruncated: false });
  expect((await served.client.listRoles({})).Roles).toHaveLength(4);
  expect(await failure(served.client.listRoles({ Marker: 'nonsense' }))).toMatchObject({ message: 'Invalid Marker.' });
  expect(await failure(served.client.listRoles({ MaxItems: 0 }))).toMatchObject({ code: 'ValidationError' });
  expect(await failure(served.client.listRoles({ MaxItems: 1001 }))).toMatchObject({ code: 'ValidationError' });
});

test('a role can be deleted only once it has no policies', async () => {
  await served.createRole('User');
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await served.client.attachRolePolicy({ RoleName: 'User', PolicyArn });
  await served.client.putRolePolicy({ RoleName: 'User', PolicyName: 'read', PolicyDocument: document });
  expect(await failure(served.client.deleteRole({ RoleName: 'User' }))).toEqual({
    code: 'DeleteConflict',
    message: 'Cannot delete entity, must detach all policies first.',
    status: 409,
  });
  await served.client.detachRolePolicy({ RoleName: 'User', PolicyArn });
  expect(await failure(served.client.deleteRole({ RoleName: 'User' }))).toMatchObject({
    message: 'Cannot delete entity, must delete policies first.',
  });
  await served.client.deleteRolePolicy({ RoleName: 'User', PolicyName: 'read' });
  await served.client.deleteRole({ RoleName: 'User' });
  expect(await failure(served.client.deleteRole({ RoleName: 'User' }))).toMatchObject({ code: 'NoSuchEntity' });
});

test('tags are added, changed, listed and removed', async () => {
  await served.createRole('User', { Tags: [{ Key: 'team', Value: 'blue' }] });
  await served.client.tagRole({
    RoleName: 'User',
    Tags: [
      { Key: 'Team', Value: 'red' },
      { Key: 'cost', Value: '' },
    ],
  });
  expect((await served.client.listRoleTags({ RoleName: 'User' })).Tags).toEqual([
    { Key: 'Team', Value: 'red' },
    { Key: 'cost', Value: '' },
  ]);
  await served.client.untagRole({ RoleName: 'User', TagKeys: ['TEAM'] });
  expect((await served.client.listRoleTags({ RoleName: 'User' })).Tags).toEqual([{ Key: 'cost', Value: '' }]);
  const tag = (Tags: IAM.Tag[]) => failure(served.client.tagRole({ RoleName: 'User', Tags }));
  expect(await tag([{ Key: 'aws:x', Value: '' }])).toMatchObject({ code: 'InvalidInput' });
  expect(
    await tag([
      { Key: 'a', Value: '' },
      { Key: 'A', Value: '' },
    ]),
  ).toMatchObject({ code: 'InvalidInput' });
  const many = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));
  expect(await tag(many)).toMatchObject({ code: 'LimitExceeded' });
});

describe('the service-linked role of SageMaker', () => {
  const name = 'AWSServiceRoleForAmazonSageMakerNotebooks';
  const path = '/aws-service-role/sagemaker.amazonaws.com/';

  test('is created once, and cannot be changed by a caller', async () => {
    const { Role } = await served.client.createServiceLinkedRole({ AWSServiceName: 'sagemaker.amazonaws.com' });
    expect(Role).toMatchObject({ RoleName: name, Path: path, Arn: `arn:aws:iam::${account}:role${path}${name}` });
    expect(await failure(served.client.createServiceLinkedRole({ AWSServiceName: 'sagemaker.amazonaws.com' }))).toEqual(
      {
        code: 'InvalidInput',
        message: `Service role name ${name} has been taken in this account, please try a different suffix.`,
        status: 400,
      },
    );
    expect(await failure(served.client.deleteRole({ RoleName: name }))).toEqual({
      code: 'UnmodifiableEntity',
      message: `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
      status: 400,
    });
  });

  test('is deleted after a while', async () => {
    await served.client.createServiceLinkedRole({ AWSServiceName: 'sagemaker.amazonaws.com' });
    const { DeletionTaskId } = await served.client.deleteServiceLinkedRole({ RoleName: name });
    expect(DeletionTaskId).toMatch(new RegExp(`^task${path}${name}/[0-9a-f-]{36}$`));
    const status = async () => (await served.client.getServiceLinkedRoleDeletionStatus({ DeletionTaskId })).Status;
    expect(await status()).toBe('IN_PROGRESS');
    await served.cloud.clock.pass(5_000);
    expect(await status()).toBe('SUCCEEDED');
    expect(await failure(served.client.getRole({ RoleName: name }))).toMatchObject({ code: 'NoSuchEntity' });
  });

  test('is one of the known ones, and has no suffix', async () => {
    const AWSServiceName = 'sagemaker.amazonaws.com';
    for (const input of [{ AWSServiceName: 'nothing.amazonaws.com' }, { AWSServiceName, CustomSuffix: 'x' }]) {
      expect(await failure(served.client.createServiceLinkedRole(input))).toMatchObject({ code: 'InvalidInput' });
    }
    await served.createRole('User');
    expect(await failure(served.client.deleteServiceLinkedRole({ RoleName: 'User' }))).toMatchObject({
      code: 'NoSuchEntity',
    });
    const DeletionTaskId = 'task/aws-service-role/x';
    expect(await failure(served.client.getServiceLinkedRoleDeletionStatus({ DeletionTaskId }))).toMatchObject({
      code: 'NoSuchEntity',
    });
  });
});
