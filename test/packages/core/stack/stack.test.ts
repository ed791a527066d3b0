import { DescribeStackResourceCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { serve } from '@studio-resources/core';
import { event, lambda, stackId } from '../event.ts';
import { thing } from '../thing.ts';
import { checkedStack } from './checked-stack.ts';
import { refusal } from './cloudformation-mock.ts';

const { bucket, lines, cloudformation, shown, checkingThing } = checkedStack();

test('an expected creation is checked before and after the create, and kept', async () => {
  shown('CREATE_IN_PROGRESS');
  const { send, things } = checkingThing();
  expect((await send()).Status).toBe('SUCCESS');
  expect([...things.keys()]).toEqual(['thing-one']);
  const asked = { StackName: stackId, LogicalResourceId: 'MyThing' };
  const inputs = cloudformation.commandCalls(DescribeStackResourceCommand).map(({ args: [{ input }] }) => input);
  expect(inputs).toEqual([asked, asked]);
});

test('a stack check that is denied or fails is a warning, and the creation succeeds', async () => {
  cloudformation.on(DescribeStackResourceCommand).rejects(refusal('AccessDenied', 'not authorized'));
  const { send } = checkingThing();
  expect((await send()).Status).toBe('SUCCESS');
  expect(lines.json()).toContainEqual(
    expect.objectContaining({ level: 'WARN', message: expect.stringMatching(/^Describing the stack failed/) }),
  );
});

describe("the stack's tags", () => {
  const seen: unknown[] = [];
  const tagged = () =>
    checkingThing({
      async create(_, ctx) {
        seen.push(await ctx.stackTags(), await ctx.stackTags());
        return 'thing-one';
      },
      read: async (id) => ({ id, status: 'InService' }),
    });
  beforeEach(() => void seen.splice(0));

  test('are read once, without those of AWS', async () => {
    shown('CREATE_IN_PROGRESS');
    const Tags = [
      { Key: 'team', Value: 'red' },
      { Key: 'aws:servicecatalog:portfolioArn', Value: 'arn' },
    ];
    cloudformation.on(DescribeStacksCommand).resolves({ Stacks: [{ Tags } as never] });
    expect((await tagged().send()).Status).toBe('SUCCESS');
    expect(seen).toEqual([[Tags[0]], [Tags[0]]]);
    expect(cloudformation.commandCalls(DescribeStacksCommand)).toHaveLength(1);
  });

  test('are none where CloudFormation does not say, and the log says so', async () => {
    shown('CREATE_IN_PROGRESS');
    cloudformation.on(DescribeStacksCommand).rejects(new Error('no'));
    expect((await tagged().send()).Status).toBe('SUCCESS');
    expect(seen).toEqual([[], []]);
    expect(lines.json()).toContainEqual(
      expect.objectContaining({ level: 'WARN', message: expect.stringContaining("Reading the stack's tags failed") }),
    );
  });
});

test('a resource that succeeds may give a reason, without secrets', async () => {
  shown('CREATE_IN_PROGRESS');
  const { send } = checkingThing({ summary: ({ id }) => `${id} is ready, but for hunter22` });
  const ResourceProperties = { Name: 'one', Secret: 'hunter22' };
  expect(await send({ ResourceProperties })).toMatchObject({
    Status: 'SUCCESS',
    Reason: expect.stringMatching(/^thing-one is ready, but for (?!hunter22)/),
  });
});

test('a function without a waiter does not check the stack unless checksStack is set', async () => {
  await serve(thing().resource)(event({ ResponseURL: bucket.url }), lambda());
  expect(bucket.answer().Status).toBe('SUCCESS');
  expect(cloudformation.calls()).toHaveLength(0);
});
