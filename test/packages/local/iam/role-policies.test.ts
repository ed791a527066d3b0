import { account, policyOf, trusting } from '../authorised-cloud.ts';
import { failure, servedIam } from './served-iam.ts';

const served = servedIam();

const document = policyOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });

test('inline policies are put, read, listed and deleted', async () => {
  await served.createRole('User');
  await served.client.putRolePolicy({ RoleName: 'User', PolicyName: 'read', PolicyDocument: document });
  const got = await served.client.getRolePolicy({ RoleName: 'User', PolicyName: 'read' });
  expect(decodeURIComponent(got.PolicyDocument!)).toBe(document);
  expect(await served.client.listRolePolicies({ RoleName: 'User' })).toMatchObject({
    PolicyNames: ['read'],
    IsTruncated: false,
  });
  await served.client.deleteRolePolicy({ RoleName: 'User', PolicyName: 'read' });
  for (const call of [
    served.client.getRolePolicy({ RoleName: 'User', PolicyName: 'read' }),
    served.client.deleteRolePolicy({ RoleName: 'User', PolicyName: 'read' }),
    served.client.getRolePolicy({ RoleName: 'User', PolicyName: 'toString' }),
  ]) {
    expect(await failure(call)).toMatchObject({
      code: 'NoSuchEntity',
      message: expect.stringMatching(/^The role policy with name \w+ cannot be found\.$/),
    });
  }
});

test('inline policies have a total size limit, without white space', async () => {
  await served.createRole('User');
  const large = (length: number) => policyOf({ Effect: 'Allow', Action: `s3:${'a'.repeat(length)}`, Resource: '*' });
  await served.client.putRolePolicy({
    RoleName: 'User',
    PolicyName: 'a',
    PolicyDocument: large(9000) + ' '.repeat(9000),
  });
  const more = served.client.putRolePolicy({ RoleName: 'User', PolicyName: 'b', PolicyDocument: large(2000) });
  expect(await failure(more)).toEqual({
    code: 'LimitExceeded',
    message: 'Maximum policy size of 10240 bytes exceeded for role User',
    status: 409,
  });
});

test('managed policies are attached, listed and detached', async () => {
  await served.createRole('User');
  const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  const { Policy } = await served.client.createPolicy({ PolicyName: 'own', PolicyDocument: document });
  for (const PolicyArn of [basic, Policy!.Arn!, basic])
    await served.client.attachRolePolicy({ RoleName: 'User', PolicyArn });
  const { AttachedPolicies } = await served.client.listAttachedRolePolicies({ RoleName: 'User' });
  expect(AttachedPolicies).toEqual([
    { PolicyName: 'own', PolicyArn: Policy!.Arn },
    { PolicyName: 'AWSLambdaBasicExecutionRole', PolicyArn: basic },
  ]);
  const byPath = await served.client.listAttachedRolePolicies({ RoleName: 'User', PathPrefix: '/service-role/' });
  expect(byPath.AttachedPolicies).toHaveLength(1);
  await served.client.detachRolePolicy({ RoleName: 'User', PolicyArn: basic });
  expect(await failure(served.client.detachRolePolicy({ RoleName: 'User', PolicyArn: basic }))).toMatchObject({
    code: 'NoSuchEntity',
    message: `Policy ${basic} was not found.`,
  });
});

