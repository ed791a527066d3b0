import { DescribeUserProfileCommand, ListDomainsCommand } from '@aws-sdk/client-sagemaker';
import type { Caller } from '../stacks/caller.ts';
import { startCloud } from '../stacks/cloud.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';
import { attackerOf, invoke, resourceOf } from './attacker.ts';
import { studioTemplate } from './studio-stack.ts';

const minute = 60_000;
let cloud: TestCloud;
let mallory: Caller;
let stackId: string;
let domainId: string;
/** Where the attacker may have a response sent: a presigned URL of a request that is over. */
let responseUrl: string;

beforeAll(async () => {
  cloud = await startCloud();
  mallory = await attackerOf(cloud);
  const made = await cloud.deploy('studio-victim', { template: studioTemplate('studio-victim') });
  stackId = made.id;
  domainId = made.outputs.DomainId!;
  const { endpoint } = cloud.clientOptions;
  const key = encodeURIComponent(`${stackId}|Domain|1`);
  responseUrl = `${endpoint}/cloudformation-custom-resource-response-useast1/${key}?X-Amz-Signature=1`;
});

afterAll(() => cloud.stop());

/** A request that no CloudFormation has sent, for the victim's domain or profile unless told otherwise. */
function forged(fields: Record<string, unknown>) {
  return {
    RequestType: 'Delete',
    ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:x',
    ResponseURL: responseUrl,
    StackId: stackId,
    RequestId: `forged-${JSON.stringify(fields).length}-${String(fields.StackId ?? '')}`,
    LogicalResourceId: 'UserProfile',
    PhysicalResourceId: `${domainId}/ada`,
    ResourceType: 'Custom::StudioUserProfile',
    ResourceProperties: { DomainId: domainId, UserProfileName: 'ada' },
    ...fields,
  };
}

const creation = () => ({
  RequestType: 'Create',
  LogicalResourceId: 'Another',
  PhysicalResourceId: undefined,
  ResourceType: 'Custom::StudioDomain',
  ResourceProperties: { DomainName: 'mallory', VpcId: 'vpc-1', SubnetIds: ['subnet-1'], DefaultUserSettings: {} },
});

/** Which calls of a service the function has made since there were so many. */
async function callsOf(functionName: string, service: string, since: number): Promise<string[]> {
  const calls = (await cloud.calls()).slice(since);
  const own = calls.filter((call) => call.principal.endsWith(`/studio-resources-${functionName}`));
  return own.filter((call) => call.service === service).map(({ operation }) => operation);
}

test.each([
  ['another account', 'arn:aws:cloudformation:us-east-1:999999999999:stack/studio-victim/1'],
  ['another Region', 'arn:aws:cloudformation:eu-west-1:000000000000:stack/studio-victim/1'],
  ['a Region that does not exist', 'arn:aws:cloudformation:xx-evil-1:000000000000:stack/studio-victim/1'],
])('a request in the name of a stack of %s calls no service', async (_, StackId) => {
  for (const [name, fields] of [
    ['studio-domain', creation()],
    ['studio-user-profile', {}],
  ] as const) {
    const before = (await cloud.calls()).length;
    await invoke(mallory, name, forged({ ...fields, StackId }));
    await cloud.pass(2 * minute);
    for (const service of ['sagemaker', 'cloudformation', 'ec2']) {
      expect(await callsOf(name, service, before)).toEqual([]);
    }
  }
});

test('a Delete that CloudFormation has not sent deletes nothing of a stack at rest', async () => {
  await invoke(mallory, 'studio-user-profile', forged({}));
  await cloud.pass(5 * minute);
  const profile = new DescribeUserProfileCommand({ DomainId: domainId, UserProfileName: 'ada' });
  expect(await cloud.clients.sagemaker.send(profile)).toMatchObject({ Status: 'InService' });
  expect((await resourceOf(cloud, 'studio-victim', 'UserProfile')).status).toBe('CREATE_COMPLETE');
});

test('an Update that CloudFormation has not sent changes nothing of a stack at rest', async () => {
  const ResourceProperties = { DomainId: domainId, UserProfileName: 'ada', UserSettings: { SecurityGroups: ['sg-1'] } };
  const OldResourceProperties = { DomainId: domainId, UserProfileName: 'ada' };
  const before = (await cloud.calls()).length;
  await invoke(
    mallory,
    'studio-user-profile',
    forged({ RequestType: 'Update', ResourceProperties, OldResourceProperties }),
  );
  await cloud.pass(5 * minute);
  expect(await callsOf('studio-user-profile', 'sagemaker', before)).not.toContain('UpdateUserProfile');
});

test('a Create for a logical id that the stack does not have creates nothing', async () => {
  await invoke(mallory, 'studio-domain', forged(creation()));
  await cloud.pass(5 * minute);
  const { Domains = [] } = await cloud.clients.sagemaker.send(new ListDomainsCommand({}));
  expect(Domains.map(({ DomainName }) => DomainName)).toEqual(['studio-victim']);
});
