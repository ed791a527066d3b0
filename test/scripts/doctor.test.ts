import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateTrailCommand, PutEventSelectorsCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import {
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DeleteRuleCommand, DisableRuleCommand, RemoveTargetsCommand } from '@aws-sdk/client-eventbridge';
import { AddRoleToInstanceProfileCommand, CreateInstanceProfileCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import {
  DeleteAliasCommand,
  DeleteFunctionEventInvokeConfigCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { DeleteStateMachineCommand } from '@aws-sdk/client-sfn';
import { isGood, reportLines } from '../../scripts/doctor/report.ts';
import { artifacts } from '../stacks/provider.ts';
import { domain, examining, provider, setup, stack } from './doctor-cloud.ts';

const doctor = examining();

test('nothing is found in a good installation', async () => {
  const all = await doctor.examined();
  expect(all.flatMap(({ findings }) => findings)).toEqual([]);
  expect(isGood(all)).toBe(true);
  expect(reportLines(all)).toEqual([
    expect.stringMatching(/^good {12}stack$/),
    ...Array.from({ length: 10 }, () => expect.stringMatching(/^good {12}[a-z]/)),
    '',
    '11 of 11 checks found nothing, 0 to mend, 0 to look at, 0 could not be told',
  ]);
});

test('a stack that is not there, and one of another template, are said to be that', async () => {
  const none = await doctor.examined('other');
  expect(reportLines(none)).toEqual([
    'mend            stack  other: there is no such stack in us-east-1',
    expect.stringMatching(/^ {23}Cure: Install provider.yaml, .* --region$/),
    '',
    '0 of 1 checks found nothing, 1 to mend, 0 to look at, 0 could not be told',
  ]);
  expect(isGood(none)).toBe(false);
  await doctor.cloud.deploy('other', { template: 'Resources: { Topic: { Type: AWS::SNS::Topic } }' });
  expect(reportLines(await doctor.examined('other'))[0]).toMatch(/mend .* other: it is no stack of provider.yaml$/);
});

describe('the stack', () => {
  test('an update that was rolled back is a warning', async () => {
    const rolledBack = await doctor.cloud.update(stack, { parameters: { ArtifactPrefix: 'none' } });
    expect(rolledBack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await doctor.found()).toEqual([
      expect.stringMatching(/^warning: studio-resources is UPDATE_ROLLBACK_COMPLETE/),
    ]);
  });

  test('a resource that could not be deleted is named', async () => {
    const { iam } = doctor.cloud.clients;
    const { Roles = [] } = await iam.send(new ListRolesCommand({}));
    const { RoleName } = Roles.find((one) => one.RoleName?.startsWith(`${stack}-ResponderRole`))!;
    const InstanceProfileName = 'holds-the-role';
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
    expect((await doctor.cloud.remove(stack)).status).toBe('DELETE_FAILED');
    expect(await doctor.found()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^mend: studio-resources is DELETE_FAILED/),
        'mend: ResponderRole is DELETE_FAILED',
      ]),
    );
  });

  test('one that is being created is to be waited for', async () => {
    const { StackId } = await create('other', artifacts.prefix);
    expect(await ofStack(StackId!)).toEqual([
      {
        verdict: 'warning',
        what: 'other is CREATE_IN_PROGRESS',
        cure: 'Run the same command again when it has ended',
      },
    ]);
  });

  test('one whose creation failed is to be deleted and created again', async () => {
    const { StackId } = await create('other', 'none');
    await doctor.cloud.pass(60_000);
    expect(await ofStack(StackId!)).toEqual([
      {
        verdict: 'mend',
        what: expect.stringMatching(/^other is ROLLBACK_COMPLETE/),
        cure: 'Mend what its events name, then delete the stack and create it again',
      },
    ]);
  });

  const ofStack = async (id: string) => (await doctor.examined(id))[0]!.findings;

  function create(StackName: string, ArtifactPrefix: string) {
    const parameters = { ...provider, NamePrefix: StackName, ArtifactBucket: artifacts.bucket, ArtifactPrefix };
    return doctor.cloud.clients.cloudformation.send(
      new CreateStackCommand({
        StackName,
        TemplateURL: `https://${artifacts.bucket}.s3.amazonaws.com/${artifacts.prefix}/provider.yaml`,
        Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
        Capabilities: ['CAPABILITY_IAM'],
      }),
    );
  }
});

test('a function that never runs, and one that runs less often than the stack says, are cured', async () => {
  const { lambda } = doctor.cloud.clients;
  const reserve = (FunctionName: string, ReservedConcurrentExecutions: number) =>
    lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
  await reserve(domain, 0);
  await reserve(setup, 2);
  await reserve(`${stack}-responder`, 1);
  expect((await doctor.found()).sort()).toEqual(
    [
      `mend: ${domain} never runs: its reserved concurrency is 0`,
      `warning: ${setup} has a reserved concurrency of 2, and ${stack} says 5`,
      `warning: ${stack}-responder has a reserved concurrency of 1, and ${stack} says nothing`,
    ].sort(),
  );
  await doctor.cure();
});

