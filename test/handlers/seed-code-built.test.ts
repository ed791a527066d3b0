import * as IAM from '@aws-sdk/client-iam';
import * as S3 from '@aws-sdk/client-s3';
import * as STS from '@aws-sdk/client-sts';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { seedCode } from '../../handlers/seed-code.ts';
import { s3 as service } from '../../packages/local/src/services/s3/index.ts';
import { describeContract } from '../contract.ts';
import { account, type BuiltFunction, builtFunction } from './built-function.ts';
import { seedLacks, seedSubject } from './seed-subject.ts';
import { builtWorld } from './service-world.ts';

const source = { SourceBucket: 'artifacts', SourceKey: 'seed.zip' };
const destination = { DestinationBucket: 'seeds', DestinationPrefix: 'seed-code/' };

const startWorld = builtWorld('seed-code', seedCode, service);
describeContract('seed-code, built', async () => seedSubject(await startWorld()), seedLacks);

const start = builtFunction('seed-code', seedCode);

describe('seed-code, built', () => {
  let run: BuiltFunction;
  let s3: S3.S3Client;

  beforeEach(async () => {
    run = await start();
    s3 = new S3.S3Client(run.options);
    for (const Bucket of ['artifacts', 'seeds']) await s3.send(new S3.CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new S3.PutBucketVersioningCommand({ Bucket: 'seeds', VersioningConfiguration }));
    await put('seed.zip', zipSync({ 'buildspec.yml': strToU8('version: 0.2') }));
  });
  afterEach(() => run.close());

  const put = (Key: string, Body: Uint8Array | string) =>
    s3.send(new S3.PutObjectCommand({ Bucket: 'artifacts', Key, Body }));
  const create = (from: Record<string, string>) =>
    run.send({ RequestType: 'Create', ResourceProperties: { ...from, ...destination } });

  async function held(): Promise<string[]> {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new S3.ListObjectVersionsCommand({ Bucket: 'seeds' }));
    return [...Versions, ...DeleteMarkers].map(({ Key }) => `s3://seeds/${Key}`);
  }

  /** A client with the rights that SageMaker's launch role has: to read what is tagged for provisioning. */
  async function launchRole(): Promise<S3.S3Client> {
    const [iam, sts] = [new IAM.IAMClient(run.options), new STS.STSClient(run.options)];
    const policyOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const trust = { Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' };
    const rights = {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { StringEquals: { 's3:ExistingObjectTag/servicecatalog:provisioning': 'true' } },
    };
    const RoleName = 'launch';
    const { Role } = await iam.send(new IAM.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policyOf(trust) }));
    await iam.send(new IAM.PutRolePolicyCommand({ RoleName, PolicyName: 'read', PolicyDocument: policyOf(rights) }));
    const assume = new STS.AssumeRoleCommand({ RoleArn: Role!.Arn, RoleSessionName: 'launch' });
    const { Credentials: issued } = await sts.send(assume);
    const { AccessKeyId, SecretAccessKey, SessionToken } = issued!;
    return new S3.S3Client({
      ...run.options,
      credentials: { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken },
    });
  }

  test('a launch role gets the seed code, the next one is put beside it, and a deletion leaves nothing', async () => {
    const created = await create(source);
    expect(created).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: expect.stringMatching(/^s3:\/\/seeds\//) });
    const { Bucket, Key } = created.Data!;
    const launcher = await launchRole();
    const { Body } = await launcher.send(new S3.GetObjectCommand({ Bucket, Key }));
    expect(strFromU8(unzipSync(await Body!.transformToByteArray())['buildspec.yml']!)).toBe('version: 0.2');
    const untagged = launcher.send(new S3.GetObjectCommand({ Bucket: 'artifacts', Key: 'seed.zip' }));
    await expect(untagged).rejects.toMatchObject({ name: 'AccessDenied' });

    await put('template/train.py', 'print(1)');
    const first = created.PhysicalResourceId;
    const updated = await run.send({
      RequestType: 'Update',
      PhysicalResourceId: first,
      ResourceProperties: { SourceBucket: 'artifacts', SourcePrefix: 'template/', ...destination },
      OldResourceProperties: { ...source, ...destination },
    });
    expect(updated.Status).toBe('SUCCESS');
    expect((await held()).sort()).toEqual([first, updated.PhysicalResourceId].sort());
    for (const PhysicalResourceId of [first, updated.PhysicalResourceId]) {
      const ResourceProperties = { ...source, ...destination };
      const removed = await run.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties });
      expect(removed).toMatchObject({ Status: 'SUCCESS' });
    }
    expect(await held()).toEqual([]);
  });

  test('what cannot be read is named in the reason, and the Delete that follows has nothing to do', async () => {
    const failed = await create({ ...source, SourceKey: 'missing.zip' });
    expect(failed).toMatchObject({ Status: 'FAILED' });
    expect(failed.Reason).toContain(
      'Reading s3://artifacts/missing.zip: there is no object with that key in the bucket; upload it first',
    );
    const ResourceProperties = { ...source, ...destination };
    const { PhysicalResourceId } = failed;
    expect(await run.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties })).toMatchObject({
      Status: 'SUCCESS',
    });
  });
});
