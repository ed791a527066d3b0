import * as IAM from '@aws-sdk/client-iam';
import * as Lambda from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { FunctionCloud, functionArn, role, zipOf } from '../function-cloud.ts';
import { createFunction, refusal, ZipFile } from './new-function.ts';

let local: FunctionCloud;
beforeEach(async () => {
  local = await FunctionCloud.open();
});
afterEach(() => local.discard());

const create = (more: Partial<Lambda.CreateFunctionCommandInput> = {}) => createFunction(local.lambda, more);

test('a caller without the permission to read the object is refused', async () => {
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

test('code in a bucket of another Region is refused, with the Region where it is', async () => {
  const s3 = new S3Client({ ...local.options, region: 'eu-west-1' });
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
  await s3.send(new CreateBucketCommand({ Bucket: 'far', CreateBucketConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket: 'far', Key: 'a.zip', Body: ZipFile }));
  s3.destroy();
  await expect(create({ Code: { S3Bucket: 'far', S3Key: 'a.zip' } })).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message:
      'Error occurred while GetObject. S3 Error Code: PermanentRedirect. S3 Error Message: The bucket is in this region: eu-west-1. Please use this region to retry the request',
  });
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
    'an old Python',
    { Runtime: 'python3.8' },
    'InvalidParameterValueException',
    /^The runtime parameter of python3\.8 is no longer supported .*\(python3\.14\)/,
  ],
  [
    'Python at virtual time',
    { Runtime: 'python3.13' },
    'InvalidParameterValueException',
    /^At virtual time, .* in Node\.js only, not for python3\.13\. startLocalCloud and npm run local run functions in Python too/,
  ],
  [
    'another language',
    { Runtime: 'java21' },
    'InvalidParameterValueException',
    /^The local cloud runs functions for nodejs24\.x, .*, not for java21/,
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
    'a layer that is missing',
    { Layers: [`${functionArn('x').replace('function', 'layer')}:1`] },
    'InvalidParameterValueException',
    /Layer version arn:aws:lambda:us-east-1:111122223333:layer:x:1 does not exist/,
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
])('%s is refused, and nothing is created', async (_, input, name, message) => {
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

test('a name that is in use is a conflict', async () => {
  await create();
  await expect(create()).rejects.toMatchObject(refusal('ResourceConflictException', /^Function already exist: one$/));
});
