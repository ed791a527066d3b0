import type { Context } from '@studio-resources/core';
import { handler, resourceShareAcceptance } from '../../handlers/resource-share-acceptance.ts';
import { AwsError } from '../../packages/local/src/errors.ts';
import { awsError } from './aws-error.ts';
import { stackId } from './in-process.ts';
import { byName, consumer, type MockRam, mockRam } from './mock-ram.ts';
import { requests } from './requests.ts';

const invented = 'studio-Share-1ABCDEFGHIJKL';
let ram: MockRam;

beforeEach(() => {
  ram = mockRam(handler, resourceShareAcceptance);
});
afterEach(() => ram.close());

const { create, remove } = requests(() => ram);

describe('a deletion', () => {
  test('leaves the account in the share, unless it is asked to leave', async () => {
    const arn = await ram.accepted();
    expect(await remove(arn, { ResourceShareArn: arn })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(await ram.memberships()).toEqual([arn]);
    expect(await remove(arn, { ResourceShareArn: arn, LeaveOnDelete: 'true' })).toMatchObject({ Status: 'SUCCESS' });
    expect(await ram.memberships()).toEqual([]);
    expect(await remove(arn, { ResourceShareArn: arn, LeaveOnDelete: 'true' })).toMatchObject({ Status: 'SUCCESS' });
  });

  test('succeeds where RAM lets no account leave', async () => {
    await ram.asOwner('EnableSharingWithAwsOrganization', {});
    const arn = await ram.share();
    await create({ ResourceShareArn: arn });
    expect(await remove(arn, { ResourceShareArn: arn, LeaveOnDelete: 'true' })).toMatchObject({ Status: 'SUCCESS' });
    expect(await ram.memberships()).toEqual([arn]);
  });

  test('fails with the reason of any other refusal', async () => {
    const arn = await ram.accepted();
    ram.answer('DisassociateResourceShare', awsError('AccessDeniedException', 'denied by a policy'));
    const answer = await remove(arn, { ResourceShareArn: arn, LeaveOnDelete: 'true' });
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: 'AccessDeniedException: denied by a policy' });
  });

  test.each([
    ['its ARN', (arn: string) => ({ ResourceShareArn: arn })],
    ['its owner and its name', () => byName],
  ])('with an id that CloudFormation invented leaves the share that has %s', async (_, naming) => {
    const arn = await ram.accepted();
    const answer = await remove(invented, { ...naming(arn), LeaveOnDelete: 'true' });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: invented });
    expect(await ram.memberships()).toEqual([]);
  });

  test('with such an id keeps the share where it is not asked to leave, and has nothing to do without a name', async () => {
    const arn = await ram.accepted();
    expect(await remove(invented, byName)).toMatchObject({ Status: 'SUCCESS' });
    expect(await remove(invented, { ResourceShareName: '', LeaveOnDelete: 'perhaps' })).toMatchObject({
      Status: 'SUCCESS',
    });
    expect(await ram.memberships()).toEqual([arn]);
  });
});

describe('a deletion that is asked to leave', () => {
  const stackOf = (name: string) => `arn:aws:cloudformation:eu-west-1:${consumer}:stack/${name}/0`;
  let arn: string;
  const leaving = async () => {
    expect(await remove(arn, { ResourceShareArn: arn, LeaveOnDelete: 'true' })).toMatchObject({ Status: 'SUCCESS' });
    return (await ram.memberships()).length === 0;
  };
  const holder = (more: object = {}) => ({ LogicalResourceId: 'Share', PhysicalResourceId: arn, ...more });
  const self = () => holder({ LogicalResourceId: 'Studio', ResourceStatus: 'DELETE_IN_PROGRESS' });
  const addStack = (name: string, ...resources: object[]) =>
    ram.stacks.set(stackOf(name), { status: 'UPDATE_COMPLETE', resources });

  beforeEach(async () => {
    arn = await ram.accepted();
    ram.stacks.set(stackId, { status: 'DELETE_IN_PROGRESS', resources: [self()] });
  });

  test('leaves a share that only it holds, whatever other stacks have', async () => {
    addStack('one', holder({ PhysicalResourceId: `${arn}0` }), holder({ PhysicalResourceId: undefined }));
    addStack('two', holder({ ResourceStatus: 'DELETE_IN_PROGRESS' }), holder({ ResourceStatus: 'DELETE_SKIPPED' }));
    addStack('three', { ResourceType: 'Custom::Other', ResourceStatus: 'CREATE_IN_PROGRESS' });
    ram.stacks.set(stackOf('four'), { status: 'DELETE_COMPLETE', resources: [holder()] });
    expect(await leaving()).toBe(true);
  });

  test.each<[string, string, () => unknown]>([
    ['another logical id of its stack holds', 'studio', () => ram.stacks.get(stackId)!.resources.push(holder())],
    ['another stack holds, in any page', 'two', () => addStack('two', {}, holder())],
    ['a type of another name holds', 'two', () => addStack('two', holder({ ResourceType: 'Custom::Share' }))],
    ['another stack failed to release', 'two', () => addStack('two', holder({ ResourceStatus: 'DELETE_FAILED' }))],
    [
      'another stack may be about to hold',
      'two',
      () => addStack('two', holder({ PhysicalResourceId: undefined, ResourceStatus: 'CREATE_IN_PROGRESS' })),
    ],
  ])('stays in a share that %s', async (_, name, prepare) => {
    addStack('one');
    prepare();
    expect(await leaving()).toBe(false);
    expect(ram.logged()).toContain(`The account stays in the share: Share of stack ${name} holds it`);
    expect(ram.mutations).toEqual(['AcceptResourceShareInvitation']);
  });

  test.each(['ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'] as const)(
    'stays in a share during %s, since the account may have been in it before',
    async (status) => {
      ram.stacks.get(stackId)!.status = status;
      expect(await leaving()).toBe(false);
    },
  );

  test.each(['DescribeStacks', 'ListStacks', 'ListStackResources'])(
    'stays in a share when CloudFormation refuses %s',
    async (operation) => {
      ram.refusals.set(operation, new AwsError('AccessDenied', 'an explicit deny'));
      expect(await leaving()).toBe(false);
      ram.refusals.clear();
      expect(await leaving()).toBe(true);
    },
  );
});

test('a creation that is cancelled leaves the share that it has accepted, and no other', async () => {
  const log = { info() {}, warn() {} };
  const cancelled = (notes: object, arn: string) => {
    const ctx = { requestType: 'Create', notes, stackId, account: consumer, log } as unknown as Context;
    return resourceShareAcceptance.delete!(arn, { ResourceShareArn: arn, LeaveOnDelete: true }, ctx);
  };
  const arn = await ram.accepted();
  expect(await cancelled({}, arn)).toBe('retained');
  expect(await ram.memberships()).toEqual([arn]);
  expect(await cancelled({ accepted: true }, arn)).toBeUndefined();
  await ram.pass(60);
  expect(await ram.memberships()).toEqual([]);
});
