import * as S3 from '@aws-sdk/client-s3';
import { handle } from '../../../../packages/local/src/http.ts';
import { accountPrincipal } from '../../../../packages/local/src/principal.ts';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { type ServedCloud, serveCloud } from '../served-cloud.ts';

let served: ServedCloud;
let client: S3.S3Client;
let european: S3.S3Client;
let stranger: S3.S3Client;

beforeEach(async () => {
  served = serveCloud([s3]);
  client = new S3.S3Client(served.as('111111111111'));
  european = new S3.S3Client(served.as('111111111111', 'eu-west-1'));
  stranger = new S3.S3Client(served.as('222222222222'));
});

afterEach(async () => {
  for (const one of [client, european, stranger]) one.destroy();
  served.close();
});

const create = (Bucket: string, by = client, LocationConstraint?: S3.BucketLocationConstraint) =>
  by.send(
    new S3.CreateBucketCommand({ Bucket, CreateBucketConfiguration: LocationConstraint && { LocationConstraint } }),
  );

test('a bucket exists once it is created, for its account alone', async () => {
  await create('mine');
  expect((await client.send(new S3.ListBucketsCommand())).Buckets).toEqual([
    { Name: 'mine', CreationDate: new Date('2026-11-21T06:24:00Z'), BucketRegion: 'us-east-1' },
  ]);
  expect((await stranger.send(new S3.ListBucketsCommand())).Buckets).toEqual([]);
  await expect(stranger.send(new S3.HeadBucketCommand({ Bucket: 'mine' }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
  });
  await expect(stranger.send(new S3.ListObjectsV2Command({ Bucket: 'mine' }))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});

test('its name cannot be used again, by any account', async () => {
  await create('mine');
  await expect(create('mine', stranger)).rejects.toMatchObject({
    name: 'BucketAlreadyExists',
    $metadata: { httpStatusCode: 409 },
  });
  await expect(create('mine', european, 'eu-west-1')).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
});

test('in us-east-1 an account may create its own bucket twice', async () => {
  await create('mine');
  await create('mine');
});

test('its location is the Region it was created in', async () => {
  await create('mine');
  await create('theirs', european, 'eu-west-1');
  const locate = (Bucket: string) => client.send(new S3.GetBucketLocationCommand({ Bucket }));
  expect((await locate('mine')).LocationConstraint).toBeUndefined();
  expect((await locate('theirs')).LocationConstraint).toBe('eu-west-1');
  expect(await client.send(new S3.HeadBucketCommand({ Bucket: 'theirs' }))).toMatchObject({
    BucketRegion: 'eu-west-1',
  });
});

test('a location that is not the Region of the call is refused', async () => {
  const principal = accountPrincipal('111111111111');
  await expect(
    // The SDK would fill in the location.
    served.cloud.invoke(s3, 'CreateBucket', { Bucket: 'mine' }, { principal, region: 'eu-west-1' }),
  ).rejects.toMatchObject({ name: 'IllegalLocationConstraintException' });
  await expect(create('mine', client, 'eu-west-1')).rejects.toMatchObject({
    name: 'IllegalLocationConstraintException',
  });
});

test('an invalid name is refused', async () => {
  await expect(create('Not.A.Name')).rejects.toMatchObject({ name: 'InvalidBucketName' });
});

test('only an empty bucket can be deleted', async () => {
  await create('mine');
  await client.send(new S3.PutObjectCommand({ Bucket: 'mine', Key: 'a', Body: 'x' }));
  const remove = () => client.send(new S3.DeleteBucketCommand({ Bucket: 'mine' }));
  await expect(remove()).rejects.toMatchObject({ name: 'BucketNotEmpty', $metadata: { httpStatusCode: 409 } });
  await client.send(new S3.DeleteObjectCommand({ Bucket: 'mine', Key: 'a' }));
  await remove();
  await expect(remove()).rejects.toMatchObject({ name: 'NoSuchBucket' });
  await expect(client.send(new S3.HeadBucketCommand({ Bucket: 'mine' }))).rejects.toMatchObject({ name: 'NotFound' });
});

test('a setting of a bucket can be read until it is removed', async () => {
  const Bucket = 'mine';
  await create(Bucket);
  const TagSet = [{ Key: 'team', Value: 'a' }];
  const Principal = { AWS: '222222222222' };
  const statement = { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: 'arn:aws:s3:::mine/*' };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statement });
  await client.send(new S3.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  await client.send(new S3.PutBucketPolicyCommand({ Bucket, Policy }));
  expect((await client.send(new S3.GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet);
  expect((await client.send(new S3.GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
  await client.send(new S3.DeleteBucketTaggingCommand({ Bucket }));
  await client.send(new S3.DeleteBucketPolicyCommand({ Bucket }));
  await expect(client.send(new S3.GetBucketTaggingCommand({ Bucket }))).rejects.toMatchObject({ name: 'NoSuchTagSet' });
  await expect(client.send(new S3.GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NoSuchBucketPolicy',
    $metadata: { httpStatusCode: 404 },
  });
  for (const [Policy, message] of [
    ['no', "Policies must be valid JSON and the first byte must be '{'"],
    ['{"Version":"2012-10-17"}', 'Syntax errors in policy.'],
    [JSON.stringify({ Statement: { ...statement, Principal: undefined } }), 'Missing required field Principal'],
    [JSON.stringify({ Statement: { ...statement, Resource: undefined } }), 'Policy statement must contain resources.'],
  ]) {
    await expect(client.send(new S3.PutBucketPolicyCommand({ Bucket, Policy }))).rejects.toMatchObject({
      name: 'MalformedPolicy',
      message,
    });
  }
});

test('a bucket is encrypted, private and owned by its account from the start', async () => {
  const Bucket = 'mine';
  await create(Bucket);
  const { ServerSideEncryptionConfiguration } = await client.send(new S3.GetBucketEncryptionCommand({ Bucket }));
  expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe(
    'AES256',
  );
  const { PublicAccessBlockConfiguration } = await client.send(new S3.GetPublicAccessBlockCommand({ Bucket }));
  expect(PublicAccessBlockConfiguration).toMatchObject({ BlockPublicAcls: true, RestrictPublicBuckets: true });
  const { OwnershipControls } = await client.send(new S3.GetBucketOwnershipControlsCommand({ Bucket }));
  expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
});

test('encryption, public access and ownership can be changed and removed', async () => {
  const Bucket = 'mine';
  await create(Bucket);
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'k' } }];
  await client.send(new S3.PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  const read = async () =>
    (await client.send(new S3.GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration;
  expect(await read()).toEqual({ Rules });
  await client.send(new S3.DeleteBucketEncryptionCommand({ Bucket }));
  expect((await read())?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: 'AES256' });

  await client.send(
    new S3.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: false } }),
  );
  expect((await client.send(new S3.GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: false,
  });
  await client.send(new S3.DeletePublicAccessBlockCommand({ Bucket }));
  await expect(client.send(new S3.GetPublicAccessBlockCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NoSuchPublicAccessBlockConfiguration',
  });

  const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] };
  await client.send(new S3.PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
  expect((await client.send(new S3.GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls).toEqual(
    OwnershipControls,
  );
  await client.send(new S3.DeleteBucketOwnershipControlsCommand({ Bucket }));
  await expect(client.send(new S3.GetBucketOwnershipControlsCommand({ Bucket }))).rejects.toMatchObject({
    name: 'OwnershipControlsNotFoundError',
  });
});

test('versioning has no status until it is set, and then one of two', async () => {
  const Bucket = 'mine';
  await create(Bucket);
  const set = (Status: string) =>
    client.send(
      new S3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: Status as 'Enabled' } }),
    );
  const read = async () => (await client.send(new S3.GetBucketVersioningCommand({ Bucket }))).Status;
  expect(await read()).toBeUndefined();
  await set('Suspended');
  expect(await read()).toBe('Suspended');
  await expect(set('Off')).rejects.toMatchObject({ name: 'MalformedXML' });
});

test('a bucket may be named in the host', async () => {
  await create('mine');
  await client.send(new S3.PutObjectCommand({ Bucket: 'mine', Key: 'folder/a', Body: 'hello' }));
  const authorization =
    'AWS4-HMAC-SHA256 Credential=111111111111/20261121/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x';
  for (const host of ['mine.localhost:4566', 'mine.s3.us-east-1.amazonaws.com', 'mine.s3.amazonaws.com']) {
    const request = { method: 'GET', url: '/folder/a', headers: { host, authorization }, body: new Uint8Array() };
    expect(Buffer.from((await handle(served.cloud, request)).body).toString()).toBe('hello');
  }
});

test('a call that expects another account to own the bucket is refused', async () => {
  await create('mine');
  const Bucket = 'mine';
  const write = (ExpectedBucketOwner: string) =>
    client.send(new S3.PutObjectCommand({ Bucket, Key: 'key', Body: 'text', ExpectedBucketOwner }));
  await write('111111111111');
  await expect(write('222222222222')).rejects.toMatchObject({
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  });
  await expect(
    client.send(new S3.HeadBucketCommand({ Bucket, ExpectedBucketOwner: '222222222222' })),
  ).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
});

test.each([
  ['everybody', {}],
  ['everybody whose organization begins alike', { StringLike: { 'aws:PrincipalOrgID': 'o-*' } }],
  ['everybody over TLS', { Bool: { 'aws:SecureTransport': 'true' } }],
])('a policy for %s needs a bucket without BlockPublicPolicy', async (_who, Condition) => {
  const Bucket = 'mine';
  await create(Bucket);
  const read = {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${Bucket}/*`,
    Condition,
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [read] });
  await expect(client.send(new S3.PutBucketPolicyCommand({ Bucket, Policy }))).rejects.toThrow(
    'because public policies are blocked by the BlockPublicPolicy block public access setting',
  );
  const PublicAccessBlockConfiguration = { BlockPublicPolicy: false };
  await client.send(new S3.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  await client.send(new S3.PutBucketPolicyCommand({ Bucket, Policy }));
});

test.each([
  ['an account', { AWS: '222222222222' }, {}],
  ['an organization', '*', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
])('a policy for %s is not public', async (_who, Principal, Condition) => {
  const Bucket = 'mine';
  await create(Bucket);
  const read = { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*`, Condition };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [read] });
  await client.send(new S3.PutBucketPolicyCommand({ Bucket, Policy }));
});
