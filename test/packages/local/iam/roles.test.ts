import * as IAM from '@aws-sdk/client-iam';
import { account, policyOf, serveAuthorised, trusting } from '../authorised-cloud.ts';

let served: ReturnType<typeof serveAuthorised>;
let client: IAM.IAM;

beforeEach(async () => {
  served = serveAuthorised();
  client = new IAM.IAM(served.options);
});

afterEach(async () => {
  client.destroy();
  served.close();
});

const trust = trusting({ Service: 'sagemaker.amazonaws.com' });
const document = policyOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
const create = (RoleName: string, more: Partial<IAM.CreateRoleCommandInput> = {}) =>
  client.createRole({ RoleName, AssumeRolePolicyDocument: trust, ...more });
const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: IAM.IAMServiceException) => ({
      code: error.name.replace(/Exception$/, ''),
      message: error.message,
      status: error.$metadata.httpStatusCode,
    }),
  );

test('a role comes back as it was made, its trust encoded as IAM does it', async () => {
  const { Role: made } = await create('User', {
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
  const { Role: got } = await client.getRole({ RoleName: 'user' });
  expect(got).toEqual({ ...made, RoleLastUsed: {} });
  expect(got?.AssumeRolePolicyDocument).toContain('%7B%22Version%22');
  expect(decodeURIComponent(got!.AssumeRolePolicyDocument!)).toBe(trust);
});

test('a role is changed in place', async () => {
  await create('User');
  await client.updateRole({ RoleName: 'User', Description: 'New', MaxSessionDuration: 3600 });
  expect((await client.getRole({ RoleName: 'User' })).Role).toMatchObject({
    Description: 'New',
    MaxSessionDuration: 3600,
  });
  expect((await client.updateRoleDescription({ RoleName: 'User', Description: 'Newer' })).Role?.Description).toBe(
    'Newer',
  );
  const changed = trusting({ Service: 'lambda.amazonaws.com' });
  await client.updateAssumeRolePolicy({ RoleName: 'User', PolicyDocument: changed });
  const { Role } = await client.getRole({ RoleName: 'User' });
  expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(changed);
});

test('names are taken whatever their case, and missing ones are said to be so', async () => {
  await create('User');
  expect(await failure(create('USER'))).toEqual({
    code: 'EntityAlreadyExists',
    message: 'Role with name USER already exists.',
    status: 409,
  });
  expect(await failure(client.getRole({ RoleName: 'Missing' }))).toEqual({
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
  [{ PermissionsBoundary: 'nonsense' }, 'ARN nonsense is not valid.'],
])('a role with %j is refused', async (input, message) => {
  expect(await failure(create('User', input))).toEqual({
    code: 'ValidationError',
    status: 400,
    message: expect.stringContaining(message),
  });
  expect((await client.listRoles({})).Roles).toEqual([]);
});

test('roles are listed by path in pages, without their tags', async () => {
  for (const name of ['c', 'a', 'b']) await create(name, { Path: '/team/', Tags: [{ Key: 'k', Value: 'v' }] });
  await create('other');
  const first = await client.listRoles({ PathPrefix: '/team/', MaxItems: 2 });
  expect(first.Roles?.map(({ RoleName }) => RoleName)).toEqual(['a', 'b']);
  expect(first.Roles?.[0]).not.toHaveProperty('Tags');
  expect(first.IsTruncated).toBe(true);
  const second = await client.listRoles({ PathPrefix: '/team/', MaxItems: 2, Marker: first.Marker });
  expect(second).toMatchObject({ Roles: [{ RoleName: 'c' }], IsTruncated: false });
  expect((await client.listRoles({})).Roles).toHaveLength(4);
  expect(await failure(client.listRoles({ Marker: 'nonsense' }))).toMatchObject({ message: 'Invalid Marker.' });
  expect(await failure(client.listRoles({ MaxItems: 0 }))).toMatchObject({ code: 'ValidationError' });
  expect(await failure(client.listRoles({ MaxItems: 1001 }))).toMatchObject({ code: 'ValidationError' });
});

test('inline policies are put, read, listed and deleted', async () => {
  await create('User');
  await client.putRolePolicy({ RoleName: 'User', PolicyName: 'read', PolicyDocument: document });
  const got = await client.getRolePolicy({ RoleName: 'User', PolicyName: 'read' });
  expect(decodeURIComponent(got.PolicyDocument!)).toBe(document);
  expect(await client.listRolePolicies({ RoleName: 'User' })).toMatchObject({
    PolicyNames: ['read'],
    IsTruncated: false,
  });
  await client.deleteRolePolicy({ RoleName: 'User', PolicyName: 'read' });
  for (const call of [
    client.getRolePolicy({ RoleName: 'User', PolicyName: 'read' }),
    client.deleteRolePolicy({ RoleName: 'User', PolicyName: 'read' }),
    client.getRolePolicy({ RoleName: 'User', PolicyName: 'toString' }),
  ]) {
    expect(await failure(call)).toMatchObject({
      code: 'NoSuchEntity',
      message: expect.stringMatching(/^The role policy with name \w+ cannot be found\.$/),
    });
  }
});

test('inline policies together have a largest size, white space not counted', async () => {
  await create('User');
  const large = (length: number) => policyOf({ Effect: 'Allow', Action: `s3:${'a'.repeat(length)}`, Resource: '*' });
  await client.putRolePolicy({ RoleName: 'User', PolicyName: 'a', PolicyDocument: large(9000) + ' '.repeat(9000) });
  const more = client.putRolePolicy({ RoleName: 'User', PolicyName: 'b', PolicyDocument: large(2000) });
  expect(await failure(more)).toEqual({
    code: 'LimitExceeded',
    message: 'Maximum policy size of 10240 bytes exceeded for role User',
    status: 409,
  });
});

test('managed policies are attached, listed and detached', async () => {
  await create('User');
  const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  const { Policy } = await client.createPolicy({ PolicyName: 'own', PolicyDocument: document });
  for (const PolicyArn of [basic, Policy!.Arn!, basic]) await client.attachRolePolicy({ RoleName: 'User', PolicyArn });
  const { AttachedPolicies } = await client.listAttachedRolePolicies({ RoleName: 'User' });
  expect(AttachedPolicies).toEqual([
    { PolicyName: 'own', PolicyArn: Policy!.Arn },
    { PolicyName: 'AWSLambdaBasicExecutionRole', PolicyArn: basic },
  ]);
  const byPath = await client.listAttachedRolePolicies({ RoleName: 'User', PathPrefix: '/service-role/' });
  expect(byPath.AttachedPolicies).toHaveLength(1);
  await client.detachRolePolicy({ RoleName: 'User', PolicyArn: basic });
  expect(await failure(client.detachRolePolicy({ RoleName: 'User', PolicyArn: basic }))).toMatchObject({
    code: 'NoSuchEntity',
    message: `Policy ${basic} was not found.`,
  });
});

test('a policy that does not exist cannot be attached, and one of AWS’s that is unknown here comes with a hint', async () => {
  await create('User');
  const attach = (PolicyArn: string) => failure(client.attachRolePolicy({ RoleName: 'User', PolicyArn }));
  const missing = `arn:aws:iam::${account}:policy/missing`;
  expect(await attach(missing)).toEqual({
    code: 'NoSuchEntity',
    message: `Policy ${missing} does not exist or is not attachable.`,
    status: 404,
  });
  expect(await attach('arn:aws:iam::aws:policy/AmazonRDSFullAccess')).toMatchObject({
    message: expect.stringMatching(
      /^Policy arn:aws:iam::aws:policy\/AmazonRDSFullAccess does not exist or is not attachable\. \(The local cloud knows only some/,
    ),
  });
  expect(await attach('nonsense, and more than twenty letters')).toMatchObject({ code: 'InvalidInput' });
  expect(
    await attach('arn:aws:iam::aws:policy/aws-service-role/AmazonSageMakerNotebooksServiceRolePolicy'),
  ).toMatchObject({ code: 'PolicyNotAttachable' });
});

test('a role has at most ten managed policies', async () => {
  await create('User');
  for (let i = 0; i <= 10; i += 1) {
    const { Policy } = await client.createPolicy({ PolicyName: `p${i}`, PolicyDocument: document });
    const attached = await failure(client.attachRolePolicy({ RoleName: 'User', PolicyArn: Policy!.Arn }));
    expect(attached).toEqual(
      i < 10
        ? undefined
        : { code: 'LimitExceeded', message: 'Cannot exceed quota for PoliciesPerRole: 10', status: 409 },
    );
  }
});

test('a role is deleted only once nothing hangs on it', async () => {
  await create('User');
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await client.attachRolePolicy({ RoleName: 'User', PolicyArn });
  await client.putRolePolicy({ RoleName: 'User', PolicyName: 'read', PolicyDocument: document });
  expect(await failure(client.deleteRole({ RoleName: 'User' }))).toEqual({
    code: 'DeleteConflict',
    message: 'Cannot delete entity, must detach all policies first.',
    status: 409,
  });
  await client.detachRolePolicy({ RoleName: 'User', PolicyArn });
  expect(await failure(client.deleteRole({ RoleName: 'User' }))).toMatchObject({
    message: 'Cannot delete entity, must delete policies first.',
  });
  await client.deleteRolePolicy({ RoleName: 'User', PolicyName: 'read' });
  await client.deleteRole({ RoleName: 'User' });
  expect(await failure(client.deleteRole({ RoleName: 'User' }))).toMatchObject({ code: 'NoSuchEntity' });
});

test('tags are added, changed, listed and removed', async () => {
  await create('User', { Tags: [{ Key: 'team', Value: 'blue' }] });
  await client.tagRole({
    RoleName: 'User',
    Tags: [
      { Key: 'Team', Value: 'red' },
      { Key: 'cost', Value: '' },
    ],
  });
  expect((await client.listRoleTags({ RoleName: 'User' })).Tags).toEqual([
    { Key: 'Team', Value: 'red' },
    { Key: 'cost', Value: '' },
  ]);
  await client.untagRole({ RoleName: 'User', TagKeys: ['TEAM'] });
  expect((await client.listRoleTags({ RoleName: 'User' })).Tags).toEqual([{ Key: 'cost', Value: '' }]);
  const tag = (Tags: IAM.Tag[]) => failure(client.tagRole({ RoleName: 'User', Tags }));
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

test('a permissions boundary is set, shown and taken away', async () => {
  const { Policy } = await client.createPolicy({ PolicyName: 'edge', PolicyDocument: document });
  const { Role } = await create('User', { PermissionsBoundary: Policy!.Arn });
  expect(Role?.PermissionsBoundary).toEqual({ PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: Policy!.Arn });
  await client.deleteRolePermissionsBoundary({ RoleName: 'User' });
  expect(await failure(client.deleteRolePermissionsBoundary({ RoleName: 'User' }))).toMatchObject({
    code: 'NoSuchEntity',
  });
  const missing = `arn:aws:iam::${account}:policy/missing`;
  const put = client.putRolePermissionsBoundary({ RoleName: 'User', PermissionsBoundary: missing });
  expect(await failure(put)).toMatchObject({ code: 'NoSuchEntity' });
});

test('the trust policy may name only roles and users that exist, and has a largest size', async () => {
  const arn = `arn:aws:iam::${account}:role/Other`;
  expect(await failure(create('User', { AssumeRolePolicyDocument: trusting({ AWS: arn }) }))).toEqual({
    code: 'MalformedPolicyDocument',
    message: `Invalid principal in policy: "AWS":"${arn}"`,
    status: 400,
  });
  const user = `arn:aws:iam::${account}:user/ana`;
  expect(await failure(create('User', { AssumeRolePolicyDocument: trusting({ AWS: user }) }))).toMatchObject({
    code: 'MalformedPolicyDocument',
  });
  await create('Other');
  await create('User', { AssumeRolePolicyDocument: trusting({ AWS: arn }) });
  const large = trusting({ Service: 'a.amazonaws.com' }, { StringEquals: { 'aws:username': 'a'.repeat(2048) } });
  expect(await failure(create('Large', { AssumeRolePolicyDocument: large }))).toMatchObject({
    code: 'LimitExceeded',
    message: 'Cannot exceed quota for ACLSizePerRole: 2048',
  });
});

describe('the role that SageMaker makes for itself', () => {
  const name = 'AWSServiceRoleForAmazonSageMakerNotebooks';
  const path = '/aws-service-role/sagemaker.amazonaws.com/';

  test('is made once, and cannot be changed by hand', async () => {
    const { Role } = await client.createServiceLinkedRole({ AWSServiceName: 'sagemaker.amazonaws.com' });
    expect(Role).toMatchObject({ RoleName: name, Path: path, Arn: `arn:aws:iam::${account}:role${path}${name}` });
    expect(await failure(client.createServiceLinkedRole({ AWSServiceName: 'sagemaker.amazonaws.com' }))).toEqual({
      code: 'InvalidInput',
      message: `Service role name ${name} has been taken in this account, please try a different suffix.`,
      status: 400,
    });
    expect(await failure(client.deleteRole({ RoleName: name }))).toEqual({
      code: 'UnmodifiableEntity',
      message: `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
      status: 400,
    });
  });

  test('is deleted after a while', async () => {
    await client.createServiceLinkedRole({ AWSServiceName: 'sagemaker.amazonaws.com' });
    const { DeletionTaskId } = await client.deleteServiceLinkedRole({ RoleName: name });
    expect(DeletionTaskId).toMatch(new RegExp(`^task${path}${name}/[0-9a-f-]{36}$`));
    const status = async () => (await client.getServiceLinkedRoleDeletionStatus({ DeletionTaskId })).Status;
    expect(await status()).toBe('IN_PROGRESS');
    await served.cloud.clock.pass(5_000);
    expect(await status()).toBe('SUCCEEDED');
    expect(await failure(client.getRole({ RoleName: name }))).toMatchObject({ code: 'NoSuchEntity' });
  });

  test('is one of few that are known, and takes no suffix', async () => {
    const AWSServiceName = 'sagemaker.amazonaws.com';
    for (const input of [{ AWSServiceName: 'nothing.amazonaws.com' }, { AWSServiceName, CustomSuffix: 'x' }]) {
      expect(await failure(client.createServiceLinkedRole(input))).toMatchObject({ code: 'InvalidInput' });
    }
    await create('User');
    expect(await failure(client.deleteServiceLinkedRole({ RoleName: 'User' }))).toMatchObject({ code: 'NoSuchEntity' });
    const DeletionTaskId = 'task/aws-service-role/x';
    expect(await failure(client.getServiceLinkedRoleDeletionStatus({ DeletionTaskId }))).toMatchObject({
      code: 'NoSuchEntity',
    });
  });
});
