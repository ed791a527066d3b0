import { paginateDescribeStackEvents } from '@aws-sdk/client-cloudformation';
import { CreateAppCommand, ListAppsCommand } from '@aws-sdk/client-sagemaker';
import { paginateListExecutions, paginateListStateMachines } from '@aws-sdk/client-sfn';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import type { StackResult } from '../../packages/local/src/virtual/deployment.ts';
import { readTemplate, removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

const minute = 60;

/** Seconds: more than a Lambda invocation may take. */
const long = { domain: 50 * minute, app: 20 * minute };

/** Seconds until a ready resource is seen at the latest; polls are at most half a minute apart. */
const look = minute / 2 + 2;

/** Seconds that SageMaker takes at most to delete a profile in which nothing is left. */
const longestDeletion = 1 * minute;
let cloud: TestCloud;

beforeAll(async () => {
  const faults: Rule[] = [
    // The second domain that the test makes.
    { on: 'resource', fault: 'stuck', kind: 'domain', during: 'create', seconds: long.domain, after: 1, count: 1 },
    { on: 'resource', fault: 'stuck', kind: 'app', during: 'delete', seconds: long.app },
  ];
  cloud = await startCloud({ faults });
});

afterAll(() => cloud.stop());

/** Deploys the example, which has to succeed. */
async function deployExample(name: string): Promise<StackResult> {
  const template = await readTemplate('examples/studio.yaml');
  const made = await cloud.deploy(name, { template, parameters: { DomainName: name } });
  expect(made).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] });
  return made;
}

/** Runs an app of the domain's user, and resolves once it is in service. */
async function runApp(DomainId: string): Promise<void> {
  const { sagemaker } = cloud.clients;
  const ResourceSpec = { InstanceType: 'ml.t3.medium' } as const;
  const app = { DomainId, UserProfileName: 'ada', AppType: 'KernelGateway', AppName: 'kernel' } as const;
  await sagemaker.send(new CreateAppCommand({ ...app, ResourceSpec }));
  const list = new ListAppsCommand({ DomainIdEquals: DomainId, UserProfileNameEquals: 'ada' });
  const status = async () => (await sagemaker.send(list)).Apps?.[0]?.Status;
  await cloud.until(async () => (await status()) === 'InService', 'the app to be in service');
}

/** How long, in seconds, a resource of the stack was being created or deleted. */
async function took(StackName: string, logicalId: string, action: 'CREATE' | 'DELETE'): Promise<number> {
  const pages = paginateDescribeStackEvents({ client: cloud.clients.cloudformation }, { StackName });
  const events = (await Array.fromAsync(pages)).flatMap(({ StackEvents = [] }) => StackEvents);
  const times = events
    .filter((event) => event.LogicalResourceId === logicalId && event.ResourceStatus?.startsWith(`${action}_`))
    .map(({ Timestamp }) => Timestamp!.getTime());
  return (Math.max(...times) - Math.min(...times)) / 1000;
}

test('a domain that takes fifty minutes, and a deletion that waits for apps for twenty, both succeed', async () => {
  const { sfn } = cloud.clients;
  const ordinary = await deployExample('studio-ordinary');
  await runApp(ordinary.outputs.DomainId!);
  const [slow] = await Promise.all([deployExample('studio-slow'), removeStack(cloud, 'studio-ordinary')]);

  const created = await took(slow.id, 'Domain', 'CREATE');
  expect(created).toBeGreaterThanOrEqual(long.domain);
  const profile = await took(ordinary.id, 'UserProfile', 'DELETE');
  const domain = await took(ordinary.id, 'Domain', 'DELETE');
  expect(profile + domain).toBeGreaterThanOrEqual(long.app);
  // Over the wire, the clock is too fast for this machine to be in time.
  if (cloud.kind === 'virtual') {
    expect(created).toBeLessThan(long.domain + look);
    expect(profile).toBeLessThan(long.app + look + longestDeletion + look);
  }

  // No function ran for long, as the waiter waits.
  const machines = (await Array.fromAsync(paginateListStateMachines({ client: sfn }, {}))).flatMap(
    ({ stateMachines = [] }) => stateMachines,
  );
  expect(machines).toHaveLength(1);
  const { stateMachineArn } = machines[0]!;
  const executions = (await Array.fromAsync(paginateListExecutions({ client: sfn }, { stateMachineArn }))).flatMap(
    (page) => page.executions ?? [],
  );
  expect(executions.map(({ status }) => status)).toEqual(executions.map(() => 'SUCCEEDED'));
  expect(executions.length).toBeGreaterThanOrEqual(3);
  const reports = (await cloud.logLines('studio-resources-studio-domain')).flatMap(billed);
  expect(reports.length).toBeGreaterThan(executions.length);
  expect(Math.max(...reports)).toBeLessThan(15 * minute);
  expect(reports.reduce((sum, seconds) => sum + seconds, 0)).toBeLessThan(long.domain);
});

/** The seconds in a REPORT line of Lambda. */
function billed(message: string): number[] {
  const text = /Billed Duration: (\d+) ms/.exec(message)?.[1] ?? /"billedDurationMs":\s*(\d+)/.exec(message)?.[1];
  return text === undefined ? [] : [Number(text) / 1000];
}
