import { createCloud } from '../../../../packages/local/src/create-cloud.ts';
import { authorise } from '../../../../packages/local/src/iam/authorise.ts';
import { accountPrincipal, type Principal } from '../../../../packages/local/src/principal.ts';
import type { Input, OperationName } from '../../../../packages/local/src/service.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { allow, policy, roleSession } from '../role-session.ts';
import { VirtualClock } from '../virtual-clock.ts';

const owner = { principal: accountPrincipal('111111111111'), region: 'us-east-1' };
const Bucket = 'data';
let cloud: ReturnType<typeof createCloud>;

beforeEach(async () => {
  const options = { clock: new VirtualClock(), store: new Store(), endpoint: 'http://127.0.0.1:4566' };
  cloud = createCloud({ ...options, services: [s3, iam], authorise });
  await cloud.invoke(s3, 'CreateBucket', { Bucket }, owner);
  await cloud.invoke(s3, 'PutObject', { Bucket, Key: 'a/1', Body: 'hello', Tagging: 'a=b' }, owner);
});

afterEach(() => cloud.close());

async function attempt<Name extends OperationName<typeof s3.module>>(
  principal: Principal,
  operation: Name,
  input: Input<typeof s3.module, Name>,
): Promise<string> {
  return cloud.invoke(s3, operation, input, { principal, region: 'us-east-1' }).then(
    () => 'done',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

const objects = `arn:aws:s3:::${Bucket}/*`;

test('permissions have the action names of S3, for the bucket or its objects', async () => {
  const reader = await roleSession(
    cloud,
    '111111111111',
    allow('s3:GetObject', objects),
    allow('s3:ListBucket', `arn:aws:s3:::${Bucket}`),
  );
  expect(await attempt(reader, 'HeadObject', { Bucket, Key: 'a/1' })).toBe('done');
  expect(await attempt(reader, 'HeadBucket', { Bucket })).toBe('done');
  expect(await attempt(reader, 'ListObjectsV2', { Bucket })).toBe('done');
  expect(await attempt(reader, 'ListBuckets', {})).toContain('AccessDenied');
  expect(await attempt(reader, 'PutObject', { Bucket, Key: 'a/2', Body: '' })).toContain('AccessDenied');
  expect(await attempt(reader, 'GetObject', { Bucket, Key: 'a/1', VersionId: 'null' })).toContain('AccessDenied');
  expect(await attempt(reader, 'CopyObject', { Bucket, Key: 'b', CopySource: `${Bucket}/a/1` })).toContain(
    'AccessDenied',
  );
  expect(await attempt(reader, 'DeleteObjects', { Bucket, Delete: { Objects: [{ Key: 'a/1' }] } })).toContain(
    'AccessDenied',
  );
});

test('tags given with an object require their own permission', async () => {
  const writer = await roleSession(cloud, '111111111111', allow('s3:PutObject', objects));
  expect(await attempt(writer, 'PutObject', { Bucket, Key: 'b', Body: '' })).toBe('done');
  expect(await attempt(writer, 'PutObject', { Bucket, Key: 'b', Body: '', Tagging: 'a=b' })).toContain(
    's3:PutObjectTagging',
  );
});

test('a listing can be limited to a prefix', async () => {
  const condition = { StringLike: { 's3:prefix': 'a/*' } };
  const reader = await roleSession(cloud, '111111111111', allow('s3:ListBucket', `arn:aws:s3:::${Bucket}`, condition));
  expect(await attempt(reader, 'ListObjectsV2', { Bucket, Prefix: 'a/' })).toBe('done');
  expect(await attempt(reader, 'ListObjectsV2', { Bucket })).toContain('AccessDenied');
});

test('a role of another account has access only if the bucket policy allows it, too', async () => {
  const stranger = await roleSession(cloud, '222222222222', allow('s3:*', '*'));
  expect(await attempt(stranger, 'GetObject', { Bucket, Key: 'a/1' })).toBe('AccessDenied: Access Denied');
  const statement = { ...allow('s3:GetObject', objects), Principal: { AWS: 'arn:aws:iam::222222222222:role/r' } };
  await cloud.invoke(s3, 'PutBucketPolicy', { Bucket, Policy: policy(statement) }, owner);
  expect(await attempt(stranger, 'GetObject', { Bucket, Key: 'a/1' })).toBe('done');
  expect(await attempt(stranger, 'PutObject', { Bucket, Key: 'a/1', Body: '' })).toContain('AccessDenied');
  expect(await attempt(accountPrincipal('333333333333'), 'GetObject', { Bucket, Key: 'a/1' })).toContain(
    'AccessDenied',
  );
});
