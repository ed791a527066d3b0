import { accountPrincipal, type Principal } from '../../../../packages/local/src/principal.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { kms } from '../../../../packages/local/src/services/kms/index.ts';
import { roleSession } from '../role-session.ts';
import { account, functionArn, region, roleArn, SfnCloud } from '../sfn-cloud.ts';

let cloud: SfnCloud;

beforeEach(async () => {
  cloud = new SfnCloud();
  await cloud.role();
});

afterEach(() => {
  cloud.cloud.close();
});

const done = { Done: { Type: 'Succeed' } };
const definition = JSON.stringify({ StartAt: 'Done', States: done });
const arnOf = (name: string) => `arn:aws:states:${region}:${account}:stateMachine:${name}`;

describe('a state machine', () => {
  test('is described, listed by name and changed', async () => {
    for (const name of ['b', 'a', 'c']) await cloud.machine(done, {}, name);
    const first = await cloud.call('ListStateMachines', { maxResults: 2 });
    expect(first.stateMachines!.map(({ name }) => name)).toEqual(['a', 'b']);
    const second = await cloud.call('ListStateMachines', { nextToken: first.nextToken });
    expect(second.stateMachines).toMatchObject([{ name: 'c', stateMachineArn: arnOf('c'), type: 'STANDARD' }]);
    const stateMachineArn = arnOf('a');
    const described = await cloud.call('DescribeStateMachine', { stateMachineArn });
    expect(described).toMatchObject({
      name: 'a',
      definition,
      roleArn,
      status: 'ACTIVE',
      loggingConfiguration: { level: 'OFF' },
      encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
    });
    const { revisionId } = await cloud.call('UpdateStateMachine', {
      stateMachineArn,
      roleArn,
      tracingConfiguration: { enabled: true },
    });
    expect(await cloud.call('DescribeStateMachine', { stateMachineArn })).toMatchObject({
      revisionId,
      definition,
      tracingConfiguration: { enabled: true },
    });
    await expect(cloud.call('UpdateStateMachine', { stateMachineArn })).rejects.toMatchObject({
      name: 'MissingRequiredParameter',
    });
  });

  test('may be created again if it is the same', async () => {
    const { creationDate } = await cloud.call('CreateStateMachine', { name: 'm', definition, roleArn });
    await cloud.clock.pass(1000);
    expect((await cloud.call('CreateStateMachine', { name: 'm', definition, roleArn })).creationDate).toEqual(
      creationDate,
    );
    const other = definition.replaceAll('Done', 'Other');
    await expect(cloud.call('CreateStateMachine', { name: 'm', definition: other, roleArn })).rejects.toMatchObject({
      name: 'StateMachineAlreadyExists',
    });
  });

  test('is deleted once its last execution has ended, with its executions', async () => {
    const stateMachineArn = await cloud.machine({ Wait: { Type: 'Wait', Seconds: 10, End: true } });
    const executionArn = await cloud.start(stateMachineArn);
    await cloud.call('DeleteStateMachine', { stateMachineArn });
    expect(await cloud.call('DescribeStateMachine', { stateMachineArn })).toMatchObject({ status: 'DELETING' });
    const deleting = { name: 'StateMachineDeleting' };
    await expect(cloud.start(stateMachineArn)).rejects.toMatchObject(deleting);
    await expect(cloud.call('UpdateStateMachine', { stateMachineArn, roleArn })).rejects.toMatchObject(deleting);
    await expect(cloud.machine({ Wait: { Type: 'Wait', Seconds: 10, End: true } })).rejects.toMatchObject(deleting);
    await cloud.clock.pass(10_000);
    await cloud.settle();
    await expect(cloud.call('DescribeStateMachine', { stateMachineArn })).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
    });
    await expect(cloud.call('DescribeExecution', { executionArn })).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
    });
    await expect(cloud.call('DeleteStateMachine', { stateMachineArn })).resolves.toEqual({});
    await expect(cloud.call('DeleteStateMachine', { stateMachineArn: 'x' })).rejects.toMatchObject({
      name: 'InvalidArn',
    });
  });

  test('has tags, up to fifty', async () => {
    const tags = [{ key: 'a', value: '1' }];
    await cloud.call('CreateStateMachine', { name: 'm', definition, roleArn, tags });
    const resourceArn = arnOf('m');
    await cloud.call('TagResource', { resourceArn, tags: [{ key: 'b', value: '2' }] });
    await cloud.call('UntagResource', { resourceArn, tagKeys: ['a'] });
    expect((await cloud.call('ListTagsForResource', { resourceArn })).tags).toEqual([{ key: 'b', value: '2' }]);
    const many = Array.from({ length: 50 }, (_, i) => ({ key: `k${i}`, value: '' }));
    await expect(cloud.call('TagResource', { resourceArn, tags: many })).rejects.toMatchObject({ name: 'TooManyTags' });
    await expect(cloud.call('TagResource', { resourceArn: arnOf('n'), tags })).rejects.toMatchObject({
      name: 'ResourceNotFound',
    });
  });

  test.each([
    [{ name: 'a b' }, 'InvalidName', "Invalid Name: 'a b'"],
    [{ name: 'x'.repeat(81) }, 'ValidationException', 'Member must have length less than or equal to 80'],
    [{ type: 'EXPRESS' as const }, 'StateMachineTypeNotSupported', 'STANDARD'],
    [{ roleArn: 'role' }, 'InvalidArn', "Invalid Arn: 'role'"],
    [{ roleArn: `${roleArn}x` }, 'AccessDeniedException', 'authorized to assume the provided role'],
    [
      { encryptionConfiguration: { type: 'CUSTOMER_MANAGED_KMS_KEY' as const } },
      'InvalidEncryptionConfiguration',
      'kmsKeyId',
    ],
    [
      { encryptionConfiguration: { type: 'AWS_OWNED_KEY' as const, kmsKeyId: 'k' } },
      'InvalidEncryptionConfiguration',
      'CUSTOMER_MANAGED',
    ],
  ])('%j is refused: %s', async (more, name, text) => {
    const creation = cloud.call('CreateStateMachine', { name: 'm', definition, roleArn, ...more });
    await expect(creation).rejects.toMatchObject({ name, message: expect.stringContaining(text) });
  });
});

