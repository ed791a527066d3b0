import { DescribeStackResourceCommand, type StackResourceDetail } from '@aws-sdk/client-cloudformation';
import { jest } from '@jest/globals';
import { type Polled, respond, serve } from '@studio-resources/core';
import { firstPhases, transitions } from '../../../packages/core/src/lifecycle/phase.ts';
import { captured } from './console.ts';
import { lambda } from './event.ts';
import { type OldPayload, oldKey, oldPayloads, oldVersions } from './old-states.ts';
import { cloudFormationMock } from './stack/cloudformation-mock.ts';
import { thing } from './thing.ts';
import { kept } from './waiting/slow-thing.ts';
import { stateSecret } from './waiting/state-secret.ts';
import { type Wire, type WireRequest, wire } from './wire.ts';

const secret = stateSecret();
const cloudformation = cloudFormationMock();
let network: Wire;
let puts: WireRequest[];

beforeEach(() => {
  captured();
  puts = [];
  network = wire((request) => {
    puts.push(request);
    return { status: 200 };
  });
});

afterEach(() => {
  network.restore();
  jest.restoreAllMocks();
});

/** Gives the payload to the code of now, and polls as the waiter does, until it is done. Gives the calls to the service. */
async function finish({ payload, for: receiver, things, now, resourceStatus }: OldPayload): Promise<string[]> {
  let time = now;
  jest.spyOn(Date, 'now').mockImplementation(() => time);
  if (receiver === 'responder') {
    await respond(payload, lambda());
    return [];
  }
  const one = thing();
  for (const [id, status] of Object.entries(things)) one.things.set(id, status);
  const shown = { ResourceStatus: resourceStatus, PhysicalResourceId: 'thing-one' };
  cloudformation.on(DescribeStackResourceCommand).resolves({ StackResourceDetail: shown as StackResourceDetail });
  const handler = serve(one.resource, { checksStack: resourceStatus !== undefined });
  let polled = (await handler(payload, lambda())) as Polled;
  for (let polls = 0; !polled.done && polls < 20; polls += 1) {
    time += 1000 * polled.waitSeconds;
    polled = (await handler({ waiter: kept(polled.waiter) }, lambda())) as Polled;
  }
  expect(polled).toEqual({ done: true });
  return one.calls;
}

describe.each(oldVersions)('version %s', (version) => {
  test.each(oldPayloads(version))(
    '%s is finished as that version would have, and answered with the same bytes',
    async (_, old) => {
      secret.rotate(oldKey(version));
      expect(await finish(old)).toEqual(old.calls);
      expect(puts.map(({ body }) => body.toString())).toEqual(old.body === null ? [] : [old.body]);
      for (const put of puts) expect(put.path).toContain('X-Amz-Signature=5ecre7s1gnature');
      expect(network.escaped).toEqual([]);
    },
  );

  test('there is a request of each type, and a state of each phase', () => {
    const payloads = oldPayloads(version).map(([, { payload }]) => payload as { RequestType?: string; waiter?: State });
    const types = payloads.flatMap(({ RequestType }) => RequestType ?? []);
    expect(new Set(types)).toEqual(new Set(Object.keys(firstPhases)));
    const phases = payloads.flatMap(({ waiter }) => waiter?.state.phase.name ?? []);
    expect(new Set(phases)).toEqual(new Set(Object.keys(transitions)));
  });

  test('a state is not opened by another key', async () => {
    const [, { payload }] = oldPayloads(version).find(([, old]) => 'waiter' in old.payload)!;
    const { id } = oldKey(version);
    secret.rotate({ id, text: 'another' });
    const handler = serve(thing().resource, { checksStack: false });
    await expect(handler(payload, lambda())).rejects.toMatchObject({ name: 'InvalidRequestError' });
  });
});

interface State {
  readonly state: { readonly phase: { readonly name: string } };
}