test('a function without an on-failure destination is cured', async () => {
  const config = { FunctionName: domain, Qualifier: '$LATEST' };
  await doctor.cloud.clients.lambda.send(new DeleteFunctionEventInvokeConfigCommand(config));
  expect(await doctor.found()).toEqual([
    `mend: ${domain}: its on-failure destination is missing, and not the responder. A stack hangs where it crashes`,
  ]);
  await doctor.cure();
});

describe('events', () => {
  test('an alias that is gone is named, and a rule that is off is turned on', async () => {
    await doctor.cloud.clients.eventbridge.send(new DisableRuleCommand({ Name: setup }));
    expect(await doctor.found()).toEqual([`warning: ${setup}: the rule is off, so new servers are not set up`]);
    await doctor.cure();
    await doctor.cloud.clients.lambda.send(new DeleteAliasCommand({ FunctionName: setup, Name: 'events' }));
    expect(await doctor.found()).toEqual([
      `mend: ${setup}: its alias events does not exist, which the rule for new servers invokes`,
    ]);
  });

  test('the cure for a rule that is gone makes it again', async () => {
    const { eventbridge } = doctor.cloud.clients;
    await eventbridge.send(new RemoveTargetsCommand({ Rule: setup, Ids: ['studio-setup'] }));
    await eventbridge.send(new DeleteRuleCommand({ Name: setup }));
    expect(await doctor.found()).toEqual([`mend: ${setup}: the rule does not exist, so new servers are not set up`]);
    for (const SetupCommands of ['', 'true']) {
      expect((await doctor.cloud.update(stack, { parameters: { SetupCommands } })).status).toBe('UPDATE_COMPLETE');
    }
    expect(await doctor.found()).toEqual([]);
  });
});

test('log groups that are kept for ever, for other days, or are gone are cured', async () => {
  const { logs } = doctor.cloud.clients;
  const group = (name: string) => `/aws/lambda/${name}`;
  await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: group(domain) }));
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: group(setup), retentionInDays: 7 }));
  await logs.send(new DeleteLogGroupCommand({ logGroupName: group(`${stack}-responder`) }));
  expect(await doctor.found()).toEqual(
    expect.arrayContaining([
      `mend: ${group(domain)} is kept for ever`,
      `warning: ${group(setup)} is kept for 7 days, and the stack says 30`,
      `mend: ${group(`${stack}-responder`)}: there is no such log group, and its function may not create it`,
    ]),
  );
  await doctor.cure();
});

describe('waiter', () => {
  const outputs = async () => {
    const { outputs: all } = await doctor.cloud.update(stack, { parameters: { LogRetentionInDays: '30' } });
    return { waiter: all.Waiter!, key: all.StateKey! };
  };

  test('a waiter that is gone is named', async () => {
    const { waiter } = await outputs();
    await doctor.cloud.clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: waiter }));
    expect(await doctor.found()).toEqual([
      expect.stringMatching(
        /^mend: .*:stateMachine:studio-resources-waiter (does not exist|is DELETING): functions poll/,
      ),
    ]);
  });

  test('a key that is to be deleted is restored, one that is gone is named, and none is shown', async () => {
    const { key } = await outputs();
    const { secrets } = doctor.cloud.clients;
    await secrets.send(new DeleteSecretCommand({ SecretId: key }));
    expect(await doctor.found()).toEqual([`mend: ${key}: the waiter's key is to be deleted, and long requests fail`]);
    await doctor.cure();
    await secrets.send(new DeleteSecretCommand({ SecretId: key, ForceDeleteWithoutRecovery: true }));
    expect(await doctor.found()).toEqual([`mend: ${key}: the waiter's key does not exist, and long requests fail`]);
    const read = (await doctor.cloud.calls()).filter(({ operation }) => operation === 'GetSecretValue');
    expect(read).toEqual([]);
  });
});

describe('trail', () => {
  const missing = `mend: No trail in us-east-1 logs management events that write, and these rules get none: ${setup}`;
  const TrailName = 'management-events';

  test('a trail that does not log, or only what reads, is none', async () => {
    const { cloudtrail } = doctor.cloud.clients;
    const select = (selectors: object) => cloudtrail.send(new PutEventSelectorsCommand({ TrailName, ...selectors }));
    await select({ EventSelectors: [{ ReadWriteType: 'ReadOnly', IncludeManagementEvents: true }] });
    expect(await doctor.found()).toEqual([missing]);
    const management = { Field: 'eventCategory', Equals: ['Management'] };
    await select({
      AdvancedEventSelectors: [{ FieldSelectors: [management, { Field: 'readOnly', Equals: ['true'] }] }],
    });
    expect(await doctor.found()).toEqual([missing]);
    await select({ AdvancedEventSelectors: [{ FieldSelectors: [management] }] });
    expect(await doctor.found()).toEqual([]);
    await cloudtrail.send(new StopLoggingCommand({ Name: TrailName }));
    expect(await doctor.found()).toEqual([missing]);
  });

  test('another trail is enough, and without rules none is needed', async () => {
    const { cloudtrail } = doctor.cloud.clients;
    await cloudtrail.send(new CreateTrailCommand({ Name: 'idle', S3BucketName: 'studio-resources-trail' }));
    expect(await doctor.found()).toEqual([]);
    await cloudtrail.send(new StopLoggingCommand({ Name: TrailName }));
    await doctor.cloud.update(stack, { parameters: { SetupCommands: '' } });
    expect(await doctor.found()).toEqual([]);
  });
});
