import { efs } from '../../../../packages/local/src/services/efs/index.ts';
import { kms } from '../../../../packages/local/src/services/kms/index.ts';
import { logs } from '../../../../packages/local/src/services/logs/index.ts';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { secretsManager } from '../../../../packages/local/src/services/secrets-manager/index.ts';
import { sns } from '../../../../packages/local/src/services/sns/index.ts';
import { AuthorisedCloud, account, policyOf } from '../authorised-cloud.ts';
import { Studio } from '../studio.ts';

const region = 'eu-west-1';
const rootStatement = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' };
const allow = (...Action: string[]) => ({ Effect: 'Allow', Action, Resource: '*' });
const via = (service: string) => ({ StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } });

let cloud: AuthorisedCloud;

beforeEach(() => {
  cloud = new AuthorisedCloud([kms, secretsManager, logs, s3, sns, efs]);
});

afterEach(() => cloud.cloud.close());

const keyWith = async (...statements: object[]) => {
  const Policy = policyOf(rootStatement, ...statements);
  return (await cloud.call(kms, 'CreateKey', { Policy })).KeyMetadata!.Arn!;
};
const disable = (KeyId: string) => cloud.call(kms, 'DisableKey', { KeyId });

describe('a secret', () => {
  const Name = 'own';
  const SecretId = Name;
  const SecretString = 'value';

  test('is written and read with the caller’s right to use its key, through Secrets Manager', async () => {
    const KmsKeyId = await keyWith();
    const Condition = via('secretsmanager');
    const using = { ...allow('kms:GenerateDataKey', 'kms:Decrypt'), Condition };
    const writer = await cloud.role('writer', allow('secretsmanager:*'), using);
    await cloud.call(secretsManager, 'CreateSecret', { Name, SecretString, KmsKeyId }, writer);
    const bare = await cloud.role('bare', allow('secretsmanager:*'));
    const denied = { name: 'AccessDeniedException', message: 'Access to KMS is not allowed' };
    await expect(cloud.call(secretsManager, 'GetSecretValue', { SecretId }, bare)).rejects.toMatchObject(denied);
    const other = { Name: 'other', SecretString, KmsKeyId };
    await expect(cloud.call(secretsManager, 'CreateSecret', other, bare)).rejects.toMatchObject(denied);
    expect(await cloud.call(secretsManager, 'GetSecretValue', { SecretId }, writer)).toMatchObject({ SecretString });
  });

  test('is decrypted with its ARN in the encryption context', async () => {
    const KmsKeyId = await keyWith();
    const { ARN } = await cloud.call(secretsManager, 'CreateSecret', { Name, SecretString, KmsKeyId });
    const reader = async (arn: string, name: string) => {
      const Condition = { StringEquals: { 'kms:EncryptionContext:SecretARN': arn } };
      return cloud.role(name, allow('secretsmanager:*'), { ...allow('kms:Decrypt'), Condition });
    };
    await cloud.call(secretsManager, 'GetSecretValue', { SecretId }, await reader(ARN!, 'right'));
    const wrong = await reader(`${ARN}x`, 'wrong');
    await expect(cloud.call(secretsManager, 'GetSecretValue', { SecretId }, wrong)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test('is not written under a key that is missing or disabled, nor read, until it is moved to another', async () => {
    const missing = { Name, SecretString, KmsKeyId: 'none' };
    await expect(cloud.call(secretsManager, 'CreateSecret', missing)).rejects.toMatchObject({
      name: 'EncryptionFailure',
    });
    const [first, second] = [await keyWith(), await keyWith()];
    await cloud.call(secretsManager, 'CreateSecret', { Name, SecretString, KmsKeyId: first });
    await disable(first);
    const read = () => cloud.call(secretsManager, 'GetSecretValue', { SecretId });
    await expect(read()).rejects.toMatchObject({
      name: 'DecryptionFailure',
      message: expect.stringContaining('disabled'),
    });
    const put = cloud.call(secretsManager, 'PutSecretValue', { SecretId, SecretString: 'two' });
    await expect(put).rejects.toMatchObject({ name: 'EncryptionFailure' });
    await cloud.call(kms, 'EnableKey', { KeyId: first });
    await cloud.call(secretsManager, 'UpdateSecret', { SecretId, KmsKeyId: second });
    await disable(first);
    expect(await read()).toMatchObject({ SecretString });
  });
});

describe('a log group', () => {
  const logGroupName = 'own';
  const arn = `arn:aws:logs:${region}:${account}:log-group:own`;
  const logsStatement = (Condition?: object) => ({
    ...rootStatement,
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    ...(Condition && { Condition }),
  });

  test('needs a key policy that lets CloudWatch Logs use the key for it', async () => {
    const message = `The specified KMS key does not exist or is not allowed to be used with LogGroup '${arn}'`;
    const denied = { name: 'AccessDeniedException', message };
    const create = async (kmsKeyId: string) => cloud.call(logs, 'CreateLogGroup', { logGroupName, kmsKeyId });
    await expect(create(await keyWith())).rejects.toMatchObject(denied);
    const other = logsStatement({ ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': `${arn}-other` } });
    await expect(create(await keyWith(other))).rejects.toMatchObject(denied);
    const key = await keyWith(logsStatement({ ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `${arn}*` } }));
    await create(key);
    const { logGroups } = await cloud.call(logs, 'DescribeLogGroups', {});
    expect(logGroups).toMatchObject([{ kmsKeyId: key }]);
  });

  test('gets another key and loses it in place; one that is missing or disabled is refused', async () => {
    await cloud.call(logs, 'CreateLogGroup', { logGroupName });
    const key = await keyWith(logsStatement());
    const associate = (kmsKeyId: string) => cloud.call(logs, 'AssociateKmsKey', { logGroupName, kmsKeyId });
    const invalid = { name: 'InvalidParameterException' };
    await expect(associate(`${key}0`)).rejects.toMatchObject(invalid);
    await associate(key);
    await cloud.call(logs, 'DisassociateKmsKey', { resourceIdentifier: arn });
    expect((await cloud.call(logs, 'DescribeLogGroups', {})).logGroups![0]!.kmsKeyId).toBeUndefined();
    await disable(key);
    await expect(associate(key)).rejects.toMatchObject(invalid);
    await expect(associate('alias/own')).rejects.toMatchObject(invalid);
  });
});

describe('an object', () => {
  const Bucket = 'own';
  const Key = 'a/b';

  test('in a bucket with a key is written and read with the right to use it through S3', async () => {
    const KMSMasterKeyID = await keyWith();
    await cloud.call(s3, 'CreateBucket', { Bucket, CreateBucketConfiguration: { LocationConstraint: region } });
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID } }];
    await cloud.call(s3, 'PutBucketEncryption', { Bucket, ServerSideEncryptionConfiguration: { Rules } });
    const using = { ...allow('kms:GenerateDataKey', 'kms:Decrypt'), Condition: via('s3') };
    const user = await cloud.role('user', allow('s3:*'), using);
    const Body = new Uint8Array([1]);
    const put = await cloud.call(s3, 'PutObject', { Bucket, Key, Body }, user);
    expect(put).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KMSMasterKeyID });
    const bare = await cloud.role('bare', allow('s3:*'));
    const why = 'because no identity-based policy allows the kms:Decrypt action';
    const denied = { name: 'AccessDenied', message: expect.stringContaining(why) };
    await expect(cloud.call(s3, 'GetObject', { Bucket, Key }, bare)).rejects.toMatchObject(denied);
    const copy = { Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` };
    await expect(cloud.call(s3, 'CopyObject', copy, bare)).rejects.toMatchObject(denied);
    await cloud.call(s3, 'CopyObject', copy, user);
    await disable(KMSMasterKeyID);
    const disabled = { name: 'KMS.DisabledException', message: `${KMSMasterKeyID} is disabled.` };
    for (const key of [Key, 'copy']) {
      await expect(cloud.call(s3, 'GetObject', { Bucket, Key: key }, user)).rejects.toMatchObject(disabled);
    }
    await expect(cloud.call(s3, 'PutObject', { Bucket, Key, Body }, user)).rejects.toMatchObject(disabled);
    const plain = { Bucket, Key: 'plain', Body, ServerSideEncryption: 'AES256' as const };
    expect(await cloud.call(s3, 'PutObject', plain, user)).toMatchObject({ ServerSideEncryption: 'AES256' });
  });

  test('that is uploaded in parts needs the key for each, and names one that is there', async () => {
    await cloud.call(s3, 'CreateBucket', { Bucket, CreateBucketConfiguration: { LocationConstraint: region } });
    const ServerSideEncryption = 'aws:kms' as const;
    const asked = (SSEKMSKeyId: string) => ({ Bucket, Key, ServerSideEncryption, SSEKMSKeyId });
    const missing = cloud.call(s3, 'CreateMultipartUpload', asked('none'));
    await expect(missing).rejects.toMatchObject({ name: 'KMS.NotFoundException' });
    const key = await keyWith();
    const { UploadId } = await cloud.call(s3, 'CreateMultipartUpload', asked(key));
    const part = { Bucket, Key, UploadId, PartNumber: 1, Body: new Uint8Array([1]) };
    const { ETag } = await cloud.call(s3, 'UploadPart', part);
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await disable(key);
    const complete = () => cloud.call(s3, 'CompleteMultipartUpload', { Bucket, Key, UploadId, MultipartUpload });
    await expect(complete()).rejects.toMatchObject({ name: 'KMS.DisabledException' });
    await cloud.call(kms, 'EnableKey', { KeyId: key });
    expect(await complete()).toMatchObject({ ServerSideEncryption, SSEKMSKeyId: key });
  });
});

test('a message is published with the publisher’s right to use the topic’s key', async () => {
  const KmsMasterKeyId = await keyWith();
  const { TopicArn } = await cloud.call(sns, 'CreateTopic', { Name: 'own', Attributes: { KmsMasterKeyId } });
  const publish = { TopicArn, Message: 'hello' };
  const bare = await cloud.role('bare', allow('sns:*'));
  await expect(cloud.call(sns, 'Publish', publish, bare)).rejects.toMatchObject({ name: 'KMSAccessDenied' });
  const using = { ...allow('kms:GenerateDataKey*', 'kms:Decrypt'), Condition: via('sns') };
  await cloud.call(sns, 'Publish', publish, await cloud.role('user', allow('sns:*'), using));
  await disable(KmsMasterKeyId);
  await expect(cloud.call(sns, 'Publish', publish)).rejects.toMatchObject({ name: 'KMSDisabled' });
  await cloud.call(kms, 'ScheduleKeyDeletion', { KeyId: KmsMasterKeyId });
  await expect(cloud.call(sns, 'Publish', publish)).rejects.toMatchObject({ name: 'KMSInvalidState' });
});

test('a file system is created with the right to grant its key to EFS', async () => {
  const KmsKeyId = await keyWith();
  const create = (CreationToken: string) => ({ CreationToken, KmsKeyId });
  const actions = ['kms:DescribeKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:Decrypt'];
  const lacking = await cloud.role('lacking', allow('elasticfilesystem:*', ...actions));
  const denied = { name: 'AccessDeniedException', message: expect.stringContaining('kms:CreateGrant') };
  await expect(cloud.call(efs, 'CreateFileSystem', create('1'), lacking)).rejects.toMatchObject(denied);
  const using = { ...allow('kms:CreateGrant'), Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } };
  const user = await cloud.role('user', allow('elasticfilesystem:*', ...actions), using);
  expect(await cloud.call(efs, 'CreateFileSystem', create('1'), user)).toMatchObject({ KmsKeyId });
  await disable(KmsKeyId);
  await expect(cloud.call(efs, 'CreateFileSystem', create('2'), user)).rejects.toMatchObject({ name: 'BadRequest' });
});

test('a domain’s home is encrypted with its key by a grant of the caller', async () => {
  const studio = await Studio.open();
  const KmsKeyId = (await studio.call(kms, 'CreateKey', {})).KeyMetadata!.Arn!;
  const request = {
    DomainName: 'own',
    AuthMode: 'IAM' as const,
    DefaultUserSettings: { ExecutionRole: studio.roleArn },
    VpcId: studio.VpcId,
    SubnetIds: studio.SubnetIds,
    KmsKeyId,
  };
  const actions = ['sagemaker:*', 'iam:*', 'elasticfilesystem:*'];
  const lacking = await studio.role('lacking', allow(...actions, 'kms:DescribeKey'));
  const denied = { name: 'AccessDeniedException', message: expect.stringContaining('kms:CreateGrant') };
  await expect(studio.sm('CreateDomain', request, lacking)).rejects.toMatchObject(denied);
  const user = await studio.role(
    'user',
    {
      ...allow('kms:CreateGrant', 'kms:DescribeKey'),
      Condition: via('sagemaker'),
    },
    allow(...actions),
  );
  const { DomainArn } = await studio.sm('CreateDomain', request, user);
  await studio.clock.pass(400_000);
  const DomainId = DomainArn!.split('/')[1];
  const { HomeEfsFileSystemId: FileSystemId, Status } = await studio.sm('DescribeDomain', { DomainId });
  expect(Status).toBe('InService');
  const { FileSystems } = await studio.efs('DescribeFileSystems', { FileSystemId });
  expect(FileSystems).toMatchObject([{ KmsKeyId, Encrypted: true }]);
  const other = { ...request, DomainName: 'other', KmsKeyId: `${KmsKeyId}0` };
  await expect(studio.sm('CreateDomain', other)).rejects.toMatchObject({ name: 'ValidationException' });
  studio.cloud.close();
});
