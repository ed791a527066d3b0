import type * as KMS from '@aws-sdk/client-kms';
import type { Input, OperationName, Output } from '../../../../packages/local/src/service.ts';
import { kms } from '../../../../packages/local/src/services/kms/index.ts';
import { AuthorisedCloud, account, policyOf } from '../authorised-cloud.ts';

let cloud: AuthorisedCloud;

beforeEach(() => {
  cloud = new AuthorisedCloud([kms]);
});

afterEach(() => cloud.cloud.close());

const day = 86_400_000;
const call = <Name extends OperationName<typeof KMS>>(
  operation: Name,
  input: Input<typeof KMS, Name>,
): Promise<Output<typeof KMS, Name>> => cloud.call(kms, operation, input);
const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (all: Uint8Array | undefined) => new TextDecoder().decode(all);
const create = async (input: KMS.CreateKeyCommandInput = {}) => (await call('CreateKey', input)).KeyMetadata!;
const describeKey = async (KeyId: string) => (await call('DescribeKey', { KeyId })).KeyMetadata!;

test('a key is described by its id, its ARN, an alias and the ARN of the alias', async () => {
  const made = await create({ Description: 'of the team', Tags: [{ TagKey: 'team', TagValue: 'red' }] });
  expect(made).toMatchObject({
    AWSAccountId: account,
    Arn: `arn:aws:kms:eu-west-1:${account}:key/${made.KeyId}`,
    KeyState: 'Enabled',
    KeyManager: 'CUSTOMER',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    MultiRegion: false,
    Description: 'of the team',
  });
  await call('CreateAlias', { AliasName: 'alias/own', TargetKeyId: made.Arn });
  const names = [made.KeyId!, made.Arn!, 'alias/own', `arn:aws:kms:eu-west-1:${account}:alias/own`];
  for (const name of names) expect(await describeKey(name)).toEqual(made);
  expect((await call('ListResourceTags', { KeyId: made.KeyId })).Tags).toEqual([{ TagKey: 'team', TagValue: 'red' }]);
  expect((await create({ MultiRegion: true })).KeyId).toMatch(/^mrk-[0-9a-f]{32}$/);
});

test('what does not exist is not found, by the name that it would have', async () => {
  const arn = `arn:aws:kms:eu-west-1:${account}:key/none`;
  const message = `Key '${arn}' does not exist`;
  await expect(describeKey('none')).rejects.toMatchObject({ name: 'NotFoundException', message });
  const alias = `Alias arn:aws:kms:eu-west-1:${account}:alias/none is not found.`;
  await expect(describeKey('alias/none')).rejects.toMatchObject({ name: 'NotFoundException', message: alias });
  await call('CreateAlias', { AliasName: 'alias/own', TargetKeyId: (await create()).KeyId });
  // Operations that change a key take no alias.
  const enabled = call('EnableKey', { KeyId: 'alias/own' });
  await expect(enabled).rejects.toMatchObject({ name: 'NotFoundException' });
});

test('what is encrypted is decrypted with the same encryption context only, also after rotations', async () => {
  const { KeyId, Arn } = await create();
  const EncryptionContext = { purpose: 'test', team: 'red' };
  const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext: bytes('secret'), EncryptionContext });
  await call('RotateKeyOnDemand', { KeyId });
  await call('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
  await cloud.clock.pass(91 * day);
  const { Plaintext, KeyId: used } = await call('Decrypt', {
    CiphertextBlob,
    EncryptionContext: { team: 'red', purpose: 'test' },
  });
  expect([textOf(Plaintext), used]).toEqual(['secret', Arn]);
  const other = call('Decrypt', { CiphertextBlob, EncryptionContext: { purpose: 'test' } });
  await expect(other).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  const rotations = await call('ListKeyRotations', { KeyId });
  expect(rotations.Rotations!.map(({ RotationType }) => RotationType)).toEqual(['ON_DEMAND', 'AUTOMATIC']);
  expect(await call('GetKeyRotationStatus', { KeyId })).toMatchObject({
    KeyRotationEnabled: true,
    RotationPeriodInDays: 90,
    NextRotationDate: new Date(Date.parse('2026-11-21T06:24:00Z') + 180 * day),
  });
  await call('DisableKeyRotation', { KeyId });
  expect((await call('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled).toBe(false);
  expect((await call('ListKeyRotations', { KeyId })).Rotations).toHaveLength(2);
});

test('a data key comes in the clear and encrypted, and is encrypted again with another key', async () => {
  const [first, second] = [await create(), await create()];
  const { Plaintext, CiphertextBlob } = await call('GenerateDataKey', { KeyId: first.KeyId, KeySpec: 'AES_256' });
  expect(Plaintext).toHaveLength(32);
  const again = await call('ReEncrypt', { CiphertextBlob, DestinationKeyId: second.Arn });
  expect(again).toMatchObject({ SourceKeyId: first.Arn, KeyId: second.Arn });
  expect((await call('Decrypt', { CiphertextBlob: again.CiphertextBlob })).Plaintext).toEqual(Plaintext);
  const wrong = call('Decrypt', { CiphertextBlob, KeyId: second.KeyId });
  await expect(wrong).rejects.toMatchObject({ name: 'IncorrectKeyException' });
  const encrypted = await call('GenerateDataKeyWithoutPlaintext', { KeyId: first.KeyId, NumberOfBytes: 5 });
  expect(Object.keys(encrypted).sort()).toEqual(['CiphertextBlob', 'KeyId']);
  expect((await call('Decrypt', encrypted)).Plaintext).toHaveLength(5);
});

test('a key that is disabled, or waits for its deletion, is not used; once deleted, it is gone with its aliases', async () => {
  const { KeyId, Arn } = await create();
  await call('CreateAlias', { AliasName: 'alias/own', TargetKeyId: KeyId });
  const encrypt = () => call('Encrypt', { KeyId: 'alias/own', Plaintext: bytes('x') });
  await call('DisableKey', { KeyId });
  await expect(encrypt()).rejects.toMatchObject({ name: 'DisabledException', message: `${Arn} is disabled.` });
  await call('EnableKey', { KeyId });
  await encrypt();
  expect(await call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })).toMatchObject({
    KeyState: 'PendingDeletion',
    DeletionDate: new Date(Date.parse('2026-11-21T06:24:00Z') + 7 * day),
  });
  const pending = { name: 'KMSInvalidStateException', message: `${Arn} is pending deletion.` };
  await expect(encrypt()).rejects.toMatchObject(pending);
  await expect(call('EnableKey', { KeyId })).rejects.toMatchObject(pending);
  await call('CancelKeyDeletion', { KeyId });
  expect((await describeKey(KeyId!)).KeyState).toBe('Disabled');
  await call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
  await cloud.clock.pass(8 * day);
  await expect(describeKey(KeyId!)).rejects.toMatchObject({ name: 'NotFoundException' });
  await expect(describeKey('alias/own')).rejects.toMatchObject({ name: 'NotFoundException' });
  expect((await call('ListKeys', {})).Keys).toEqual([]);
});

