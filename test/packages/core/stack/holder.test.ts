import {
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  type ResourceStatus,
  type StackStatus,
} from '@aws-sdk/client-cloudformation';
import { type Context, type Holder, serve } from '@studio-resources/core';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda, stackId } from '../event.ts';
import { thing } from '../thing.ts';
import { cloudFormationMock, refusal } from './cloudformation-mock.ts';

const { bucket, lines } = bucketAndLog();
const cloudformation = cloudFormationMock();

const otherStack = stackId.replace('stack/studio/', 'stack/other/');
const own = (logicalResourceId: string): Holder => ({ stackId, logicalResourceId });
const other: Holder = { stackId: otherStack, logicalResourceId: 'Theirs' };

/** The template that CloudFormation gives of the stack, as JSON or YAML. */
function template(TemplateBody: string): void {
  cloudformation.on(GetTemplateCommand, { StackName: stackId, TemplateStage: 'Processed' }).resolves({ TemplateBody });
}

/** The status of a holder's resource as CloudFormation describes it; undefined where it is not in the stack. */
function resource({ stackId: StackName, logicalResourceId }: Holder, ResourceStatus?: ResourceStatus): void {
  const LogicalResourceId = logicalResourceId;
  const described = cloudformation.on(DescribeStackResourceCommand, { StackName, LogicalResourceId });
  if (!ResourceStatus) {
    described.rejects(
      refusal('ValidationError', `Resource ${LogicalResourceId} does not exist for stack ${StackName}`),
    );
    return;
  }
  const StackResourceDetail = {
    LogicalResourceId,
    ResourceStatus,
    ResourceType: 'T',
    LastUpdatedTimestamp: new Date(),
  };
  described.resolves({ StackResourceDetail });
}

const denied = (action: string) =>
  refusal(
    'AccessDenied',
    `User: arn:aws:sts::1:role/f is not authorized to perform: ${action} on resource: ${stackId}`,
  );

/** What a resource gets that asks while it is created; a function with no waiter, unless told otherwise. */
async function asked<T>(ask: (ctx: Context) => Promise<T>, options = {}) {
  const answers: T[] = [];
  const {
    resource: one,
    calls,
    things,
  } = thing({
    create: async (_, ctx) => {
      answers.push(await ask(ctx));
      return 'thing-one';
    },
    read: undefined,
  });
  await serve(one, options)(event({ ResponseURL: bucket.url }), lambda());
  return { answers, answer: bucket.answer(), calls, things };
}

async function statusOf(holder: Holder): Promise<string> {
  const { answers, answer } = await asked((ctx) => ctx.holderStatus(holder));
  expect(answer.Status).toBe('SUCCESS');
  return answers[0]!;
}

