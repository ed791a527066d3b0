import { serve } from '@studio-resources/core';
import { initialState } from '../../../../packages/core/src/lifecycle/phase.ts';
import { restoreState, saveState } from '../../../../packages/core/src/lifecycle/saved-state.ts';
import { canonicalJson } from '../../../../packages/core/src/waiting/canonical-json.ts';
import { seal, unseal } from '../../../../packages/core/src/waiting/seal.ts';
import { packState } from '../../../../packages/core/src/waiting/waiter-state.ts';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda } from '../event.ts';
import { thing } from '../thing.ts';
import { stateSecret } from '../waiting/state-secret.ts';

const { bucket } = bucketAndLog();
const secret = stateSecret();

test('a state is restored as it was saved', () => {
  const state = initialState({ requestType: 'Update' }, 1);
  expect(restoreState(JSON.parse(JSON.stringify(saveState(state))))).toEqual({ state });
});

test.each(['Create', 'Delete'])('the state of a later version fails the %s, and says why', async (RequestType) => {
  const fields = RequestType === 'Create' ? {} : { RequestType, PhysicalResourceId: 'thing-one' };
  const request = event({ ResponseURL: bucket.url, ...fields });
  const { key } = secret;
  const packing = { functionArn: lambda().invokedFunctionArn, key };
  const { sealed, ...packed } = packState(request, initialState({ requestType: 'Create' }, Date.now()), packing);
  // As a function of that version would seal it.
  const later = { ...packed, state: { ...packed.state, version: 3 } };
  const text = unseal(sealed, key.text, canonicalJson(packed))!;
  const { resource, calls } = thing();
  await serve(resource)({ waiter: { ...later, sealed: seal(text, key.text, canonicalJson(later)) } }, lambda());
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
  { since: 1, operation: 'create' },
  { since: 1, version: 2 },
  { since: 1, version: 2, phase: { name: 'constructor' } },
])('%j is no state', (saved) => {
  expect(restoreState(saved)).toBeUndefined();
});
