import * as S3 from '@aws-sdk/client-s3';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { type ServedCloud, serveCloud } from '../served-cloud.ts';

const Bucket = 'mine';
const owner = '111111111111'.padStart(64, '0');
let served: ServedCloud;
let client: S3.S3;

beforeEach(async () => {
  served = serveCloud([s3]);
  client = new S3.S3(served.as('111111111111'));
});

afterEach(async () => {
  client.destroy();
  served.close();
});

describe('an ACL', () => {
  const own = { Grantee: { Type: 'CanonicalUser', ID: owner }, Permission: 'FULL_CONTROL' };
  const all = {
    Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' },
    Permission: 'READ',
  };
  const without = { BlockPublicAcls: false };

  test('gives the owner full control, and others what a canned one says once ownership and the block allow it', async () => {
    await client.createBucket({ Bucket });
    expect((await client.getBucketAcl({ Bucket })).Grants).toEqual([own]);
    await expect(client.putBucketAcl({ Bucket, ACL: 'public-read' })).rejects.toMatchObject({
      name: 'AccessControlListNotSupported',
      message: 'The bucket does not allow ACLs',
    });
    await client.putBucketOwnershipControls({
      Bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    });
    await expect(client.putBucketAcl({ Bucket, ACL: 'public-read' })).rejects.toMatchObject({ name: 'AccessDenied' });
    await client.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: without });
    await client.putBucketAcl({ Bucket, ACL: 'public-read' });
    expect(await client.getBucketAcl({ Bucket })).toMatchObject({ Owner: { ID: owner }, Grants: [own, all] });
    const enforced = { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' as const }] };
    await expect(client.putBucketOwnershipControls({ Bucket, OwnershipControls: enforced })).rejects.toMatchObject({
      name: 'InvalidBucketAclWithObjectOwnership',
    });
  });

  test('may be given as a list of grants, and not by headers', async () => {
    await client.createBucket({ Bucket, ObjectOwnership: 'BucketOwnerPreferred' });
    const Grants: S3.Grant[] = [{ Grantee: { Type: 'CanonicalUser', ID: 'b'.repeat(64) }, Permission: 'READ' }];
    await client.putBucketAcl({ Bucket, AccessControlPolicy: { Owner: { ID: owner }, Grants } });
    expect((await client.getBucketAcl({ Bucket })).Grants).toEqual(Grants);
    await expect(client.putBucketAcl({ Bucket, GrantRead: 'id="b"' })).rejects.toMatchObject({
      name: 'NotImplemented',
    });
  });

  test('of a new bucket is refused where the ownership or the block of public access excludes it', async () => {
    await client.createBucket({ Bucket: 'private', ACL: 'private' });
    await expect(client.createBucket({ Bucket, ACL: 'public-read' })).rejects.toMatchObject({
      name: 'InvalidBucketAclWithObjectOwnership',
      message: "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    });
    const writers = { Bucket, ACL: 'public-read', ObjectOwnership: 'ObjectWriter' } as const;
    await expect(client.createBucket(writers)).rejects.toMatchObject({
      name: 'InvalidBucketAclWithBlockPublicAccessError',
      message: 'Bucket cannot have public ACLs set with BlockPublicAccess enabled',
    });
  });
});

test('rules for web pages are kept until they are removed; a wrong method and a second wildcard are refused', async () => {
  await client.createBucket({ Bucket });
  const missing = { name: 'NoSuchCORSConfiguration', message: 'The CORS configuration does not exist' };
  await expect(client.getBucketCors({ Bucket })).rejects.toMatchObject(missing);
  const rule = { AllowedMethods: ['GET'], AllowedOrigins: ['https://*.example.com'], MaxAgeSeconds: 60, ID: 'a' };
  const put = (more: object) =>
    client.putBucketCors({ Bucket, CORSConfiguration: { CORSRules: [{ ...rule, ...more }] } });
  await put({ ExposeHeaders: ['ETag'] });
  expect((await client.getBucketCors({ Bucket })).CORSRules).toEqual([{ ...rule, ExposeHeaders: ['ETag'] }]);
  await expect(put({ AllowedMethods: ['PATCH'] })).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: 'Found unsupported HTTP method in CORS config. Unsupported method is PATCH',
  });
  await expect(put({ AllowedOrigins: ['http://*.*'] })).rejects.toThrow(
    'AllowedOrigin "http://*.*" can not have more than one wildcard.',
  );
  const tooMany = { CORSRules: Array.from({ length: 101 }, () => rule) };
  await expect(client.putBucketCors({ Bucket, CORSConfiguration: tooMany })).rejects.toMatchObject({
    name: 'MalformedXML',
  });
  await client.deleteBucketCors({ Bucket });
  await expect(client.getBucketCors({ Bucket })).rejects.toMatchObject(missing);
});

test('requests are logged into a bucket of the same account and Region', async () => {
  const european = new S3.S3(served.as('111111111111', 'eu-west-1'));
  const stranger = new S3.S3(served.as('222222222222'));
  await client.createBucket({ Bucket });
  await client.createBucket({ Bucket: 'logs' });
  await european.createBucket({ Bucket: 'far', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } });
  await stranger.createBucket({ Bucket: 'theirs' });
  const log = (TargetBucket: string) => {
    const LoggingEnabled = { TargetBucket, TargetPrefix: 'mine/' };
    return client.putBucketLogging({ Bucket, BucketLoggingStatus: { LoggingEnabled } });
  };
  await expect(log('none')).rejects.toMatchObject({
    name: 'InvalidTargetBucketForLogging',
    message: 'The target bucket for logging does not exist',
  });
  await expect(log('theirs')).rejects.toMatchObject({ name: 'InvalidTargetBucketForLogging' });
  await expect(log('far')).rejects.toMatchObject({ name: 'CrossLocationLoggingProhibited' });
  await log('logs');
  const { LoggingEnabled } = await client.getBucketLogging({ Bucket });
  expect(LoggingEnabled).toEqual({ TargetBucket: 'logs', TargetPrefix: 'mine/' });
  await client.putBucketLogging({ Bucket, BucketLoggingStatus: {} });
  expect((await client.getBucketLogging({ Bucket })).LoggingEnabled).toBeUndefined();
  european.destroy();
  stranger.destroy();
});
