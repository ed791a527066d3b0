import type * as KMS from '@aws-sdk/client-kms';
import { accountPrincipal, type Principal, servicePrincipal } from '../../../../packages/local/src/principal.ts';
import { kms } from '../../../../packages/local/src/services/kms/index.ts';
import { AuthorisedCloud, account, policyOf, root } from '../authorised-cloud.ts';

const region = 'eu-west-1';
let cloud: AuthorisedCloud;

beforeEach(() => {
  cloud = new AuthorisedCloud([kms]);
});

afterEach(() => cloud.cloud.close());

const rootStatement = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' };
const allow = (...Action: string[]) => ({ Effect: 'Allow', Action, Resource: '*' });
const keyWith = async (...statements: object[]) => {
  const Policy = policyOf(...statements);
  return (await cloud.call(kms, 'CreateKey', { Policy, BypassPolicyLockoutSafetyCheck: true })).KeyMetadata!.Arn!;
};
const dataKey = (KeyId: string, principal: Principal, more: Partial<KMS.GenerateDataKeyRequest> = {}, via?: string) =>
  cloud.cloud.invoke(kms, 'GenerateDataKey', { KeyId, KeySpec: 'AES_256', ...more }, { principal, region, via });
const denied = (message: string) => ({ name: 'AccessDeniedException', message: expect.stringContaining(message) });

test('policies of IAM count only where the key policy gives the account the permission', async () => {
  const role = await cloud.role('ada', allow('kms:GenerateDataKey'));
  const open = await keyWith(rootStatement);
  await dataKey(open, role);
  const closed = await keyWith({ ...rootStatement, Action: 'kms:Describe*' });
  const why = 'because no resource-based policy allows the kms:GenerateDataKey action';
  await expect(dataKey(closed, role)).rejects.toMatchObject(denied(`on resource: ${closed} ${why}`));
  await expect(dataKey(closed, root)).rejects.toMatchObject(denied(why));
  const bare = await cloud.role('bare');
  const identity = 'because no identity-based policy allows the kms:GenerateDataKey action';
  await expect(dataKey(open, bare)).rejects.toMatchObject(denied(identity));
});