describe('holderStatus', () => {
  test('of the stack and logical id of the request is self, and asks nothing', async () => {
    expect(await statusOf(own('MyThing'))).toBe('self');
    expect(cloudformation.calls()).toEqual([]);
  });

  test.each([
    ['JSON', JSON.stringify({ Resources: { MyThing: {} } })],
    ['YAML, with short tags', 'Resources:\n  MyThing:\n    Properties: { Of: !Ref Mine, At: !Sub "${Mine}" }\n'],
    ['YAML, with tags of lists and maps', 'Resources:\n  MyThing: { If: !If [a, !Transform { Mine: x }, b] }\n'],
  ])('of a logical id that the template of this stack, as %s, no longer has is renamed', async (_, body) => {
    template(body);
    expect(await statusOf(own('Mine'))).toBe('renamed');
  });

  test.each(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_FAILED'] as const)(
    'of another logical id of the template, which is %s, is sibling',
    async (status) => {
      template(JSON.stringify({ Resources: { Mine: {}, MyThing: {} } }));
      resource(own('Mine'), status);
      expect(await statusOf(own('Mine'))).toBe('sibling');
    },
  );

  test.each([undefined, 'DELETE_COMPLETE', 'DELETE_SKIPPED'] as const)(
    'of a logical id whose condition is false, so that the stack has it %s, is renamed',
    async (status) => {
      template(JSON.stringify({ Resources: { Mine: { Condition: 'Off' }, MyThing: {} } }));
      resource(own('Mine'), status);
      expect(await statusOf(own('Mine'))).toBe('renamed');
    },
  );

  test.each([
    'CREATE_IN_PROGRESS',
    'CREATE_COMPLETE',
    'UPDATE_ROLLBACK_COMPLETE',
    'DELETE_IN_PROGRESS',
    'DELETE_FAILED',
  ] as const)('of another stack that has it %s is other', async (status) => {
    resource(other, status);
    expect(await statusOf(other)).toBe('other');
    expect(cloudformation.commandCalls(GetTemplateCommand)).toEqual([]);
  });

  test.each(['DELETE_COMPLETE', 'DELETE_SKIPPED', undefined] as const)(
    'of another stack that has it %s is released',
    async (status) => {
      resource(other, status);
      expect(await statusOf(other)).toBe('released');
    },
  );

  test('of a stack that was deleted more than 90 days ago is released', async () => {
    cloudformation
      .on(DescribeStackResourceCommand)
      .rejects(refusal('ValidationError', `Stack [${otherStack}] does not exist`));
    expect(await statusOf(other)).toBe('released');
  });

  test.each([
    ['GetTemplate', own('Mine'), 'Mine of stack studio', GetTemplateCommand],
    ['DescribeStackResource', other, 'Theirs of stack other', DescribeStackResourceCommand],
  ] as const)('throws where %s is refused, and names the permission', async (operation, holder, name, command) => {
    cloudformation.on(command as typeof GetTemplateCommand).rejects(denied(`cloudformation:${operation}`));
    const { answer, answers, calls } = await asked((ctx) => ctx.holderStatus(holder));
    expect(answers).toEqual([]);
    expect(answer).toMatchObject({ Status: 'FAILED' });
    expect(answer.Reason).toContain(
      `Reading whether ${name} still holds the resource, by cloudformation:${operation}: AccessDenied: User: `,
    );
    expect(calls.filter((call) => call.startsWith('delete'))).toEqual([]);
  });

  test.each([
    ['is not a template', '[]'],
    ['has no resources', '{"Resources":null}'],
    ['is empty', ''],
    ['cannot be read as a whole', 'Resources:\n  MyThing:\n    Type: "Custom:\n    :Thing"\n  Mine: {}\n'],
  ])('throws where the template %s: every template has resources', async (_, body) => {
    template(body);
    const { answer } = await asked((ctx) => ctx.holderStatus(own('Mine')));
    expect(answer).toMatchObject({ Status: 'FAILED' });
    expect(answer.Reason).toContain('by cloudformation:GetTemplate: ');
  });
});

