import { readFile } from 'node:fs/promises';
import { CreateTrailCommand, PutEventSelectorsCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import {
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DeleteRuleCommand, DisableRuleCommand, RemoveTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, DeleteRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  DeleteFunctionEventInvokeConfigCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { DeleteStateMachineCommand } from '@aws-sdk/client-sfn';
import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { type Examined, examine } from '../../scripts/doctor/examine.ts';
import { isGood, reportLines } from '../../scripts/doctor/report.ts';
import { zipPath } from '../../scripts/handlers.ts';
import { deleteBucket } from '../../scripts/start/artifacts.ts';
import { account, region } from '../../scripts/start/clients.ts';
import { awsCommand } from '../stacks/aws-command.ts';
import { logManagementEvents } from '../stacks/management-events.ts';
import { artifacts } from '../stacks/provider.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';
import { startVirtualTestCloud } from '../stacks/virtual-cloud.ts';

const stack = 'studio-resources';
const setup = 'studio-resources-studio-setup';
const domain = 'studio-resources-studio-domain';
const arnOf = (name: string) => `arn:aws:lambda:${region}:${account}:function:${name}`;
const role = `arn:aws:iam::${account}:role/studio-user`;
const provider = {
  SetupCommands: 'true',
  ExecutionRoleArns: `${role},arn:aws:iam::${account}:role/team-*`,
  ReservedConcurrency: '5',
};

const trust = (Service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' },
  });

let cloud: TestCloud;

/** A cloud with a good installation, beside a role and a trail. */
async function install(parameters: Record<string, string> = provider): Promise<void> {
  cloud = await startVirtualTestCloud({ provider: parameters });
  const AssumeRolePolicyDocument = trust('sagemaker.amazonaws.com');
  await cloud.clients.iam.send(new CreateRoleCommand({ RoleName: 'studio-user', AssumeRolePolicyDocument }));
  await logManagementEvents(cloud.clients);
}

beforeEach(() => install());
afterEach(() => cloud.stop());

const examined = (name = stack): Promise<Examined[]> => examine(cloud.clients, { region, stack: name });

/** What is found now: `verdict: what`. */
async function found(): Promise<string[]> {
  return (await examined()).flatMap(({ findings }) => findings.map(({ verdict, what }) => `${verdict}: ${what}`));
}

/** The commands of all cures, which are run; then nothing is found any more. */
async function cure(): Promise<void> {
  const cures = (await examined()).flatMap(({ findings }) => findings.map((finding) => finding.cure));
  const commands = cures.flatMap((text) => [...text.matchAll(/`([^`]+)`/g)].map(([, command]) => command!));
  expect(commands.length).toBeGreaterThanOrEqual(cures.length);
  for (const command of commands) await awsCommand(cloud, command);
  expect(await found()).toEqual([]);
}

test('nothing is found in a good installation', async () => {
  const all = await examined();
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
  const none = await examined('other');
  expect(reportLines(none)).toEqual([
    'mend            stack  other: there is no such stack in us-east-1',
    expect.stringMatching(/^ {23}Cure: Install provider.yaml, .* --region$/),
    '',
    '0 of 1 checks found nothing, 1 to mend, 0 to look at, 0 could not be told',
  ]);
  expect(isGood(none)).toBe(false);
  await cloud.deploy('other', { template: 'Resources: { Topic: { Type: AWS::SNS::Topic } }' });
  expect(reportLines(await examined('other'))[0]).toMatch(/mend .* other: it is no stack of provider.yaml$/);
});

test('a failed update is told from a failed creation', async () => {
  const rolledBack = await cloud.update(stack, { parameters: { ArtifactPrefix: 'none' } });
  expect(rolledBack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await found()).toEqual([expect.stringMatching(/^warning: studio-resources is UPDATE_ROLLBACK_COMPLETE/)]);
});

describe('code', () => {
  test('a function that runs other code is named, and the cure gives it the code of the release', async () => {
    const ZipFile = await readFile(zipPath('studio-space'));
    await cloud.clients.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: domain, ZipFile }));
    expect(await found()).toEqual([`mend: ${domain} runs other code than test`]);
    await cure();
  });

  test('S3’s own checksum of a zip is believed, and a manifest before that', async () => {
    const { s3 } = cloud.clients;
    const Key = `${artifacts.prefix}/studio-domain.zip`;
    const put = { Bucket: artifacts.bucket, Key, ChecksumAlgorithm: 'SHA256' } as const;
    await s3.send(new PutObjectCommand({ ...put, Body: await readFile(zipPath('studio-domain')) }));
    expect(await found()).toEqual([]);
    await s3.send(new PutObjectCommand({ ...put, Body: 'another zip' }));
    expect(await found()).toEqual([`mend: ${domain} runs other code than test`]);
    const files = [{ path: 'studio-domain-0123456789abcdef.zip', CodeSha256: 'AAAA' }];
    const Body = JSON.stringify({ version: '1.4.0', files });
    await s3.send(new PutObjectCommand({ Bucket: artifacts.bucket, Key: `${artifacts.prefix}/manifest.json`, Body }));
    const [finding] = (await examined()).flatMap(({ findings }) => findings);
    expect(finding).toEqual({
      verdict: 'mend',
      what: `${domain} runs other code than release 1.4.0`,
      cure: expect.stringContaining(`--s3-key ${artifacts.prefix}/studio-domain-0123456789abcdef.zip`),
    });
  });

  test('a zip that the bucket does not have, and a function that Lambda does not have, are named', async () => {
    const { lambda, s3 } = cloud.clients;
    await s3.send(new DeleteObjectCommand({ Bucket: artifacts.bucket, Key: `${artifacts.prefix}/seed-code.zip` }));
    await lambda.send(new DeleteFunctionCommand({ FunctionName: domain }));
    expect(await found()).toEqual([
      expect.stringContaining(`seed-code.zip is not in ${artifacts.bucket}`),
      `mend: ${domain}: the function does not exist`,
    ]);
  });

  test('a function of home-seed.yaml that is of another release is a warning', async () => {
    const Role = `arn:aws:iam::${account}:role/seeds`;
    const AssumeRolePolicyDocument = trust('lambda.amazonaws.com');
    await cloud.clients.iam.send(new CreateRoleCommand({ RoleName: 'seeds', AssumeRolePolicyDocument }));
    const create = async (FunctionName: string, zip: string) =>
      cloud.clients.lambda.send(
        new CreateFunctionCommand({
          ...{ FunctionName, Role, Handler: 'index.handler', Runtime: 'nodejs24.x' },
          Code: { ZipFile: await readFile(zipPath(zip)) },
        }),
      );
    await create(`${stack}-home-seed-d-aaaaaaaaaaaa`, 'home-seed');
    await create(`${stack}-home-seed-d-bbbbbbbbbbbb`, 'studio-space');
    expect(await found()).toEqual([
      `warning: ${stack}-home-seed-d-bbbbbbbbbbbb runs other code than test, which the provider is of`,
    ]);
  });
});

describe('artifact bucket', () => {
  test('one that is gone is named', async () => {
    await deleteBucket(cloud.clients.s3, artifacts.bucket);
    expect(await found()).toContainEqual(
      `mend: The bucket ${artifacts.bucket} does not exist. The functions run, and cannot be updated`,
    );
  });

  test('one in another Region is named with both Regions', async () => {
    await deleteBucket(cloud.clients.s3, artifacts.bucket);
    const there = cloud.as(account, 'eu-west-1').clients.s3;
    await there.send(
      new CreateBucketCommand({
        Bucket: artifacts.bucket,
        ...{ CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } },
      }),
    );
    expect(await found()).toContainEqual(
      `mend: The bucket ${artifacts.bucket} is in eu-west-1, and the stack in us-east-1`,
    );
  });
});

test('a function that never runs, and one that runs less often than the stack says, are cured', async () => {
  const { lambda } = cloud.clients;
  const reserve = (FunctionName: string, ReservedConcurrentExecutions: number) =>
    lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
  await reserve(domain, 0);
  await reserve(setup, 2);
  await reserve(`${stack}-responder`, 1);
  expect((await found()).sort()).toEqual(
    [
      `mend: ${domain} never runs: its reserved concurrency is 0`,
      `warning: ${setup} has a reserved concurrency of 2, and ${stack} says 5`,
      `warning: ${stack}-responder has a reserved concurrency of 1, and ${stack} says nothing`,
    ].sort(),
  );
  await cure();
});

test('a function without an on-failure destination is cured', async () => {
  const config = { FunctionName: domain, Qualifier: '$LATEST' };
  await cloud.clients.lambda.send(new DeleteFunctionEventInvokeConfigCommand(config));
  expect(await found()).toEqual([
    `mend: ${domain}: its on-failure destination is missing, and not the responder. A stack hangs where it crashes`,
  ]);
  await cure();
});

describe('events', () => {
  test('an alias that is gone is named, and a rule that is off is turned on', async () => {
    await cloud.clients.eventbridge.send(new DisableRuleCommand({ Name: setup }));
    expect(await found()).toEqual([`warning: ${setup}: the rule is off, so new servers are not set up`]);
    await cure();
    await cloud.clients.lambda.send(new DeleteAliasCommand({ FunctionName: setup, Name: 'events' }));
    expect(await found()).toEqual([
      `mend: ${setup}: its alias events does not exist, which the rule for new servers invokes`,
    ]);
  });

  test('the cure for a rule that is gone makes it again', async () => {
    const { eventbridge } = cloud.clients;
    await eventbridge.send(new RemoveTargetsCommand({ Rule: setup, Ids: ['studio-setup'] }));
    await eventbridge.send(new DeleteRuleCommand({ Name: setup }));
    expect(await found()).toEqual([`mend: ${setup}: the rule does not exist, so new servers are not set up`]);
    for (const SetupCommands of ['', 'true']) {
      expect((await cloud.update(stack, { parameters: { SetupCommands } })).status).toBe('UPDATE_COMPLETE');
    }
    expect(await found()).toEqual([]);
  });
});

describe('exports and parameters', () => {
  const Name = '/studio-resources/service-tokens/studio-domain';

  test('a parameter that is gone, or names another function, is cured', async () => {
    await cloud.clients.ssm.send(new DeleteParameterCommand({ Name }));
    expect(await found()).toEqual([`mend: ${Name}: there is no such parameter`]);
    await cure();
    await cloud.clients.ssm.send(new PutParameterCommand({ Name, Overwrite: true, Value: arnOf(setup) }));
    expect(await found()).toEqual([`mend: ${Name} names ${arnOf(setup)}, and not ${arnOf(domain)}`]);
    await cure();
  });

  test('an output that a changed template lacks, does not export or takes from elsewhere is named', async () => {
    const { bucket, prefix } = artifacts;
    const text = await readFile('cloudformation/provider.yaml', 'utf8');
    const changed = text
      .replace(/ {2}SeedCodeServiceToken:\n(?: {4}.*\n)+/, '')
      .replace(/( {2}StudioDomainServiceToken:\n(?: {4}.*\n)+?) {4}Export:.*\n/, '$1')
      .replace(/(StudioSpace\.Arn)(\n {4}Export)/, 'StudioImage.Arn$2');
    await cloud.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}/changed.yaml`, Body: changed }));
    const url = `https://${bucket}.s3.amazonaws.com/${prefix}/changed.yaml`;
    const kept = { ArtifactBucket: bucket, ArtifactPrefix: prefix, ...provider };
    expect((await cloud.update(stack, { template: { url }, parameters: kept })).status).toBe('UPDATE_COMPLETE');
    expect((await found()).sort()).toEqual([
      expect.stringContaining('mend: SeedCodeServiceToken: the stack has no such output'),
      `mend: StudioDomainServiceToken is ${arnOf(domain)}, not exported, and not ${arnOf(domain)}`,
      `mend: StudioSpaceServiceToken is ${arnOf(`${stack}-studio-image`)}, and not ${arnOf(`${stack}-studio-space`)}`,
    ]);
  });
});

