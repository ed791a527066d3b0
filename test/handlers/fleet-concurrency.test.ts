import { BusyError } from '@studio-resources/sagemaker/client/client';
import { adaptiveConcurrency } from '../../handlers/studio-user-profile-fleet/adaptive-concurrency.ts';
import { awsError } from './aws-error.ts';

const items = Array.from({ length: 200 }, (_, n) => n);
const throttle = () => awsError('ThrottlingException', 'Rate exceeded');

/** A service that throttles more than so many calls at once, and counts those that it got. */
function service(bears: number) {
  const seen = { calls: 0, now: 0, most: 0 };
  const call = async () => {
    seen.calls += 1;
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    const isTooMuch = seen.now > bears;
    await new Promise((resolve) => setImmediate(resolve));
    seen.now -= 1;
    if (isTooMuch) throw throttle();
  };
  return { seen, call };
}

test('calls grow in number while they succeed, and stay bounded', async () => {
  const { seen, call } = service(1000);
  const batch = await adaptiveConcurrency(items, call);
  expect(batch.done).toEqual(expect.arrayContaining(items));
  expect(batch.failed).toEqual([]);
  expect(seen.most).toBe(16);
});

test('after a throttle half as many calls are made, and what was throttled is left for the next time', async () => {
  const { seen, call } = service(6);
  const batch = await adaptiveConcurrency(items, call);
  expect(batch.failed).toEqual([]);
  expect(batch.done.length).toBeLessThan(items.length);
  expect(batch.done.length).toBeGreaterThan(150);
  expect(seen.most).toBeLessThan(10);
});

test('throttles of calls that were made at once count once', async () => {
  let calls = 0;
  const batch = await adaptiveConcurrency(
    items.slice(0, 8),
    async () => {
      calls += 1;
      if (calls <= 8) throw throttle();
    },
    { concurrency: 8 },
  );
  expect(batch.concurrency).toBe(4);
});

test('a service that throttles one call after the other gets no more calls', async () => {
  let calls = 0;
  const batch = await adaptiveConcurrency(items, async () => {
    calls += 1;
    throw throttle();
  });
  expect(batch).toEqual({ done: [], failed: [], concurrency: 1 });
  expect(calls).toBeLessThan(12);
});

test('the next time begins with as many as the service accepted last', async () => {
  const { seen, call } = service(1000);
  await adaptiveConcurrency(items.slice(0, 2), call, { concurrency: 2 });
  expect(seen.most).toBe(2);
});

test('what is busy and what meets a transient error is left, without fewer calls; the rest has failed', async () => {
  const errors = [
    new BusyError('it is Updating'),
    awsError('InternalFailure', 'Oops'),
    awsError('ValidationException', 'No'),
  ];
  const batch = await adaptiveConcurrency([0, 1, 2], async (n) => {
    throw errors[n];
  });
  expect(batch.failed).toEqual([{ item: 2, error: errors[2] }]);
  expect(batch.concurrency).toBe(4);
});

test('no other call is made once it is to stop', async () => {
  const batch = await adaptiveConcurrency(
    items,
    async (n) => {
      if (n === 5) throw awsError('ValidationException', 'No');
    },
    { shouldContinue: ({ failed }) => failed.length === 0 },
  );
  expect(batch.failed).toHaveLength(1);
  expect(batch.done.length).toBeLessThan(20);
});