describe('isRollingBack', () => {
  const stack = (StackStatus: StackStatus) =>
    cloudformation
      .on(DescribeStacksCommand, { StackName: stackId })
      .resolves({ Stacks: [{ StackName: 'studio', CreationTime: new Date(), StackStatus }] });
  const answered = async (fallback?: boolean) => (await asked((ctx) => ctx.isRollingBack(fallback))).answers;

  test.each([
    ['ROLLBACK_IN_PROGRESS', true],
    ['UPDATE_ROLLBACK_IN_PROGRESS', true],
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', true],
    ['CREATE_IN_PROGRESS', false],
    ['UPDATE_IN_PROGRESS', false],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', false],
    ['DELETE_IN_PROGRESS', false],
  ] as const)('of a stack that is %s is %s, whatever the fallback', async (status, expected) => {
    stack(status);
    expect(await answered(!expected)).toEqual([expected]);
  });

  test.each([
    [undefined, false],
    [false, false],
    [true, true],
  ])('where CloudFormation refuses, with the fallback %s, is %s, and a warning', async (fallback, expected) => {
    cloudformation.on(DescribeStacksCommand).rejects(denied('cloudformation:DescribeStacks'));
    expect(await answered(fallback)).toEqual([expected]);
    expect(lines.json()).toContainEqual(
      expect.objectContaining({ level: 'WARN', message: 'Describing the stack failed' }),
    );
  });

  test.each([
    ['DELETE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS', true],
    ['DELETE_IN_PROGRESS', 'DELETE_IN_PROGRESS', false],
  ] as const)('of a nested stack that is %s, in one that is %s, is %s', async (status, ofParent, expected) => {
    const parent = stackId.replace('stack/studio/', 'stack/parent/');
    const shown = (StackStatus: StackStatus, ParentId?: string) => ({
      Stacks: [{ StackName: 'one', CreationTime: new Date(), StackStatus, ParentId }],
    });
    cloudformation.on(DescribeStacksCommand, { StackName: stackId }).resolves(shown(status, parent));
    cloudformation.on(DescribeStacksCommand, { StackName: parent }).resolves(shown(ofParent));
    expect(await answered()).toEqual([expected]);
  });

  test('where there is no such stack, is the fallback', async () => {
    cloudformation.on(DescribeStacksCommand).rejects(refusal('ValidationError', `Stack ${stackId} does not exist`));
    expect(await answered(true)).toEqual([true]);
  });
});

describe('hasCompleted', () => {
  const event = (ResourceStatus: ResourceStatus, PhysicalResourceId = stackId) => ({
    ...{ StackId: PhysicalResourceId, StackName: 'studio', EventId: '1', Timestamp: new Date() },
    ...{ ResourceStatus, PhysicalResourceId },
  });
  const answered = async (fallback: boolean) => (await asked((ctx) => ctx.hasCompleted(fallback))).answers;
  const stack = (RootId?: string) =>
    cloudformation.on(DescribeStacksCommand, { StackName: stackId }).resolves({
      Stacks: [{ StackName: 'studio', CreationTime: new Date(), StackStatus: 'DELETE_IN_PROGRESS', RootId }],
    });

  test.each([
    [['DELETE_IN_PROGRESS', 'CREATE_IN_PROGRESS'], false],
    [['DELETE_IN_PROGRESS', 'CREATE_FAILED', 'CREATE_IN_PROGRESS'], false],
    [['DELETE_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'ROLLBACK_IN_PROGRESS', 'CREATE_IN_PROGRESS'], false],
    [['DELETE_IN_PROGRESS', 'CREATE_COMPLETE', 'CREATE_IN_PROGRESS'], true],
    [['DELETE_IN_PROGRESS', 'IMPORT_COMPLETE', 'IMPORT_IN_PROGRESS'], true],
  ] as const)('of a stack that was %j is %s', async (statuses, expected) => {
    stack();
    const others = [event('CREATE_COMPLETE', 'a-resource')];
    cloudformation
      .on(DescribeStackEventsCommand, { StackName: stackId })
      .resolves({ StackEvents: [...others, ...statuses.map((status) => event(status as ResourceStatus))] });
    expect(await answered(!expected)).toEqual([expected]);
  });

  test('of a nested stack is that of its root', async () => {
    const root = stackId.replace('stack/studio/', 'stack/root/');
    stack(root);
    const StackEvents = [event('CREATE_IN_PROGRESS', root), event('CREATE_COMPLETE', stackId)];
    cloudformation.on(DescribeStackEventsCommand, { StackName: root }).resolves({ StackEvents });
    expect(await answered(true)).toEqual([false]);
  });

  test.each([false, true])('where CloudFormation refuses, is the fallback: %s', async (fallback) => {
    stack();
    cloudformation.on(DescribeStackEventsCommand).rejects(denied('cloudformation:DescribeStackEvents'));
    expect(await answered(fallback)).toEqual([fallback]);
  });
});