describe('execution roles', () => {
  test('a role that does not trust SageMaker, and one that is gone, are named', async () => {
    const { iam } = cloud.clients;
    const PolicyDocument = trust('lambda.amazonaws.com');
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'studio-user', PolicyDocument }));
    expect(await found()).toEqual([`mend: ${role} does not trust sagemaker.amazonaws.com, so Studio cannot use it`]);
    await iam.send(new DeleteRoleCommand({ RoleName: 'studio-user' }));
    expect(await found()).toEqual([`mend: ${role}: there is no such role`]);
  });

  test('a role of another account, one with another path, and patterns for all roles are named', async () => {
    const other = 'arn:aws:iam::111122223333:role/studio-user';
    const path = `arn:aws:iam::${account}:role/team/studio-user`;
    const all = `arn:aws:iam::${account}:role/*`;
    await cloud.update(stack, { parameters: { ExecutionRoleArns: `*,${all},${other},${path}` } });
    expect(await found()).toEqual([
      'warning: ExecutionRoleArns has *: a template can give Studio every role of the account',
      `warning: ExecutionRoleArns has ${all}: a template can give Studio every role of the account`,
      `mend: ${other} belongs to another account, and can never be passed`,
      `mend: ${path}: the role of that name is ${role}`,
    ]);
  });
});

