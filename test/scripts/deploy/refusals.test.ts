import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStacksCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { Ask } from '../../../scripts/deploy/parameters.ts';
import { deploying } from './deploy-cloud.ts';

const deployment = deploying({ provider: false });
const stack = ['--stack', 'logs', '--yes'];

const logGroup = (properties: Record<string, unknown> = {}) => ({
  Resources: { Group: { Type: 'AWS::Logs::LogGroup', Properties: properties } },
});
const withParameters = {
  Parameters: {
    Name: { Type: 'String', Description: 'The name of the log group', AllowedPattern: '[a-z]+' },
    Days: { Type: 'Number', Default: 7 },
    Token: { Type: 'String', NoEcho: true },
  },
  ...logGroup({
    LogGroupName: { Ref: 'Name' },
    RetentionInDays: { Ref: 'Days' },
    Tags: [{ Key: 'token', Value: { Ref: 'Token' } }],
  }),
};

const stacks = async () =>
  (await deployment.cloud.clients.cloudformation.send(new DescribeStacksCommand({}))).Stacks?.map(
    ({ StackName, StackStatus }) => `${StackName} ${StackStatus}`,
  );

afterEach(async () => {
  // No change set is left behind.
  for (const { StackName } of (await deployment.cloud.clients.cloudformation.send(new DescribeStacksCommand({})))
    .Stacks ?? []) {
    const { Summaries = [] } = await deployment.cloud.clients.cloudformation.send(
      new ListChangeSetsCommand({ StackName }),
    );
    expect(Summaries.filter(({ ExecutionStatus }) => ExecutionStatus === 'AVAILABLE')).toEqual([]);
  }
});

test('without a terminal, every parameter that has no value is named, with its description', async () => {
  const file = await deployment.file(withParameters);
  await expect(deployment.run([file, ...stack])).rejects.toThrow(
    `${file} needs a value for each of these, which have no default:\n  Name: The name of the log group\n  Token\nAdd --parameters Name=… Token=…`,
  );
  expect(await stacks()).toEqual([]);
});

test('at a terminal they are asked for, a secret without being seen, and an update keeps them', async () => {
  const asked: unknown[] = [];
  const ask: Ask = async (question, options) => {
    asked.push([question, options?.hidden ?? false]);
    return question.includes('Deploy') ? 'y' : question.includes('Token') ? 'secret' : 'mine';
  };
  const file = await deployment.file(withParameters);
  const created = await deployment.run([file, '--stack', 'logs'], ask);
  expect(created.code).toBe(0);
  expect(created.output).not.toContain('secret');
  expect(asked).toEqual([
    ['The name of the log group\nName: ', false],
    ['Token: ', true],
    ['Deploy these changes? [y/N] ', false],
  ]);
  const updated = await deployment.run([file, ...stack, '--parameters', 'Days=14']);
  expect([updated.code, updated.output]).toEqual([
    0,
    expect.stringMatching(/~ Group +AWS::Logs::LogGroup +in place\n +RetentionInDays\n/),
  ]);
});

test('who does not agree changes nothing, and leaves no stack', async () => {
  const file = await deployment.file(logGroup());
  for (const ask of [
    async () => '',
    async () => 'no',
    () => Promise.reject(new Error('Asking: no answer was given')),
  ]) {
    const { code, output } = await deployment.run([file, '--stack', 'logs'], ask);
    expect([code, output]).toEqual([1, expect.stringMatching(/Nothing has been changed\.$/)]);
    await deployment.cloud.until(async () => (await stacks())?.length === 0, 'the stack is gone');
  }
});

test('a stack that something else changes while the user reads is not changed by what is then out of date', async () => {
  const first = await deployment.file(logGroup());
  await deployment.run([first, ...stack]);
  const second = await deployment.file(logGroup({ RetentionInDays: 3 }), 'second.yaml');
  const ask = async () => {
    await deployment.run([await deployment.file(logGroup({ RetentionInDays: 5 })), ...stack]);
    return 'y';
  };
  await expect(deployment.run([second, '--stack', 'logs'], ask)).rejects.toThrow(
    /^Executing the change set of logs: .*run the same command again$/,
  );
});

test('a template whose conditions leave all resources out is shown to have none', async () => {
  const Group = { ...logGroup().Resources.Group, Condition: 'Never' };
  const template = { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } }, Resources: { Group } };
  const { code, output } = await deployment.run([await deployment.file(template), ...stack]);
  expect([code, output]).toEqual([0, expect.stringMatching(/^New stack logs .*\n {2}no resource\n== Creating logs/)]);
});

test('without a terminal, it takes --yes', async () => {
  const file = await deployment.file(logGroup());
  await expect(deployment.run([file, '--stack', 'logs'])).rejects.toThrow('there is no terminal to ask at. Add --yes');
});

test('a file that is not there, a template that is none, and parameters that it does not have are errors', async () => {
  await expect(deployment.run(['no.yaml', ...stack])).rejects.toThrow(
    'Reading no.yaml (the template FILE): there is no such file',
  );
  await expect(deployment.run(['handlers', ...stack])).rejects.toThrow(
    'Reading handlers (the template FILE): it is a directory',
  );
  const wrong = await deployment.file({ Resource: {} });
  await expect(deployment.run([wrong, ...stack])).rejects.toThrow(`Validating ${wrong}: Invalid template property`);
  const none = await deployment.file(logGroup(), 'none.yaml');
  await expect(deployment.run([none, ...stack, '--parameters', 'Nmae=a'])).rejects.toThrow(
    'has no parameter Nmae. It has none.',
  );
  const some = await deployment.file(withParameters, 'some.yaml');
  await expect(deployment.run([some, ...stack, '--parameters', 'Nmae=a'])).rejects.toThrow(
    'has no parameter Nmae (did you mean Name?). It has Name, Days, Token.',
  );
});

