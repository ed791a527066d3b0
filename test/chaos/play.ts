import { sleep } from '../../packages/local/src/clock.ts';
import { cloudformation } from '../../packages/local/src/cloudformation/service.ts';
import { isInProgress, type StackRecord } from '../../packages/local/src/cloudformation/stack.ts';
import { AwsError } from '../../packages/local/src/errors.ts';
import { sagemaker } from '../../packages/local/src/services/sagemaker/index.ts';
import type { DomainRecord, UserProfileRecord } from '../../packages/local/src/services/sagemaker/records.ts';
import type { Step } from './history.ts';
import type { Installed } from './install.ts';
import { invite } from './shares.ts';
import { type Place, templateOf } from './template.ts';
import { account, region, type World } from './world.ts';

/** Longer than anything that CloudFormation may wait for. */
const patience = 12 * 3600;

export function stacksIn({ store }: World): StackRecord[] {
  const stacks = store.table<StackRecord>('cloudformation', { account, region }, 'stacks');
  return [...stacks.values()].filter(({ name }) => name.startsWith('stack-'));
}

/** The name of a stack, or of the other one of its pair. */
export function stackName(index: number, other = false): string {
  return `stack-${index}${other ? '-other' : ''}`;
}

/** Plays what happens to one stack or pair of stacks; gives how many operations CloudFormation took on. Never rejects because of what CloudFormation refuses. */
export async function play(world: World, installed: Installed, stack: number, steps: Step[]): Promise<number> {
  let operations = 0;
  const names = [...new Set(steps.map(({ other }) => stackName(stack, other)))];
  const rest = () => Promise.all(names.map((name) => atRest(world, name)));
  for (const [step, one] of steps.entries()) {
    if (one.wait === 'rest') await rest();
    else await sleep(world.time, one.wait * 1000);
    try {
      await take(world, installed, one, { stack, step, other: one.other });
      operations += 1;
    } catch (cause) {
      // Such as an update that changes nothing, or that comes while another is under way.
      if (!(cause instanceof AwsError)) throw cause;
    }
  }
  await rest();
  return operations;
}

async function take(world: World, installed: Installed, step: Step, place: Place): Promise<void> {
  const StackName = stackName(place.stack, place.other);
  switch (step.do) {
    case 'deploy': {
      const { share } = step.shape;
      if (share) await invite(world, installed.shares[place.stack]![share.name]!);
      const TemplateBody = templateOf(installed, step.shape, place, step.doom);
      const operation = findStack(world, StackName) ? 'UpdateStack' : 'CreateStack';
      await world.call(cloudformation, operation, { StackName, TemplateBody });
      return;
    }
    case 'delete':
      await world.call(cloudformation, 'DeleteStack', { StackName });
      return;
    case 'cancel':
      await world.call(cloudformation, 'CancelUpdateStack', { StackName });
      return;
    case 'work':
      await work(world, StackName);
  }
}

/** A user opens an app in the first domain of the stack. */
async function work(world: World, StackName: string): Promise<void> {
  const stack = findStack(world, StackName);
  const ids = new Set(Object.values(stack?.resources ?? {}).map(({ physicalId }) => physicalId));
  const tableOf = <T>(name: string) => world.store.table<T>('sagemaker', { account, region }, name);
  const domain = [...tableOf<DomainRecord>('domain').values()].find(({ shown }) => ids.has(shown.DomainId));
  const profile = [...tableOf<UserProfileRecord>('user-profile').values()].find(
    ({ shown }) => shown.DomainId === domain?.shown.DomainId,
  );
  if (!profile) return;
  const { DomainId, UserProfileName } = profile.shown;
  await world.call(sagemaker, 'CreateApp', { DomainId, UserProfileName, AppType: 'JupyterServer', AppName: 'default' });
}

/** Resolves once no operation is under way on the stack, or after longer than any may take. */
export async function atRest(world: World, name: string): Promise<void> {
  for (let seconds = 0; seconds < patience; seconds += 5) {
    await sleep(world.time, 5000);
    if (stacksIn(world).every((one) => one.name !== name || !isInProgress(one.status))) return;
  }
}

/** Deletes every stack that is left, and waits until they are at rest; gives how many there were. */
export async function deleteStacks(world: World): Promise<number> {
  const left = stacksIn(world).filter(({ status }) => status !== 'DELETE_COMPLETE');
  await Promise.all(
    left.map(async ({ name }) => {
      await world.call(cloudformation, 'DeleteStack', { StackName: name });
      await atRest(world, name);
    }),
  );
  return left.length;
}

function findStack(world: World, name: string): StackRecord | undefined {
  return stacksIn(world).find((one) => one.name === name && one.status !== 'DELETE_COMPLETE');
}
