import { DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { jest } from '@jest/globals';
import { serve } from '@studio-resources/core';
import { isExpected, sentAt } from '../../../../packages/core/src/stack/stack.ts';
import { event, lambda } from '../event.ts';
import { thing } from '../thing.ts';
import { checkedStack } from './checked-stack.ts';
import { refusal } from './cloudformation-mock.ts';

const { bucket, lines, cloudformation, shown, checkingThing } = checkedStack();

test.each([
  ['Create', 'CREATE_IN_PROGRESS', true],
  ['Create', undefined, true],
  ['Create', 'CREATE_COMPLETE', false],
  ['Create', 'CREATE_FAILED', false],
  ['Create', 'UPDATE_IN_PROGRESS', false],
  ['Create', 'DELETE_IN_PROGRESS', false],
  ['Create', 'DELETE_FAILED', false],
  ['Update', 'UPDATE_IN_PROGRESS', true],
  ['Update', 'UPDATE_COMPLETE', false],
  ['Update', 'UPDATE_FAILED', false],
  ['Update', 'CREATE_COMPLETE', false],
  ['Update', 'DELETE_COMPLETE', false],
  ['Delete', 'DELETE_IN_PROGRESS', true],
  ['Delete', 'DELETE_COMPLETE', true],
  ['Delete', 'CREATE_FAILED', true],
  // It has been made anew since, under the same id or not yet under any.
  ['Delete', 'CREATE_COMPLETE', false],
  ['Delete', 'UPDATE_IN_PROGRESS', false],
  ['Delete', 'CREATE_IN_PROGRESS', false],
] as const)('a response to a %s of a resource that is %s is expected: %s', (requestType, ResourceStatus, expected) => {
  const shown = { ResourceStatus, PhysicalResourceId: 'thing-1' };
  expect(isExpected(shown, { requestType, physicalResourceId: 'thing-1' })).toBe(expected);
});

test('a Delete of the replaced resource is expected', () => {
  const shown = { ResourceStatus: 'UPDATE_COMPLETE', PhysicalResourceId: 'thing-2' };
  expect(isExpected(shown, { requestType: 'Delete', physicalResourceId: 'thing-1' })).toBe(true);
});

test.each([
  ['https://example.com/a?X-Amz-Date=20261121T062401Z&X-Amz-Signature=1', Date.UTC(2026, 10, 21, 6, 24, 1)],
  ['https://example.com/a?Expires=1&Signature=1', undefined],
  ['https://example.com/a?X-Amz-Date=yesterday', undefined],
])('the signature of %s shows when the request was sent', (responseUrl, time) => {
  expect(sentAt({ responseUrl })).toBe(time);
});

describe('a request that is delivered again after its response', () => {
  const update = {
    RequestType: 'Update',
    PhysicalResourceId: 'thing-one',
    ResourceProperties: { Name: 'one', Size: '2' },
    OldResourceProperties: { Name: 'one', Size: '1' },
  };

  /** Each time that is asked is ten seconds later than the one before. */
  function timeFlies(): void {
    let now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => (now += 10_000));
    jest
      .spyOn(globalThis, 'setTimeout')
      .mockImplementation(((run: () => void, ms: number) =>
        ms < 100_000 ? setImmediate(run) : undefined) as unknown as typeof setTimeout);
  }

  test.each([
    ['Create', {}, 'DELETE_COMPLETE'],
    ['Update', update, 'UPDATE_COMPLETE'],
    ['Delete', { RequestType: 'Delete', PhysicalResourceId: 'invented' }, 'CREATE_COMPLETE'],
  ] as const)('does nothing and sends no other response: a %s', async (_, fields, status) => {
    shown(status);
    timeFlies();
    const { resource, calls } = thing();
    const polled = await serve(resource, { checksStack: true })(
      event({ ResponseURL: bucket.url, ...fields }),
      lambda(),
    );
    expect(polled).toEqual({ done: true });
    expect(bucket.puts).toEqual([]);
    expect(calls).toEqual([]);
    expect(lines.json()).toContainEqual(
      expect.objectContaining({
        level: 'WARN',
        message: expect.stringMatching(/does not expect a response to this request/),
      }),
    );
  });

  test.each([
    ['Create', {}, ['CREATE_IN_PROGRESS', 'DELETE_COMPLETE']],
    ['Update', update, ['UPDATE_IN_PROGRESS', 'UPDATE_FAILED']],
  ] as const)(
    'is not retried once it was cancelled while the service refused it: a %s',
    async (type, fields, statuses) => {
      shown(...statuses);
      timeFlies();
      const refuse = () => Promise.reject(Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' }));
      const { resource, calls, things } = thing({ create: refuse, update: refuse });
      if (type === 'Update') things.set('thing-one', 'InService');
      await serve(resource, { checksStack: true })(event({ ResponseURL: bucket.url, ...fields }), lambda());
      expect(calls.filter((call) => /^create|^update/.test(call))).toHaveLength(1);
      expect(bucket.puts).toEqual([]);
    },
  );

  test('does nothing when CloudFormation said that it expects none, and cannot be asked again', async () => {
    const StackResourceDetail = {
      LogicalResourceId: 'MyThing',
      ResourceType: 'Custom::Thing',
      ResourceStatus: 'DELETE_COMPLETE' as const,
      LastUpdatedTimestamp: undefined,
    };
    cloudformation
      .on(DescribeStackResourceCommand)
      .resolvesOnce({ StackResourceDetail })
      .rejects(refusal('ValidationError', 'Rate exceeded'));
    timeFlies();
    const { resource, calls } = thing();
    await serve(resource, { checksStack: true })(event({ ResponseURL: bucket.url }), lambda());
    expect(bucket.puts).toEqual([]);
    expect(calls).toEqual([]);
  });

  test('is handled when CloudFormation was only late to show that it expects a response', async () => {
    shown('UPDATE_COMPLETE', 'UPDATE_IN_PROGRESS');
    const { send, things, calls } = checkingThing();
    things.set('thing-one', 'InService');
    expect((await send(update)).Status).toBe('SUCCESS');
    expect(calls).toContain('update thing-one');
  });
});
