import { DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import type { Rule } from '../../packages/local/src/faults/rule.ts';
import type { StackResult } from '../../packages/local/src/virtual/deployment.ts';
import type { Caller } from '../stacks/caller.ts';
import { readTemplate, startCloud } from '../stacks/cloud.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';
import { attackerOf, type Execution, executionOf, invoke, resourceOf, startWaiter, statusOf } from './attacker.ts';
import { runApp } from './studio-stack.ts';

const minute = 60;

let cloud: TestCloud;
let mallory: Caller;
/** The domain of another team, which exists already. */
let others: string;
let creating: Promise<StackResult>;
let deleting: Promise<StackResult>;
/** A Create and a Delete of the victim's, which wait. */
let create: Execution;
let remove: Execution;

beforeAll(async () => {
  const faults: Rule[] = [
    // The third domain that the test creates.
    { on: 'resource', fault: 'stuck', kind: 'domain', during: 'create', seconds: 50 * minute, after: 2, count: 1 },
    { on: 'resource', fault: 'stuck', kind: 'app', during: 'delete', seconds: 20 * minute },
  ];
  cloud = await startCloud({ faults });
  mallory = await attackerOf(cloud);
  const template = await readTemplate('examples/studio.yaml');
  const deploy = async (name: string) => {
    const made = await cloud.deploy(name, { template, parameters: { DomainName: name } });
    expect(made).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] });
    return made;
  };
  others = (await deploy('studio-others')).outputs.DomainId!;
  const retiring = await deploy('studio-retiring');
  await runApp(cloud, retiring.outputs.DomainId!);
  creating = deploy('studio-victim');
  deleting = cloud.remove('studio-retiring');
  create = await executionOf(cloud, 'studio-victim', 'Domain');
  remove = await executionOf(cloud, 'studio-retiring', 'UserProfile');
});

afterAll(() => cloud.stop());

/** The waiter's part of an execution, with what an attack changes of it. */
function tampered({ waiter }: Execution, change: (waiter: Execution['waiter']) => void) {
  const copy = structuredClone(waiter);
  change(copy);
  return copy;
}

/** An attacker may invoke the function, or have the waiter do so; neither may do or send anything. */
async function comesToNothing(waiter: unknown, name: string) {
  expect(await invoke(mallory, name, { waiter })).toBe('InvalidRequestError');
  const [, region, account] = /:([^:]+):(\d{12}):/.exec(create.function)!;
  const arn = `arn:aws:lambda:${region}:${account}:function:studio-resources-${name}`;
  const execution = await startWaiter(mallory, { function: arn, waiter, waitSeconds: 1 });
  await cloud.until(async () => (await statusOf(mallory, execution)) !== 'RUNNING', 'the execution to end');
  expect((await resourceOf(cloud, 'studio-victim', 'Domain')).status).toBe('CREATE_IN_PROGRESS');
  expect((await resourceOf(cloud, 'studio-retiring', 'UserProfile')).status).toBe('DELETE_IN_PROGRESS');
}

test("a phase that names another team's domain as what was created ends no request", async () => {
  const waiter = tampered(create, ({ state }) => {
    state.phase = { ...state.phase, id: others, seen: true };
  });
  await comesToNothing(waiter, 'studio-domain');
});

test('a phase that ends the request with an outcome of its own ends no request', async () => {
  const waiter = tampered(create, ({ state }) => {
    state.phase = { name: 'done', outcome: { status: 'SUCCESS', id: others, attributes: {} } };
  });
  await comesToNothing(waiter, 'studio-domain');
});

test('a state that claims to be long past its ServiceTimeout ends no request', async () => {
  const waiter = tampered(create, ({ state }) => {
    state.since = 0;
  });
  await comesToNothing(waiter, 'studio-domain');
});

test.each(['StackId', 'RequestId', 'LogicalResourceId', 'RequestType', 'PhysicalResourceId', 'ResourceType'])(
  'another %s in the request does nothing',
  async (name) => {
    const waiter = tampered(remove, ({ event }) => {
      event[name] = name === 'RequestType' ? 'Update' : (create.waiter.event[name] ?? `${others}/ada`);
    });
    await comesToNothing(waiter, 'studio-user-profile');
  },
);

