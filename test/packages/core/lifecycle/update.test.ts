import { grow, thingRequests } from './thing-requests.ts';

const { update } = thingRequests();

test('a change is made in place, and responds with the same id and all attributes', async () => {
  const seen: unknown[] = [];
  const [answer, calls] = await update(grow, {
    update: async (_, props, old) => {
      seen.push(props, old);
    },
  });
  expect(answer).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'thing-one',
    Data: { Arn: 'arn:thing/thing-one', Status: 'InService' },
  });
  expect(calls).toEqual(['read thing-one', 'update thing-one', 'read thing-one']);
  expect(seen).toEqual([
    { Name: 'one', Size: 2 },
    { Name: 'one', Size: 1 },
  ]);
});

test('properties that differ only in their spelling change nothing, and the response has all attributes', async () => {
  const [answer, calls] = await update({ from: { Name: 'one', Size: '1.0' }, to: { Name: 'one', Size: '1' } });
  expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { Arn: 'arn:thing/thing-one' } });
  expect(calls).toEqual(['read thing-one']);
});

test('an update is waited for and advanced until it is ready', async () => {
  const statuses = ['InService', 'Updating', 'InService'];
  const [answer, calls] = await update(grow, {
    read: async (id) => ({ id, status: statuses.shift() ?? 'InService' }),
    advance: async () => {},
  });
  expect(answer.Status).toBe('SUCCESS');
  expect(calls).toEqual(
    ['read', 'update', 'read', 'advance', 'read'].map((call) => (call === 'advance' ? call : `${call} thing-one`)),
  );
});

test('an update with a failed status responds at once, with the current id', async () => {
  const statuses = ['InService', 'Update_Failed'];
  const [answer, calls] = await update(grow, { read: async (id) => ({ id, status: statuses.shift() ?? 'InService' }) });
  expect(calls).toHaveLength(3);
  expect(answer).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'thing-one',
    Reason: 'Updating thing-one: Update_Failed: no luck',
  });
});

test('the failed status of an earlier update does not fail this update before the service begins it', async () => {
  const statuses = ['Update_Failed', 'Update_Failed', 'Update_Failed', 'Updating', 'InService'];
  const [answer] = await update(grow, { read: async (id) => ({ id, status: statuses.shift() ?? 'InService' }) });
  expect(answer.Status).toBe('SUCCESS');
});

test('an update that fails like the one before has failed once the service has had time to begin', async () => {
  const [answer, calls] = await update(grow, { read: async (id) => ({ id, status: 'Update_Failed' }) });
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: 'Updating thing-one: Update_Failed: no luck' });
  expect(calls.filter((call) => call === 'update thing-one')).toHaveLength(1);
});

test('an update that fails like the one before fails at once if it was seen to begin', async () => {
  const statuses = ['Update_Failed', 'Updating', 'Update_Failed'];
  const [answer, calls] = await update(grow, { read: async (id) => ({ id, status: statuses.shift() ?? 'InService' }) });
  expect(answer.Status).toBe('FAILED');
  expect(calls.filter((call) => call === 'read thing-one')).toHaveLength(3);
});

test('an update that is refused keeps the current id', async () => {
  const [answer, calls] = await update(grow, {
    update: async () => {
      throw Object.assign(new Error('too big'), { name: 'ValidationException' });
    },
  });
  expect(answer).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'thing-one',
    Reason: 'ValidationException: too big',
  });
  expect(calls).toEqual(['read thing-one', 'update thing-one']);
});

test('an update that is throttled is retried', async () => {
  const errors = [Object.assign(new Error('slow'), { name: 'ThrottlingException' })];
  const [answer, calls] = await update(grow, {
    update: async () => {
      const error = errors.shift();
      if (error) throw error;
    },
  });
  expect(answer.Status).toBe('SUCCESS');
  expect(calls.filter((call) => call === 'update thing-one')).toHaveLength(2);
});

test('an update of a resource that is gone fails, and says so', async () => {
  const [answer] = await update(grow, { read: async () => undefined });
  expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'thing-one' });
  expect(answer.Reason).toMatch(/deleted outside this stack/);
});

test('an update with invalid properties keeps the current id', async () => {
  const [answer, calls] = await update({ from: { Name: 'one' }, to: { Name: 'one', Size: 'big' } });
  expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'thing-one' });
  expect(calls).toEqual([]);
});

test('old properties that no longer match the schema do not block an update', async () => {
  const seen: unknown[] = [];
  const [answer, calls] = await update(
    { from: { Name: 'one', Size: 'huge', Colour: 'red' }, to: { Name: 'one', Size: '2' } },
    {
      update: async (_, props, old) => {
        seen.push(props, old);
      },
    },
  );
  expect(answer.Status).toBe('SUCCESS');
  expect(calls).toEqual(['read thing-one', 'update thing-one', 'read thing-one']);
  expect(seen).toEqual([
    { Name: 'one', Size: 2 },
    { Name: 'one', Size: 'huge', Colour: 'red' },
  ]);
});

test('a property that is missing from the old ones is no change: an update without it was refused', async () => {
  const [answer, calls] = await update({ from: { Size: '1' }, to: { Name: 'one', Size: '1' } });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  expect(calls).toEqual(['read thing-one']);
});
