import * as IAM from '@aws-sdk/client-iam';
import * as STS from '@aws-sdk/client-sts';
import { account, policyOf, serveAuthorised } from '../authorised-cloud.ts';

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

test('a user is made, described, listed and deleted', async () => {
  const { User: made } = await client.createUser({ UserName, Path: '/team/', Tags: [{ Key: 'a', Value: 'b' }] });
  expect(made).toMatchObject({
    UserName,
    Path: '/team/',
    UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    Arn: `arn:aws:iam::${account}:user/team/ana`,
    Tags: [{ Key: 'a', Value: 'b' }],
  });
  expect((await client.getUser({ UserName: 'ANA' })).User).toEqual(made);
  expect((await client.listUsers({ PathPrefix: '/team/' })).Users).toHaveLength(1);
  expect((await client.listUsers({ PathPrefix: '/other/' })).Users).toEqual([]);
  expect(await failure(client.createUser({ UserName: 'Ana' }))).toBe(
    'EntityAlreadyExists: User with name Ana already exists.',
  );
  await client.deleteUser({ UserName });
  expect(await failure(client.getUser({ UserName }))).toBe('NoSuchEntity: The user with name ana cannot be found.');
});

test('an access key signs as its user until it is made inactive or deleted', async () => {
  await client.createUser({ UserName });
  const { AccessKey } = await client.createAccessKey({ UserName });
  const key = AccessKey!;
  expect(key).toMatchObject({ UserName, AccessKeyId: expect.stringMatching(/^AKIA/), Status: 'Active' });
  const who = () => signedBy(key, (own) => own.getCallerIdentity({}));
  expect(await who()).toMatchObject({
    Account: account,
    Arn: `arn:aws:iam::${account}:user/ana`,
    UserId: expect.stringMatching(/^AIDA/),
  });
  await client.updateAccessKey({ UserName, AccessKeyId: key.AccessKeyId, Status: 'Inactive' });
  expect((await client.listAccessKeys({ UserName })).AccessKeyMetadata).toEqual([
    { UserName, AccessKeyId: key.AccessKeyId, Status: 'Inactive', CreateDate: key.CreateDate },
  ]);
  expect(await failure(who())).toBe('InvalidClientTokenId: The security token included in the request is invalid.');
  await client.updateAccessKey({ UserName, AccessKeyId: key.AccessKeyId, Status: 'Active' });
  expect((await who()).Account).toBe(account);
  await client.deleteAccessKey({ UserName, AccessKeyId: key.AccessKeyId });
  expect(await failure(client.deleteAccessKey({ UserName, AccessKeyId: key.AccessKeyId }))).toBe(
    `NoSuchEntity: The Access Key with id ${key.AccessKeyId} cannot be found.`,
  );
});

test('a user has at most two access keys, and goes only after them and its policies', async () => {
  await client.createUser({ UserName });
  const { AccessKey } = await client.createAccessKey({ UserName });
  const second = await client.createAccessKey({ UserName });
  expect(await failure(client.createAccessKey({ UserName }))).toBe(
    'LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2',
  );
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
  await client.attachUserPolicy({ UserName, PolicyArn });
  await client.putUserPolicy({ UserName, PolicyName: 'all', PolicyDocument: document });
  const remove = () => failure(client.deleteUser({ UserName }));
  expect(await remove()).toBe('DeleteConflict: Cannot delete entity, must detach all policies first.');
  await client.detachUserPolicy({ UserName, PolicyArn });
  expect(await remove()).toBe('DeleteConflict: Cannot delete entity, must delete policies first.');
  await client.deleteUserPolicy({ UserName, PolicyName: 'all' });
  expect(await remove()).toBe('DeleteConflict: Cannot delete entity, must delete access keys first.');
  for (const { AccessKeyId } of [AccessKey!, second.AccessKey!])
    await client.deleteAccessKey({ UserName, AccessKeyId });
  expect(await remove()).toBeUndefined();
});

test("a user's policies and tags are kept", async () => {
  await client.createUser({ UserName });
  await client.putUserPolicy({ UserName, PolicyName: 'all', PolicyDocument: document });
  const got = await client.getUserPolicy({ UserName, PolicyName: 'all' });
  expect(decodeURIComponent(got.PolicyDocument!)).toBe(document);
  expect((await client.listUserPolicies({ UserName })).PolicyNames).toEqual(['all']);
  expect((await client.listAttachedUserPolicies({ UserName })).AttachedPolicies).toEqual([]);
  await client.tagUser({
    UserName,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  });
  await client.untagUser({ UserName, TagKeys: ['a'] });
  expect((await client.listUserTags({ UserName })).Tags).toEqual([{ Key: 'b', Value: '2' }]);
  const { Policy } = await client.createPolicy({ PolicyName: 'edge', PolicyDocument: document });
  await client.putUserPermissionsBoundary({ UserName, PermissionsBoundary: Policy!.Arn });
  expect((await client.getUser({ UserName })).User?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(Policy!.Arn);
  await client.deleteUserPermissionsBoundary({ UserName });
  expect(await failure(client.deleteUserPermissionsBoundary({ UserName }))).toMatch(/^NoSuchEntity/);
});

test('who names no user is asked about itself', async () => {
  expect((await client.getUser({})).User?.Arn).toBe(`arn:aws:iam::${account}:root`);
  expect(await failure(client.createAccessKey({}))).toBe(
    'ValidationError: Must specify userName when calling with non-User credentials',
  );
});
