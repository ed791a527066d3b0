import { jest } from '@jest/globals';
import { type Resource, serve } from '@studio-resources/core';
import { type Answer, type Bucket, responseBucket } from '../bucket.ts';
import { captured } from '../console.ts';
import { event, lambda } from '../event.ts';
import { type ThingProps, type ThingState, thing } from '../thing.ts';

let bucket: Bucket;

beforeEach(async () => {
  captured();
  bucket = await responseBucket();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await bucket.close();
});

type Own = Partial<Resource<ThingProps, ThingState>>;

interface Change {
  from: Record<string, unknown>;
  to: Record<string, unknown>;
  id?: string;
}

/** Updates what is there as `thing-one`. */
async function update({ from, to, id = 'thing-one' }: Change, own: Own = {}): Promise<[Answer, string[]]> {
  const { resource, calls, things } = thing(own);
  things.set('thing-one', 'InService');
  const fields = {
    RequestType: 'Update',
    PhysicalResourceId: id,
    ResourceProperties: to,
    OldResourceProperties: from,
    ResponseURL: bucket.url,
  };
  await serve(resource)(event(fields), lambda());
  return [bucket.answer(), calls];
}

const grow: Change = { from: { Name: 'one', Size: '1' }, to: { Name: 'one', Size: '2' } };
const rename: Change = { from: { Name: 'one' }, to: { Name: 'two' } };

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

test('a changed immutable property creates a replacement, and leaves the old one to the Delete that follows', async () => {
  const [answer, calls] = await update(rename);
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-two' });
  expect(calls).toEqual(['find', 'create', 'read thing-two']);
});

test('a replacement does not adopt what it replaces', async () => {
  const [answer, calls] = await update(rename, { find: async () => 'thing-one' });
  expect(answer.PhysicalResourceId).toBe('thing-two');
  expect(calls).toContain('create');
});

test('a rollback of a replacement adopts the old resource, which still exists', async () => {
  const [answer, calls] = await update({ from: { Name: 'two' }, to: { Name: 'one' }, id: 'thing-two' });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  expect(calls).toEqual(['find', 'read thing-one']);
});

test('a replacement that created nothing keeps the current id', async () => {
  const [answer] = await update(rename, {
    create: async () => {
      throw new Error('no room');
    },
  });
  expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'thing-one', Reason: 'no room' });
});

test('a replacement that fails after it was created has the new id, so that CloudFormation deletes it', async () => {
  const [answer] = await update(rename, { read: async (id) => ({ id, status: 'Failed' }) });
  expect(answer).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'thing-two',
    Reason: 'Creating thing-two: Failed: no luck',
  });
});

test('a replacement that returns the current id has failed', async () => {
  const [answer] = await update(rename, { create: async () => 'thing-one' });
  expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'thing-one' });
  expect(answer.Reason).toMatch(/^Replacing thing-one: the replacement has the same id/);
});

test('a replacement that would collide with its own name fails at once, and says what to change', async () => {
  const [answer, calls] = await update(grow, { immutable: ['Size'], nameProperties: ['Name'] });
  expect(answer).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'thing-one',
    Reason:
      'Replacing thing-one: a change of Size cannot be made in place, and a replacement cannot have the same Name ' +
      'while thing-one exists. Change Name as well',
  });
  expect(calls).toEqual([]);
});

test('a replacement with another name is created', async () => {
  const [answer] = await update(
    { from: { Name: 'one', Size: '1' }, to: { Name: 'two', Size: '2' } },
    { immutable: ['Size'], nameProperties: ['Name'] },
  );
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-two' });
});

