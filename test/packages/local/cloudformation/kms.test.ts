import type * as KMS from '@aws-sdk/client-kms';
import type { Input, OperationName } from '../../../../packages/local/src/service.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { kms } from '../../../../packages/local/src/services/kms/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { account, region, StackCloud } from '../stack-cloud.ts';

let cloud: StackCloud;

beforeEach(() => {
  cloud = new StackCloud(new Store(), [kms]);
});

afterEach(() => cloud.cloud.close());

const call = <Name extends OperationName<typeof KMS>>(operation: Name, input: Input<typeof KMS, Name>) =>
  cloud.invoke(kms, operation, input);
const KeyPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' }],
};
const template = (properties: object = {}, AliasName = 'alias/own') => ({
  Resources: {
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy, ...properties } },
    Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName, TargetKeyId: { Ref: 'Key' } } },
  },
  Outputs: {
    Id: { Value: { Ref: 'Key' } },
    Arn: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] } },
    KeyId: { Value: { 'Fn::GetAtt': ['Key', 'KeyId'] } },
    Alias: { Value: { Ref: 'Alias' } },
  },
});
const outputs = async () => {
  const { Outputs = [] } = await cloud.stack('keys');
  return Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
};

test('a key and its alias are created as declared, change in place, and are deleted after the pending window', async () => {
  const Tags = [{ Key: 'team', Value: 'red' }];
  const first = { Description: 'one', EnableKeyRotation: true, RotationPeriodInDays: 180, Tags };
  expect((await cloud.create('keys', template(first))).StackStatus).toBe('CREATE_COMPLETE');
  const { Id: KeyId, Arn, ...others } = await outputs();
  expect(Arn).toBe(`arn:aws:kms:${region}:${account}:key/${KeyId}`);
  expect(others).toEqual({ KeyId, Alias: 'alias/own' });
  const rotation = { KeyRotationEnabled: true, RotationPeriodInDays: 180 };
  expect(await call('GetKeyRotationStatus', { KeyId })).toMatchObject(rotation);

  const second = { Description: 'two', Enabled: false, PendingWindowInDays: 7, Tags: [{ Key: 'team', Value: 'blue' }] };
  expect((await cloud.update('keys', template(second, 'alias/other'))).StackStatus).toBe('UPDATE_COMPLETE');
  expect(await outputs()).toEqual({ Id: KeyId, Arn, KeyId, Alias: 'alias/other' });
  expect((await call('DescribeKey', { KeyId })).KeyMetadata).toMatchObject({
    Description: 'two',
    KeyState: 'Disabled',
  });
  expect((await call('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled).toBe(false);
  expect((await call('ListResourceTags', { KeyId })).Tags).toEqual([{ TagKey: 'team', TagValue: 'blue' }]);
  expect((await call('ListAliases', { KeyId })).Aliases).toMatchObject([{ AliasName: 'alias/other' }]);

  await cloud.update('keys', template({ ...second, Enabled: true, EnableKeyRotation: true }, 'alias/other'));
  expect((await call('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled).toBe(true);
  expect((await cloud.delete('keys')).StackStatus).toBe('DELETE_COMPLETE');
  expect((await call('DescribeKey', { KeyId })).KeyMetadata).toMatchObject({ KeyState: 'PendingDeletion' });
  await cloud.clock.pass(8 * 86_400_000);
  await expect(call('DescribeKey', { KeyId })).rejects.toMatchObject({ name: 'NotFoundException' });
});

test('a change of what a key keeps for its life fails, and the key stays', async () => {
  await cloud.create('keys', template());
  const { Id: KeyId } = await outputs();
  const changed = await cloud.update('keys', template({ MultiRegion: true }));
  expect(changed.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await cloud.history('keys')).join('\n')).toContain('the property MultiRegion of an existing KMS key');
  expect(await outputs()).toMatchObject({ Id: KeyId });
  expect((await call('DescribeKey', { KeyId })).KeyMetadata).toMatchObject({ KeyState: 'Enabled' });
});

test('a key policy that locks its author out is refused with KMS’s reason', async () => {
  const [statement] = KeyPolicy.Statement;
  const closed = { ...KeyPolicy, Statement: [{ ...statement, Action: 'kms:Decrypt' }] };
  expect((await cloud.create('keys', template({ KeyPolicy: closed }))).StackStatus).toBe('ROLLBACK_COMPLETE');
  expect((await cloud.history('keys')).join('\n')).toContain(
    'The new key policy will not allow you to update the key policy in the future.',
  );
});

test('a role needs the permissions of the type’s handlers, by the properties that are given', async () => {
  const trust = { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  const RoleName = 'stacks';
  const { Role } = await cloud.invoke(iam, 'CreateRole', { RoleName, AssumeRolePolicyDocument });
  const Action = [
    'kms:CreateKey',
    'kms:DescribeKey',
    'kms:GetKeyPolicy',
    'kms:GetKeyRotationStatus',
    'kms:PutKeyPolicy',
  ];
  const allowed = [...Action, 'kms:ListResourceTags', 'kms:ScheduleKeyDeletion'];
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: allowed, Resource: '*' }],
  });
  await cloud.invoke(iam, 'PutRolePolicy', { RoleName, PolicyName: 'own', PolicyDocument });
  const alone = (properties: object) => ({ Resources: { Key: template(properties).Resources.Key } });
  const RoleARN = Role!.Arn!;
  expect((await cloud.create('plain', alone({}), { RoleARN })).StackStatus).toBe('CREATE_COMPLETE');
  const rotated = await cloud.create('rotated', alone({ EnableKeyRotation: true }), { RoleARN });
  expect(rotated.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect((await cloud.history('rotated')).join('\n')).toContain('is not authorized to perform: kms:EnableKeyRotation');
});

test('a key and an alias that exist are imported', async () => {
  const { KeyMetadata } = await call('CreateKey', {});
  const { KeyId = '' } = KeyMetadata!;
  await call('CreateAlias', { AliasName: 'alias/own', TargetKeyId: KeyId });
  const { Key, Alias } = template().Resources;
  const kept = { DeletionPolicy: 'Retain' };
  const Properties = { ...Alias.Properties, TargetKeyId: KeyId };
  const TemplateBody = JSON.stringify({
    Resources: { Key: { ...Key, ...kept }, Alias: { ...Alias, ...kept, Properties } },
  });
  const StackName = 'keys';
  await cloud.call('CreateChangeSet', {
    ...{ StackName, ChangeSetName: 'import', ChangeSetType: 'IMPORT', TemplateBody },
    ResourcesToImport: [
      { ResourceType: 'AWS::KMS::Key', LogicalResourceId: 'Key', ResourceIdentifier: { KeyId } },
      { ResourceType: 'AWS::KMS::Alias', LogicalResourceId: 'Alias', ResourceIdentifier: { AliasName: 'alias/own' } },
    ],
  });
  await cloud.when(async () => {
    const { Status } = await cloud.call('DescribeChangeSet', { StackName, ChangeSetName: 'import' });
    return Status === 'CREATE_COMPLETE' || undefined;
  });
  await cloud.call('ExecuteChangeSet', { StackName, ChangeSetName: 'import' });
  expect((await cloud.ended(StackName)).StackStatus).toBe('IMPORT_COMPLETE');
});
