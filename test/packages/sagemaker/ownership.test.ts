import {
  AddTagsCommand,
  DeleteTagsCommand,
  ListTagsCommand,
  SageMakerClient,
  type Tag,
} from '@aws-sdk/client-sagemaker';
import type { Context, Holder } from '@studio-resources/core';
import { holderIn, ownershipTags, release, transferOwnership } from '@studio-resources/sagemaker/ownership';
import { mockClient } from 'aws-sdk-client-mock';

const sagemaker = mockClient(SageMakerClient);
afterAll(() => sagemaker.restore());

const arn = 'arn:aws:sagemaker:eu-west-1:111122223333:domain/d-1';
const tags = new Map<string, string>();

beforeEach(() => {
  sagemaker.reset();
  tags.clear();
  sagemaker.on(ListTagsCommand).callsFake(() => ({ Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) }));
  sagemaker.on(AddTagsCommand).callsFake(({ Tags }: { Tags: Tag[] }) => {
    for (const { Key, Value } of Tags) tags.set(Key!, Value!);
    return {};
  });
  sagemaker.on(DeleteTagsCommand).callsFake(({ TagKeys }: { TagKeys: string[] }) => {
    for (const key of TagKeys) tags.delete(key);
    return {};
  });
});

/** A request of a stack that is rolling back, or is not. */
function requestOf(holder: Holder, isRollingBack: () => Promise<boolean>): Context {
  const log = { info() {}, warn() {}, error() {} };
  return { ...holder, log, notes: {}, isRollingBack, hasCompleted: async () => true } as unknown as Context;
}

const former = { stackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/old/1', logicalResourceId: 'Domain' };
const stackId = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/new/2';

function heldBy(holder: Holder): void {
  for (const { Key, Value } of ownershipTags(holder)) tags.set(Key!, Value!);
}

test('a cancelled creation gives back what it took over, also after another logical id has done so with it', async () => {
  heldBy(former);
  const cancelled = requestOf({ stackId, logicalResourceId: 'First' }, async () => false);
  await transferOwnership(arn, holderIn(tags), cancelled);
  const next = requestOf({ stackId, logicalResourceId: 'Second' }, async () => true);
  await transferOwnership(arn, holderIn(tags), next);
  expect(await release('domain d-1', arn, next)).toBe('retained');
  expect(holderIn(tags)).toEqual({ stackId, logicalResourceId: 'First' });

  expect(await release('domain d-1', arn, cancelled)).toBe('retained');
  expect(holderIn(tags)).toEqual(former);
});

/** Lets a request that is over take the resource over from its former holder; gives its own holder. */
async function takenOver(): Promise<Holder> {
  heldBy(former);
  const holder = { stackId, logicalResourceId: 'First' };
  const over = requestOf(holder, async () => false);
  await transferOwnership(arn, holderIn(tags), over);
  return holder;
}

test('outside of a rollback, a later request deletes what its logical id took over', async () => {
  const later = requestOf(await takenOver(), async () => false);
  expect(await release('domain d-1', arn, later)).toBe('delete');
});

test('whether the stack is rolling back is asked again after a failure', async () => {
  const holder = await takenOver();
  let asked = 0;
  const ctx = requestOf(holder, async () => {
    asked += 1;
    if (asked === 1) throw new Error('Service unavailable');
    return false;
  });
  await expect(release('domain d-1', arn, ctx)).rejects.toThrow('Service unavailable');
  expect(await release('domain d-1', arn, ctx)).toBe('delete');
});