test('log groups that are kept for ever, for other days, or are gone are cured', async () => {
  const { logs } = cloud.clients;
  const group = (name: string) => `/aws/lambda/${name}`;
  await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: group(domain) }));
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: group(setup), retentionInDays: 7 }));
  await logs.send(new DeleteLogGroupCommand({ logGroupName: group(`${stack}-responder`) }));
  expect(await found()).toEqual(
    expect.arrayContaining([
      `mend: ${group(domain)} is kept for ever`,
      `warning: ${group(setup)} is kept for 7 days, and the stack says 30`,
      `mend: ${group(`${stack}-responder`)}: there is no such log group, and its function may not create it`,
    ]),
  );
  await cure();
});

describe('waiter', () => {
  const outputs = async () => {
    const { outputs: all } = await cloud.update(stack, { parameters: { LogRetentionInDays: '30' } });
    return { waiter: all.Waiter!, key: all.StateKey! };
  };

  test('a waiter that is gone is named', async () => {
    const { waiter } = await outputs();
    await cloud.clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: waiter }));
    expect(await found()).toEqual([
      expect.stringMatching(
        /^mend: .*:stateMachine:studio-resources-waiter (does not exist|is DELETING): functions poll/,
      ),
    ]);
  });

  test('a key that is to be deleted is restored, one that is gone is named, and none is shown', async () => {
    const { key } = await outputs();
    const { secrets } = cloud.clients;
    await secrets.send(new DeleteSecretCommand({ SecretId: key }));
    expect(await found()).toEqual([`mend: ${key}: the waiter's key is to be deleted, and long requests fail`]);
    await cure();
    await secrets.send(new DeleteSecretCommand({ SecretId: key, ForceDeleteWithoutRecovery: true }));
    expect(await found()).toEqual([`mend: ${key}: the waiter's key does not exist, and long requests fail`]);
    const read = (await cloud.calls()).filter(({ operation }) => operation === 'GetSecretValue');
    expect(read).toEqual([]);
  });
});