describe('a definition', () => {
  const wait = { Type: 'Wait', Seconds: 1, End: true };
  const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: {}, End: true };

  test.each([
    ['{', 'INVALID_JSON_DESCRIPTION'],
    ['[]', 'INVALID_JSON_DESCRIPTION: Expected value of type Object'],
    [
      { QueryLanguage: 'JSONata', StartAt: 'W', States: { W: wait } },
      'evaluates JSONPath only, which the state machine',
    ],
    [
      { StartAt: 'W', States: { W: { ...wait, QueryLanguage: 'JSONata' } } },
      'evaluates JSONPath only, which W does not use',
    ],
    [{ StartAt: 'X', States: { W: wait } }, 'SCHEMA_VALIDATION_FAILED'],
    [{ StartAt: 'W', States: { W: { ...wait, Next: 'Nowhere', End: undefined } } }, 'SCHEMA_VALIDATION_FAILED'],
    [{ StartAt: 'W' }, 'SCHEMA_VALIDATION_FAILED'],
    [{ StartAt: 'W', States: { W: { ...wait, Sconds: 1 } } }, 'SCHEMA_VALIDATION_FAILED'],
    [
      {
        StartAt: 'P',
        States: { P: { Type: 'Parallel', Branches: [{ StartAt: 'W', States: { W: wait } }], End: true } },
      },
      'runs Task, Wait, Choice, Pass, Succeed, Fail states, not Parallel (at /States/P)',
    ],
    [
      { StartAt: 'T', States: { T: { ...task, Resource: 'arn:aws:states:::sqs:sendMessage' } } },
      'not arn:aws:states:::sqs:sendMessage (at /States/T/Resource)',
    ],
    [
      { StartAt: 'T', States: { T: { ...task, Resource: `${task.Resource}.waitForTaskToken` } } },
      'UNSUPPORTED_RESOURCE',
    ],
  ])('%j is refused: %s', async (given, text) => {
    const definition = typeof given === 'string' ? given : JSON.stringify(given);
    const creation = cloud.call('CreateStateMachine', { name: 'm', definition, roleArn });
    await expect(creation).rejects.toMatchObject({ name: 'InvalidDefinition', message: expect.stringContaining(text) });
    const { result, diagnostics } = await cloud.call('ValidateStateMachineDefinition', { definition });
    expect([result, diagnostics!.length]).toEqual(['FAIL', 1]);
    expect(`${diagnostics![0]!.code}: ${diagnostics![0]!.message}`).toContain(text);
  });

  test('can use Lambda in every partition', async () => {
    for (const Resource of [
      'arn:aws-cn:states:::lambda:invoke',
      'arn:aws-us-gov:states:::lambda:invoke',
      functionArn,
    ]) {
      const definition = JSON.stringify({ StartAt: 'T', States: { T: { ...task, Resource } } });
      expect((await cloud.call('ValidateStateMachineDefinition', { definition })).result).toBe('OK');
    }
  });
});

