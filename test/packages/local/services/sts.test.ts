import * as IAM from '@aws-sdk/client-iam';
import * as STS from '@aws-sdk/client-sts';
import type { Principal } from '../../../../packages/local/src/principal.ts';
import { accountPrincipal, servicePrincipal } from '../../../../packages/local/src/principal.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { assumeAsService, sts } from '../../../../packages/local/src/services/sts.ts';
import { AuthorisedCloud, account, policyOf, root, serveAuthorised, trusting } from '../authorised-cloud.ts';

const other = '444455556666';
const RoleArn = `arn:aws:iam::${account}:role/team/Target`;
const RoleSessionName = 'work';

let cloud: AuthorisedCloud;

beforeEach(() => {
  cloud = new AuthorisedCloud();
});

const target = (principal: object | '*', condition?: object, more: Partial<IAM.CreateRoleCommandInput> = {}) =>
  cloud.call(iam, 'CreateRole', {
    RoleName: 'Target',
    Path: '/team/',
    AssumeRolePolicyDocument: trusting(principal, condition),
    ...more,
  });
const assume = (as: Principal, more: Partial<STS.AssumeRoleCommandInput> = {}) =>
  cloud.call(sts, 'AssumeRole', { RoleArn, RoleSessionName, ...more }, as);
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    ({ name, message }: Error) => `${name}: ${message}`,
  );
const may = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: RoleArn };
const refusal = (arn: string) =>
  `AccessDenied: User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`;

describe('a role is assumed', () => {
  test('by a role that its trust policy names, without any right of its own', async () => {
    const caller = await cloud.role('Caller');
    await target({ AWS: `arn:aws:iam::${account}:role/Caller` });
    const { Credentials, AssumedRoleUser } = await assume(caller);
    expect(AssumedRoleUser).toEqual({
      AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:work$/),
      Arn: `arn:aws:sts::${account}:assumed-role/Target/work`,
    });
    expect(Credentials?.Expiration).toEqual(new Date('2026-11-21T07:24:00Z'));
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA/);
  });

  test('by a role of an account that it names, if that role has the right as well', async () => {
    const [poor, rich] = [await cloud.role('Poor'), await cloud.role('Rich', may)];
    await target({ AWS: account });
    await assume(rich);
    expect(await failure(assume(poor))).toBe(
      `${refusal(poor.arn)} because no identity-based policy allows the sts:AssumeRole action`,
    );
  });

  test('by no principal that it does not name, whatever permissions that has', async () => {
    const caller = await cloud.role('Caller', { ...may, Resource: '*' });
    await target({ Service: 'lambda.amazonaws.com' });
    expect(await failure(assume(caller))).toBe(refusal(caller.arn));
    const RoleArn = `arn:aws:iam::${account}:role/Missing`;
    expect(await failure(assume(caller, { RoleArn }))).toContain(`sts:AssumeRole on resource: ${RoleArn}`);
  });

  test('by no principal for which a policy denies it', async () => {
    const caller = await cloud.role('Caller', { ...may, Effect: 'Deny' });
    await target({ AWS: `arn:aws:iam::${account}:role/Caller` });
    expect(await failure(assume(caller))).toBe(
      `${refusal(caller.arn)} with an explicit deny in an identity-based policy`,
    );
  });

  test('only with the external id that it requires', async () => {
    const caller = await cloud.role('Caller', may);
    await target({ AWS: account }, { StringEquals: { 'sts:ExternalId': 'secret' } });
    expect(await failure(assume(caller))).toBe(refusal(caller.arn));
    expect(await failure(assume(caller, { ExternalId: 'wrong' }))).toBe(refusal(caller.arn));
    await assume(caller, { ExternalId: 'secret' });
  });

  test('from another account, when both sides allow it', async () => {
    const stranger = accountPrincipal(other);
    await target({ AWS: account });
    expect(await failure(assume(stranger))).toBe(refusal(stranger.arn));
    await cloud.call(iam, 'UpdateAssumeRolePolicy', {
      RoleName: 'Target',
      PolicyDocument: trusting({ AWS: [account, other] }),
    });
    await assume(stranger);
    await assume(root);
    const foreign: Principal = { ...(await cloud.role('Caller', may)), account: other };
    expect(await failure(assume(foreign))).toContain('no identity-based policy allows');
  });

  test('by a service, through the API too, only if it trusts that service', async () => {
    await target({ Service: 'lambda.amazonaws.com' });
    const ec2 = servicePrincipal('ec2.amazonaws.com', account);
    expect(await failure(assume(ec2))).toBe(refusal(ec2.arn));
    await assume(servicePrincipal('lambda.amazonaws.com', account));
  });

  test('with tags only if its trust policy allows them', async () => {
    const Tags = [{ Key: 'team', Value: 'blue' }];
    const caller = await cloud.role('Caller', { ...may, Action: 'sts:*' });
    await target({ AWS: account });
    expect(await failure(assume(caller, { Tags }))).toContain('is not authorized to perform: sts:TagSession');
    const trust = { Effect: 'Allow', Principal: { AWS: account }, Action: ['sts:AssumeRole', 'sts:TagSession'] };
    await cloud.call(iam, 'UpdateAssumeRolePolicy', { RoleName: 'Target', PolicyDocument: policyOf(trust) });
    await assume(caller, { Tags });
  });
});

