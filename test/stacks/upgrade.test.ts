import { paginateDescribeStackEvents, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import { DescribeExecutionCommand, paginateListExecutions } from '@aws-sdk/client-sfn';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import { examine } from '../../scripts/doctor/examine.ts';
import { handlerNames } from '../../scripts/handlers.ts';
import { account, region } from '../../scripts/start/clients.ts';
import { deployTemplate, readTemplate, removeStack, startCloud } from './cloud.ts';
import { type OtherRelease, publishOther } from './other-release.ts';
import { artifacts } from './provider.ts';
import type { TestCloud } from './test-cloud.ts';

const stack = 'studio-resources';
const minute = 60;
const other = { bucket: artifacts.bucket, prefix: 'test-next' };

let cloud: TestCloud;
let release: OtherRelease;

beforeAll(async () => {
  const faults: Rule[] = [
    // Of the second domain: a request for each that the waiter has for long.
    { on: 'resource', fault: 'stuck', kind: 'domain', during: 'create', seconds: 20 * minute, after: 1, count: 1 },
    { on: 'resource', fault: 'stuck', kind: 'domain', during: 'delete', seconds: 20 * minute, count: 1 },
  ];
  cloud = await startCloud({ faults });
  release = await publishOther(cloud.clients.s3, other, 'the other release');
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

/** Updates the provider to a release, which has to change code alone. */
async function install(url: string, prefix: string): Promise<void> {
  const users = ['studio', 'packages'];
  const before = await Promise.all([stack, ...users].map(resourcesOf));
  const eventsBefore = await Promise.all(users.map(eventsOf));
  const { failures, status } = await cloud.deploy(stack, {
    template: { url },
    parameters: {
      ArtifactBucket: artifacts.bucket,
      ArtifactPrefix: prefix,
      ExecutionRoleArns: `arn:aws:iam::${account}:role/studio-*`,
    },
  });
  expect({ failures, status }).toEqual({ failures: [], status: 'UPDATE_COMPLETE' });
  expect(await Promise.all([stack, ...users].map(resourcesOf))).toEqual(before);
  expect(await Promise.all(users.map(eventsOf))).toEqual(eventsBefore);
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
  const first = await runningCode();
  const tokens = (await cloud.update(stack, { parameters: { LogRetentionInDays: '30' } })).outputs;
  const { DomainId = '' } = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  await deployTemplate(cloud, 'packages', 'examples/lifecycle-config.yaml', { DomainId });

  const creating = cloud.deploy('studio-slow', {
    template: await readTemplate('examples/studio.yaml'),
    parameters: { DomainName: 'slow' },
  });
  const creation = await inWaiter();
  await install(release.url, other.prefix);
  expect(await creation.isRunning()).toBe(true);
  const next = await runningCode();
  expect([...next]).toEqual([...next.keys()].map((name) => [name, release.digests.get(name)]));
  for (const [name, digest] of first) expect(next.get(name)).not.toBe(digest);
  expect(await creating).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] });
  expect(await creation.end()).toBe('SUCCEEDED');
  expect((await cloud.logLines(`${stack}-studio-domain`)).join()).toContain('the other release');
  await change('research', 'ruff', DomainId);

  const deleting = cloud.remove('studio-slow');
  const deletion = await inWaiter();
  const url = `https://${artifacts.bucket}.s3.amazonaws.com/${artifacts.prefix}/provider.yaml`;
  await install(url, artifacts.prefix);
  expect(await deletion.isRunning()).toBe(true);
  expect(await runningCode()).toEqual(first);
  expect(await deleting).toMatchObject({ status: 'DELETE_COMPLETE', failures: [] });
  expect(await deletion.end()).toBe('SUCCEEDED');
  await change('platform', 'black', DomainId);

  expect((await cloud.update(stack, { parameters: { LogRetentionInDays: '14' } })).outputs).toEqual(tokens);
  await removeStack(cloud, 'packages');
  await removeStack(cloud, 'studio');
  await removeStack(cloud, stack);
});
