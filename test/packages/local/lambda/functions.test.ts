import * as IAM from '@aws-sdk/client-iam';
import * as Lambda from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { account, FunctionCloud, functionArn, role, zipOf } from '../function-cloud.ts';

let local: FunctionCloud;
beforeEach(async () => {
  local = await FunctionCloud.open();
});
afterEach(() => local.discard());

const answers = (text: string) => `export const handler = async () => ${JSON.stringify(text)};`;
const ZipFile = zipOf(answers('hello'));
const create = (more: Partial<Lambda.CreateFunctionCommandInput> = {}) =>
  local.lambda.send(
    new Lambda.CreateFunctionCommand({
      FunctionName: 'one',
      Role: role,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile },
      ...more,
    }),
  );
const refusal = (name: string, message: string | RegExp) => ({ name, message: expect.stringMatching(message) });

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

describe('while Lambda is at it', () => {
  beforeEach(() => create());
  const update = () =>
    local.lambda.send(new Lambda.UpdateFunctionCodeCommand({ FunctionName: 'one', ZipFile: zipOf(answers('new')) }));

  test('a new function can be neither invoked nor changed', async () => {
    const conflict = refusal('ResourceConflictException', /currently in the following state: Pending$/);
    await expect(local.invoke('one')).rejects.toMatchObject(conflict);
    await expect(update()).rejects.toMatchObject(conflict);
  });

  test('a function that is updated runs as before, until the update is through', async () => {
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

  test('a function that is deleted meanwhile, and made again, is pending for its own time', async () => {
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

test('a configuration changes only in what is given', async () => {
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

test('a caller who may not read the object is told so', async () => {
  const s3 = new S3Client(local.options);
  await s3.send(new CreateBucketCommand({ Bucket: 'code' }));
  await s3.send(new PutObjectCommand({ Bucket: 'code', Key: 'a.zip', Body: ZipFile }));
  s3.destroy();
  await local.iam.send(new IAM.CreateUserCommand({ UserName: 'dev' }));
  const Statement = { Effect: 'Allow', Action: ['lambda:*', 'iam:PassRole'], Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await local.iam.send(new IAM.PutUserPolicyCommand({ UserName: 'dev', PolicyName: 'p', PolicyDocument }));
  const { AccessKey } = await local.iam.send(new IAM.CreateAccessKeyCommand({ UserName: 'dev' }));
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  const dev = new Lambda.LambdaClient({ ...local.options, credentials });
  const input = {
    FunctionName: 'one',
    Role: role,
    Runtime: 'nodejs24.x' as const,
    Handler: 'index.handler',
    Code: { S3Bucket: 'code', S3Key: 'a.zip' },
  };
  await expect(dev.send(new Lambda.CreateFunctionCommand(input))).rejects.toMatchObject(
    refusal('AccessDeniedException', /^Your access has been denied by S3, .* GetObject for code\/a\.zip\./),
  );
  dev.destroy();
});

test.each<[string, Partial<Lambda.CreateFunctionCommandInput>, string, RegExp]>([
  [
    'a timeout of 901 s',
    { Timeout: 901 },
    'ValidationException',
    /Value '901' at 'timeout' .* less than or equal to 900$/,
  ],
  ['a timeout of 0 s', { Timeout: 0 }, 'ValidationException', /greater than or equal to 1$/],
  [
    'too little memory',
    { MemorySize: 64 },
    'ValidationException',
    /Value '64' at 'memorySize' .* greater than or equal to 128$/,
  ],
  ['too much memory', { MemorySize: 20_000 }, 'ValidationException', /less than or equal to 10240$/],
  [
    'a role that does not exist',
    { Role: `${role}x` },
    'InvalidParameterValueException',
    /^The role defined for the function cannot be assumed by Lambda\.$/,
  ],
  [
    'a role of another account',
    { Role: 'arn:aws:iam::999999999999:role/x' },
    'AccessDeniedException',
    /^Cross-account pass role is not allowed\.$/,
  ],
  ['something that is no role', { Role: 'admin' }, 'ValidationException', /Value 'admin' at 'role'/],
  [
    'an old runtime',
    { Runtime: 'nodejs18.x' },
    'InvalidParameterValueException',
    /nodejs18\.x is no longer supported .*\(nodejs24\.x\)/,
  ],
  [
    'another language',
    { Runtime: 'python3.13' },
    'InvalidParameterValueException',
    /nodejs24\.x and nodejs22\.x, not for python3\.13/,
  ],
  ['no handler', { Handler: undefined }, 'InvalidParameterValueException', /^Runtime and Handler are mandatory/],
  ['a handler with a space', { Handler: 'a b' }, 'ValidationException', /at 'handler'/],
  [
    'a reserved variable',
    { Environment: { Variables: { AWS_REGION: 'x', OK: 'y' } } },
    'InvalidParameterValueException',
    /Reserved keys used in this request: AWS_REGION$/,
  ],
  [
    'a variable that is no name',
    { Environment: { Variables: { '1x': 'secret' } } },
    'ValidationException',
    /^(?!.*secret).*environment\.variables/,
  ],
  [
    'more than 4 KB of variables',
    { Environment: { Variables: { BIG: 'x'.repeat(4100) } } },
    'InvalidParameterValueException',
    /exceeded the 4KB limit/,
  ],
  [
    'something that is no zip',
    { Code: { ZipFile: new Uint8Array([1, 2, 3]) } },
    'InvalidParameterValueException',
    /^Could not unzip uploaded file\./,
  ],
  ['an empty zip', { Code: { ZipFile: zipOf({}) } }, 'InvalidParameterValueException', /non-empty zip/],
  ['no code', { Code: {} }, 'InvalidParameterValueException', /^Please provide a source for function code\./],
  [
    'a container image',
    { Code: { ImageUri: 'x' } },
    'InvalidParameterValueException',
    /runs zips, not container images/,
  ],
  [
    'layers',
    { Layers: [functionArn('x').replace('function', 'layer')] },
    'InvalidParameterValueException',
    /does not support Layers/,
  ],
  [
    'a dead-letter queue',
    { DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:111122223333:q' } },
    'InvalidParameterValueException',
    /use an OnFailure destination instead/,
  ],
  [
    'a log level for text',
    { LoggingConfig: { ApplicationLogLevel: 'INFO' } },
    'InvalidParameterValueException',
    /only be set when the log format is JSON/,
  ],
  ['a name with a qualifier', { FunctionName: 'one:two' }, 'InvalidParameterValueException', /without a qualifier/],
  ['a name that is none', { FunctionName: 'a b' }, 'ValidationException', /Value 'a b' at 'functionName'/],
  [
    'a subnet without a security group',
    { VpcConfig: { SubnetIds: ['subnet-1'] } },
    'InvalidParameterValueException',
    /must coexist/,
  ],
])('%s is refused, and nothing is made', async (_, input, name, message) => {
  await expect(create(input)).rejects.toMatchObject(refusal(name, message));
  expect((await local.lambda.send(new Lambda.ListFunctionsCommand({}))).Functions).toEqual([]);
});

test('a zip that unpacks to more than 250 MB is refused', async () => {
  const zip = Buffer.from(ZipFile);
  // What the zip's directory says of the size of its one file.
  zip.writeUInt32LE(251 * 1024 * 1024, zip.indexOf('PK\x01\x02') + 24);
  const Code = { ZipFile: zip };
  await expect(create({ Code })).rejects.toMatchObject(
    refusal('InvalidParameterValueException', /^Unzipped size must be smaller than 262144000 bytes$/),
  );
});

test('a name that is taken is a conflict', async () => {
  await create();
  await expect(create()).rejects.toMatchObject(refusal('ResourceConflictException', /^Function already exist: one$/));
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

test('tags can be added, listed and taken away', async () => {
  await create({ Tags: { a: '1' } });
  const Resource = functionArn('one');
  await local.lambda.send(new Lambda.TagResourceCommand({ Resource, Tags: { b: '2' } }));
  await local.lambda.send(new Lambda.UntagResourceCommand({ Resource, TagKeys: ['a'] }));
  expect((await local.lambda.send(new Lambda.ListTagsCommand({ Resource }))).Tags).toEqual({ b: '2' });
  await expect(
    local.lambda.send(new Lambda.ListTagsCommand({ Resource: `${Resource}:$LATEST` })),
  ).rejects.toMatchObject(refusal('InvalidParameterValueException', /aliases and versions are not supported/));
});
