import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListDomainsCommand } from '@aws-sdk/client-sagemaker';
import { deleteStack, deployStack } from '../../scripts/start/stack.ts';
import { blind, installProvider, reasons, startCloud, type TestCloud } from './cloud.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Each resource by the fault that its answer meets. */
const rules = [
  { on: 'response', fault: '500', resource: 'After500', count: 2 },
  { on: 'response', fault: '503', resource: 'After500', count: 1, after: 2 },
  { on: 'response', fault: 'reset', resource: 'AfterReset', count: 1 },
  { on: 'response', fault: 'reset', resource: 'AfterReset', count: 1, after: 1, carriedOut: true },
  { on: 'response', fault: 'slow', resource: 'Slow', count: 1, ms: 20_000 },
  { on: 'response', fault: 'dns', resource: 'WithoutAddress', count: 2 },
  { on: 'response', fault: '403', resource: 'Expired', count: 1 },
  { on: 'response', fault: 'truncated', resource: 'Truncated', count: 1 },
];

const directory = temporaryDirectory();
let record: string;
let cloud: TestCloud;

beforeAll(async () => {
  const faults = join(directory(), 'faults.json');
  record = join(directory(), 'calls.jsonl');
  await writeFile(faults, JSON.stringify({ rules }));
  cloud = await startCloud(['--faults', faults, '--seed', '7', '--record', record]);
  await installProvider(cloud.clients);
}, 120_000);

afterAll(() => cloud.stop());

/** A template with a domain for each of these logical ids. */
function templateOf(logicalIds: string[], properties: object = {}): string {
  const trust = { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const domain = (DomainName: string) => ({
    Type: 'Custom::StudioDomain',
    Properties: {
      ServiceToken: { 'Fn::ImportValue': 'StudioDomainServiceToken' },
      DomainName,
      AppNetworkAccessType: 'PublicInternetOnly',
      VpcId: { Ref: 'Vpc' },
      SubnetIds: [{ Ref: 'Subnet' }],
      DefaultUserSettings: { ExecutionRole: { 'Fn::GetAtt': 'Role.Arn' } },
      HomeEfsFileSystem: 'Delete',
      ...properties,
    },
  });
  return JSON.stringify({
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] } },
      },
      ...Object.fromEntries(logicalIds.map((id) => [id, domain(id)])),
    },
  });
}

function deploy(name: string, logicalIds: string[], properties?: object) {
  return deployStack(cloud.clients.cloudformation, blind, { name, template: templateOf(logicalIds, properties) });
}

interface Line {
  fault?: { kind: string; where: { resource?: string } };
  operation?: string;
  status?: number;
  request?: { Key?: string; Body?: string };
}

/** What was recorded of the answers of one resource. */
async function recorded(resource: string) {
  const lines = (await readFile(record, 'utf8'))
    .trim()
    .split('\n')
    .map((line): Line => JSON.parse(line));
  return {
    faults: lines.flatMap(({ fault }) => (fault?.where.resource === resource ? [fault.kind] : [])),
    taken: lines.flatMap(({ operation, request }) =>
      operation === 'PutObject' && request?.Key?.includes(`|${resource}|`) ? [request.Body] : [],
    ),
  };
}

async function domains() {
  return (await cloud.clients.sagemaker.send(new ListDomainsCommand({}))).Domains ?? [];
}

test('what another attempt can help is tried again, with the same bytes', async () => {
  const made = await deploy('studio-delivered', ['After500', 'AfterReset', 'Slow', 'WithoutAddress']);
  expect(reasons(made)).toEqual([]);

  const after500 = await recorded('After500');
  expect(after500.faults).toEqual(['response 500', 'response 500', 'response 503']);
  expect(after500.taken).toHaveLength(1);
  const afterReset = await recorded('AfterReset');
  expect(afterReset.faults).toEqual(['response reset', 'response reset']);
  expect(afterReset.taken).toHaveLength(2);
  expect(afterReset.taken[1]).toBe(afterReset.taken[0]);
  expect(await recorded('Slow')).toMatchObject({ faults: ['response slow'], taken: [expect.any(String)] });
  expect((await recorded('WithoutAddress')).faults).toEqual(['response dns', 'response dns']);

  expect(reasons(await deleteStack(cloud.clients.cloudformation, blind, made.stack))).toEqual([]);
}, 120_000);

test('an answer that is refused for good is in the log, without the URL', async () => {
  // The resource is refused at once, so that all the time is CloudFormation's, which waits for nothing.
  const ended = await deploy('studio-expired', ['Expired'], { ServiceTimeout: 60, AuthMod: 'IAM' });
  expect(ended.stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(reasons(ended).join('\n')).toMatch(/did not receive a response/);

  const { events = [] } = await cloud.clients.logs.send(
    new FilterLogEventsCommand({
      logGroupName: '/aws/lambda/studio-resources-studio-domain',
      filterPattern: '"could not be delivered"',
    }),
  );
  expect(events).toHaveLength(1);
  expect(JSON.parse(events[0]!.message!)).toMatchObject({
    level: 'ERROR',
    logicalResourceId: 'Expired',
    answer: { Status: 'FAILED', Reason: expect.stringContaining('AuthMod'), LogicalResourceId: 'Expired' },
    error: { message: expect.stringContaining('answered 403') },
  });
  expect(events[0]!.message).not.toMatch(/X-Amz-|Signature|custom-resource-response/);
}, 60_000);

test('an answer of which the bucket keeps a half fails at once, and nothing is left', async () => {
  const ended = await deploy('studio-truncated', ['Truncated']);
  expect(ended.stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(reasons(ended).join('\n')).toMatch(/Truncated: .*not valid JSON/);
  expect((await recorded('Truncated')).faults).toEqual(['response truncated']);
  expect(await domains()).toEqual([]);
}, 60_000);
