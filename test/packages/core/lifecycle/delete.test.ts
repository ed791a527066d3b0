import { jest } from '@jest/globals';
import { serviceError } from '../sdk-errors.ts';
import { type Own, thingRequests } from './thing-requests.ts';

const { bucket, remove } = thingRequests();

function statuses(...script: (string | undefined)[]): Own {
  return {
    delete: async () => undefined,
    read: async (id) => {
      const status = script.length > 1 ? script.shift() : script[0];
      return status === undefined ? undefined : { id, status };
    },
  };
}

test('a deletion is done once read finds nothing', async () => {
  const [answer, calls] = await remove();
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  expect(calls).toEqual(['read thing-one', 'delete thing-one', 'read thing-one']);
});

test('delete is called again after each read, until nothing is left', async () => {
  const [answer, calls] = await remove(statuses('InService', 'InService', 'Deleting', undefined));
  expect(answer.Status).toBe('SUCCESS');
  expect(calls.filter((call) => call.startsWith('delete'))).toHaveLength(2);
});

test('a deletion that fails between two reads has failed, and is not started again', async () => {
  const [answer, calls] = await remove(statuses('InService', 'Deleting', 'Delete_Failed', undefined));
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: 'Deleting thing-one: Delete_Failed: no luck' });
  expect(calls.filter((call) => call.startsWith('delete'))).toHaveLength(1);
});

test('a resource that is already gone counts as deleted', async () => {
  const [answer] = await remove(statuses(undefined));
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
});

test('a retained resource ends the deletion', async () => {
  const [answer, calls] = await remove({ delete: async () => 'retained' });
  expect(answer.Status).toBe('SUCCESS');
  expect(calls.at(-1)).toBe('delete thing-one');
});

test('a not-found error of delete counts as deleted', async () => {
  const notFound = async () => {
    throw serviceError('ResourceNotFoundException');
  };
  const [answer] = await remove({ delete: notFound, read: notFound });
  expect(answer.Status).toBe('SUCCESS');
});

test('the marker id of a Create that created nothing is deleted without calling the resource', async () => {
  const PhysicalResourceId = 'studio-resources:create-failed:request-0';
  const [answer, calls] = await remove({}, { PhysicalResourceId });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  expect(calls).toEqual([]);
});

test('for an id that CloudFormation invented, the resource is found by its owner and deleted', async () => {
  const PhysicalResourceId = 'studio-MyThing-1ABCDEFGHIJKL';
  const [answer, calls] = await remove({}, { PhysicalResourceId });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  expect(calls).toEqual(['find', 'read thing-one', 'delete thing-one', 'read thing-one']);
});

test('a resource that was found by its owner is not taken for gone while it is not visible yet', async () => {
  const sights = [undefined, undefined, { id: 'thing-one', status: 'Deleting' }];
  const [answer, calls] = await remove(
    { read: async () => sights.shift(), delete: async () => undefined },
    { PhysicalResourceId: 'studio-MyThing-1ABCDEFGHIJKL' },
  );
  expect(answer.Status).toBe('SUCCESS');
  expect(calls.filter((call) => call.startsWith('read'))).toHaveLength(4);
});

/** Lets time pass in great steps, so that what waits for some time need not be waited for. */
function hurried(): void {
  let now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => {
    now += 10_000;
    return now;
  });
}

test('for an id that CloudFormation invented, the deletion is done if the owner has no resource', async () => {
  hurried();
  const [answer, calls] = await remove({ find: async () => undefined }, { PhysicalResourceId: 'studio-MyThing-1AB' });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'studio-MyThing-1AB' });
  // What was made a moment ago is not always found at once.
  expect(calls.length).toBeGreaterThanOrEqual(3);
  expect(new Set(calls)).toEqual(new Set(['find']));
});

test('a resource that was just created and is not found at first is deleted', async () => {
  const found = [undefined, 'thing-one'];
  const [answer, calls] = await remove(
    { find: async () => found.shift() },
    { PhysicalResourceId: 'studio-MyThing-1AB' },
  );
  expect(answer.Status).toBe('SUCCESS');
  expect(calls).toContain('delete thing-one');
});

test('without ownsId, every id counts as the resource’s own', async () => {
  const [, calls] = await remove({ ownsId: undefined }, { PhysicalResourceId: 'one' });
  expect(calls.slice(0, 3)).toEqual(['read one', 'delete one', 'read one']);
  expect(calls).not.toContain('find');
});

test('one missing read of a lagging replica does not mean gone', async () => {
  const script = [undefined, undefined, 'InService', 'Deleting', undefined];
  const [answer, calls] = await remove(statuses(...script));
  expect(answer.Status).toBe('SUCCESS');
  expect(calls.filter((call) => call === 'read thing-one')).toHaveLength(script.length);
});