describe('trail', () => {
  const missing = `mend: No trail in us-east-1 logs management events that write, and these rules get none: ${setup}`;
  const TrailName = 'management-events';

  test('a trail that does not log, or only what reads, is none', async () => {
    const { cloudtrail } = cloud.clients;
    const select = (selectors: object) => cloudtrail.send(new PutEventSelectorsCommand({ TrailName, ...selectors }));
    await select({ EventSelectors: [{ ReadWriteType: 'ReadOnly', IncludeManagementEvents: true }] });
    expect(await found()).toEqual([missing]);
    const management = { Field: 'eventCategory', Equals: ['Management'] };
    await select({
      AdvancedEventSelectors: [{ FieldSelectors: [management, { Field: 'readOnly', Equals: ['true'] }] }],
    });
    expect(await found()).toEqual([missing]);
    await select({ AdvancedEventSelectors: [{ FieldSelectors: [management] }] });
    expect(await found()).toEqual([]);
    await cloudtrail.send(new StopLoggingCommand({ Name: TrailName }));
    expect(await found()).toEqual([missing]);
  });

  test('another trail is enough, and without rules none is needed', async () => {
    const { cloudtrail } = cloud.clients;
    await cloudtrail.send(new CreateTrailCommand({ Name: 'idle', S3BucketName: 'studio-resources-trail' }));
    expect(await found()).toEqual([]);
    await cloudtrail.send(new StopLoggingCommand({ Name: TrailName }));
    await cloud.update(stack, { parameters: { SetupCommands: '' } });
    expect(await found()).toEqual([]);
  });
});
