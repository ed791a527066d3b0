import type * as IAM from '@aws-sdk/client-iam';
import { paginateListPolicies } from '@aws-sdk/client-iam';
import { managedPolicies } from '../../../../packages/local/src/iam/managed/index.ts';
import { checkPolicy } from '../../../../packages/local/src/iam/policy-check.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { AuthorisedCloud, account, policyOf, trusting } from '../authorised-cloud.ts';
import { servedIam } from './served-iam.ts';

const document = (action = 's3:GetObject') => policyOf({ Effect: 'Allow', Action: action, Resource: '*' });
const code = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: Error) => error.name.replace(/Exception$/, ''),
  );

describe('policies over the wire', () => {
  const served = servedIam();

  test('a policy is created, described, listed and deleted', async () => {
    const { Policy: made } = await served.client.createPolicy({
      PolicyName: 'read',
      Path: '/team/',
      PolicyDocument: document(),
      Description: 'To read',
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    const PolicyArn = `arn:aws:iam::${account}:policy/team/read`;
    expect(made).toMatchObject({
      PolicyName: 'read',
      PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/),
      Arn: PolicyArn,
      Path: '/team/',
      DefaultVersionId: 'v1',
      AttachmentCount: 0,
      PermissionsBoundaryUsageCount: 0,
      IsAttachable: true,
    });
    expect(made).not.toHaveProperty('Description');
    expect((await served.client.getPolicy({ PolicyArn })).Policy).toEqual({ ...made, Description: 'To read' });
    expect(await code(served.client.createPolicy({ PolicyName: 'Read', PolicyDocument: document() }))).toBe(
      'EntityAlreadyExists',
    );
    expect((await served.client.listPolicies({ Scope: 'Local' })).Policies).toHaveLength(1);
    await served.client.deletePolicy({ PolicyArn });
    expect(await code(served.client.getPolicy({ PolicyArn }))).toBe('NoSuchEntity');
  });

  test('a policy has up to five versions, one of them the default', async () => {
    const { Policy } = await served.client.createPolicy({ PolicyName: 'read', PolicyDocument: document() });
    const PolicyArn = Policy!.Arn!;
    await served.client.createPolicyVersion({ PolicyArn, PolicyDocument: document('s3:PutObject') });
    const third = await served.client.createPolicyVersion({
      PolicyArn,
      PolicyDocument: document('s3:*'),
      SetAsDefault: true,
    });
    expect(third.PolicyVersion).toMatchObject({ VersionId: 'v3', IsDefaultVersion: true });
    expect(third.PolicyVersion).not.toHaveProperty('Document');
    const { PolicyVersion } = await served.client.getPolicyVersion({ PolicyArn, VersionId: 'v2' });
    expect(decodeURIComponent(PolicyVersion!.Document!)).toBe(document('s3:PutObject'));
    expect(await code(served.client.deletePolicyVersion({ PolicyArn, VersionId: 'v3' }))).toBe('DeleteConflict');
    await served.client.setDefaultPolicyVersion({ PolicyArn, VersionId: 'v1' });
    await served.client.deletePolicyVersion({ PolicyArn, VersionId: 'v3' });
    expect(await code(served.client.getPolicyVersion({ PolicyArn, VersionId: 'v3' }))).toBe('NoSuchEntity');
    for (let i = 0; i < 3; i += 1) await served.client.createPolicyVersion({ PolicyArn, PolicyDocument: document() });
    expect(await code(served.client.createPolicyVersion({ PolicyArn, PolicyDocument: document() }))).toBe(
      'LimitExceeded',
    );
    const { Versions } = await served.client.listPolicyVersions({ PolicyArn });
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(['v6', 'v5', 'v4', 'v2', 'v1']);
    expect(await code(served.client.deletePolicy({ PolicyArn }))).toBe('DeleteConflict');
  });

  test('a policy in use lists the principals that use it, and cannot be deleted', async () => {
    const { Policy } = await served.client.createPolicy({ PolicyName: 'read', PolicyDocument: document() });
    const PolicyArn = Policy!.Arn!;
    const AssumeRolePolicyDocument = trusting({ Service: 'lambda.amazonaws.com' });
    await served.client.createRole({ RoleName: 'attached', AssumeRolePolicyDocument });
    await served.client.createRole({ RoleName: 'bounded', AssumeRolePolicyDocument, PermissionsBoundary: PolicyArn });
    await served.client.createUser({ UserName: 'ana' });
    await served.client.attachRolePolicy({ RoleName: 'attached', PolicyArn });
    await served.client.attachUserPolicy({ UserName: 'ana', PolicyArn });
    const entities = async (input: Partial<IAM.ListEntitiesForPolicyCommandInput>) => {
      const { PolicyRoles, PolicyUsers } = await served.client.listEntitiesForPolicy({ PolicyArn, ...input });
      return [
        ...(PolicyRoles ?? []).map(({ RoleName }) => RoleName),
        ...(PolicyUsers ?? []).map(({ UserName }) => UserName),
      ];
    };
    expect((await entities({})).sort()).toEqual(['ana', 'attached', 'bounded']);
    expect(await entities({ EntityFilter: 'User' })).toEqual(['ana']);
    expect(await entities({ PolicyUsageFilter: 'PermissionsBoundary' })).toEqual(['bounded']);
    expect(await entities({ PolicyUsageFilter: 'PermissionsPolicy', EntityFilter: 'Role' })).toEqual(['attached']);
    const { Policies } = await served.client.listPolicies({ OnlyAttached: true });
    expect(Policies).toEqual([
      expect.objectContaining({ Arn: PolicyArn, AttachmentCount: 2, PermissionsBoundaryUsageCount: 1 }),
    ]);
    expect(await code(served.client.deletePolicy({ PolicyArn }))).toBe('DeleteConflict');
  });

  test("AWS's own policies can only be read", async () => {
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    expect((await served.client.getPolicy({ PolicyArn })).Policy).toMatchObject({
      DefaultVersionId: 'v1',
      IsAttachable: true,
    });
    const { PolicyVersion } = await served.client.getPolicyVersion({ PolicyArn, VersionId: 'v1' });
    expect(JSON.parse(decodeURIComponent(PolicyVersion!.Document!)).Statement).toHaveLength(1);
    expect((await served.client.listPolicyVersions({ PolicyArn })).Versions).toHaveLength(1);
    expect(await code(served.client.getPolicyVersion({ PolicyArn, VersionId: 'v9' }))).toBe('NoSuchEntity');
    expect(await code(served.client.deletePolicy({ PolicyArn }))).toBe('AccessDenied');
    const names: string[] = [];
    for await (const page of paginateListPolicies({ client: served.client, pageSize: 1000 }, { Scope: 'AWS' })) {
      names.push(...page.Policies!.map(({ PolicyName }) => PolicyName!));
    }
    expect(names).toHaveLength(managedPolicies().length);
    expect(names).toEqual(expect.arrayContaining(['AmazonS3FullAccess', 'AmazonSageMakerCanvasFullAccess']));
  });

  test('tags are kept', async () => {
    const { Policy } = await served.client.createPolicy({ PolicyName: 'read', PolicyDocument: document() });
    const PolicyArn = Policy!.Arn!;
    await served.client.tagPolicy({
      PolicyArn,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    await served.client.untagPolicy({ PolicyArn, TagKeys: ['a'] });
    expect((await served.client.listPolicyTags({ PolicyArn })).Tags).toEqual([{ Key: 'b', Value: '2' }]);
  });

  test('a policy has a size limit', async () => {
    const large = document(`s3:${'a'.repeat(6144)}`);
    expect(await code(served.client.createPolicy({ PolicyName: 'large', PolicyDocument: large }))).toBe(
      'LimitExceeded',
    );
  });
});

test("each of AWS's managed policies is one that IAM would take", () => {
  const refused = managedPolicies().flatMap(({ name, document }) => {
    try {
      checkPolicy(document, 'identity');
      return [];
    } catch (error) {
      return [[name, (error as Error).message]];
    }
  });
  expect(refused).toEqual([]);
});

const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

test.each<[string, string]>([
  ['{', 'Syntax errors in policy.'],
  ['"text"', 'Syntax errors in policy.'],
  ['{"Statement":[]}', 'Syntax errors in policy.'],
  ['{"Statement":["x"]}', 'Syntax errors in policy.'],
  [JSON.stringify({ Version: '2012-10-17', Statement: allow, Extra: 1 }), 'Syntax errors in policy.'],
  [
    JSON.stringify({ Version: '2020-01-01', Statement: allow }),
    'Policy document must be version 2012-10-17 or greater.',
  ],
  [policyOf({ ...allow, Effect: 'allow' }), 'Syntax errors in policy.'],
  [policyOf({ ...allow, NotAction: '*' }), 'Syntax errors in policy.'],
  [policyOf({ ...allow, Actions: '*' }), 'Syntax errors in policy.'],
  [policyOf({ ...allow, Action: [1] }), 'Syntax errors in policy.'],
  [policyOf({ Effect: 'Allow', Resource: '*' }), 'Policy statement must contain actions.'],
  [policyOf({ Effect: 'Allow', Action: 's3:*' }), 'Policy statement must contain resources.'],
  [
    policyOf({ ...allow, Action: 'GetObject' }),
    'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
  ],
  [policyOf({ ...allow, Action: 's3:Get:Object' }), 'Actions/Condition can contain only one colon.'],
  [policyOf({ ...allow, Action: 's 3:GetObject' }), 'Vendor s 3 is not valid'],
  [policyOf({ ...allow, Resource: 'bucket' }), 'Resource bucket must be in ARN format or "*".'],
  [policyOf({ ...allow, Principal: '*' }), 'Policy document should not specify a principal.'],
  [policyOf({ ...allow, Condition: 'x' }), 'Syntax errors in policy.'],
  [policyOf({ ...allow, Condition: { StringEqual: {} } }), 'Condition operator StringEqual is invalid.'],
  [policyOf({ ...allow, Condition: { StringEquals: 'x' } }), 'Syntax errors in policy.'],
  [
    policyOf({ ...allow, Condition: { StringEquals: { username: 'x' } } }),
    'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
  ],
  [policyOf({ ...allow, Condition: { StringEquals: { 'aws:username': {} } } }), 'Syntax errors in policy.'],
  [policyOf({ ...allow, Sid: 'a' }, { ...allow, Sid: 'a' }), 'Statement IDs (SID) in a single policy must be unique.'],
  [
    policyOf({ ...allow, Sid: 'a b' }),
    'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
  ],
])('the policy %s is malformed: %s', async (PolicyDocument, message) => {
  const cloud = new AuthorisedCloud();
  await expect(cloud.call(iam, 'CreatePolicy', { PolicyName: 'p', PolicyDocument })).rejects.toMatchObject({
    name: 'MalformedPolicyDocument',
    message,
  });
});

const assume = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };

test.each<[string, string]>([
  ['{', 'This policy contains invalid Json'],
  [JSON.stringify({ Version: '1', Statement: assume }), 'The policy must contain a valid version string'],
  [policyOf({ ...assume, Resource: '*' }), 'Has prohibited field Resource'],
  [policyOf({ ...assume, NotResource: '*' }), 'Has prohibited field NotResource'],
  [policyOf({ ...assume, Principal: undefined }), 'Missing required field Principal'],
  [policyOf({ ...assume, Action: 's3:GetObject' }), 'AssumeRole policy may only specify STS AssumeRole actions.'],
  [policyOf({ ...assume, Principal: 'lambda.amazonaws.com' }), 'Syntax errors in policy.'],
  [policyOf({ ...assume, Principal: { Lambda: 'x' } }), 'Syntax errors in policy.'],
  [policyOf({ ...assume, Principal: { Service: 'lambda' } }), 'Invalid principal in policy: "SERVICE":"lambda"'],
  [policyOf({ ...assume, Principal: { AWS: 'someone' } }), 'Invalid principal in policy: "AWS":"someone"'],
])('the trust policy %s is malformed: %s', async (AssumeRolePolicyDocument, message) => {
  const cloud = new AuthorisedCloud();
  await expect(cloud.call(iam, 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument })).rejects.toMatchObject({
    name: 'MalformedPolicyDocument',
    message,
  });
});

test.each([
  policyOf({ ...allow, Action: '*', Condition: { 'ForAnyValue:StringLike': { 'aws:TagKeys': ['a', 'b'] } } }),
  policyOf({ Effect: 'Deny', NotAction: ['iam:*'], NotResource: ['arn:aws:s3:::data'] }),
  policyOf({ ...allow, Condition: { NumericLessThan: { 's3:max-keys': 10 }, Bool: { 'aws:SecureTransport': true } } }),
  JSON.stringify({ Statement: allow }),
])('%s is a policy', (text) => {
  expect(() => checkPolicy(text, 'identity')).not.toThrow();
});
