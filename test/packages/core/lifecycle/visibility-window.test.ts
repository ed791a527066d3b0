import { serve } from '@studio-resources/core';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda } from '../event.ts';
import { thing } from '../thing.ts';

const { bucket } = bucketAndLog();

const hour = 3600;

test('what may have been created is looked for within the visibility window, and then deleted', async () => {
  let looks = 0;
  const { resource, things } = thing({
    visibleWithin: hour,
    find: async () => (++looks > 5 ? 'thing-one' : undefined),
  });
  things.set('thing-one', 'InService');
  const PhysicalResourceId = 'studio-resources:create-unsettled:1';
  await serve(resource)(event({ RequestType: 'Delete', PhysicalResourceId, ResponseURL: bucket.url }), lambda());
  expect(bucket.answer()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  expect([...things]).toEqual([]);
});

test('what was found and cannot be read is not taken for gone within the visibility window', async () => {
  let looks = 0;
  const { resource, things } = thing({
    visibleWithin: hour,
    delete: async (id) => {
      if (looks > 6) things.delete(id);
      return undefined;
    },
    read: async (id) => {
      looks += 1;
      const status = looks > 6 ? things.get(id) : undefined;
      return status === undefined ? undefined : { id, status };
    },
  });
  things.set('thing-one', 'InService');
  const PhysicalResourceId = 'studio-MyThing-1AB';
  const request = { RequestType: 'Delete', PhysicalResourceId, ResponseURL: bucket.url };
  await serve(resource)(event({ ...request, ResourceProperties: { Name: 'one' } }), lambda());
  expect(bucket.answer()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  expect([...things]).toEqual([]);
});

test('a look that began within the window and took longer is not the last one', async () => {
  const window = 10;
  let looks = 0;
  const now = jest.spyOn(Date, 'now');
  try {
    const { resource, things } = thing({
      visibleWithin: window,
      find: async () => {
        looks += 1;
        // The third look is slow: what it has not found was created while it was under way.
        const later = Date.now() + 1000 * window;
        if (looks === 3) now.mockImplementation(() => later);
        return looks > 3 ? 'thing-one' : undefined;
      },
    });
    things.set('thing-one', 'InService');
    const PhysicalResourceId = 'studio-resources:create-unsettled:1';
    await serve(resource)(event({ RequestType: 'Delete', PhysicalResourceId, ResponseURL: bucket.url }), lambda());
    expect(bucket.answer()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect([...things]).toEqual([]);
  } finally {
    now.mockRestore();
  }
});
