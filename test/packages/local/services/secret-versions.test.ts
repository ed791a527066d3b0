import * as SecretsManager from '@aws-sdk/client-secrets-manager';
import { secretsManager } from '../../../../packages/local/src/services/secrets-manager/index.ts';
import { account } from '../authorised-cloud.ts';
import { type ServedCloud, serveCloud } from '../served-cloud.ts';

let served: ServedCloud;
let client: SecretsManager.SecretsManagerClient;
/** The first version of the secret. */
let first: string;

beforeEach(async () => {
  served = serveCloud([secretsManager]);
  client = new SecretsManager.SecretsManagerClient(served.as(account));
  const created = await client.send(new SecretsManager.CreateSecretCommand({ Name: 's', SecretString: 'first' }));
  first = created.VersionId!;
});

afterEach(() => {
  client.destroy();
  served.close();
});

const SecretId = 's';
const put = async (SecretString: string) =>
  (await client.send(new SecretsManager.PutSecretValueCommand({ SecretId, SecretString }))).VersionId!;
const get = (more: Partial<SecretsManager.GetSecretValueCommandInput> = {}) =>
  client.send(new SecretsManager.GetSecretValueCommand({ SecretId, ...more }));
const stages = async () =>
  (await client.send(new SecretsManager.DescribeSecretCommand({ SecretId }))).VersionIdsToStages;
const allVersions = async () => {
  const command = new SecretsManager.ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true });
  return (await client.send(command)).Versions!;
};

test('a version and a staging label of another version are refused', async () => {
  await put('second');
  await expect(get({ VersionId: first, VersionStage: 'AWSCURRENT' })).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: 'You provided a VersionStage that is not associated to the provided VersionId.',
  });
  expect((await get({ VersionId: first, VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('first');
});

test('a version without a staging label is deprecated, and can still be read', async () => {
  const second = await put('second');
  const third = await put('third');
  expect(await get({ VersionId: first })).toMatchObject({ SecretString: 'first', VersionStages: [] });
  expect(await stages()).toEqual({ [second]: ['AWSPREVIOUS'], [third]: ['AWSCURRENT'] });
  expect(await allVersions()).toHaveLength(3);
});

test('of more than a hundred versions, deprecated ones are removed once they are a day old', async () => {
  for (let version = 2; version <= 102; version += 1) await put(String(version));
  expect((await get({ VersionId: first })).SecretString).toBe('first');
  await served.clock.pass(86_400_000);
  await put('newest');
  await expect(get({ VersionId: first })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect(await allVersions()).toHaveLength(100);
});

describe('a staging label', () => {
  const label = (more: Partial<SecretsManager.UpdateSecretVersionStageCommandInput>) =>
    client.send(new SecretsManager.UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'mine', ...more }));
  const refused = { name: 'InvalidParameterException' };

  test('is attached, moved and removed', async () => {
    const second = await put('second');
    await label({ MoveToVersionId: first });
    expect(await stages()).toEqual({ [first]: ['AWSPREVIOUS', 'mine'], [second]: ['AWSCURRENT'] });
    await label({ MoveToVersionId: second, RemoveFromVersionId: first });
    expect((await get({ VersionStage: 'mine' })).SecretString).toBe('second');
    await label({ RemoveFromVersionId: second });
    expect(await stages()).toEqual({ [first]: ['AWSPREVIOUS'], [second]: ['AWSCURRENT'] });
  });

  test('is moved only by a call that names the version that has it', async () => {
    const second = await put('second');
    await label({ MoveToVersionId: first });
    await expect(label({ MoveToVersionId: second })).rejects.toMatchObject(refused);
    await expect(label({ RemoveFromVersionId: second })).rejects.toMatchObject(refused);
    await expect(label({})).rejects.toMatchObject(refused);
    await expect(label({ MoveToVersionId: '2'.repeat(32) })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('AWSCURRENT is moved and never removed; the version that had it becomes AWSPREVIOUS', async () => {
    const second = await put('second');
    const current = { VersionStage: 'AWSCURRENT', RemoveFromVersionId: second };
    await expect(label(current)).rejects.toMatchObject(refused);
    await label({ ...current, MoveToVersionId: first });
    expect(await stages()).toEqual({ [first]: ['AWSCURRENT'], [second]: ['AWSPREVIOUS'] });
    expect((await get()).SecretString).toBe('first');
  });
});
