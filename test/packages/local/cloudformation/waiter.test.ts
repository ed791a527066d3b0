import { kms } from '../../../../packages/local/src/services/kms/index.ts';
import { secretsManager } from '../../../../packages/local/src/services/secrets-manager/index.ts';
import { sfn } from '../../../../packages/local/src/services/sfn/index.ts';
import { account, custom, region, StackCloud, token } from '../stack-cloud.ts';

let cloud: StackCloud;

beforeEach(() => {
  cloud = new StackCloud(undefined, [kms, secretsManager, sfn]);
});

afterEach(() => {
  cloud.cloud.close();
});

const capable = { Capabilities: ['CAPABILITY_IAM' as const] };

const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
  },
};

const roleArn = { 'Fn::GetAtt': 'Role.Arn' };

function machine(properties: object) {
  return { Type: 'AWS::StepFunctions::StateMachine', Properties: { RoleArn: roleArn, ...properties } };
}

function secret(properties: object, more: object = {}) {
  return { Type: 'AWS::SecretsManager::Secret', Properties: properties, ...more };
}

async function definitionOf(stateMachineArn: string) {
  const { definition } = await cloud.invoke(sfn, 'DescribeStateMachine', { stateMachineArn });
  return JSON.parse(definition!);
}

const waiting = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 30, End: true } } };

