import { jest } from '@jest/globals';
import { currentKey, keyOf } from '../../../../packages/core/src/waiting/state-key.ts';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda } from '../event.ts';
import { kept, slowThing } from './slow-thing.ts';
import { waiterMock } from './waiter-mock.ts';

const { bucket, lines } = bucketAndLog();
const { inputs, secret } = waiterMock();
const minute = 60_000;

/** Lets so many milliseconds pass on this process's clock. */
function pass(ms: number): void {
  const now = Date.now();
  jest.spyOn(Date, 'now').mockReturnValue(now + ms);
}

const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
const throttled = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });

test('the key is read once, and again after five minutes', async () => {
  const first = secret.key;
  expect(await currentKey()).toEqual(first);
  const second = secret.rotate();
  pass(4 * minute);
  expect(await currentKey()).toEqual(first);
  expect(secret.reads).toEqual([undefined]);
  pass(2 * minute);
  expect(await currentKey()).toEqual(second);
  expect(secret.reads).toEqual([undefined, undefined]);
});

test('while Secrets Manager cannot be asked, the key of before goes on, and it is asked once a minute', async () => {
  const key = await currentKey();
  secret.rotate();
  secret.fail(throttled);
  pass(6 * minute);
  for (let call = 0; call < 3; call += 1) expect(await currentKey()).toEqual(key);
  expect(secret.reads).toHaveLength(2);
  secret.fail();
  pass(minute);
  expect(await currentKey()).toEqual(secret.key);
});

test('an environment that has read no key yet says which permission the call takes', async () => {
  secret.fail(denied);
  for (const read of [currentKey(), keyOf(secret.key.id)]) {
    await expect(read).rejects.toMatchObject({
      name: 'KeyUnavailableError',
      message: expect.stringContaining(`secretsmanager:GetSecretValue of ${secret.arn}`),
      cause: denied,
    });
  }
});

test('the current key and the previous one open a state, and no other', async () => {
  const [first, second] = [secret.key, secret.rotate()];
  expect(await keyOf(first.id)).toEqual(first);
  expect(await keyOf(second.id)).toEqual(second);
  secret.rotate();
  // What an environment has in memory counts for an hour.
  expect(await keyOf(first.id)).toEqual(first);
  pass(60 * minute);
  expect(await keyOf(second.id)).toEqual(second);
  await expect(keyOf(first.id)).rejects.toMatchObject({ name: 'InvalidRequestError' });
});

test.each(['AWSCURRENT', '', '../x', 'a'.repeat(65), `${'a'.repeat(36)}\n`])(
  'the id %j is refused without a call',
  async (id) => {
    await expect(keyOf(id)).rejects.toMatchObject({ name: 'InvalidRequestError' });
    expect(secret.reads).toEqual([]);
  },
);

test('a version of a secret that does not exist now may come back with it', async () => {
  secret.fail(Object.assign(new Error('no secret'), { name: 'ResourceNotFoundException' }));
  await expect(keyOf(secret.key.id)).rejects.toMatchObject({ name: 'KeyUnavailableError' });
  secret.fail();
  await expect(keyOf('a'.repeat(36))).rejects.toMatchObject({ name: 'InvalidRequestError' });
});

const create = () => event({ ResponseURL: bucket.url });

test('a request that needs no waiter reads no key', async () => {
  const { handler, things } = slowThing({
    create: async () => {
      things.set('thing-one', 'InService');
      return 'thing-one';
    },
  });
  await handler(create(), lambda());
  expect(bucket.answer().Status).toBe('SUCCESS');
  expect(secret.reads).toEqual([]);
});

test.each([denied, throttled])('without a key the function polls by itself, and says why: $name', async (error) => {
  secret.fail(error);
  const statuses = ['Pending', 'InService'];
  const { handler } = slowThing({
    pace: { create: { expectedSeconds: 0, pollIntervalSeconds: 0.001, inlineSeconds: 0 } },
    read: async (id) => ({ id, status: statuses.shift() ?? 'InService' }),
  });
  await handler(create(), lambda());
  expect(bucket.answer().Status).toBe('SUCCESS');
  expect(inputs()).toEqual([]);
  expect(lines.text()).toContain('Reading the key of the waiter failed, so this invocation polls');
});

test('a poll seals the state with the newest key, or with the one that opened it', async () => {
  const { handler } = slowThing();
  await handler(create(), lambda());
  const { waiter } = inputs()[0]!.input;
  const newest = secret.rotate();
  pass(6 * minute);
  expect(await handler({ waiter: kept(waiter) }, lambda())).toMatchObject({ waiter: { key: newest.id } });
  secret.rotate();
  secret.fail(throttled);
  pass(6 * minute);
  expect(await handler({ waiter: kept(waiter) }, lambda())).toMatchObject({ waiter: { key: newest.id } });
});

test('a poll without its key is an error that the waiter retries, and nothing is called', async () => {
  const { handler, calls } = slowThing();
  await handler(create(), lambda());
  const { waiter } = inputs()[0]!.input;
  const before = [...calls];
  pass(61 * minute);
  secret.fail(denied);
  await expect(handler({ waiter: kept(waiter) }, lambda())).rejects.toMatchObject({ name: 'KeyUnavailableError' });
  expect(calls).toEqual(before);
  expect(bucket.puts).toHaveLength(0);
});