test('a role that the key policy names needs no policy of its own', async () => {
  const bare = await cloud.role('bare');
  const Principal = { AWS: `arn:aws:iam::${account}:role/bare` };
  const key = await keyWith(rootStatement, { ...rootStatement, Principal, Action: 'kms:GenerateDataKey' });
  await dataKey(key, bare);
  const described = cloud.call(kms, 'DescribeKey', { KeyId: key }, bare);
  await expect(described).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('another account needs the key policy and its own', async () => {
  const other = accountPrincipal('444455556666');
  const closed = await keyWith(rootStatement);
  await expect(dataKey(closed, other)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  const open = await keyWith(rootStatement, { ...rootStatement, Principal: { AWS: '444455556666' } });
  await dataKey(open, other);
  const only = { ...rootStatement, Principal: '*', Condition: { StringEquals: { 'kms:CallerAccount': account } } };
  await expect(dataKey(await keyWith(only), other)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('a condition on kms:ViaService holds for calls of that service alone', async () => {
  const role = await cloud.role('ada', allow('kms:*'));
  const Condition = { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } };
  const key = await keyWith({ ...rootStatement, Condition });
  await dataKey(key, role, {}, `s3.${region}.amazonaws.com`);
  await expect(dataKey(key, role, {}, `sns.${region}.amazonaws.com`)).rejects.toMatchObject(denied('resource-based'));
  await expect(dataKey(key, role)).rejects.toMatchObject(denied('resource-based'));
});

test('a condition on the encryption context holds for its pairs', async () => {
  const Condition = { StringEquals: { 'kms:EncryptionContext:team': 'red' } };
  const key = await keyWith({ ...rootStatement, Condition });
  await dataKey(key, root, { EncryptionContext: { team: 'red', more: '1' } });
  await expect(dataKey(key, root, { EncryptionContext: { team: 'blue' } })).rejects.toMatchObject(denied('kms'));
  await expect(dataKey(key, root)).rejects.toMatchObject(denied('kms'));
});

test('a service of AWS’s needs the key policy as well', async () => {
  const service = servicePrincipal(`logs.${region}.amazonaws.com`, account);
  const closed = await keyWith(rootStatement);
  const message = `User: logs.${region}.amazonaws.com is not authorized to perform: kms:GenerateDataKey on resource: ${closed}`;
  await expect(dataKey(closed, service)).rejects.toMatchObject(denied(message));
  const Principal = { Service: `logs.${region}.amazonaws.com` };
  await dataKey(await keyWith(rootStatement, { ...rootStatement, Principal, Action: 'kms:Generate*' }), service);
});

test('an explicit deny in the key policy wins over all else', async () => {
  const role = await cloud.role('ada', allow('kms:*'));
  const key = await keyWith(rootStatement, { ...rootStatement, Effect: 'Deny', Action: 'kms:GenerateDataKey' });
  await expect(dataKey(key, role)).rejects.toMatchObject(denied('with an explicit deny in a resource-based policy'));
  await expect(dataKey(key, root)).rejects.toMatchObject(denied('with an explicit deny in a resource-based policy'));
});

describe('a grant', () => {
  const grant = async (KeyId: string, more: Partial<KMS.CreateGrantRequest> = {}) => {
    const GranteePrincipal = `arn:aws:iam::${account}:role/bare`;
    return cloud.call(kms, 'CreateGrant', { KeyId, GranteePrincipal, Operations: ['GenerateDataKey'], ...more });
  };

  test('lets its grantee do what it names, until it is revoked', async () => {
    const bare = await cloud.role('bare');
    const KeyId = await keyWith(rootStatement);
    const { GrantId } = await grant(KeyId);
    await dataKey(KeyId, bare);
    await expect(cloud.call(kms, 'DescribeKey', { KeyId }, bare)).rejects.toMatchObject(denied('kms:DescribeKey'));
    expect((await cloud.call(kms, 'ListGrants', { KeyId })).Grants).toMatchObject([
      { GrantId, KeyId, Operations: ['GenerateDataKey'], GranteePrincipal: `arn:aws:iam::${account}:role/bare` },
    ]);
    await cloud.call(kms, 'RevokeGrant', { KeyId, GrantId });
    await expect(dataKey(KeyId, bare)).rejects.toMatchObject(denied('kms:GenerateDataKey'));
  });

  test('is good for its encryption context only, where it has one', async () => {
    const bare = await cloud.role('bare');
    const KeyId = await keyWith(rootStatement);
    await grant(KeyId, { Constraints: { EncryptionContextSubset: { team: 'red' } } });
    await dataKey(KeyId, bare, { EncryptionContext: { team: 'red', more: '1' } });
    await expect(dataKey(KeyId, bare)).rejects.toMatchObject(denied('kms:GenerateDataKey'));
  });

  test('under the same name is the same, and is retired by its principal without a policy', async () => {
    const bare = await cloud.role('bare');
    const KeyId = await keyWith(rootStatement);
    const more = { Name: 'one', RetiringPrincipal: bare.arn };
    const first = await grant(KeyId, more);
    expect(await grant(KeyId, more)).toEqual(first);
    await cloud.call(kms, 'RetireGrant', { GrantToken: first.GrantToken }, bare);
    expect((await cloud.call(kms, 'ListGrants', { KeyId })).Grants).toEqual([]);
  });

  test('that only services may make is refused to others', async () => {
    const role = await cloud.role('ada', {
      ...allow('kms:CreateGrant'),
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    });
    const KeyId = await keyWith(rootStatement);
    const input = { KeyId, GranteePrincipal: role.arn, Operations: ['Decrypt' as const] };
    await expect(cloud.call(kms, 'CreateGrant', input, role)).rejects.toMatchObject(denied('kms:CreateGrant'));
    const via = `sagemaker.${region}.amazonaws.com`;
    await cloud.cloud.invoke(kms, 'CreateGrant', input, { principal: role, region, via });
  });
});

test('an alias needs a right on itself and on its key', async () => {
  const key = await keyWith(rootStatement);
  const alias = `arn:aws:kms:${region}:${account}:alias/own`;
  const input = { AliasName: 'alias/own', TargetKeyId: key };
  const onKey = await cloud.role('key', { ...allow('kms:CreateAlias'), Resource: key });
  await expect(cloud.call(kms, 'CreateAlias', input, onKey)).rejects.toMatchObject(denied(`on resource: ${alias}`));
  const onAlias = await cloud.role('alias', { ...allow('kms:CreateAlias'), Resource: alias });
  await expect(cloud.call(kms, 'CreateAlias', input, onAlias)).rejects.toMatchObject(denied(`on resource: ${key}`));
  await cloud.call(kms, 'CreateAlias', input, await cloud.role('both', allow('kms:CreateAlias')));
});

test('policies see the tags of a key and the alias by which it is asked for', async () => {
  const key = (await cloud.call(kms, 'CreateKey', { Tags: [{ TagKey: 'team', TagValue: 'red' }] })).KeyMetadata!.Arn!;
  await cloud.call(kms, 'CreateAlias', { AliasName: 'alias/own', TargetKeyId: key });
  const where = (name: string, Condition: object) => cloud.role(name, { ...allow('kms:*'), Condition });
  await dataKey(key, await where('red', { StringEquals: { 'aws:ResourceTag/team': 'red' } }));
  const blue = await where('blue', { StringEquals: { 'aws:ResourceTag/team': 'blue' } });
  await expect(dataKey(key, blue)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  const named = await where('named', { StringEquals: { 'kms:RequestAlias': 'alias/own' } });
  await dataKey('alias/own', named);
  await expect(dataKey(key, named)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
