import { ConnectionFault } from '../../../../packages/local/src/faults/connection-fault.ts';
import type { InjectedFault, Rule } from '../../../../packages/local/src/faults/rule.ts';
import { account, custom, type ProviderRequest, StackCloud } from '../stack-cloud.ts';

/** A cloud with these faults, whose provider does nothing by itself: the test answers. */
function faulty(...rules: Rule[]) {
  const cloud = new StackCloud(undefined, undefined, { rules });
  cloud.provider = () => undefined;
  const told: InjectedFault[] = [];
  cloud.cloud.events.on('fault', (fault) => told.push(fault));
  return { cloud, told };
}

/** Begins a stack of one custom resource; its request. */
async function begin(cloud: StackCloud): Promise<ProviderRequest> {
  const TemplateBody = JSON.stringify({ Resources: { Thing: custom() } });
  await cloud.call('CreateStack', { StackName: 'stack', TemplateBody });
  return cloud.when(() => cloud.requests[0]);
}

const answer = { PhysicalResourceId: 'thing' };

/** The stack's status, once half a minute has passed. */
async function statusOf(cloud: StackCloud): Promise<string> {
  for (let seconds = 0; seconds < 30; seconds += 1) {
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    await cloud.clock.pass(1000);
  }
  return (await cloud.stack('stack')).StackStatus!;
}

test.each(['500', '503', '403'] as const)('a bucket that responds with %s has accepted nothing', async (fault) => {
  const { cloud, told } = faulty({ on: 'response', fault, count: 1 });
  const request = await begin(cloud);
  expect(await cloud.answer(request, answer)).toBe(Number(fault));
  expect(await statusOf(cloud)).toBe('CREATE_IN_PROGRESS');
  expect(told).toMatchObject([{ kind: `response ${fault}`, where: { account, resource: 'Thing' } }]);
  expect(await cloud.answer(request, answer)).toBe(200);
  expect(await statusOf(cloud)).toBe('CREATE_COMPLETE');
});

test.each([
  ['reset', 'ECONNRESET'],
  ['dns', 'ENOTFOUND'],
] as const)('a fault %s leaves the caller without a response', async (fault, code) => {
  const { cloud } = faulty({ on: 'response', fault, count: 1 });
  const request = await begin(cloud);
  const failure = await cloud.answer(request, answer).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ConnectionFault);
  expect(failure).toMatchObject({ code });
  expect(await statusOf(cloud)).toBe('CREATE_IN_PROGRESS');
});

test.each(['500', 'reset'] as const)('with a %s the bucket may have accepted the response', async (fault) => {
  const { cloud } = faulty({ on: 'response', fault, carriedOut: true });
  const request = await begin(cloud);
  const status = await cloud.answer(request, answer).catch(() => 'none');
  expect(status).toBe(fault === '500' ? 500 : 'none');
  expect(await statusOf(cloud)).toBe('CREATE_COMPLETE');
});

test('a slow bucket accepts the response at once', async () => {
  const { cloud } = faulty({ on: 'response', fault: 'slow', ms: 60_000 });
  const request = await begin(cloud);
  let status = 0;
  const answering = cloud.answer(request, answer).then((one) => {
    status = one;
  });
  expect(await statusOf(cloud)).toBe('CREATE_COMPLETE');
  expect(status).toBe(0);
  await cloud.clock.pass(60_000);
  await answering;
  expect(status).toBe(200);
});

test('a truncated body fails the resource, because it is not JSON', async () => {
  const { cloud } = faulty({ on: 'response', fault: 'truncated', count: 1 });
  const request = await begin(cloud);
  expect(await cloud.answer(request, answer)).toBe(200);
  await statusOf(cloud);
  expect(await cloud.history('stack')).toEqual(
    expect.arrayContaining([expect.stringMatching(/^Thing CREATE_FAILED: .*not valid JSON/)]),
  );
});

test('a rule may be for one resource, or one account', async () => {
  const { cloud, told } = faulty(
    { on: 'response', fault: '500', resource: 'Other' },
    { on: 'response', fault: '500', account: '999900001111' },
    // Rules on calls do not apply to answers.
    { on: 'call', fault: 'access-denied' },
  );
  const request = await begin(cloud);
  expect(await cloud.answer(request, answer)).toBe(200);
  expect(told).toEqual([]);
});
