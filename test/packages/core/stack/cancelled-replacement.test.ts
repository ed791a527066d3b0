import {
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  type ResourceStatus,
} from '@aws-sdk/client-cloudformation';
import { jest } from '@jest/globals';
import { serve } from '@studio-resources/core';
import { event, lambda, stackId } from '../event.ts';
import { connectionReset } from '../sdk-errors.ts';
import { type Thing, thing } from '../thing.ts';
import { checkedStack } from './checked-stack.ts';

const { bucket, cloudformation, shown, stackIs, checkingThing } = checkedStack();

test('when a replacement is cancelled without a response, the resource that it was replacing is kept', async () => {
  shown('UPDATE_IN_PROGRESS', 'UPDATE_FAILED');
  const { send, things } = checkingThing({
    create: async () => {
      things.set('thing-two', 'InService');
      throw connectionReset();
    },
  });
  things.set('thing-one', 'InService');
  await send({
    RequestType: 'Update',
    PhysicalResourceId: 'thing-one',
    ResourceProperties: { Name: 'two' },
    OldResourceProperties: { Name: 'one' },
  });
  expect([...things.keys()]).toEqual(['thing-one']);
});

describe('a replacement that CloudFormation rolls back while it is created', () => {
  const sent = new Date(Math.floor(Date.now() / 1000) * 1000);
  const replacing = {
    RequestType: 'Update',
    PhysicalResourceId: 'thing-zero',
    ResourceProperties: { Name: 'one' },
    OldResourceProperties: { Name: 'zero' },
  };

  /** CloudFormation rolls back. The resource has these events, each so many seconds after the request was sent. */
  function rollingBack(...events: [ResourceStatus, number, string?][]): void {
    shown('UPDATE_IN_PROGRESS');
    stackIs('UPDATE_ROLLBACK_IN_PROGRESS');
    eventsAre(...events);
  }

  /** The newest first: the status, when it came, and the physical id. */
  function eventsAre(...events: [ResourceStatus, number, string?][]): void {
    const StackEvents = events.map(([ResourceStatus, seconds, PhysicalResourceId], index) => ({
      StackId: stackId,
      StackName: 'studio',
      EventId: String(index),
      LogicalResourceId: 'MyThing',
      ResourceStatus,
      PhysicalResourceId,
      Timestamp: new Date(sent.getTime() + 1000 * seconds),
    }));
    cloudformation.on(DescribeStackEventsCommand).resolves({ StackEvents });
  }

  /** Begins the rollback once the replacement is created. */
  function rollBackOnceCreated() {
    const begins = jest.fn(() =>
      rollingBack(['UPDATE_IN_PROGRESS', 9], ['UPDATE_FAILED', 8], ['UPDATE_IN_PROGRESS', 0]),
    );
    let asked = 0;
    cloudformation.on(DescribeStackResourceCommand).callsFake(({ LogicalResourceId }) => {
      asked += 1;
      if (asked === 2) begins();
      return { StackResourceDetail: { LogicalResourceId, ResourceStatus: 'UPDATE_IN_PROGRESS' } };
    });
    stackIs('UPDATE_IN_PROGRESS');
    return begins;
  }

  async function replace(): Promise<Thing & { answered: number }> {
    const one = thing({ propertiesForOrphan: (props) => props });
    one.things.set('thing-zero', 'InService');
    const signed = `${bucket.url}&X-Amz-Date=${sent.toISOString().replace(/[-:]|\.\d+/g, '')}`;
    await serve(one.resource, { checksStack: true })(event({ ResponseURL: signed, ...replacing }), lambda());
    return { ...one, answered: bucket.puts.length };
  }

  test('is deleted, and the resource that it was replacing is kept', async () => {
    const begins = rollBackOnceCreated();
    const { things, calls } = await replace();
    expect(begins).toHaveBeenCalled();
    expect(calls).toContain('create');
    expect([...things.keys()]).toEqual(['thing-zero']);
  });

  test('is kept if the rollback requests it', async () => {
    rollingBack(['UPDATE_IN_PROGRESS', 0], ['UPDATE_FAILED', -1], ['UPDATE_IN_PROGRESS', -9]);
    const { things, answered } = await replace();
    expect(things.has('thing-one')).toBe(true);
    expect(answered).toBe(1);
  });

  /** Another delivery has responded: while this one creates, CloudFormation begins to delete what was replaced. */
  function deletesReplacedOnceCreated(...events: [ResourceStatus, number, string?][]): void {
    let asked = 0;
    rollingBack(['UPDATE_IN_PROGRESS', 0, 'thing-zero']);
    cloudformation.on(DescribeStackResourceCommand).callsFake(({ LogicalResourceId }) => {
      asked += 1;
      if (asked === 2) eventsAre(...events);
      const ResourceStatus = asked < 2 ? 'UPDATE_IN_PROGRESS' : 'DELETE_IN_PROGRESS';
      return { StackResourceDetail: { LogicalResourceId, ResourceStatus, PhysicalResourceId: 'thing-zero' } };
    });
  }

  test('is kept if CloudFormation has it from another delivery, and deletes what was replaced', async () => {
    deletesReplacedOnceCreated(
      ['DELETE_IN_PROGRESS', 9, 'thing-zero'],
      ['UPDATE_COMPLETE', 8, 'thing-one'],
      ['UPDATE_IN_PROGRESS', 0, 'thing-zero'],
    );
    const { things } = await replace();
    expect([...things.keys()]).toContain('thing-one');
  });

  test('is deleted if CloudFormation has deleted it since', async () => {
    deletesReplacedOnceCreated(
      ['DELETE_COMPLETE', 10, 'thing-one'],
      ['UPDATE_COMPLETE', 8, 'thing-one'],
      ['UPDATE_IN_PROGRESS', 0, 'thing-zero'],
    );
    const { things } = await replace();
    expect([...things.keys()]).toEqual(['thing-zero']);
  });
});

describe('an Update that rolls back a refused replacement', () => {
  const rollback = {
    RequestType: 'Update',
    PhysicalResourceId: 'thing-one',
    ResourceProperties: { Name: 'one', Size: '1' },
    OldResourceProperties: { Name: 'one', Size: '2' },
  };
  const own = { immutable: ['Size'], nameProperties: ['Name'] } as const;

  test('finds nothing replaced, and succeeds', async () => {
    stackIs('UPDATE_ROLLBACK_IN_PROGRESS');
    const { send, things } = checkingThing(own);
    things.set('thing-one', 'InService');
    expect(await send(rollback)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'thing-one' });
  });

  test('is refused like the replacement if the stack is not rolling back', async () => {
    stackIs('UPDATE_IN_PROGRESS');
    const { send, things } = checkingThing(own);
    things.set('thing-one', 'InService');
    expect((await send(rollback)).Reason).toMatch(/cannot be made in place/);
  });
});