test.each<[Partial<STS.AssumeRoleCommandInput>, string]>([
  [
    { DurationSeconds: 60 },
    "Value '60' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
  ],
  [{ DurationSeconds: 50_000 }, 'Member must have value less than or equal to 43200'],
  [{ DurationSeconds: 7200 }, 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'],
  [{ RoleSessionName: 'a b' }, "Value 'a b' at 'roleSessionName' failed to satisfy constraint"],
  [{ PolicyArns: [{ arn: `arn:aws:iam::${account}:policy/missing` }] }, 'Invalid policy ARN'],
])('%j is refused', async (input, message) => {
  await target({ AWS: account });
  expect(await failure(assume(root, input))).toMatch(/^ValidationError: /);
  expect(await failure(assume(root, input))).toContain(message);
});

test('a session of a role that was itself assumed lasts at most an hour, whatever the role allows', async () => {
  const caller = await cloud.role('Caller', may);
  await target({ AWS: account }, undefined, { MaxSessionDuration: 43_200 });
  expect(await failure(assume(caller, { DurationSeconds: 3601 }))).toBe(
    'ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
  );
  const { Credentials } = await assume(root, { DurationSeconds: 43_200 });
  expect(Credentials?.Expiration).toEqual(new Date('2026-11-21T18:24:00Z'));
});

describe('an AWS service', () => {
  test('assumes a role that trusts it', async () => {
    await target({ Service: 'lambda.amazonaws.com' });
    const { credentials, principal } = assumeAsService(cloud.cloud, RoleArn, 'lambda.amazonaws.com', 'handler');
    expect(principal).toEqual({
      kind: 'role',
      account,
      arn: `arn:aws:sts::${account}:assumed-role/Target/handler`,
      roleName: 'Target',
      sessionName: 'handler',
    });
    expect(credentials.expiration - cloud.clock.now()).toBe(12 * 3_600_000);
  });

  test.each([
    ['sagemaker.amazonaws.com', true],
    ['codebuild.amazonaws.com', true],
    ['codepipeline.amazonaws.com', true],
    ['events.amazonaws.com', true],
    ['states.amazonaws.com', true],
    ['cloudformation.amazonaws.com', false],
    ['lambda.amazonaws.com', false],
    ['servicecatalog.amazonaws.com', false],
  ])('%s sends its account as the source only if its documentation says so: %s', async (Service, isSent) => {
    await target({ Service }, { StringEquals: { 'aws:SourceAccount': account } });
    const take = () => assumeAsService(cloud.cloud, RoleArn, Service, 'session').principal.roleName;
    if (isSent) expect(take()).toBe('Target');
    else expect(take).toThrow(`${Service} is not authorized to perform: sts:AssumeRole`);
  });

  test('assumes a role that requires a source only with that source', async () => {
    const sourceArn = `arn:aws:lambda:eu-west-1:${account}:function:handler`;
    await target({ Service: 'lambda.amazonaws.com' }, { ArnLike: { 'aws:SourceArn': sourceArn } });
    const take = (options?: { seconds?: number; sourceArn?: string }) =>
      assumeAsService(cloud.cloud, RoleArn, 'lambda.amazonaws.com', 'handler', options).credentials.expiration;
    expect(take({ sourceArn, seconds: 900 })).toBe(cloud.clock.now() + 900_000);
    expect(() => take()).toThrow('lambda.amazonaws.com is not authorized to perform: sts:AssumeRole');
    expect(() => take({ sourceArn: `${sourceArn}-2` })).toThrow('is not authorized to perform: sts:AssumeRole');
  });

  test.each([
    ['a role that trusts another service', RoleArn],
    ['a role of another path', `arn:aws:iam::${account}:role/Target`],
    ['a role that does not exist', `arn:aws:iam::${account}:role/Missing`],
    ['what is no role', 'arn:aws:s3:::bucket'],
  ])('does not assume %s', async (_what, arn) => {
    await target({ Service: 'lambda.amazonaws.com' });
    const service = arn === RoleArn ? 'ec2.amazonaws.com' : 'lambda.amazonaws.com';
    expect(() => assumeAsService(cloud.cloud, arn, service, 'x')).toThrow(
      expect.objectContaining({
        name: 'AccessDenied',
        message: `User: ${service} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
      }),
    );
  });
});

test('every principal may call GetCallerIdentity', async () => {
  const role = await cloud.role('Missing');
  const who = (as: Principal) => cloud.call(sts, 'GetCallerIdentity', {}, as);
  expect(await who(role)).toEqual({
    Account: account,
    Arn: role.arn,
    UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:session$/),
  });
  expect(await who(root)).toEqual({ Account: account, Arn: root.arn, UserId: account });
  const service = servicePrincipal('lambda.amazonaws.com', account);
  expect(await who(service)).toEqual({ Account: account, Arn: service.arn, UserId: account });
});

test('GetSessionToken is for users and accounts', async () => {
  const role = await cloud.role('R', { Effect: 'Allow', Action: '*', Resource: '*' });
  expect(await failure(cloud.call(sts, 'GetSessionToken', {}, role))).toBe(
    'AccessDenied: Cannot call GetSessionToken with session credentials',
  );
  const { Credentials } = await cloud.call(sts, 'GetSessionToken', { DurationSeconds: 900 });
  expect(Credentials?.Expiration).toEqual(new Date('2026-11-21T06:39:00Z'));
  expect(await failure(cloud.call(sts, 'GetSessionToken', { DurationSeconds: 1 }))).toMatch(/^ValidationError/);
});

test('over the wire, the credentials sign as the session, within its session policy, until they expire', async () => {
  const served = serveAuthorised();
  const account = new STS.STS(served.options);
  const admin = new IAM.IAM(served.options);
  await admin.createRole({ RoleName: 'Target', AssumeRolePolicyDocument: trusting({ AWS: '111122223333' }) });
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await admin.attachRolePolicy({ RoleName: 'Target', PolicyArn });
  const { Credentials } = await account.assumeRole({
    RoleArn: 'arn:aws:iam::111122223333:role/Target',
    RoleSessionName,
    Policy: policyOf({ Effect: 'Allow', Action: 'iam:ListRoles', Resource: '*' }),
  });
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  const session = new IAM.IAM({ ...served.options, credentials });
  expect((await session.listRoles({})).Roles).toHaveLength(1);
  await expect(session.listUsers({})).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('because no session policy allows the iam:ListUsers action'),
  });
  await served.cloud.clock.pass(3_600_000);
  await expect(session.listRoles({})).rejects.toMatchObject({ name: 'ExpiredToken' });
  for (const client of [account, admin, session]) client.destroy();
  served.close();
});