test('a policy that does not exist cannot be attached, and the error for an unknown policy of AWS has a hint', async () => {
  await served.createRole('User');
  const attach = (PolicyArn: string) => failure(served.client.attachRolePolicy({ RoleName: 'User', PolicyArn }));
  const missing = `arn:aws:iam::${account}:policy/missing`;
  expect(await attach(missing)).toEqual({
    code: 'NoSuchEntity',
    message: `Policy ${missing} does not exist or is not attachable.`,
    status: 404,
  });
  expect(await attach('arn:aws:iam::aws:policy/AmazonTimeTravelFullAccess')).toMatchObject({
    message: expect.stringMatching(
      /^Policy arn:aws:iam::aws:policy\/AmazonTimeTravelFullAccess does not exist or is not attachable\. \(The local cloud knows AWS's managed policies of up to 20\d\d-\d\d-\d\d\. .* the local cloud lacks it: .* npm run managed-policies\.\)$/,
    ),
  });
  expect(await attach('arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole')).toMatchObject({
    message: expect.stringContaining(
      '(AWS has this policy under another path: arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole)',
    ),
  });
  expect(await attach('nonsense, and more than twenty letters')).toMatchObject({ code: 'InvalidInput' });
  expect(
    await attach('arn:aws:iam::aws:policy/aws-service-role/AmazonSageMakerNotebooksServiceRolePolicy'),
  ).toMatchObject({ code: 'PolicyNotAttachable' });
});

test.each([
  'AmazonS3FullAccess',
  'AWSServiceCatalogAdminFullAccess',
  'AmazonSageMakerCanvasFullAccess',
  'AmazonSageMakerCanvasAIServicesAccess',
  'AmazonEC2ContainerRegistryFullAccess',
  'AWSCodePipeline_FullAccess',
  'CloudWatchLogsFullAccess',
  'IAMFullAccess',
  'ReadOnlyAccess',
  'job-function/ViewOnlyAccess',
  'service-role/AWSLambdaRole',
  'AmazonSageMakerCanvasEMRServerlessExecutionRolePolicy',
])("AWS's policy %s is attached, and shown in the version that AWS has", async (name) => {
  await served.createRole('User');
  const PolicyArn = `arn:aws:iam::aws:policy/${name}`;
  await served.client.attachRolePolicy({ RoleName: 'User', PolicyArn });
  const { Policy } = await served.client.getPolicy({ PolicyArn });
  expect(Policy).toMatchObject({
    Arn: PolicyArn,
    AttachmentCount: 1,
    DefaultVersionId: expect.stringMatching(/^v\d+$/),
  });
  const VersionId = Policy!.DefaultVersionId;
  const { PolicyVersion } = await served.client.getPolicyVersion({ PolicyArn, VersionId });
  expect(JSON.parse(decodeURIComponent(PolicyVersion!.Document!))).toHaveProperty('Statement');
});

test('a role has at most ten managed policies', async () => {
  await served.createRole('User');
  for (let i = 0; i <= 10; i += 1) {
    const { Policy } = await served.client.createPolicy({ PolicyName: `p${i}`, PolicyDocument: document });
    const attached = await failure(served.client.attachRolePolicy({ RoleName: 'User', PolicyArn: Policy!.Arn }));
    expect(attached).toEqual(
      i < 10
        ? undefined
        : { code: 'LimitExceeded', message: 'Cannot exceed quota for PoliciesPerRole: 10', status: 409 },
    );
  }
});

test('a permissions boundary is set, shown and removed', async () => {
  const { Policy } = await served.client.createPolicy({ PolicyName: 'edge', PolicyDocument: document });
  const { Role } = await served.createRole('User', { PermissionsBoundary: Policy!.Arn });
  expect(Role?.PermissionsBoundary).toEqual({ PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: Policy!.Arn });
  await served.client.deleteRolePermissionsBoundary({ RoleName: 'User' });
  expect(await failure(served.client.deleteRolePermissionsBoundary({ RoleName: 'User' }))).toMatchObject({
    code: 'NoSuchEntity',
  });
  const missing = `arn:aws:iam::${account}:policy/missing`;
  const put = served.client.putRolePermissionsBoundary({ RoleName: 'User', PermissionsBoundary: missing });
  expect(await failure(put)).toMatchObject({ code: 'NoSuchEntity' });
});

test('the trust policy may name only roles and users that exist, and has a size limit', async () => {
  const arn = `arn:aws:iam::${account}:role/Other`;
  expect(await failure(served.createRole('User', { AssumeRolePolicyDocument: trusting({ AWS: arn }) }))).toEqual({
    code: 'MalformedPolicyDocument',
    message: `Invalid principal in policy: "AWS":"${arn}"`,
    status: 400,
  });
  const user = `arn:aws:iam::${account}:user/ana`;
  expect(await failure(served.createRole('User', { AssumeRolePolicyDocument: trusting({ AWS: user }) }))).toMatchObject(
    {
      code: 'MalformedPolicyDocument',
    },
  );
  await served.createRole('Other');
  await served.createRole('User', { AssumeRolePolicyDocument: trusting({ AWS: arn }) });
  const large = trusting({ Service: 'a.amazonaws.com' }, { StringEquals: { 'aws:username': 'a'.repeat(2048) } });
  expect(await failure(served.createRole('Large', { AssumeRolePolicyDocument: large }))).toMatchObject({
    code: 'LimitExceeded',
    message: 'Cannot exceed quota for ACLSizePerRole: 2048',
  });
});
