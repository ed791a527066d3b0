import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import type { InjectedFault, Rule } from '../../../../packages/local/src/faults/rule.ts';
import { FunctionCloud } from '../function-cloud.ts';

let local: FunctionCloud;
afterEach(() => local.discard());

/** A cloud with these faults and a function `work`, which logs each event, its time, and how many its process has had. */
async function faulty(...rules: Rule[]): Promise<readonly InjectedFault[]> {
  local = await FunctionCloud.open({ faults: rules });
  const source = `let count = 0;
    export const handler = async (event, { awsRequestId }) => {
      console.log('event', event.name, awsRequestId, Date.now(), ++count);
      return event.name;
    };`;
  await local.create('work', source);
  return local.injectedFaults;
}

const send = (name: string) => local.invoke('work', { name }, { InvocationType: 'Event' });

/** The names of the events that were worked on, in order, once there are so many. */
function worked(count: number): Promise<{ name: string; requestId: string; time: number }[]> {
  return local.when(async () => {
    const messages = await local.messages('work').catch(() => []);
    const found = messages.flatMap((one) => {
      const [, name, requestId, time] = /event (\w+) (\S+) (\d+)/.exec(one) ?? [];
      return name ? [{ name, requestId: requestId!, time: Number(time) }] : [];
    });
    return found.length >= count ? found : undefined;
  });
}

test('a crash ends the process, and the next invocation gets a new one', async () => {
  const told = await faulty({ on: 'function', fault: 'crash', function: 'wor*', after: 1, count: 1 });
  expect(await local.invoke('work', { name: 'a' })).toMatchObject({ response: 'a' });
  expect(await local.invoke('work', { name: 'b' })).toMatchObject({
    error: 'Unhandled',
    response: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: signal: killed$/),
    },
  });
  expect(await local.invoke('work', { name: 'c' })).toMatchObject({ response: 'c' });
  expect((await local.messages('work')).filter((one) => one.includes('event')).at(-1)).toMatch(/event c \S+ \d+ 1$/);
  expect(told).toMatchObject([{ rule: 'rules[0]', kind: 'function crash', where: { function: 'work' } }]);
});

test('a function may run for a while before it is killed for its memory', async () => {
  await faulty({ on: 'function', fault: 'out-of-memory', function: 'long', ms: 30_000 });
  const source = `export const handler = async () => {
    console.log('begun');
    await new Promise((done) => setTimeout(done, 600_000));
  };`;
  await local.create('long', source);
  expect(await local.invoke('long')).toMatchObject({
    error: 'Unhandled',
    response: { errorType: 'Runtime.OutOfMemory', errorMessage: expect.stringContaining('signal: killed') },
  });
  const messages = await local.messages('long');
  expect(messages).toEqual(expect.arrayContaining([expect.stringContaining('begun')]));
  expect(messages.join('\n')).toMatch(/REPORT .*Status: error\tError Type: Runtime.OutOfMemory/);
});

test('an invocation that ends before its fault is not affected', async () => {
  await faulty({ on: 'function', fault: 'crash', ms: 800_000 });
  expect(await local.invoke('work', { name: 'a' })).toMatchObject({ response: 'a' });
});

test('a function that hangs ends at its timeout', async () => {
  await faulty({ on: 'function', fault: 'hang', function: 'ticks', ms: 3000 });
  const source = `export const handler = () => new Promise(() => setInterval(() => console.log('tick'), 500));`;
  await local.create('ticks', source, { Timeout: 60 });
  expect(await local.invoke('ticks')).toMatchObject({
    error: 'Unhandled',
    response: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('timed out after 60.00 seconds') },
  });
  const ticks = (await local.messages('ticks')).filter((one) => one.includes('tick'));
  // Every half second, until it stood still in the third.
  expect(ticks).toHaveLength(5);
});

test('an event that is delivered twice has one request id', async () => {
  const told = await faulty({ on: 'function', fault: 'duplicate', count: 1 });
  await send('a');
  const [first, second] = await worked(2);
  expect(second).toMatchObject({ name: 'a', requestId: first!.requestId });
  expect(told).toMatchObject([{ kind: 'function duplicate' }]);
});

test('a duplicate may come late', async () => {
  await faulty({ on: 'function', fault: 'duplicate', seconds: 60, count: 1 });
  const before = local.cloud.clock.now();
  await send('a');
  const [, second] = await worked(2);
  expect(second!.time - before).toBeGreaterThanOrEqual(60_000);
});

test('a delayed event comes no sooner than the rule says', async () => {
  await faulty({ on: 'function', fault: 'delayed', seconds: 60, count: 1 });
  const before = local.cloud.clock.now();
  await send('late');
  await send('prompt');
  const late = (await worked(2)).find(({ name }) => name === 'late');
  expect(late!.time - before).toBeGreaterThanOrEqual(60_000);
});

test('a delayed event is delivered after the next one', async () => {
  const told = await faulty({ on: 'function', fault: 'reordered', seconds: 3600, count: 1 });
  // One at a time, so that the order shows.
  await local.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'work', ReservedConcurrentExecutions: 1 }));
  const before = local.cloud.clock.now();
  await send('first');
  await send('second');
  const events = await worked(2);
  expect(events.map(({ name }) => name)).toEqual(['second', 'first']);
  expect(events[1]!.time - before).toBeLessThan(3_600_000);
  expect(told).toMatchObject([{ kind: 'function reordered' }]);
});

test('an event that no other follows is delayed no longer than the rule says', async () => {
  await faulty({ on: 'function', fault: 'reordered', seconds: 20 });
  const before = local.cloud.clock.now();
  await send('alone');
  const [{ time } = { time: 0 }] = await worked(1);
  expect(time - before).toBeGreaterThanOrEqual(20_000);
});
