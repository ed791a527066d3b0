import type * as IAM from '@aws-sdk/client-iam';
import * as STS from '@aws-sdk/client-sts';
import { account, policyOf } from '../authorised-cloud.ts';
import { servedIam } from './served-iam.ts';

const served = servedIam();

const UserName = 'ana';
const document = policyOf({ Effect: 'Allow', Action: 'iam:*', Resource: '*' });
const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    ({ name, message }: Error) => `${name.replace(/Exception$/, '')}: ${message}`,
  );

async function signedBy<T>(
  { AccessKeyId = '', SecretAccessKey = '' }: IAM.AccessKey,
  use: (client: STS.STS) => Promise<T>,
) {
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  const own = new STS.STS({ ...served.options, credentials });
  try {
    return await use(own);
  } finally {
    own.destroy();
  }
}

test('a user is created, described, listed and deleted', async () => {
  const { User: made } = await served.client.createUser({ UserName, Path: '/team/', Tags: [{ Key: 'a', Value: 'b' }] });
  expect(made).toMatchObject({
    UserName,
    Path: '/team/',
    UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    Arn: `arn:aws:iam::${account}:user/team/ana`,
    Tags: [{ Key: 'a', Value: 'b' }],
  });
  expect((await served.client.getUser({ UserName: 'ANA' })).User).toEqual(made);
  expect((await served.client.listUsers({ PathPrefix: '/team/' })).Users).toHaveLength(1);
  expect((await served.client.listUsers({ PathPrefix: '/other/' })).Users).toEqual([]);
  expect(await failure(served.client.createUser({ UserName: 'Ana' }))).toBe(
    'EntityAlreadyExists: User with name Ana already exists.',
  );
  await served.client.deleteUser({ UserName });
  expect(await failure(served.client.getUser({ UserName }))).toBe(
    'NoSuchEntity: The user with name ana cannot be found.',
  );
});

test('an access key signs as its user until it is made inactive or deleted', async () => {
  await served.client.createUser({ UserName });
  const { AccessKey } = await served.client.createAccessKey({ UserName });
  const key = AccessKey!;
  expect(key).toMatchObject({ UserName, AccessKeyId: expect.stringMatching(/^AKIA/), Status: 'Active' });
  const who = () => signedBy(key, (own) => own.getCallerIdentity({}));
  expect(await who()).toMatchObject({
    Account: account,
    Arn: `arn:aws:iam::${account}:user/ana`,
    UserId: expect.stringMatching(/^AIDA/),
  });
  await served.client.updateAccessKey({ UserName, AccessKeyId: key.AccessKeyId, Status: 'Inactive' });
  expect((await served.client.listAccessKeys({ UserName })).AccessKeyMetadata).toEqual([
    { UserName, AccessKeyId: key.AccessKeyId, Status: 'Inactive', CreateDate: key.CreateDate },
  ]);
  expect(await failure(who())).toBe('InvalidClientTokenId: The security token included in the request is invalid.');
  await served.client.updateAccessKey({ UserName, AccessKeyId: key.AccessKeyId, Status: 'Active' });
  expect((await who()).Account).toBe(account);
  await served.client.deleteAccessKey({ UserName, AccessKeyId: key.AccessKeyId });
  expect(await failure(served.client.deleteAccessKey({ UserName, AccessKeyId: key.AccessKeyId }))).toBe(
    `NoSuchEntity: The Access Key with id ${key.AccessKeyId} cannot be found.`,
  );
});

test('a user has at most two access keys, and can be deleted only after them and its policies', async () => {
  await served.client.createUser({ UserName });
  const { AccessKey } = await served.client.createAccessKey({ UserName });
  const second = await served.client.createAccessKey({ UserName });
  expect(await failure(served.client.createAccessKey({ UserName }))).toBe(
    'LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2',
  );
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
  await served.client.attachUserPolicy({ UserName, PolicyArn });
  await served.client.putUserPolicy({ UserName, PolicyName: 'all', PolicyDocument: document });
  const remove = () => failure(served.client.deleteUser({ UserName }));
  expect(await remove()).toBe('DeleteConflict: Cannot delete entity, must detach all policies first.');
  await served.client.detachUserPolicy({ UserName, PolicyArn });
  expect(await remove()).toBe('DeleteConflict: Cannot delete entity, must delete policies first.');
  await served.client.deleteUserPolicy({ UserName, PolicyName: 'all' });
  expect(await remove()).toBe('DeleteConflict: Cannot delete entity, must delete access keys first.');
  for (const { AccessKeyId } of [AccessKey!, second.AccessKey!])
    await served.client.deleteAccessKey({ UserName, AccessKeyId });
  expect(await remove()).toBeUndefined();
});

test("a user's policies and tags are kept", async () => {
  await served.client.createUser({ UserName });
  await served.client.putUserPolicy({ UserName, PolicyName: 'all', PolicyDocument: document });
  const got = await served.client.getUserPolicy({ UserName, PolicyName: 'all' });
  expect(decodeURIComponent(got.PolicyDocument!)).toBe(document);
  expect((await served.client.listUserPolicies({ UserName })).PolicyNames).toEqual(['all']);
  expect((await served.client.listAttachedUserPolicies({ UserName })).AttachedPolicies).toEqual([]);
  await served.client.tagUser({
    UserName,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  });
  await served.client.untagUser({ UserName, TagKeys: ['a'] });
  expect((await served.client.listUserTags({ UserName })).Tags).toEqual([{ Key: 'b', Value: '2' }]);
  const { Policy } = await served.client.createPolicy({ PolicyName: 'edge', PolicyDocument: document });
  await served.client.putUserPermissionsBoundary({ UserName, PermissionsBoundary: Policy!.Arn });
  expect((await served.client.getUser({ UserName })).User?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(
    Policy!.Arn,
  );
  await served.client.deleteUserPermissionsBoundary({ UserName });
  expect(await failure(served.client.deleteUserPermissionsBoundary({ UserName }))).toMatch(/^NoSuchEntity/);
});

test('without a user name, a call is about its caller', async () => {
  expect((await served.client.getUser({})).User?.Arn).toBe(`arn:aws:iam::${account}:root`);
  expect(await failure(served.client.createAccessKey({}))).toBe(
    'ValidationError: Must specify userName when calling with non-User credentials',
  );
});