test('a change set that CloudFormation refuses is its reason, and leaves no stack', async () => {
  const file = await deployment.file(withParameters);
  await expect(deployment.run([file, ...stack, '--parameters', 'Name=A1', 'Token=x'])).rejects.toThrow(
    /^Making a change set of logs: .*Name.*\[a-z\]\+/,
  );
  expect(await stacks()).toEqual([]);
});

describe('capabilities', () => {
  const role = {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'mine',
          AssumeRolePolicyDocument: { Statement: { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' } },
        },
      },
    },
  };

  test('that the template needs are shown, and taken where none are given', async () => {
    const { code, output } = await deployment.run([await deployment.file(role), ...stack]);
    expect(output).toContain(
      'It needs CAPABILITY_NAMED_IAM. The following resource(s) require capabilities: [AWS::IAM::Role]',
    );
    expect(code).toBe(0);
  });

  test('that are given have to suffice', async () => {
    const file = await deployment.file(role);
    await expect(deployment.run([file, ...stack, '--capabilities', 'CAPABILITY_IAM'])).rejects.toThrow(
      `Reading --capabilities: ${file} needs CAPABILITY_NAMED_IAM as well.`,
    );
    const unnamed = {
      Resources: {
        Role: { ...role.Resources.Role, Properties: { ...role.Resources.Role.Properties, RoleName: undefined } },
      },
    };
    const other = await deployment.file(unnamed, 'unnamed.yaml');
    expect((await deployment.run([other, ...stack, '--capabilities', 'CAPABILITY_NAMED_IAM'])).code).toBe(0);
  });
});

describe('a template that is too long for a call', () => {
  const long = (bytes: number) => ({ Metadata: { Text: 'x'.repeat(bytes) }, ...logGroup() });

  test('asks for a bucket, and is uploaded to it', async () => {
    const file = await deployment.file(long(60_000));
    await expect(deployment.run([file, ...stack])).rejects.toThrow(
      /it has 60,\d+ bytes, and CloudFormation takes 51,200 in a call\. Add --bucket NAME/,
    );
    await expect(deployment.run([file, ...stack, '--bucket', 'nowhere'])).rejects.toThrow(
      `Uploading ${file} to nowhere (--bucket): The specified bucket does not exist`,
    );
    await deployment.cloud.clients.s3.send(new CreateBucketCommand({ Bucket: 'templates' }));
    expect((await deployment.run([file, ...stack, '--bucket', 'templates'])).code).toBe(0);
    expect(await deployment.run([file, ...stack, '--bucket', 'templates'])).toEqual({
      code: 0,
      output: 'logs has no changes.',
    });
  });

  test('cannot be longer than S3 gives it', async () => {
    const file = await deployment.file(long(1_000_000));
    await expect(deployment.run([file, ...stack, '--bucket', 'templates'])).rejects.toThrow(
      /takes no more than 1,000,000\. Divide it into nested stacks/,
    );
  });
});

describe('a stack that cannot be updated', () => {
  const taken = logGroup({ LogGroupName: '/taken' });
  const waiting = {
    Resources: {
      Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
      Wait: { Type: 'AWS::CloudFormation::WaitCondition', Properties: { Handle: { Ref: 'Handle' }, Timeout: 3600 } },
    },
  };
  const create = (name: string, template: object) =>
    deployment.cloud.clients.cloudformation.send(
      new CreateStackCommand({ StackName: name, TemplateBody: JSON.stringify(template) }),
    );

  test('after a failed creation has to be deleted first', async () => {
    await deployment.cloud.deploy('first', { template: JSON.stringify(taken) });
    const file = await deployment.file(taken);
    const failed = await deployment.run([file, ...stack]);
    expect(failed.code).toBe(1);
    expect(failed.output).toMatch(
      /logs is ROLLBACK_COMPLETE\.\nGroup \(AWS::Logs::LogGroup\): .*already exists.*\nBefore the next attempt, delete it: aws cloudformation delete-stack --stack-name logs$/,
    );
    await expect(deployment.run([file, ...stack])).rejects.toThrow(
      'Deploying logs: it is ROLLBACK_COMPLETE: its creation has failed, and CloudFormation updates no such stack. Delete it, and run the same command again: aws cloudformation delete-stack --stack-name logs',
    );
  });

  test('while something is done to it has to be waited for', async () => {
    await create('logs', waiting);
    await expect(deployment.run([await deployment.file(logGroup()), ...stack])).rejects.toThrow(
      'Deploying logs: it is CREATE_IN_PROGRESS. Wait until that has ended, and run the same command again',
    );
  });

  test('is no stack that was only reviewed: that one is created', async () => {
    const { cloudformation } = deployment.cloud.clients;
    const TemplateBody = JSON.stringify(logGroup());
    const { Id } = await cloudformation.send(
      new CreateChangeSetCommand({ StackName: 'logs', ChangeSetName: 'review', ChangeSetType: 'CREATE', TemplateBody }),
    );
    expect(Id).toBeDefined();
    expect((await deployment.run([await deployment.file(logGroup()), ...stack])).code).toBe(0);
    expect(await stacks()).toEqual(['logs CREATE_COMPLETE']);
  });
});
