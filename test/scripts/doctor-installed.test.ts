import { readFile } from 'node:fs/promises';
import { CreateRoleCommand, DeleteRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, DeleteFunctionCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { zipPath } from '../../scripts/handlers.ts';
import { deleteBucket, publish } from '../../scripts/start/artifacts.ts';
import { account, region } from '../../scripts/start/clients.ts';
import { artifacts } from '../stacks/provider.ts';
import { domain, examining, provider, role, setup, stack, trust } from './doctor-cloud.ts';

const doctor = examining();
const arnOf = (name: string) => `arn:aws:lambda:${region}:${account}:function:${name}`;

describe('code', () => {
  test('a function that runs other code is named, and the cure gives it the code of the release', async () => {
    const ZipFile = await readFile(zipPath('studio-space'));
    await doctor.cloud.clients.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: domain, ZipFile }));
    expect(await doctor.found()).toEqual([`mend: ${domain} runs other code than test`]);
    await doctor.cure();
  });

  test('S3’s own checksum of a zip is believed, and a manifest before that', async () => {
    const { s3 } = doctor.cloud.clients;
    const Key = `${artifacts.prefix}/studio-domain.zip`;
    const put = { Bucket: artifacts.bucket, Key, ChecksumAlgorithm: 'SHA256' } as const;
    await s3.send(new PutObjectCommand({ ...put, Body: await readFile(zipPath('studio-domain')) }));
    expect(await doctor.found()).toEqual([]);
    await s3.send(new PutObjectCommand({ ...put, Body: 'another zip' }));
    expect(await doctor.found()).toEqual([`mend: ${domain} runs other code than test`]);
    const files = [{ path: 'studio-domain-0123456789abcdef.zip', CodeSha256: 'AAAA' }];
    const Body = JSON.stringify({ version: '1.4.0', files });
    await s3.send(new PutObjectCommand({ Bucket: artifacts.bucket, Key: `${artifacts.prefix}/manifest.json`, Body }));
    const [finding] = (await doctor.examined()).flatMap(({ findings }) => findings);
    expect(finding).toEqual({
      verdict: 'mend',
      what: `${domain} runs other code than release 1.4.0`,
      cure: expect.stringContaining(`--s3-key ${artifacts.prefix}/studio-domain-0123456789abcdef.zip`),
    });
  });

  test('a zip that the bucket does not have, and a function that Lambda does not have, are named', async () => {
    const { lambda, s3 } = doctor.cloud.clients;
    await s3.send(new DeleteObjectCommand({ Bucket: artifacts.bucket, Key: `${artifacts.prefix}/seed-code.zip` }));
    await lambda.send(new DeleteFunctionCommand({ FunctionName: domain }));
    expect(await doctor.found()).toEqual([
      expect.stringContaining(`seed-code.zip is not in ${artifacts.bucket}`),
      `mend: ${domain}: the function does not exist`,
    ]);
  });

  test('a function of home-seed.yaml that is of another release is a warning', async () => {
    const Role = `arn:aws:iam::${account}:role/seeds`;
    const AssumeRolePolicyDocument = trust('lambda.amazonaws.com');
    await doctor.cloud.clients.iam.send(new CreateRoleCommand({ RoleName: 'seeds', AssumeRolePolicyDocument }));
    const create = async (FunctionName: string, zip: string) =>
      doctor.cloud.clients.lambda.send(
        new CreateFunctionCommand({
          ...{ FunctionName, Role, Handler: 'index.handler', Runtime: 'nodejs24.x' },
          Code: { ZipFile: await readFile(zipPath(zip)) },
        }),
      );
    await create(`${stack}-home-seed-d-aaaaaaaaaaaa`, 'home-seed');
    await create(`${stack}-home-seed-d-bbbbbbbbbbbb`, 'studio-space');
    expect(await doctor.found()).toEqual([
      `warning: ${stack}-home-seed-d-bbbbbbbbbbbb runs other code than test, which the provider is of`,
    ]);
  });
});

