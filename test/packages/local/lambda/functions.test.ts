import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import * as Lambda from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { policyOf } from '../authorised-cloud.ts';
import { account, FunctionCloud, functionArn, zipOf } from '../function-cloud.ts';
import { answers, createFunction, refusal, ZipFile } from './new-function.ts';

let local: FunctionCloud;
beforeEach(async () => {
  local = await FunctionCloud.open();
});
afterEach(() => local.discard());

const create = (more: Partial<Lambda.CreateFunctionCommandInput> = {}) => createFunction(local.lambda, more);

test('a function is pending, then active, with Lambda’s defaults', async () => {
  const made = await create({ Tags: { team: 'a' } });
  expect(made).toMatchObject({
    FunctionName: 'one',
    FunctionArn: functionArn('one'),
    Runtime: 'nodejs24.x',
    Timeout: 3,
    MemorySize: 128,
    Version: '$LATEST',
    State: 'Pending',
    StateReasonCode: 'Creating',
    PackageType: 'Zip',
    Architectures: ['x86_64'],
    CodeSize: ZipFile.byteLength,
    CodeSha256: expect.stringMatching(/^[\w+/]{43}=$/),
    LastModified: expect.stringMatching(/^2026-11-21T[\d:.]+\+0000$/),
    LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/one' },
  });
  await local.settled('one');
  const { Configuration, Tags } = await local.lambda.send(new Lambda.GetFunctionCommand({ FunctionName: 'one' }));
  expect(Configuration).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' });
  expect(Configuration).not.toHaveProperty('StateReason');
  expect(Tags).toEqual({ team: 'a' });
});

describe('while a change is in progress', () => {
  beforeEach(() => create());
  const update = () =>
    local.lambda.send(new Lambda.UpdateFunctionCodeCommand({ FunctionName: 'one', ZipFile: zipOf(answers('new')) }));

  test('a new function can be neither invoked nor changed', async () => {
    const conflict = refusal('ResourceConflictException', /currently in the following state: Pending$/);
    await expect(local.invoke('one')).rejects.toMatchObject(conflict);
    await expect(update()).rejects.toMatchObject(conflict);
  });

  test('a function that is updated runs as before until the update has ended', async () => {
    await local.pass(2000);
    expect(await update()).toMatchObject({ State: 'Active', LastUpdateStatus: 'InProgress' });
    expect((await local.invoke('one')).response).toBe('hello');
    await local.pass(2000);
    expect((await local.invoke('one')).response).toBe('new');
  });

  test('a second update is a conflict', async () => {
    await local.pass(2000);
    await update();
    await expect(update()).rejects.toMatchObject(
      refusal('ResourceConflictException', `An update is in progress for resource: ${functionArn('one')}$`),
    );
  });

  test('a function that is deleted and created again is pending for its own time', async () => {
    await local.pass(1300);
    await local.lambda.send(new Lambda.DeleteFunctionCommand({ FunctionName: 'one' }));
    await create();
    await local.pass(1300);
    const get = new Lambda.GetFunctionConfigurationCommand({ FunctionName: 'one' });
    expect(await local.lambda.send(get)).toMatchObject({ State: 'Pending' });
    await local.pass(700);
    expect(await local.lambda.send(get)).toMatchObject({ State: 'Active' });
  });

  test('an environment that is idle for ten minutes is ended', async () => {
    await local.pass(2000);
    const ZipFile = zipOf('let count = 0; export const handler = async () => { count += 1; return count; };');
    await local.lambda.send(new Lambda.UpdateFunctionCodeCommand({ FunctionName: 'one', ZipFile }));
    await local.pass(2000);
    expect((await local.invoke('one')).response).toBe(1);
    await local.pass(9 * 60_000);
    expect((await local.invoke('one')).response).toBe(2);
    await local.pass(10 * 60_000);
    expect((await local.invoke('one')).response).toBe(1);
  });
});

test('an update of a configuration changes only the given settings', async () => {
  await create({ Environment: { Variables: { A1: '1', B2: '2' } }, Description: 'first' });
  await local.settled('one');
  const changed = await local.lambda.send(
    new Lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'one', Timeout: 30, MemorySize: 512 }),
  );
  expect(changed).toMatchObject({
    Timeout: 30,
    MemorySize: 512,
    Description: 'first',
    Environment: { Variables: { A1: '1', B2: '2' } },
  });
});

