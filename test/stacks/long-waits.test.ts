import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { paginateDescribeStackEvents, type Stack } from '@aws-sdk/client-cloudformation';
import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { CreateAppCommand, ListAppsCommand } from '@aws-sdk/client-sagemaker';
import { paginateListExecutions, paginateListStateMachines } from '@aws-sdk/client-sfn';
import { deleteStack, deployStack } from '../../scripts/start/stack.ts';
import { blind, installProvider, readTemplate, reasons, startCloud, type TestCloud } from './cloud.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const minute = 60;
/** Seconds: more than a Lambda invocation may take. */
const long = { domain: 50 * minute, app: 20 * minute };
let cloud: TestCloud;

beforeAll(async () => {
  const faults = join(directory(), 'faults.json');
  const rules = [
    // The second domain that the test makes.
    { on: 'resource', fault: 'stuck', kind: 'domain', during: 'create', seconds: long.domain, after: 1, count: 1 },
    { on: 'resource', fault: 'stuck', kind: 'app', during: 'delete', seconds: long.app },
  ];
  await writeFile(faults, JSON.stringify({ rules }));
  cloud = await startCloud(['--speed', '60', '--faults', faults]);
  await installProvider(cloud.clients);
}, 120_000);

afterAll(() => cloud.stop());

async function deployExample(name: string): Promise<Stack> {
  const made = await deployStack(cloud.clients.cloudformation, blind, {
    name,
    template: await readTemplate('examples/studio.yaml'),
    parameters: { DomainName: name },
  });
  expect(reasons(made)).toEqual([]);
  return made.stack;
}

/** Runs an app of the example's user, and resolves once it is in service. */
async function runApp({ Outputs }: Stack): Promise<void> {
  const { sagemaker } = cloud.clients;
  const DomainId = Outputs!.find(({ OutputKey }) => OutputKey === 'DomainId')!.OutputValue!;
  const ResourceSpec = { InstanceType: 'ml.t3.medium' } as const;
  const app = { DomainId, UserProfileName: 'ada', AppType: 'KernelGateway', AppName: 'kernel' } as const;
  await sagemaker.send(new CreateAppCommand({ ...app, ResourceSpec }));
  const list = new ListAppsCommand({ DomainIdEquals: DomainId, UserProfileNameEquals: 'ada' });
  while ((await sagemaker.send(list)).Apps?.[0]?.Status !== 'InService') {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** How long, in seconds, a resource of the stack was being made or taken away. */
async function took({ StackId }: Stack, logicalId: string, action: 'CREATE' | 'DELETE'): Promise<number> {
  const pages = paginateDescribeStackEvents({ client: cloud.clients.cloudformation }, { StackName: StackId });
  const events = (await Array.fromAsync(pages)).flatMap(({ StackEvents = [] }) => StackEvents);
  const times = events
    .filter((event) => event.LogicalResourceId === logicalId && event.ResourceStatus?.startsWith(`${action}_`))
    .map(({ Timestamp }) => Timestamp!.getTime());
  return (Math.max(...times) - Math.min(...times)) / 1000;
}

test('a domain that takes fifty minutes, and a deletion that waits for apps for twenty, both succeed', async () => {
  const { cloudformation, sfn, logs } = cloud.clients;
  const ordinary = await deployExample('studio-ordinary');
  await runApp(ordinary);
  const [slow, deleted] = await Promise.all([
    deployExample('studio-slow'),
    deleteStack(cloudformation, blind, ordinary),
  ]);
  expect(reasons(deleted)).toEqual([]);

  const created = await took(slow, 'Domain', 'CREATE');
  expect(created).toBeGreaterThanOrEqual(long.domain);
  const profile = await took(deleted.stack, 'UserProfile', 'DELETE');
  const domain = await took(deleted.stack, 'Domain', 'DELETE');
  expect(profile + domain).toBeGreaterThanOrEqual(long.app);

  // No function ran for long: the waiter waited.
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
  const logGroupName = '/aws/lambda/studio-resources-studio-domain';
  const reports = (await Array.fromAsync(paginateFilterLogEvents({ client: logs }, { logGroupName }))).flatMap(
    ({ events = [] }) => events.flatMap(({ message = '' }) => billed(message)),
  );
  expect(reports.length).toBeGreaterThan(executions.length);
  expect(Math.max(...reports)).toBeLessThan(15 * minute);
  expect(reports.reduce((sum, seconds) => sum + seconds, 0)).toBeLessThan(long.domain);
}, 300_000);

/** The seconds that a report of Lambda's tells. */
function billed(message: string): number[] {
  const text = /Billed Duration: (\d+) ms/.exec(message)?.[1] ?? /"billedDurationMs":\s*(\d+)/.exec(message)?.[1];
  return text === undefined ? [] : [Number(text) / 1000];
}