test('a resource that cannot update is replaced by any change', async () => {
  const [answer] = await update(
    { from: { Name: 'one', Size: '1' }, to: { Name: 'two', Size: '1' } },
    { update: undefined, immutable: undefined },
  );
  expect(answer.PhysicalResourceId).toBe('thing-two');
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

test('an unchanged immutable property does not replace when another old property is invalid', async () => {
  const [answer] = await update(
    { from: { Name: 'one', Size: '1', Colour: 'red' }, to: { Name: 'one', Size: '1' } },
    { immutable: ['Size', 'Name'] },
  );
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
});

test('a property that is missing from the old ones is no change: an update without it was refused', async () => {
  const [answer, calls] = await update({ from: { Size: '1' }, to: { Name: 'one', Size: '1' } });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  expect(calls).toEqual(['read thing-one']);
});

test('an update of a resource that was never created creates it', async () => {
  const [answer, calls] = await update({ ...rename, id: 'studio-resources:create-failed:request-0' });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-two' });
  expect(calls).toEqual(['find', 'create', 'read thing-two']);
});

test('what is immutable may depend on the values: a name whose case does not count is the same name', async () => {
  const own: Own = {
    nameProperties: ['Name'],
    immutable: ({ Name }, old) => (Name.toLowerCase() === old.Name.toLowerCase() ? ['Size'] : ['Size', 'Name']),
  };
  const [answer, calls] = await update({ from: { Name: 'one' }, to: { Name: 'ONE' } }, own);
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  expect(calls).toEqual(['read thing-one', 'update thing-one', 'read thing-one']);
});

test('a replacement collides with its own name in another spelling, too', async () => {
  const own: Own = { nameProperties: ['Name'], immutable: () => ['Size'] };
  const [answer] = await update({ from: { Name: 'one', Size: '1' }, to: { Name: 'ONE', Size: '2' } }, own);
  expect(answer.Reason).toMatch(/^Replacing thing-one: .* Change Name as well$/);
});

test('the rollback of a replacement that created nothing keeps the resource that has the name', async () => {
  const own: Own = { nameProperties: ['Name'] };
  const [answer, calls] = await update({ from: { Name: 'two' }, to: { Name: 'one' }, id: 'thing-one' }, own);
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  expect(calls).toEqual(['find', 'find', 'read thing-one', 'update thing-one', 'read thing-one']);
});

test('the response to a replacement with an unknown outcome has an id for both it and the current resource', async () => {
  const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  const lost: Own = {
    create: async () => {
      throw reset;
    },
  };
  for (const id of ['thing-one', 'studio-resources:create-unsettled:request-0:beside:thing-one']) {
    const { resource } = thing(lost);
    const fields = { RequestType: 'Update', PhysicalResourceId: id, RequestId: `for ${id}` };
    const properties = { ResourceProperties: rename.to, OldResourceProperties: rename.from };
    await serve(resource)(event({ ...fields, ...properties, ResponseURL: bucket.url }), lambda());
    expect(JSON.parse(String(bucket.puts.at(-1)?.body))).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: `studio-resources:create-unsettled:for ${id}:beside:thing-one`,
      Reason: 'socket hang up',
    });
  }
});

test('such a response has the current id if an id for both would be too long', async () => {
  const id = `thing-${'x'.repeat(1000)}`;
  const lost: Own = {
    create: async () => {
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    },
  };
  expect((await update({ ...rename, id }, lost))[0].PhysicalResourceId).toBe(id);
});

test('a replacement without a response is deleted when it is rolled back', async () => {
  const { resource, calls, things } = thing({ nameProperties: ['Name'], immutable: ['Name'] });
  for (const id of ['thing-one', 'thing-two']) things.set(id, 'InService');
  const fields = {
    RequestType: 'Update',
    PhysicalResourceId: 'thing-one',
    ResourceProperties: { Name: 'one' },
    OldResourceProperties: { Name: 'two' },
    ResponseURL: bucket.url,
  };
  await serve(resource)(event(fields), lambda());
  expect(bucket.answer()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  expect([...things.keys()]).toEqual(['thing-one']);
  expect(calls).toContain('delete thing-two');
});

test('a replacement that cannot be deleted does not block the rollback', async () => {
  const { resource, things } = thing({
    nameProperties: ['Name'],
    delete: async (id) => void things.set(id, 'Delete_Failed'),
  });
  for (const id of ['thing-one', 'thing-two']) things.set(id, 'InService');
  const fields = {
    RequestType: 'Update',
    PhysicalResourceId: 'thing-one',
    ResourceProperties: { Name: 'one' },
    OldResourceProperties: { Name: 'two' },
    ResponseURL: bucket.url,
  };
  await serve(resource)(event(fields), lambda());
  expect(bucket.answer()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
});
