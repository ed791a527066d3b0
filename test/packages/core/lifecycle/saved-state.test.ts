import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { respond, serve } from '@studio-resources/core';
import { initialState } from '../../../../packages/core/src/lifecycle/phase.ts';
import { restoreState, saveState } from '../../../../packages/core/src/lifecycle/saved-state.ts';
import { packState } from '../../../../packages/core/src/waiting/waiter-state.ts';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda } from '../event.ts';
import { thing } from '../thing.ts';
import { setStateKey, stateKey } from '../waiting/state-key.ts';

/** States of requests under way, as the functions wrote them before states had a version. */
interface Recorded {
  name: string;
  event: Record<string, unknown>;
  progress: Record<string, unknown> & { since: number; id?: string };
}

const recorded: Recorded[] = JSON.parse(readFileSync(join(import.meta.dirname, 'states-of-version-1.json'), 'utf8'));

const { bucket } = bucketAndLog();
setStateKey();

/** What the waiter sends for such a request, begun just now. */
function polled({ event: fields, progress }: Recorded): { waiter: object } {
  const request = event({ ResponseURL: bucket.url, ...fields });
  const { sealed, event: open } = packState(request, initialState({ requestType: 'Create' }, 0), { key: stateKey });
  return { waiter: { event: open, sealed, progress: { ...progress, since: Date.now() - 1000 } } };
}

const phases: Record<string, string> = {
  'a creation that is pending': 'creating',
  'a creation that was throttled': 'creating',
  'an update in place': 'updating',
  'an update that was throttled': 'updating',
  'a replacement': 'creating',
  'a deletion': 'deleting',
  'a deletion of what has to be looked for': 'deleting',
  'a creation that was cancelled': 'cancelling',
  'an update that takes a replacement back': 'updating',
};

test.each(recorded)('$name, saved by the earlier version, goes on and ends', async (one) => {
  expect(restoreState(one.progress)).toMatchObject({
    state: { since: one.progress.since, phase: { name: phases[one.name] }, waitingFor: one.progress.awaiting },
  });
  const { resource, things, calls } = thing({ find: async () => undefined, nameProperties: ['Name'] });
  const id = one.progress.id;
  if (id !== undefined && phases[one.name] !== 'deleting' && phases[one.name] !== 'cancelling') {
    things.set(id, 'InService');
  }
  let waiter: unknown = polled(one).waiter;
  for (let poll = 0; bucket.puts.length === 0; poll += 1) {
    const result = await serve(resource, { checksStack: false })(
      { waiter: JSON.parse(JSON.stringify(waiter)) },
      lambda(),
    );
    if (result.done) break;
    waiter = result.waiter;
    expect(poll).toBeLessThan(10);
  }
  if (phases[one.name] === 'cancelling') {
    // Only CloudFormation can say that it no longer wants the resource.
    expect(bucket.puts).toEqual([]);
    return;
  }
  expect(bucket.answer()).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: id ?? one.event.PhysicalResourceId ?? 'thing-one',
  });
  const wasCreated = one.name === 'a creation that was throttled';
  expect(calls.filter((call) => call === 'create')).toHaveLength(wasCreated ? 1 : 0);
});

test('there is a recorded state of each phase except planning and done', () => {
  expect(recorded.map(({ name }) => name)).toEqual(Object.keys(phases));
});

test.each(recorded)('$name, saved by the earlier version, is responded to when the function crashes', async (one) => {
  await respond(
    { ...polled(one), function: 'arn:aws:lambda:eu-west-1:111122223333:function:things', error: {} },
    lambda(),
  );
  const { Status, PhysicalResourceId } = bucket.answer();
  expect(Status).toBe('FAILED');
  if (one.progress.id !== undefined) expect(PhysicalResourceId).toBe(one.progress.id);
});

test('a state is restored as it was saved', () => {
  const state = initialState({ requestType: 'Update' }, 1);
  expect(restoreState(JSON.parse(JSON.stringify(saveState(state))))).toEqual({ state });
});

test.each(['Create', 'Delete'])('the state of a later version fails the %s, and says why', async (RequestType) => {
  const fields = RequestType === 'Create' ? {} : { RequestType, PhysicalResourceId: 'thing-one' };
  const request = event({ ResponseURL: bucket.url, ...fields });
  const packed = packState(request, initialState({ requestType: 'Create' }, Date.now()), { key: stateKey });
  const { resource, calls } = thing();
  await serve(resource)({ waiter: { ...packed, state: { ...packed.state, version: 3 } } }, lambda());
  expect(bucket.answer()).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(/its state has version 3, and this function reads 2/),
    PhysicalResourceId: RequestType === 'Create' ? 'studio-resources:create-unsettled:request-1' : 'thing-one',
  });
  expect(calls).toEqual([]);
});

test.each([
  undefined,
  null,
  'x',
  {},
  { since: 1 },
  { since: 1, version: 2 },
  { since: 1, version: 2, phase: { name: 'constructor' } },
])('%j is no state', (saved) => {
  expect(restoreState(saved)).toBeUndefined();
});