describe('rights', () => {
  const session = (...statements: object[]): Promise<Principal> => roleSession(cloud.cloud, account, ...statements);
  const allow = (Action: string | string[], Resource: string, Condition?: object) => ({
    Effect: 'Allow',
    Action,
    Resource,
    Condition,
  });

  test('starting requires a permission for the state machine, reading one for the execution', async () => {
    const stateMachineArn = await cloud.machine(done);
    const executions = `arn:aws:states:${region}:${account}:execution:m:*`;
    const starter = await session(allow('states:StartExecution', stateMachineArn));
    const { executionArn } = await cloud.call('StartExecution', { stateMachineArn }, starter);
    await expect(cloud.call('DescribeExecution', { executionArn }, starter)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('states:DescribeExecution'),
    });
    const as = { principal: { kind: 'account' as const, account, arn: '' }, region };
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: allow('states:DescribeExecution', executions),
    });
    await cloud.cloud.invoke(iam, 'PutRolePolicy', { RoleName: 'r', PolicyName: 'q', PolicyDocument }, as);
    await expect(cloud.call('DescribeExecution', { executionArn }, starter)).resolves.toMatchObject({ executionArn });
  });

  test('creating requires the permission to pass the role, and to tag if there are tags', async () => {
    const create = allow('states:CreateStateMachine', arnOf('m'));
    const pass = allow('iam:PassRole', roleArn, { StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' } });
    const creator = await session(create, pass);
    const input = { name: 'm', definition, roleArn };
    const tagged = { ...input, tags: [{ key: 'a', value: '1' }] };
    await expect(cloud.call('CreateStateMachine', tagged, creator)).rejects.toMatchObject({
      message: expect.stringContaining('states:TagResource'),
    });
    await expect(cloud.call('CreateStateMachine', input, creator)).resolves.toMatchObject({
      stateMachineArn: arnOf('m'),
    });
    await expect(
      cloud.call('UpdateStateMachine', { stateMachineArn: arnOf('m'), roleArn: `${roleArn}x` }, creator),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('an execution that is encrypted with a customer managed key can be read only with the permission to decrypt', async () => {
    const root = { principal: accountPrincipal(account), region };
    const { KeyMetadata } = await cloud.cloud.invoke(kms, 'CreateKey', {}, root);
    const { KeyId: kmsKeyId, Arn: key } = KeyMetadata!;
    const encryptionConfiguration = { type: 'CUSTOMER_MANAGED_KMS_KEY' as const, kmsKeyId };
    await cloud.call('CreateStateMachine', { name: 'm', definition, roleArn, encryptionConfiguration });
    const denied = { name: 'KmsAccessDeniedException', message: expect.stringContaining('kms:GenerateDataKey') };
    await expect(cloud.start(arnOf('m'), { a: 1 })).rejects.toMatchObject(denied);
    const using = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: key },
    });
    const policy = { RoleName: 'machine', PolicyName: 'key', PolicyDocument: using };
    await cloud.cloud.invoke(iam, 'PutRolePolicy', policy, root);
    const executionArn = await cloud.start(arnOf('m'), { a: 1 });
    await cloud.ended(executionArn);
    const reader = await session(allow('states:*', '*'));
    const message = expect.stringContaining(`kms:Decrypt on resource: ${key}`);
    const refused = { name: 'KmsAccessDeniedException', message };
    await expect(cloud.call('GetExecutionHistory', { executionArn }, reader)).rejects.toMatchObject(refused);
    await expect(cloud.call('DescribeExecution', { executionArn }, reader)).rejects.toMatchObject(refused);
    await expect(cloud.call('DescribeStateMachine', { stateMachineArn: arnOf('m') }, reader)).rejects.toMatchObject(
      refused,
    );
    const bare = { executionArn, includeExecutionData: false };
    expect((await cloud.call('GetExecutionHistory', bare, reader)).events).toHaveLength(4);
    const includedData = 'METADATA_ONLY' as const;
    const machine = { stateMachineArn: arnOf('m'), includedData };
    await expect(cloud.call('DescribeStateMachine', machine, reader)).resolves.toMatchObject({ definition: '' });
    await expect(cloud.call('DescribeExecution', { executionArn, includedData }, reader)).resolves.toBeDefined();
    await cloud.cloud.invoke(kms, 'DisableKey', { KeyId: key! }, root);
    const disabled = { name: 'KmsInvalidStateException' };
    await expect(cloud.start(arnOf('m'), { a: 2 })).rejects.toMatchObject(disabled);
    await expect(cloud.call('DescribeExecution', { executionArn })).rejects.toMatchObject(disabled);
    const other = { name: 'n', definition, roleArn, encryptionConfiguration };
    const invalid = { name: 'InvalidEncryptionConfiguration' };
    await expect(cloud.call('CreateStateMachine', other)).rejects.toMatchObject(invalid);
  });
});
