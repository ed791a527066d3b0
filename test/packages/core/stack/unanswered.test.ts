import { DescribeStackResourceCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { checkedStack } from './checked-stack.ts';
import { refusal } from './cloudformation-mock.ts';

const { cloudformation, shown, checkingThing } = checkedStack();

const unavailable = () => refusal('ServiceUnavailable', 'Try again');

test('what is created is not responded until CloudFormation has said whether it wants it', async () => {
  let asked = 0;
  cloudformation.on(DescribeStackResourceCommand).callsFake(({ LogicalResourceId }) => {
    asked += 1;
    if (asked === 3 || asked === 4) throw unavailable();
    return {
      StackResourceDetail: { LogicalResourceId, ResourceStatus: asked < 3 ? 'CREATE_IN_PROGRESS' : 'DELETE_COMPLETE' },
    };
  });
  const statuses = ['Pending', 'InService'];
  const { send, things } = checkingThing({
    read: async (id) => (things.has(id) ? { id, status: statuses.shift() ?? 'InService' } : undefined),
  });
  expect(await send()).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringContaining('has cancelled this request'),
  });
  expect([...things.keys()]).toEqual([]);
});

test('what a failed creation has left is not responded either until CloudFormation has said so', async () => {
  let asked = 0;
  cloudformation.on(DescribeStackResourceCommand).callsFake(({ LogicalResourceId }) => {
    asked += 1;
    if (asked === 2 || asked === 3) throw unavailable();
    return {
      StackResourceDetail: { LogicalResourceId, ResourceStatus: asked < 2 ? 'CREATE_IN_PROGRESS' : 'DELETE_COMPLETE' },
    };
  });
  const { send, things } = checkingThing({
    read: async (id) => (things.has(id) ? { id, status: 'Failed' } : undefined),
  });
  expect((await send()).Reason).toContain('has cancelled this request');
  expect([...things.keys()]).toEqual([]);
});

/** A thing that notes what it is told of the stack as it is deleted, and the answer to its deletion. */
async function deleted() {
  const toldOfRollback: boolean[] = [];
  const { send, things } = checkingThing({
    delete: async (id, _props, ctx) => {
      toldOfRollback.push(await ctx.isRollingBack(true));
      things.delete(id);
      return undefined;
    },
  });
  things.set('thing-one', 'InService');
  const { Status } = await send({ RequestType: 'Delete', PhysicalResourceId: 'thing-one' });
  return { Status, toldOfRollback };
}

test('a deletion asks again whether the stack is rolling back when CloudFormation does not say for now', async () => {
  shown('DELETE_IN_PROGRESS');
  const stack = { StackName: 'studio', CreationTime: undefined, StackStatus: 'UPDATE_COMPLETE' } as const;
  const asked = cloudformation.on(DescribeStacksCommand);
  asked
    .rejectsOnce(unavailable())
    .rejectsOnce(unavailable())
    .resolves({ Stacks: [stack] });
  expect(await deleted()).toEqual({ Status: 'SUCCESS', toldOfRollback: [false] });
});

test.each([unavailable(), refusal('AccessDenied', 'Not authorized')])(
  'a deletion goes on with the safe guess when CloudFormation never says: $name',
  async (error) => {
    shown('DELETE_IN_PROGRESS');
    cloudformation.on(DescribeStacksCommand).rejects(error);
    expect(await deleted()).toEqual({ Status: 'SUCCESS', toldOfRollback: [true] });
  },
);