test('an alias is moved to another key, is free again once deleted, and never begins with aws', async () => {
  const [first, second] = [await create(), await create()];
  const AliasName = 'alias/own';
  await call('CreateAlias', { AliasName, TargetKeyId: first.KeyId });
  const twice = call('CreateAlias', { AliasName, TargetKeyId: second.KeyId });
  await expect(twice).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  await call('UpdateAlias', { AliasName, TargetKeyId: second.KeyId });
  const listed = await call('ListAliases', { KeyId: second.KeyId });
  expect(listed.Aliases).toMatchObject([{ AliasName, TargetKeyId: second.KeyId }]);
  await call('DeleteAlias', { AliasName });
  expect((await call('ListAliases', { KeyId: second.KeyId })).Aliases).toEqual([]);
  await expect(call('DeleteAlias', { AliasName })).rejects.toMatchObject({ name: 'NotFoundException' });
  const reserved = call('CreateAlias', { AliasName: 'alias/aws/own', TargetKeyId: first.KeyId });
  await expect(reserved).rejects.toMatchObject({ name: 'InvalidAliasNameException' });
});

test('AWS’s own keys are there without being made, and no caller changes them', async () => {
  const { KeyManager, KeyId, Arn } = await describeKey('alias/aws/s3');
  expect(KeyManager).toBe('AWS');
  expect((await describeKey('alias/aws/s3')).KeyId).toBe(KeyId);
  for (const change of [call('DisableKey', { KeyId }), call('ScheduleKeyDeletion', { KeyId })]) {
    await expect(change).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(Arn!),
    });
  }
  const { Aliases = [] } = await call('ListAliases', {});
  expect(Aliases.filter(({ TargetKeyId }) => TargetKeyId).map(({ AliasName }) => AliasName)).toEqual(['alias/aws/s3']);
  expect(Aliases.map(({ AliasName }) => AliasName)).toContain('alias/aws/secretsmanager');
});

test('a key policy that would lock its author out is refused, unless that is meant', async () => {
  const other = {
    Effect: 'Allow',
    Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
    Action: 'kms:*',
    Resource: '*',
  };
  const Policy = policyOf(other);
  const message = 'The new key policy will not allow you to update the key policy in the future.';
  const refused = { name: 'MalformedPolicyDocumentException', message };
  await expect(create({ Policy })).rejects.toMatchObject(refused);
  const { KeyId } = await create();
  await expect(call('PutKeyPolicy', { KeyId, Policy })).rejects.toMatchObject(refused);
  await call('PutKeyPolicy', { KeyId, Policy, BypassPolicyLockoutSafetyCheck: true });
  const denied = { name: 'AccessDeniedException' };
  await expect(call('PutKeyPolicy', { KeyId, Policy })).rejects.toMatchObject(denied);
  await expect(call('GetKeyPolicy', { KeyId })).rejects.toMatchObject(denied);
  const missing = { ...other, Principal: { AWS: `arn:aws:iam::${account}:role/none` } };
  await expect(create({ Policy: policyOf(missing) })).rejects.toMatchObject({
    message: 'Policy contains a statement with one or more invalid principals.',
  });
});

test('lists come in pages', async () => {
  const made = await Promise.all(['1', '2', '3'].map(() => create()));
  const first = await call('ListKeys', { Limit: 2 });
  expect(first).toMatchObject({ Truncated: true });
  const second = await call('ListKeys', { Limit: 2, Marker: first.NextMarker });
  expect(second.Truncated).toBe(false);
  const listed = [...first.Keys!, ...second.Keys!].map(({ KeyArn }) => KeyArn);
  expect(listed.sort()).toEqual(made.map(({ Arn }) => Arn).sort());
  await expect(call('ListKeys', { Marker: 'x' })).rejects.toMatchObject({ name: 'InvalidMarkerException' });
});
