import { KMS } from '@aws-sdk/client-kms';
import * as SecretsManager from '@aws-sdk/client-secrets-manager';
import { kms } from '../../../../packages/local/src/services/kms/index.ts';
import { secretsManager } from '../../../../packages/local/src/services/secrets-manager/index.ts';
import { AuthorisedCloud, account } from '../authorised-cloud.ts';
import { type ServedCloud, serveCloud } from '../served-cloud.ts';

let served: ServedCloud;
let client: SecretsManager.SecretsManagerClient;

beforeEach(async () => {
  served = serveCloud([kms, secretsManager]);
  client = new SecretsManager.SecretsManagerClient(served.as(account));
});

afterEach(async () => {
  client.destroy();
  served.close();
});

const create = (Name: string, more: Partial<SecretsManager.CreateSecretCommandInput> = {}) =>
  client.send(new SecretsManager.CreateSecretCommand({ Name, SecretString: `value of ${Name}`, ...more }));
const put = (SecretId: string, more: Partial<SecretsManager.PutSecretValueCommandInput>) =>
  client.send(new SecretsManager.PutSecretValueCommand({ SecretId, ...more }));
const get = (SecretId: string, more: Partial<SecretsManager.GetSecretValueCommandInput> = {}) =>
  client.send(new SecretsManager.GetSecretValueCommand({ SecretId, ...more }));
const describeSecret = (SecretId: string) => client.send(new SecretsManager.DescribeSecretCommand({ SecretId }));
const remove = (SecretId: string, more: Partial<SecretsManager.DeleteSecretCommandInput> = {}) =>
  client.send(new SecretsManager.DeleteSecretCommand({ SecretId, ...more }));

const day = 86_400_000;

test('a secret is read by its name, by its ARN, and by its ARN without the end', async () => {
  const { ARN, VersionId } = await create('app/key');
  expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:111122223333:secret:app\/key-[a-z0-9]{6}$/);
  const value = {
    ARN,
    Name: 'app/key',
    VersionId,
    SecretString: 'value of app/key',
    VersionStages: ['AWSCURRENT'],
    CreatedDate: new Date('2026-11-21T06:24:00Z'),
  };
  for (const id of ['app/key', ARN!, ARN!.slice(0, -7)]) expect(await get(id)).toMatchObject(value);
  const missing = { name: 'ResourceNotFoundException', message: "Secrets Manager can't find the specified secret." };
  await expect(get('app')).rejects.toMatchObject(missing);
  await expect(get(ARN!.slice(0, -8))).rejects.toMatchObject(missing);
});

test('a binary secret stays binary', async () => {
  const SecretBinary = new Uint8Array([0, 255, 7]);
  await create('b', { SecretString: undefined, SecretBinary });
  expect((await get('b')).SecretBinary).toEqual(SecretBinary);
  await expect(create('c', { SecretBinary })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(create('c', { SecretString: 'x'.repeat(65_537) })).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      "1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to 65536",
  });
});