test('what a resource leaves behind is waited for once the resource is gone', async () => {
  const left = ['file system fs-1', 'file system fs-1', undefined];
  const [answer, calls] = await remove({ remainingAfterDelete: async () => left.shift() });
  expect(answer.Status).toBe('SUCCESS');
  expect(calls.filter((call) => call.startsWith('delete'))).toHaveLength(2);
  expect(left).toEqual([]);
});

test('a resource that CloudFormation was never told of is deleted as an orphan, any other as the template says', async () => {
  const sizes: unknown[] = [];
  const own: Own = {
    find: async () => 'thing-one',
    propertiesForOrphan: (props) => ({ ...props, Size: 0 }),
    delete: async (_, { Size }) => {
      sizes.push(Size);
      return 'retained';
    },
  };
  const ResourceProperties = { Name: 'one', Size: '2' };
  await remove(own, { ResourceProperties });
  await bucket.replace();
  await remove(own, { ResourceProperties, PhysicalResourceId: 'studio-resources:create-unsettled:1' });
  expect(sizes).toEqual([2, 0]);
});

test('properties never block a deletion: invalid ones are passed on unchanged', async () => {
  const seen: unknown[] = [];
  const own: Own = {
    delete: async (_, props) => {
      seen.push(props);
      return 'retained';
    },
  };
  const [answer] = await remove(own, { ResourceProperties: { Name: 'one', Size: 'huge', Colour: 'red' } });
  expect(answer.Status).toBe('SUCCESS');
  expect(seen).toEqual([{ Name: 'one', Size: 'huge', Colour: 'red' }]);
});

test('valid properties are passed to delete in their types, even if others are invalid', async () => {
  const seen: unknown[] = [];
  const own: Own = {
    delete: async (_, props) => {
      seen.push(props);
      return 'retained';
    },
  };
  await remove(own, { ResourceProperties: { Name: 'one', Size: '5', Colour: 'red' } });
  expect(seen).toEqual([{ Name: 'one', Size: 5, Colour: 'red' }]);
});

test('missing properties do not block a deletion', async () => {
  const [answer] = await remove({}, { ResourceProperties: {} });
  expect(answer.Status).toBe('SUCCESS');
});

test('a deletion with a failed status responds at once', async () => {
  const [answer, calls] = await remove(statuses('InService', 'Delete_Failed'));
  expect(answer).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'thing-one',
    Reason: 'Deleting thing-one: Delete_Failed: no luck',
  });
  expect(calls.filter((call) => call.startsWith('delete'))).toHaveLength(1);
});

test('a resource with a failed status from before is deleted', async () => {
  const [answer] = await remove(statuses('Failed', 'Failed', 'Failed', 'Deleting', undefined));
  expect(answer.Status).toBe('SUCCESS');
});

test('a deletion that fails again, as it had before, has failed', async () => {
  const [answer] = await remove(statuses('Delete_Failed', 'Deleting', 'Delete_Failed'));
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: 'Deleting thing-one: Delete_Failed: no luck' });
});

test('throttles and service faults of a deletion are retried', async () => {
  const errors = [serviceError('ThrottlingException'), serviceError('InternalFailure')];
  const [answer] = await remove({
    delete: async () => {
      const error = errors.shift();
      if (error) throw error;
      return 'retained';
    },
  });
  expect(answer.Status).toBe('SUCCESS');
  expect(errors).toEqual([]);
});

test('a deletion that is refused responds with the reason', async () => {
  const [answer] = await remove({
    delete: async () => {
      throw new Error('Deleting thing one: two spaces block it; set DeleteContents to All');
    },
  });
  expect(answer).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'thing-one',
    Reason: 'Deleting thing one: two spaces block it; set DeleteContents to All',
  });
});

test('a resource without delete is left as it is', async () => {
  const [answer, calls] = await remove({ delete: undefined });
  expect(answer.Status).toBe('SUCCESS');
  expect(calls).toEqual([]);
});

test('a resource without read is gone once delete has been called', async () => {
  const [answer, calls] = await remove({ read: undefined });
  expect(answer.Status).toBe('SUCCESS');
  expect(calls).toEqual(['delete thing-one']);
});

test('a creation that fails while its deletion waits for it is deleted then', async () => {
  const [answer, calls] = await remove(statuses('Creating', 'Creating', 'Failed', 'Deleting', undefined));
  expect(answer.Status).toBe('SUCCESS');
  expect(calls.filter((call) => call.startsWith('delete')).length).toBeGreaterThan(2);
});