test('a stale revision is refused', async () => {
  await local.create('one', answers('x'));
  const update = { FunctionName: 'one', Timeout: 30, RevisionId: 'stale' };
  await expect(local.lambda.send(new Lambda.UpdateFunctionConfigurationCommand(update))).rejects.toMatchObject(
    refusal('PreconditionFailedException', /^The Revision Id provided does not match/),
  );
});

test('code comes from S3 too, read with the caller’s rights', async () => {
  const s3 = new S3Client(local.options);
  await s3.send(new CreateBucketCommand({ Bucket: 'code' }));
  await s3.send(new PutObjectCommand({ Bucket: 'code', Key: 'a.zip', Body: ZipFile }));
  s3.destroy();
  await create({ Timeout: 900, Code: { S3Bucket: 'code', S3Key: 'a.zip' } });
  await local.settled('one');
  expect((await local.invoke('one')).response).toBe('hello');
  await expect(create({ FunctionName: 'two', Code: { S3Bucket: 'code', S3Key: 'b.zip' } })).rejects.toMatchObject(
    refusal(
      'InvalidParameterValueException',
      /^Error occurred while GetObject\. S3 Error Code: NoSuchKey\. S3 Error Message: The specified key does not exist\.$/,
    ),
  );
});

test('a function is found by name, by ARN and by partial ARN, and is not found once it is deleted', async () => {
  await local.create('one', answers('hi'));
  for (const name of ['one', functionArn('one'), `${account}:function:one`, 'function:one', 'one:$LATEST']) {
    expect((await local.invoke(name)).response).toBe('hi');
  }
  await local.lambda.send(new Lambda.DeleteFunctionCommand({ FunctionName: 'one' }));
  const missing = refusal('ResourceNotFoundException', `^Function not found: ${functionArn('one')}$`);
  await expect(local.invoke('one')).rejects.toMatchObject(missing);
  await expect(local.lambda.send(new Lambda.GetFunctionCommand({ FunctionName: 'one' }))).rejects.toMatchObject(
    missing,
  );
  await expect(local.lambda.send(new Lambda.DeleteFunctionCommand({ FunctionName: 'one' }))).rejects.toMatchObject(
    missing,
  );
});

test('functions are listed in pages', async () => {
  for (const FunctionName of ['b', 'c', 'a']) await create({ FunctionName });
  const first = await local.lambda.send(new Lambda.ListFunctionsCommand({ MaxItems: 2 }));
  const second = await local.lambda.send(new Lambda.ListFunctionsCommand({ MaxItems: 2, Marker: first.NextMarker }));
  const names = [first, second].map(({ Functions }) => Functions?.map(({ FunctionName }) => FunctionName));
  expect([names, second.NextMarker]).toEqual([[['a', 'b'], ['c']], undefined]);
  await expect(local.lambda.send(new Lambda.ListFunctionsCommand({ Marker: 'x' }))).rejects.toMatchObject(
    refusal('InvalidParameterValueException', /marker/i),
  );
});

test('a user lists functions with the right to, and not without', async () => {
  await create();
  const UserName = 'ada';
  await local.iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await local.iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = AccessKey!;
  const keys = { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! };
  const client = new Lambda.LambdaClient(local.clientOptions(keys));
  const list = () => client.send(new Lambda.ListFunctionsCommand({}));
  await expect(list()).rejects.toThrow('not authorized to perform: lambda:ListFunctions');
  const PolicyDocument = policyOf({ Effect: 'Allow', Action: 'lambda:ListFunctions', Resource: '*' });
  await local.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'list', PolicyDocument }));
  expect((await list()).Functions).toHaveLength(1);
  client.destroy();
});

test('tags can be added, listed and removed', async () => {
  await create({ Tags: { a: '1' } });
  const Resource = functionArn('one');
  await local.lambda.send(new Lambda.TagResourceCommand({ Resource, Tags: { b: '2' } }));
  await local.lambda.send(new Lambda.UntagResourceCommand({ Resource, TagKeys: ['a'] }));
  expect((await local.lambda.send(new Lambda.ListTagsCommand({ Resource }))).Tags).toEqual({ b: '2' });
  await expect(
    local.lambda.send(new Lambda.ListTagsCommand({ Resource: `${Resource}:$LATEST` })),
  ).rejects.toMatchObject(refusal('InvalidParameterValueException', /aliases and versions are not supported/));
});