describe('AWS::StepFunctions::StateMachine', () => {
  test('it accepts its definition as text, with substitutions', async () => {
    const DefinitionString = {
      'Fn::Sub': JSON.stringify({
        StartAt: 'Poll',
        States: {
          Poll: {
            Type: 'Task',
            Resource: 'arn:${AWS::Partition}:states:::lambda:invoke',
            Parameters: { FunctionName: '${!Function}', Comment: '${!other}' },
            End: true,
          },
        },
      }),
    };
    const stack = await cloud.create(
      'studio',
      {
        Resources: { Role: role, Waiter: machine({ DefinitionString, DefinitionSubstitutions: { Function: token } }) },
        Outputs: {
          Arn: { Value: { Ref: 'Waiter' } },
          Same: { Value: { 'Fn::GetAtt': 'Waiter.Arn' } },
          Name: { Value: { 'Fn::GetAtt': 'Waiter.Name' } },
        },
      },
      capable,
    );
    const [arn, same, name] = stack.Outputs!.map(({ OutputValue }) => OutputValue!);
    expect(arn).toMatch(new RegExp(`^arn:aws:states:${region}:${account}:stateMachine:studio-Waiter-`));
    expect([same, name]).toEqual([arn, arn!.split(':').at(-1)]);
    expect((await definitionOf(arn!)).States.Poll).toMatchObject({
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: token, Comment: '${other}' },
    });
  });

  test('it accepts its definition as a structure, whose numbers and booleans keep their types', async () => {
    const choice = { Choices: [{ Variable: '$.done', BooleanEquals: true, Next: 'Wait' }], Type: 'Choice' };
    const States = { Choice: choice, Wait: { Type: 'Wait', Seconds: 30, End: true } };
    const stack = await cloud.create(
      'studio',
      {
        Resources: { Role: role, Waiter: machine({ Definition: { StartAt: 'Choice', States } }) },
        Outputs: { Arn: { Value: { Ref: 'Waiter' } } },
      },
      capable,
    );
    expect((await definitionOf(stack.Outputs![0]!.OutputValue!)).States).toEqual(States);
  });

  test('it is updated in place, and a removed property gets its default again', async () => {
    const key = (await cloud.invoke(kms, 'CreateKey', {})).KeyMetadata!.Arn!;
    const withAll = {
      StateMachineName: 'waiter',
      Definition: waiting,
      LoggingConfiguration: {
        Level: 'ERROR',
        IncludeExecutionData: false,
        Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: 'arn:aws:logs:x:y:log-group:z:*' } }],
      },
      EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: key, KmsDataKeyReusePeriodSeconds: 300 },
      TracingConfiguration: { Enabled: true },
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '1' },
      ],
    };
    const stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:waiter`;
    await cloud.create('studio', { Resources: { Role: role, Waiter: machine(withAll) } }, capable);
    expect(await cloud.invoke(sfn, 'DescribeStateMachine', { stateMachineArn })).toMatchObject({
      loggingConfiguration: { level: 'ERROR', destinations: [{ cloudWatchLogsLogGroup: {} }] },
      encryptionConfiguration: { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: key, kmsDataKeyReusePeriodSeconds: 300 },
      tracingConfiguration: { enabled: true },
    });
    const without = {
      StateMachineName: 'waiter',
      Definition: { ...waiting, Comment: 'changed' },
      Tags: [{ Key: 'b', Value: '2' }],
    };
    await cloud.update('studio', { Resources: { Role: role, Waiter: machine(without) } }, capable);
    expect(await cloud.invoke(sfn, 'DescribeStateMachine', { stateMachineArn })).toMatchObject({
      definition: expect.stringContaining('changed'),
      loggingConfiguration: { level: 'OFF' },
      encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
      tracingConfiguration: { enabled: false },
    });
    const { tags } = await cloud.invoke(sfn, 'ListTagsForResource', { resourceArn: stateMachineArn });
    expect(tags).toContainEqual({ key: 'b', value: '2' });
    expect(tags).not.toContainEqual(expect.objectContaining({ key: 'a' }));
  });

  test('its deletion waits for running executions', async () => {
    const stack = await cloud.create(
      'studio',
      {
        Resources: { Role: role, Waiter: machine({ Definition: waiting }) },
        Outputs: { Arn: { Value: { Ref: 'Waiter' } } },
      },
      capable,
    );
    const stateMachineArn = stack.Outputs![0]!.OutputValue!;
    const { startDate } = await cloud.invoke(sfn, 'StartExecution', { stateMachineArn });
    const { StackStatus, DeletionTime } = await cloud.delete('studio');
    expect(StackStatus).toBe('DELETE_COMPLETE');
    expect(DeletionTime!.getTime() - startDate!.getTime()).toBeLessThan(60_000);
    expect(cloud.clock.now() - startDate!.getTime()).toBeGreaterThanOrEqual(30_000);
    expect((await cloud.invoke(sfn, 'ListStateMachines', {})).stateMachines).toEqual([]);
  });

  test.each([
    [{}, 'Exactly one of Definition and DefinitionString must be specified'],
    [{ Definition: waiting, DefinitionString: '{}' }, 'Exactly one of Definition and DefinitionString'],
    [{ DefinitionString: '{' }, 'INVALID_JSON_DESCRIPTION'],
    [{ Definition: waiting, RoleArn: `arn:aws:iam::${account}:role/none` }, 'authorized to assume the provided role'],
  ])('a state machine with %j is refused: %s', async (properties, reason) => {
    await cloud.create('studio', { Resources: { Role: role, Waiter: machine(properties) } }, capable);
    expect(await cloud.history('studio')).toContainEqual(expect.stringContaining(reason));
  });
});

describe('AWS::SecretsManager::Secret', () => {
  const key = (reference: string) => custom({ Key: { 'Fn::Sub': `{{resolve:secretsmanager:${reference}}}` } });
  const received = () => cloud.requests.at(-1)!.ResourceProperties.Key;

  test('it is generated, and other resources receive it without its being shown', async () => {
    const generated = { PasswordLength: 48, ExcludePunctuation: true };
    const stack = await cloud.create('studio', {
      Resources: {
        Secret: secret({ GenerateSecretString: generated }),
        Thing: key('${Secret}:SecretString'),
      },
      Outputs: { Ref: { Value: { Ref: 'Secret' } }, Id: { Value: { 'Fn::GetAtt': 'Secret.Id' } } },
    });
    const [arn, id] = stack.Outputs!.map(({ OutputValue }) => OutputValue!);
    expect(arn).toMatch(new RegExp(`^arn:aws:secretsmanager:${region}:${account}:secret:studio-Secret-.*-\\w{6}$`));
    expect(id).toBe(arn);
    const { SecretString } = await cloud.invoke(secretsManager, 'GetSecretValue', { SecretId: arn! });
    expect(SecretString).toMatch(/^[a-zA-Z0-9]{48}$/);
    expect(received()).toBe(SecretString);
    expect(JSON.stringify(await cloud.events('studio'))).not.toContain(SecretString);
  });

  test('one member of it is generated, and can be referred to by itself', async () => {
    const GenerateSecretString = { SecretStringTemplate: '{"user":"admin","n":7}', GenerateStringKey: 'password' };
    const Resources = {
      Secret: secret({ Name: 'db', GenerateSecretString }),
      Thing: key('${Secret}:SecretString:user'),
    };
    await cloud.create('studio', { Resources });
    expect(received()).toBe('admin');
    await cloud.create('whole', { Resources: { Thing: key('db') } });
    expect(JSON.parse(received() as string)).toEqual({
      user: 'admin',
      n: 7,
      password: expect.stringMatching(/^.{32}$/),
    });
    await cloud.create('number', { Resources: { Thing: key('db:SecretString:n:AWSCURRENT') } });
    expect(received()).toBe('7');
  });

  test.each([
    ['db:SecretString:none', 'Could not find a value associated with JSONKey in SecretString'],
    ['plain:SecretString:user', 'Could not parse SecretString JSON of plain'],
    ['bytes', 'names a binary secret'],
    ['db:SecretBinary', 'Incorrect format is used in the following Secrets Manager reference'],
    ['db:SecretString:user:AWSCURRENT:id', 'Incorrect format is used in the following Secrets Manager reference'],
    ['none', "Secrets Manager can't find the specified secret."],
    ['db:SecretString:user:AWSPREVIOUS', "can't find the specified secret value for staging label: AWSPREVIOUS"],
  ])('the reference %s is refused: %s', async (reference, reason) => {
    await cloud.invoke(secretsManager, 'CreateSecret', { Name: 'db', SecretString: '{"user":"admin"}' });
    await cloud.invoke(secretsManager, 'CreateSecret', { Name: 'plain', SecretString: 'hush' });
    await cloud.invoke(secretsManager, 'CreateSecret', { Name: 'bytes', SecretBinary: new Uint8Array([1]) });
    await cloud.create('studio', { Resources: { Thing: key(reference) } });
    const history = await cloud.history('studio');
    expect(history).toContainEqual(expect.stringContaining(reason));
    expect(history.join()).not.toContain('hush');
  });

  test('its text and tags are updated in place, and its name can be used again once it is deleted', async () => {
    const Tags = [{ Key: 'a', Value: '1' }];
    const make = (properties: object) => ({ Resources: { Secret: secret({ Name: 's', ...properties }) } });
    const TargetKeyId = (await cloud.invoke(kms, 'CreateKey', {})).KeyMetadata!.KeyId!;
    await cloud.invoke(kms, 'CreateAlias', { AliasName: 'alias/own', TargetKeyId });
    await cloud.create('studio', make({ SecretString: 'one', Description: 'd', KmsKeyId: 'alias/own', Tags }));
    await cloud.update('studio', make({ SecretString: 'two', Tags: [{ Key: 'b', Value: '2' }] }));
    const { SecretString } = await cloud.invoke(secretsManager, 'GetSecretValue', { SecretId: 's' });
    expect(SecretString).toBe('two');
    const described = await cloud.invoke(secretsManager, 'DescribeSecret', { SecretId: 's' });
    expect(described).toMatchObject({ Description: '', KmsKeyId: 'alias/aws/secretsmanager' });
    expect(described.Tags).toContainEqual({ Key: 'b', Value: '2' });
    expect(described.Tags).not.toContainEqual(expect.objectContaining({ Key: 'a' }));
    await cloud.update('studio', make({ SecretString: 'two', Description: 'other' }));
    expect(
      Object.keys((await cloud.invoke(secretsManager, 'DescribeSecret', { SecretId: 's' })).VersionIdsToStages!),
    ).toHaveLength(2);
    await cloud.delete('studio');
    await expect(cloud.create('again', make({ SecretString: 'three' }))).resolves.toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
    });
  });

  test.each([
    [{ SecretString: 'x', GenerateSecretString: {} }, 'either SecretString or GenerateSecretString'],
    [{ GenerateSecretString: { GenerateStringKey: 'x' } }, 'both SecretStringTemplate and GenerateStringKey'],
    [
      { GenerateSecretString: { GenerateStringKey: 'x', SecretStringTemplate: '[]' } },
      'SecretStringTemplate must be a JSON structure',
    ],
    [
      { GenerateSecretString: { PasswordLength: 0 } },
      "Value '0' at 'passwordLength' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
  ])('a secret with %j is refused: %s', async (properties, reason) => {
    await cloud.create('studio', { Resources: { Secret: secret(properties) } });
    expect(await cloud.history('studio')).toContainEqual(expect.stringContaining(reason));
  });
});
