import { map, properties, string } from '@studio-resources/core';
import { bucketAndLog } from '../bucket-and-log.ts';
import { change, creation, deletion, input, served } from './direct-requests.ts';

const { lines } = bucketAndLog();

beforeEach(() => {
  process.env.DIRECT_INVOCATIONS = 'studio-resources';
});
afterEach(() => {
  delete process.env.DIRECT_INVOCATIONS;
});

const attributes = { Arn: 'arn:thing/thing-one', Status: 'InService' };

test('a creation gives the physical id and all attributes', async () => {
  const { invoke, calls } = served();
  expect(await invoke(creation())).toEqual({ PhysicalResourceId: 'thing-one', Attributes: attributes });
  expect(calls).toEqual(['find', 'create', 'read thing-one']);
});

test('its holder is a state of this provider, and never a stack', async () => {
  const seen: unknown[] = [];
  const { invoke } = served({
    create: async (_, ctx) => {
      const { stackId, logicalResourceId, requestType } = ctx;
      const sibling = { stackId, logicalResourceId: 'Other' };
      const stack = { stackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/a/b', logicalResourceId: 'X' };
      seen.push({ stackId, logicalResourceId, requestType }, [
        await ctx.holderStatus({ stackId, logicalResourceId }),
        await ctx.holderStatus(sibling),
        await ctx.holderStatus(stack),
        await ctx.isRollingBack(true),
        await ctx.hasCompleted(false),
        await ctx.stackTags(),
      ]);
      throw new Error('no more');
    },
  });
  await expect(invoke(creation())).rejects.toThrow('no more');
  expect(seen).toEqual([
    {
      stackId: 'arn:aws:terraform:eu-west-1:111122223333:state/studio-resources/production',
      logicalResourceId: 'MyThing',
      requestType: 'Create',
    },
    ['self', 'sibling', 'other', false, true, []],
  ]);
});

test('the same creation again goes on with what exists, and changes it to what the input says', async () => {
  const seen: unknown[] = [];
  const { invoke, calls, things } = served({
    update: async (id, props, old) => {
      seen.push({ id, props, old });
    },
  });
  things.set('thing-one', 'InService');
  expect(await invoke(creation())).toMatchObject({ PhysicalResourceId: 'thing-one' });
  expect(calls).not.toContain('create');
  expect(seen).toEqual([{ id: 'thing-one', props: { Name: 'one', Size: 1 }, old: {} }]);
});

test('what an earlier invocation has only begun is waited for before it is changed', async () => {
  const order: string[] = [];
  const { invoke, things } = served({
    read: async (id) => {
      const status = things.get(id)!;
      things.set(id, 'InService');
      order.push(status);
      return { id, status };
    },
    update: async () => void order.push('update'),
  });
  things.set('thing-one', 'Pending');
  expect(await invoke(creation())).toMatchObject({ Attributes: attributes });
  expect(order.indexOf('update')).toBeGreaterThan(order.lastIndexOf('Pending'));
});

test('what exists and cannot be changed fails the creation, and is not deleted', async () => {
  const { invoke, calls, things } = served({
    update: async () => {
      throw new Error('Updating thing-one: it is Failed');
    },
  });
  things.set('thing-one', 'Failed');
  await expect(invoke(creation())).rejects.toThrow('Updating thing-one: it is Failed');
  expect(calls.join()).not.toContain('delete');
  expect([...things.keys()]).toEqual(['thing-one']);
});

test('a creation that fails leaves nothing, since Terraform would delete nothing, and the error has the reason', async () => {
  const { invoke, things } = served({
    create: async ({ Name }) => {
      things.set(`thing-${Name}`, 'Failed');
      return `thing-${Name}`;
    },
  });
  await expect(invoke(creation())).rejects.toThrow(
    'Creating thing-one: Failed: no luck; what it had created was deleted',
  );
  expect(things.size).toBe(0);
});

test('a creation that fails on what it has only adopted does not say that this was deleted', async () => {
  const adopted = served({
    find: async () => undefined,
    create: async () => {
      adopted.things.set('thing-one', 'Failed');
      return 'thing-one';
    },
    delete: async () => 'retained',
  });
  await expect(adopted.invoke(creation())).rejects.toThrow(
    'Creating thing-one: Failed: no luck; thing-one is left as it is',
  );
  expect([...adopted.things.keys()]).toEqual(['thing-one']);
});

test('a creation whose own deletion fails says both', async () => {
  const { invoke, things } = served({
    create: async ({ Name }) => {
      things.set(`thing-${Name}`, 'Failed');
      return `thing-${Name}`;
    },
    delete: async () => {
      throw new Error('Deleting thing-one: it is protected');
    },
  });
  await expect(invoke(creation())).rejects.toThrow(
    'Creating thing-one: Failed: no luck; and Deleting thing-one: it is protected',
  );
  expect([...things.keys()]).toEqual(['thing-one']);
});

test('a change is made in place, and what was removed is all that counts of the input before', async () => {
  const seen: unknown[] = [];
  const { invoke, things } = served({
    update: async (_, props, old) => {
      seen.push({ props, old });
    },
  });
  things.set('thing-one', 'InService');
  const changed = change(input({ Name: 'one', Size: 2 }), input({ Name: 'one', Size: 1, Secret: 'hidden-value' }));
  expect(await invoke(changed)).toEqual({ PhysicalResourceId: 'thing-one', Attributes: attributes });
  expect(seen).toEqual([{ props: { Name: 'one', Size: 2 }, old: { Secret: 'hidden-value' } }]);
});

test('what was removed counts, also if every object inherits something of its name', async () => {
  const seen: unknown[] = [];
  const { invoke, things } = served({
    schema: properties({ Name: string(), Labels: map(string()).optional() }),
    update: async (_, props, old) => {
      seen.push({ props, old });
    },
  });
  things.set('thing-one', 'InService');
  const labels = (Labels: object) => input({ Name: 'one', Labels } as never);
  await invoke(change(labels({ a: '1' }), labels({ a: '1', constructor: '2', toString: '3' })));
  expect(seen).toEqual([
    { props: { Name: 'one', Labels: { a: '1' } }, old: { Labels: { constructor: '2', toString: '3' } } },
  ]);
});

test('an update that failed is made by the next one, though Terraform takes its input for applied', async () => {
  const seen: unknown[] = [];
  const refusals = ['it is busy'];
  const { invoke, things } = served({
    update: async (_, props) => {
      const refusal = refusals.pop();
      if (refusal) throw new Error(`Updating thing-one: ${refusal}`);
      seen.push(props);
    },
  });
  things.set('thing-one', 'InService');
  const [before, now] = [input({ Name: 'one', Size: 1 }), input({ Name: 'one', Size: 2 })];
  await expect(invoke(change(now, before))).rejects.toThrow(
    'it is busy; Terraform has noted this input nevertheless, so the next apply takes another one',
  );
  await invoke(change({ ...now, Attempt: 2 }, now));
  expect(seen).toEqual([{ Name: 'one', Size: 2 }]);
});

test('a change that needs a replacement is refused, and the error says what to do', async () => {
  const { invoke, calls, things } = served();
  things.set('thing-one', 'InService');
  const kept = 'take the resource out of the state (terraform state rm), and apply; then add the value to triggers';
  const renamed = change(input({ Name: 'two' }), input({ Name: 'one' }));
  await expect(invoke(renamed)).rejects.toThrow(
    `Updating MyThing: a change of Name cannot be made in place, and a direct invocation replaces nothing. Give Name the former value again, ${kept}`,
  );
  expect(calls).toEqual([]);
});

test('a name that was refused is taken back by the former one, though Terraform has noted it', async () => {
  const { invoke, calls, things } = served({ nameProperties: ['Name'] });
  things.set('thing-one', 'InService');
  const [former, refused] = [input({ Name: 'one' }), input({ Name: 'two' })];
  await expect(invoke(change(refused, former))).rejects.toThrow('Give Name the former value again, and apply; then');
  expect(calls).toEqual(['find']);
  expect(await invoke(change(former, refused))).toMatchObject({ Attributes: attributes });
  expect([...things.keys()]).toEqual(['thing-one']);
});

test('without an update, every change is refused', async () => {
  const { invoke, calls } = served({ update: undefined });
  const grown = change(input({ Name: 'one', Size: 2 }), input({ Name: 'one', Size: 1 }));
  await expect(invoke(grown)).rejects.toThrow('a change of Size cannot be made in place');
  expect(calls).toEqual([]);
});

test('an update creates what is missing, and leaves it if that fails, since Terraform will delete it', async () => {
  const { invoke, things } = served();
  await invoke(change(input({ Name: 'one', Size: 2 }), input({ Name: 'one', Size: 1 })));
  expect([...things.keys()]).toEqual(['thing-one']);
  const failing = served({
    create: async () => {
      failing.things.set('thing-one', 'Failed');
      return 'thing-one';
    },
  });
  await expect(failing.invoke(change(input({ Name: 'one', Size: 2 }), input()))).rejects.toThrow('no luck');
  expect([...failing.things.keys()]).toEqual(['thing-one']);
});

test('a deletion takes the properties as they are, and again finds nothing to do', async () => {
  const seen: unknown[] = [];
  const { invoke, things } = served({
    propertiesForOrphan: (props) => ({ ...props, Size: 0 }),
    delete: async (id, props) => {
      seen.push({ id, props });
      things.delete(id);
      return undefined;
    },
  });
  things.set('thing-one', 'InService');
  expect(await invoke(deletion())).toEqual({});
  expect(await invoke(deletion())).toEqual({});
  expect(seen).toEqual([{ id: 'thing-one', props: { Name: 'one', Size: 1 } }]);
});

test('a deletion that fails is an error with the reason', async () => {
  const { invoke, things } = served({
    delete: async () => {
      throw new Error('Deleting thing-one: apps run in it');
    },
  });
  things.set('thing-one', 'InService');
  await expect(invoke(deletion())).rejects.toThrow('Deleting thing-one: apps run in it');
});

test('when the time is over, the error says what is under way and that the next apply goes on with it', async () => {
  const { invoke, things } = served({
    create: async ({ Name }) => {
      things.set(`thing-${Name}`, 'Pending');
      return `thing-${Name}`;
    },
  });
  await expect(invoke(creation(), 100)).rejects.toThrow(
    /^Creating thing-one: not done after \d+ s, and the invocation's time is over\. Apply again, which goes on with it; still waiting for: /,
  );
  expect([...things.entries()]).toEqual([['thing-one', 'Pending']]);
  things.set('thing-one', 'InService');
  expect(await invoke(creation())).toMatchObject({ PhysicalResourceId: 'thing-one' });
});

test('a resource may refuse what the input names', async () => {
  const { invoke, calls } = served({ authorize: async () => 'that domain is not open' });
  await expect(invoke(creation())).rejects.toThrow('Creating MyThing: that domain is not open');
  expect(calls).toEqual([]);
});

test('a summary of a success is in the result', async () => {
  const { invoke } = served({ summary: () => 'one of two was made' });
  expect(await invoke(creation())).toMatchObject({ Reason: 'one of two was made' });
});

test('neither the log nor an error has a sensitive value, and an error no trace', async () => {
  const { invoke } = served({
    create: async ({ Secret }) => {
      throw new Error(`Creating it with ${Secret} failed`);
    },
  });
  const failed = invoke(creation(input({ Name: 'one', Secret: 'a-secret-of-mine' }))).catch((error) => error);
  expect(await failed).toMatchObject({ name: 'InvocationError', message: 'Creating it with [redacted] failed' });
  expect((await failed).stack).toBe('InvocationError');
  expect(lines.text()).not.toContain('a-secret-of-mine');
});