test('a property that is added, changed or taken out does nothing', async () => {
  for (const change of [{ DeleteContents: 'Spaces' }, { UserProfileName: 'bob' }, { DomainId: others }]) {
    const waiter = tampered(remove, ({ event }) => Object.assign(event.ResourceProperties, change));
    await comesToNothing(waiter, 'studio-user-profile');
  }
  const waiter = tampered(remove, ({ event }) => {
    delete event.ResourceProperties.DeleteContents;
  });
  await comesToNothing(waiter, 'studio-user-profile');
});

test("the sealed part of another request does nothing, nor does another request's state under one's own", async () => {
  await comesToNothing({ ...remove.waiter, sealed: create.waiter.sealed }, 'studio-user-profile');
  await comesToNothing({ ...remove.waiter, state: create.waiter.state }, 'studio-user-profile');
  await comesToNothing({ ...create.waiter, event: remove.waiter.event }, 'studio-domain');
});

test('the true state of a request does nothing in a function of another resource', async () => {
  await comesToNothing(create.waiter, 'studio-image');
  await comesToNothing(remove.waiter, 'studio-contents');
});

test('a state of the format before states were authenticated is not accepted', async () => {
  const { event, sealed, state } = create.waiter;
  await comesToNothing({ event, sealed, state }, 'studio-domain');
  await comesToNothing({ event, sealed, progress: { since: 1, operation: 'create' } }, 'studio-domain');
});

/** What the waiter's Catch gives the responder for a function that could not deliver this response. */
function undelivered(execution: Execution, fields: object) {
  const { StackId, RequestId, LogicalResourceId } = execution.waiter.event;
  const response = { Status: 'SUCCESS', PhysicalResourceId: others, StackId, RequestId, LogicalResourceId, ...fields };
  const errorMessage = `Delivering the response, attempt 8: 503; the answer: ${JSON.stringify(response)}`;
  const Cause = JSON.stringify({ errorType: 'UndeliveredError', errorMessage, trace: [] });
  return { function: execution.function, waiter: execution.waiter, error: { Error: 'UndeliveredError', Cause } };
}

test('the responder relays no response that a function of the provider has not made', async () => {
  const payload = undelivered(create, { Data: { DomainId: others } });
  // Another function than the one that the state is for, an altered state, and the forged response by itself.
  await invoke(mallory, 'responder', { ...payload, function: remove.function });
  await invoke(mallory, 'responder', {
    ...payload,
    waiter: tampered(create, ({ state }) => Object.assign(state, { since: 0 })),
  });
  expect((await resourceOf(cloud, 'studio-victim', 'Domain')).status).toBe('CREATE_IN_PROGRESS');
});

test('an execution that names a function which does not exist ends no request of another stack', async () => {
  const missing = create.function.replace('studio-domain', 'home-seed-missing');
  const execution = await startWaiter(mallory, { ...create, function: missing });
  await cloud.until(async () => (await statusOf(mallory, execution)) !== 'RUNNING', 'the execution to end');
  expect((await resourceOf(cloud, 'studio-victim', 'Domain')).status).toBe('CREATE_IN_PROGRESS');
});

test('an older state of a request, sent again, changes nothing: each pass looks at what is there', async () => {
  expect(await invoke(mallory, 'studio-domain', { waiter: create.waiter })).toBeUndefined();
  await startWaiter(mallory, create);
  await startWaiter(mallory, remove);
  await cloud.pass(minute * 1000);
  expect((await resourceOf(cloud, 'studio-victim', 'Domain')).status).toBe('CREATE_IN_PROGRESS');
});

test('after all of that both requests end as the templates say', async () => {
  const [created, removed] = await Promise.all([creating, deleting]);
  expect(created).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] });
  expect(removed).toMatchObject({ status: 'DELETE_COMPLETE', failures: [] });
  expect(created.outputs.DomainId).not.toBe(others);
  const { sagemaker } = cloud.clients;
  expect((await sagemaker.send(new DescribeDomainCommand({ DomainId: others }))).Status).toBe('InService');
});
