import { paginateDescribeStackEvents, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import { DescribeExecutionCommand, paginateListExecutions } from '@aws-sdk/client-sfn';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { examine } from '../../scripts/doctor/examine.ts';
import { handlerNames } from '../../scripts/handlers.ts';
import { account, region } from '../../scripts/start/clients.ts';
import { deployTemplate, readTemplate, removeStack, startCloud } from './cloud.ts';
import { type OtherRelease, publishVersion } from './other-release.ts';
import type { TestCloud } from './test-cloud.ts';

const stack = 'studio-resources';
const users = ['studio', 'packages'];
const minute = 60;

let cloud: TestCloud;
let first: OtherRelease;
let next: OtherRelease;

beforeAll(async () => {
  const faults: Rule[] = [
    // Of the second domain: a request for each that the waiter has for long.
    { on: 'resource', fault: 'stuck', kind: 'domain', during: 'create', seconds: 20 * minute, after: 1, count: 1 },
    { on: 'resource', fault: 'stuck', kind: 'domain', during: 'delete', seconds: 20 * minute, count: 1 },
  ];
  cloud = await startCloud({ faults });
  const { s3 } = cloud.clients;
  first = await publishVersion(s3, { version: '1.0.0', region });
  next = await publishVersion(s3, { version: '1.1.0', region, text: 'this is 1.1.0' });
});

afterAll(() => cloud.stop());

/** The physical ids of a stack's resources, by their logical ids. */
async function resourcesOf(StackName: string): Promise<Record<string, string>> {
  const pages = paginateListStackResources({ client: cloud.clients.cloudformation }, { StackName });
  const all = (await Array.fromAsync(pages)).flatMap(({ StackResourceSummaries = [] }) => StackResourceSummaries);
  return Object.fromEntries(all.map((one) => [one.LogicalResourceId!, one.PhysicalResourceId!]));
}

async function eventsOf(StackName: string): Promise<string[]> {
  const pages = paginateDescribeStackEvents({ client: cloud.clients.cloudformation }, { StackName });
  return (await Array.fromAsync(pages)).flatMap(({ StackEvents = [] }) => StackEvents.map(({ EventId }) => EventId!));
}

/** The digests of the code that the provider's functions run, by the handlers' names. */
async function runningCode(): Promise<Map<string, string>> {
  const names = handlerNames().filter((name) => name !== 'home-seed');
  const digests = await Promise.all(
    names.map(async (name): Promise<[string, string]> => {
      const request = new GetFunctionConfigurationCommand({ FunctionName: `${stack}-${name}` });
      return [name, (await cloud.clients.lambda.send(request)).CodeSha256!];
    }),
  );
  return new Map(digests);
}

/** A request that the waiter has. */
interface Execution {
  isRunning(): Promise<boolean>;
  /** Waits for its end: `SUCCEEDED`. */
  end(): Promise<string>;
}

/** Resolves once the waiter has had a request for minutes. */
async function inWaiter(): Promise<Execution> {
  const { sfn } = cloud.clients;
  const stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:${stack}-waiter`;
  let executionArn: string | undefined;
  const isLong = async () => {
    const request = { stateMachineArn, statusFilter: 'RUNNING' } as const;
    const pages = await Array.fromAsync(paginateListExecutions({ client: sfn }, request));
    const running = pages.flatMap(({ executions = [] }) => executions.map((one) => one.executionArn!));
    if (executionArn !== undefined && running.includes(executionArn)) return true;
    executionArn = running[0];
    await cloud.pass(3 * minute * 1000);
    return false;
  };
  await cloud.until(isLong, 'the waiter to have a request for minutes');
  const status = async () => (await sfn.send(new DescribeExecutionCommand({ executionArn }))).status!;
  const isRunning = async () => (await status()) === 'RUNNING';
  return {
    isRunning,
    async end() {
      await cloud.until(async () => !(await isRunning()), 'the execution to end');
      return status();
    },
  };
}

/** Updates the provider to a release with its template alone, which has to change code alone. */
async function install({ url, digests }: OtherRelease, others: readonly string[]): Promise<void> {
  const before = await Promise.all([stack, ...others].map(resourcesOf));
  const eventsBefore = await Promise.all(others.map(eventsOf));
  const parameters = { ExecutionRoleArns: `arn:aws:iam::${account}:role/studio-*` };
  const { failures, status } = await cloud.deploy(stack, { template: { url }, parameters });
  expect({ failures, status }).toEqual({ failures: [], status: 'UPDATE_COMPLETE' });
  expect(await Promise.all([stack, ...others].map(resourcesOf))).toEqual(before);
  expect(await Promise.all(others.map(eventsOf))).toEqual(eventsBefore);
  const running = await runningCode();
  expect([...running]).toEqual([...running.keys()].map((name) => [name, digests.get(name)]));
  const findings = (await examine(cloud.clients, { region, stack })).flatMap((one) => one.findings);
  expect(findings).toEqual([]);
}

/** Changes the users' stacks in place. */
async function change(CostCenter: string, Packages: string, DomainId: string): Promise<void> {
  const changed = await cloud.update('studio', { parameters: { CostCenter } });
  expect(changed).toMatchObject({ status: 'UPDATE_COMPLETE', failures: [], outputs: { DomainId } });
  const attached = await cloud.update('packages', { parameters: { Packages } });
  expect(attached).toMatchObject({ status: 'UPDATE_COMPLETE', failures: [] });
  const { DefaultUserSettings } = await cloud.clients.sagemaker.send(new DescribeDomainCommand({ DomainId }));
  expect(DefaultUserSettings!.JupyterLabAppSettings!.LifecycleConfigArns).toEqual([
    attached.outputs.LifecycleConfigArn,
  ]);
}

test('an upgrade and the way back change code alone, and requests under way are answered', async () => {
  for (const [name, digest] of first.digests) expect(next.digests.get(name)).not.toBe(digest);
  await install(first, []);
  const tokens = (await cloud.update(stack, { parameters: { LogRetentionInDays: '30' } })).outputs;
  const { DomainId = '' } = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  await deployTemplate(cloud, 'packages', 'examples/lifecycle-config.yaml', { DomainId });

  const creating = cloud.deploy('studio-slow', {
    template: await readTemplate('examples/studio.yaml'),
    parameters: { DomainName: 'slow' },
  });
  const creation = await inWaiter();
  await install(next, users);
  expect(await creation.isRunning()).toBe(true);
  expect(await creating).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] });
  expect(await creation.end()).toBe('SUCCEEDED');
  expect((await cloud.logLines(`${stack}-studio-domain`)).join()).toContain('this is 1.1.0');
  await change('research', 'ruff', DomainId);

  const deleting = cloud.remove('studio-slow');
  const deletion = await inWaiter();
  await install(first, users);
  expect(await deletion.isRunning()).toBe(true);
  expect(await deleting).toMatchObject({ status: 'DELETE_COMPLETE', failures: [] });
  expect(await deletion.end()).toBe('SUCCEEDED');
  await change('platform', 'black', DomainId);

  expect((await cloud.update(stack, { parameters: { LogRetentionInDays: '14' } })).outputs).toEqual(tokens);
  await removeStack(cloud, 'packages');
  await removeStack(cloud, 'studio');
  await removeStack(cloud, stack);
});
