import { sleep } from '../../../packages/local/src/clock.ts';
import type { ExecutionRecord } from '../../../packages/local/src/services/sfn/records.ts';
import { account, region, type World } from '../world.ts';

/** Virtual seconds after which no caller waits any longer: work that is in progress then does not count as left behind. */
const longest = 1200;

/** How often the world is looked at, in virtual seconds, and how often in a row it has to be found at rest. */
const pause = 2;
const looks = 3;

/** Resolves once nothing is under way that could still change anything: deliveries, waiters, duplicates, statuses. */
export async function allAtRest(world: World): Promise<void> {
  let quiet = 0;
  for (let seconds = 0; seconds < longest && quiet < looks; seconds += pause) {
    await sleep(world.time, pause * 1000);
    quiet = isAnythingUnderWay(world) ? 0 : quiet + 1;
  }
}

function isAnythingUnderWay({ store, time }: World): boolean {
  const events = store.table('lambda', { account, region }, 'events');
  const executions = store.table<ExecutionRecord>('sfn', { account, region }, 'executions');
  const isWaiting = [...executions.values()].some(({ status }) => status === 'RUNNING');
  // What these two schedule is about events and executions, which may have ended long before.
  const isChanging = [...store.tasks.values()].some(
    ({ service, at }) => service !== 'lambda' && service !== 'sfn' && at < time.now() + longest * 1000,
  );
  return events.size > 0 || isWaiting || isChanging;
}
