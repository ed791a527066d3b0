import { serve } from '@studio-resources/core';
import type { Answer } from '../bucket.ts';
import { event, lambda } from '../event.ts';
import { connectionReset, serviceError } from '../sdk-errors.ts';
import { type Thing, thing } from '../thing.ts';
import { grow, type Own, rename, thingRequests } from './thing-requests.ts';

const { bucket, update } = thingRequests();

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

test('an unchanged immutable property does not replace when another old property is invalid', async () => {
  const [answer] = await update(
    { from: { Name: 'one', Size: '1', Colour: 'red' }, to: { Name: 'one', Size: '1' } },
    { immutable: ['Size', 'Name'] },
  );
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
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
  const lost: Own = {
    create: async () => {
      throw connectionReset();
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
      throw connectionReset();
    },
  };
  expect((await update({ ...rename, id }, lost))[0].PhysicalResourceId).toBe(id);
});

describe('the rollback of a replacement that exists and has no response', () => {
  /** The handler has created `thing-two` in place of `thing-one`, and CloudFormation was not told. */
  async function rollBack({ resource, things }: Thing): Promise<Answer> {
    for (const id of ['thing-one', 'thing-two']) things.set(id, 'InService');
    const fields = {
      RequestType: 'Update',
      PhysicalResourceId: 'thing-one',
      ResourceProperties: { Name: 'one' },
      OldResourceProperties: { Name: 'two' },
      ResponseURL: bucket.url,
    };
    await serve(resource)(event(fields), lambda());
    return bucket.answer();
  }

  test('deletes it', async () => {
    const one = thing({ nameProperties: ['Name'], immutable: ['Name'] });
    expect(await rollBack(one)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
    expect([...one.things.keys()]).toEqual(['thing-one']);
    expect(one.calls).toContain('delete thing-two');
  });

  test('succeeds even if it cannot be deleted', async () => {
    const one = thing({
      nameProperties: ['Name'],
      delete: async (id) => void one.things.set(id, 'Delete_Failed'),
    });
    expect(await rollBack(one)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
    expect(one.things.get('thing-two')).toBe('Delete_Failed');
  });

  test('succeeds even if its deletion is refused', async () => {
    const one = thing({
      nameProperties: ['Name'],
      delete: () => Promise.reject(serviceError('AccessDeniedException')),
    });
    expect(await rollBack(one)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
    expect([...one.things.keys()]).toContain('thing-two');
  });

  test('deletes it once the service is no longer throttled', async () => {
    const errors = [serviceError('ThrottlingException')];
    const one = thing({
      nameProperties: ['Name'],
      async delete(id) {
        const error = errors.shift();
        if (error) throw error;
        one.things.delete(id);
        return undefined;
      },
    });
    expect(await rollBack(one)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
    expect([...one.things.keys()]).toEqual(['thing-one']);
  });
});