describe('artifact bucket', () => {
  test('a name that ends with {Region}, and a prefix with a slash at its end, are understood', async () => {
    await publish(doctor.cloud.clients.s3, { bucket: `artifacts-${region}`, prefix: 'studio/next' });
    const parameters = { ArtifactBucket: 'artifacts-{Region}', ArtifactPrefix: 'studio/next/' };
    expect((await doctor.cloud.update(stack, { parameters })).status).toBe('UPDATE_COMPLETE');
    expect(await doctor.found()).toEqual([]);
    await deleteBucket(doctor.cloud.clients.s3, `artifacts-${region}`);
    expect(await doctor.found()).toContainEqual(
      `mend: The bucket artifacts-${region} does not exist. The functions run, and cannot be updated`,
    );
  });

  test('one that is gone is named', async () => {
    await deleteBucket(doctor.cloud.clients.s3, artifacts.bucket);
    expect(await doctor.found()).toContainEqual(
      `mend: The bucket ${artifacts.bucket} does not exist. The functions run, and cannot be updated`,
    );
  });

  test('one in another Region is named with both Regions', async () => {
    await deleteBucket(doctor.cloud.clients.s3, artifacts.bucket);
    const there = doctor.cloud.as(account, 'eu-west-1').clients.s3;
    await there.send(
      new CreateBucketCommand({
        Bucket: artifacts.bucket,
        ...{ CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } },
      }),
    );
    expect(await doctor.found()).toContainEqual(
      `mend: The bucket ${artifacts.bucket} is in eu-west-1, and the stack in us-east-1`,
    );
  });
});

describe('exports and parameters', () => {
  const Name = '/studio-resources/service-tokens/studio-domain';

  test('a parameter that is gone, or names another function, is cured', async () => {
    await doctor.cloud.clients.ssm.send(new DeleteParameterCommand({ Name }));
    expect(await doctor.found()).toEqual([`mend: ${Name}: there is no such parameter`]);
    await doctor.cure();
    await doctor.cloud.clients.ssm.send(new PutParameterCommand({ Name, Overwrite: true, Value: arnOf(setup) }));
    expect(await doctor.found()).toEqual([`mend: ${Name} names ${arnOf(setup)}, and not ${arnOf(domain)}`]);
    await doctor.cure();
  });

  test('an output that a changed template lacks, does not export or takes from elsewhere is named', async () => {
    const { bucket, prefix } = artifacts;
    const text = await readFile('cloudformation/provider.yaml', 'utf8');
    const changed = text
      .replace(/ {2}SeedCodeServiceToken:\n(?: {4}.*\n)+/, '')
      .replace(/( {2}StudioDomainServiceToken:\n(?: {4}.*\n)+?) {4}Export:.*\n/, '$1')
      .replace(/(StudioSpace\.Arn)(\n {4}Export)/, 'StudioImage.Arn$2');
    await doctor.cloud.clients.s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: `${prefix}/changed.yaml`, Body: changed }),
    );
    const url = `https://${bucket}.s3.amazonaws.com/${prefix}/changed.yaml`;
    const kept = { ArtifactBucket: bucket, ArtifactPrefix: prefix, ...provider };
    expect((await doctor.cloud.update(stack, { template: { url }, parameters: kept })).status).toBe('UPDATE_COMPLETE');
    expect((await doctor.found()).sort()).toEqual([
      expect.stringContaining('mend: SeedCodeServiceToken: the stack has no such output'),
      `mend: StudioDomainServiceToken is ${arnOf(domain)}, not exported, and not ${arnOf(domain)}`,
      `mend: StudioSpaceServiceToken is ${arnOf(`${stack}-studio-image`)}, and not ${arnOf(`${stack}-studio-space`)}`,
    ]);
  });
});

describe('execution roles', () => {
  test('a role that does not trust SageMaker, and one that is gone, are named', async () => {
    const { iam } = doctor.cloud.clients;
    const PolicyDocument = trust('lambda.amazonaws.com');
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'studio-user', PolicyDocument }));
    expect(await doctor.found()).toEqual([
      `mend: ${role} does not trust sagemaker.amazonaws.com, so Studio cannot use it`,
    ]);
    await iam.send(new DeleteRoleCommand({ RoleName: 'studio-user' }));
    expect(await doctor.found()).toEqual([`mend: ${role}: there is no such role`]);
  });

  test('a role of another account, one with another path, and patterns for all roles are named', async () => {
    const other = 'arn:aws:iam::111122223333:role/studio-user';
    const path = `arn:aws:iam::${account}:role/team/studio-user`;
    const all = `arn:aws:iam::${account}:role/*`;
    await doctor.cloud.update(stack, { parameters: { ExecutionRoleArns: `*,${all},${other},${path}` } });
    expect(await doctor.found()).toEqual([
      'warning: ExecutionRoleArns has *: a template can give Studio every role of the account',
      `warning: ExecutionRoleArns has ${all}: a template can give Studio every role of the account`,
      `mend: ${other} belongs to another account, and can never be passed`,
      `mend: ${path}: the role of that name is ${role}`,
    ]);
  });
});