test('a new value becomes AWSCURRENT, and the current one AWSPREVIOUS', async () => {
  const first = await create('s', { SecretString: '1' });
  const second = await put('s', { SecretString: '2' });
  expect((await get('s')).SecretString).toBe('2');
  expect((await get('s', { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('1');
  expect((await get('s', { VersionId: first.VersionId })).SecretString).toBe('1');
  expect((await describeSecret('s')).VersionIdsToStages).toEqual({
    [first.VersionId!]: ['AWSPREVIOUS'],
    [second.VersionId!]: ['AWSCURRENT'],
  });
  await put('s', { SecretString: '3', VersionStages: ['mine'] });
  expect((await get('s')).SecretString).toBe('2');
  await client.send(new SecretsManager.UpdateSecretCommand({ SecretId: 's', SecretString: '4' }));
  const { Versions } = await client.send(new SecretsManager.ListSecretVersionIdsCommand({ SecretId: 's' }));
  expect(Versions!.map(({ VersionStages }) => VersionStages)).toEqual([['AWSPREVIOUS'], ['mine'], ['AWSCURRENT']]);
  const VersionId = '22222222-2222-2222-2222-222222222222';
  await expect(get('s', { VersionId })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Secrets Manager can't find the specified secret value for VersionId: ${VersionId}`,
  });
  await expect(get('s', { VersionStage: 'none' })).rejects.toMatchObject({
    message: "Secrets Manager can't find the specified secret value for staging label: none",
  });
});

test('a version may be put twice with the same value, but not with another', async () => {
  const ClientRequestToken = '11111111-1111-1111-1111-111111111111';
  const { ARN } = await create('s', { ClientRequestToken });
  expect(await create('s', { ClientRequestToken })).toMatchObject({ ARN, VersionId: ClientRequestToken });
  await expect(put('s', { SecretString: 'other', ClientRequestToken })).rejects.toMatchObject({
    name: 'ResourceExistsException',
    message: expect.stringContaining(`already in use for a version of secret ${ARN}`),
  });
  await expect(create('s')).rejects.toMatchObject({
    name: 'ResourceExistsException',
    message: 'The operation failed because the secret s already exists.',
  });
});

test('a secret may have no value at first', async () => {
  await create('s', { SecretString: undefined });
  await expect(get('s')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(put('s', {})).rejects.toMatchObject({ name: 'InvalidParameterException' });
  expect((await put('s', { SecretString: '1', VersionStages: ['mine'] })).VersionStages).toEqual([
    'mine',
    'AWSCURRENT',
  ]);
});

test('a deleted secret can be restored within its recovery window, and its name stays in use until then', async () => {
  await create('s');
  const { DeletionDate } = await remove('s', { RecoveryWindowInDays: 7 });
  expect(DeletionDate).toEqual(new Date('2026-11-28T06:24:00Z'));
  await expect(get('s')).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await expect(remove('s')).rejects.toMatchObject({ message: expect.stringContaining('already scheduled') });
  await expect(create('s')).rejects.toMatchObject({
    message: expect.stringContaining('already scheduled for deletion'),
  });
  expect((await describeSecret('s')).DeletedDate).toEqual(new Date('2026-11-21T06:24:00Z'));
  await client.send(new SecretsManager.RestoreSecretCommand({ SecretId: 's' }));
  await remove('s', { RecoveryWindowInDays: 30 });
  await served.clock.pass(7 * day);
  expect((await describeSecret('s')).Name).toBe('s');
  await served.clock.pass(23 * day);
  await expect(describeSecret('s')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await create('s');
});

test('a secret that is deleted without recovery no longer exists', async () => {
  await create('s');
  await expect(remove('s', { ForceDeleteWithoutRecovery: true, RecoveryWindowInDays: 7 })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  await expect(remove('s', { RecoveryWindowInDays: 6 })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await remove('s', { ForceDeleteWithoutRecovery: true });
  await expect(describeSecret('s')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect(await remove('never', { ForceDeleteWithoutRecovery: true })).toMatchObject({ Name: 'never' });
  await expect(remove('never')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('secrets are listed by page and by filter, without those that are being deleted', async () => {
  for (const name of ['app/a', 'app/b', 'other', 'gone']) {
    await create(name, { Description: `of ${name}`, Tags: [{ Key: 'team', Value: name }] });
    await served.clock.pass(1000);
  }
  await remove('gone');
  const list = async (more: Partial<SecretsManager.ListSecretsCommandInput> = {}) => {
    const { SecretList, NextToken } = await client.send(new SecretsManager.ListSecretsCommand(more));
    return { names: SecretList!.map(({ Name }) => Name), NextToken };
  };
  const { names, NextToken } = await list({ MaxResults: 2 });
  expect(names).toEqual(['app/a', 'app/b']);
  expect((await list({ NextToken })).names).toEqual(['other']);
  expect((await list({ IncludePlannedDeletion: true, SortOrder: 'desc' })).names).toEqual([
    ...['gone', 'other', 'app/b', 'app/a'],
  ]);
  expect((await list({ Filters: [{ Key: 'name', Values: ['app/', 'oth'] }] })).names).toHaveLength(3);
  expect((await list({ Filters: [{ Key: 'name', Values: ['!app/'] }] })).names).toEqual(['other']);
  expect((await list({ Filters: [{ Key: 'tag-value', Values: ['other'] }] })).names).toEqual(['other']);
  expect((await list({ Filters: [{ Key: 'all', Values: ['of app/b'] }] })).names).toEqual(['app/b']);
  await expect(list({ Filters: [{ Key: 'owning-service', Values: ['x'] }] })).rejects.toMatchObject({
    message: expect.stringContaining('not by owning-service'),
  });
  await expect(list({ NextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
});

test('the other properties of a secret can be changed', async () => {
  const keys = new KMS(served.as(account));
  const [first, second] = [await keys.createKey({}), await keys.createKey({})].map((made) => made.KeyMetadata?.KeyId);
  keys.destroy();
  await create('s', { Description: 'd', KmsKeyId: first, Tags: [{ Key: 'a', Value: '1' }] });
  await client.send(new SecretsManager.UpdateSecretCommand({ SecretId: 's', Description: 'e', KmsKeyId: second }));
  await client.send(new SecretsManager.TagResourceCommand({ SecretId: 's', Tags: [{ Key: 'b', Value: '2' }] }));
  await client.send(new SecretsManager.UntagResourceCommand({ SecretId: 's', TagKeys: ['a'] }));
  expect(await describeSecret('s')).toMatchObject({
    Description: 'e',
    KmsKeyId: second,
    Tags: [{ Key: 'b', Value: '2' }],
    VersionIdsToStages: { [(await get('s')).VersionId!]: ['AWSCURRENT'] },
  });
  const Tags = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: '' }));
  await expect(client.send(new SecretsManager.TagResourceCommand({ SecretId: 's', Tags }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test.each([
  [{ Name: 'a b' }, 'ValidationException'],
  [{ Name: 's', AddReplicaRegions: [{ Region: 'eu-west-1' }] }, 'InvalidParameterException'],
])('a secret with %j is refused', async (input, name) => {
  await expect(client.send(new SecretsManager.CreateSecretCommand(input))).rejects.toMatchObject({ name });
});

describe('a random password', () => {
  const random = async (input: SecretsManager.GetRandomPasswordCommandInput = {}) =>
    (await client.send(new SecretsManager.GetRandomPasswordCommand(input))).RandomPassword!;

  test('has 32 characters of four types, and is different each time', async () => {
    const passwords = await Promise.all(Array.from({ length: 20 }, () => random()));
    for (const password of passwords)
      expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^a-zA-Z\d\s])\S{32}$/);
    expect(new Set(passwords).size).toBe(20);
  });

  test('is the same in a run with the same seed', async () => {
    const again = serveCloud([secretsManager]);
    const other = new SecretsManager.SecretsManagerClient(again.as(account));
    const { RandomPassword } = await other.send(new SecretsManager.GetRandomPasswordCommand({}));
    other.destroy();
    await again.close();
    expect(await random()).toBe(RandomPassword);
  });

  test('has the requested characters', async () => {
    expect(await random({ PasswordLength: 100, ExcludePunctuation: true })).toMatch(/^[a-zA-Z0-9]{100}$/);
    const letters = { ExcludePunctuation: true, ExcludeNumbers: true, ExcludeUppercase: true };
    expect(await random({ ...letters, ExcludeCharacters: 'abcdefghijklmnopqrstuvw', IncludeSpace: true })).toMatch(
      /^(?=.* )(?=.*[xyz])[xyz ]{32}$/,
    );
    expect(await random({ PasswordLength: 1, RequireEachIncludedType: false })).toHaveLength(1);
    const refused = { name: 'InvalidParameterException' };
    await expect(random({ PasswordLength: 3 })).rejects.toMatchObject(refused);
    await expect(random({ PasswordLength: 4097 })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(random({ ...letters, ExcludeLowercase: true })).rejects.toMatchObject(refused);
  });
});

test('permissions for a secret use its ARN; for a new one, the pattern of its ARN', async () => {
  const cloud = new AuthorisedCloud([secretsManager]);
  const Resource = `arn:aws:secretsmanager:eu-west-1:${account}:secret:app/*`;
  const Action = ['secretsmanager:CreateSecret', 'secretsmanager:GetSecretValue'];
  const session = await cloud.role('app', { Effect: 'Allow', Action, Resource });
  const { ARN } = await cloud.call(secretsManager, 'CreateSecret', { Name: 'app/a', SecretString: '1' }, session);
  await cloud.call(secretsManager, 'CreateSecret', { Name: 'b', SecretString: '1' });
  for (const SecretId of ['app/a', ARN!]) {
    await expect(cloud.call(secretsManager, 'GetSecretValue', { SecretId }, session)).resolves.toBeDefined();
  }
  const denied = (action: string) => ({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`secretsmanager:${action}`),
  });
  await expect(cloud.call(secretsManager, 'GetSecretValue', { SecretId: 'b' }, session)).rejects.toMatchObject(
    denied('GetSecretValue'),
  );
  await expect(cloud.call(secretsManager, 'CreateSecret', { Name: 'c' }, session)).rejects.toMatchObject(
    denied('CreateSecret'),
  );
  const Tags = [{ Key: 'a', Value: '1' }];
  await expect(cloud.call(secretsManager, 'CreateSecret', { Name: 'app/c', Tags }, session)).rejects.toMatchObject(
    denied('TagResource'),
  );
  cloud.cloud.close();
});
