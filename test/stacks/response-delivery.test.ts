import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { ListDomainsCommand } from '@aws-sdk/client-sagemaker';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

/** Each resource by the fault that its answer meets. */
const faults: Rule[] = [
  { on: 'response', fault: '500', resource: 'After500', count: 2 },
  { on: 'response', fault: '503', resource: 'After500', count: 1, after: 2 },
  { on: 'response', fault: 'reset', resource: 'AfterReset', count: 1 },
  { on: 'response', fault: 'reset', resource: 'AfterReset', count: 1, after: 1, carriedOut: true },
  { on: 'response', fault: 'slow', resource: 'Slow', count: 1, ms: 20_000 },
  { on: 'response', fault: 'dns', resource: 'WithoutAddress', count: 2 },
  { on: 'response', fault: '403', resource: 'Expired', count: 1 },
  { on: 'response', fault: 'truncated', resource: 'Truncated', count: 1 },
];

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud({ faults });
});

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
  return cloud.deploy(name, { template: templateOf(logicalIds, properties) });
}

/** What was recorded of the answers of one resource. */
async function recorded(resource: string) {
  const injected = await cloud.injectedFaults();
  const puts = (await cloud.calls())
    .filter(({ operation }) => operation === 'PutObject')
    .map(({ request }) => request as PutObjectCommandInput);
  return {
    faults: injected.filter(({ where }) => where.resource === resource).map(({ kind }) => kind),
    taken: puts.filter(({ Key }) => Key?.includes(`|${resource}|`)).map(({ Body }) => Body),
  };
}

async function domains() {
  return (await cloud.clients.sagemaker.send(new ListDomainsCommand({}))).Domains ?? [];
}

test('a transient failure is retried, with the same bytes', async () => {
  const made = await deploy('studio-delivered', ['After500', 'AfterReset', 'Slow', 'WithoutAddress']);
  expect(made.failures).toEqual([]);
  // The stack is complete once the bucket has a response, which the sender of a lost acknowledgement puts once more.
  await cloud.pass(60_000);

  const after500 = await recorded('After500');
  expect(after500.faults).toEqual(['response 500', 'response 500', 'response 503']);
  expect(after500.taken).toHaveLength(1);
  const afterReset = await recorded('AfterReset');
  expect(afterReset.faults).toEqual(['response reset', 'response reset']);
  expect(afterReset.taken).toHaveLength(2);
  expect(afterReset.taken[1]).toBe(afterReset.taken[0]);
  const slow = await recorded('Slow');
  expect(slow.faults).toEqual(['response slow']);
  // The bucket may take the attempt that was given up later, after the one that followed it.
  expect(new Set(slow.taken).size).toBe(1);
  expect((await recorded('WithoutAddress')).faults).toEqual(['response dns', 'response dns']);

  await removeStack(cloud, 'studio-delivered');
});

test('a response that is refused permanently is in the log, without the URL', async () => {
  // The resource is refused at once, so that all the time is CloudFormation's, which waits for nothing.
  const ended = await deploy('studio-expired', ['Expired'], { ServiceTimeout: 60, AuthMod: 'IAM' });
  expect(ended.status).toBe('ROLLBACK_COMPLETE');
  expect(ended.failures.join('\n')).toMatch(/did not receive a response/);

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
    response: { Status: 'FAILED', Reason: expect.stringContaining('AuthMod'), LogicalResourceId: 'Expired' },
    error: { message: expect.stringContaining('answered 403') },
  });
  expect(events[0]!.message).not.toMatch(/X-Amz-|Signature|custom-resource-response/);
});

test('a response that the bucket truncates fails at once, and nothing is left', async () => {
  const ended = await deploy('studio-truncated', ['Truncated']);
  expect(ended.status).toBe('ROLLBACK_COMPLETE');
  expect(ended.failures.join('\n')).toMatch(/Truncated: .*not valid JSON/);
  expect((await recorded('Truncated')).faults).toEqual(['response truncated']);
  expect(await domains()).toEqual([]);
});
