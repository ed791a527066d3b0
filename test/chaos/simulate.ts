import { SimulatedCloud } from './cloud.ts';
import type { History } from './history.ts';
import type { Installed } from './install.ts';
import { findingsOf, keptFindingsOf } from './invariants.ts';
import { Observer } from './observer.ts';
import { deleteStacks, play } from './play.ts';
import type { Finding } from './scene.ts';

/** What came of a run. */
export interface Result {
  /** What does not hold; empty when all is well. */
  findings: Finding[];
  operations: number;
  requests: number;
  calls: number;
  faults: ReadonlyMap<string, number>;
  /** The rights that roles have used, as the caller's ARN and the action; of a worker's runs, each in the first that has it. */
  rights: readonly string[];
  /** Virtual milliseconds. */
  lasted: number;
  /** The same for two runs that went the same way. Of what is real, there are none. */
  trace?: string;
  /** On the wire: how many processes were killed while they ran an invocation. */
  killed?: number;
}

/** Longer than a stack with everything in it can take. */
const longest = 40 * 3_600_000;

/** Deliveries, log lines and duplicates that come after everything has ended. */
const afterglow = 1_200_000;

/** Plays a history to its end, deletes every stack, and says what does not hold. The same history gives the same result. */
export async function simulate(installed: Installed, history: History): Promise<Result> {
  const world = new SimulatedCloud({ ...history, rules: history.faults }, installed);
  const { time } = world;
  const begun = time.now();
  const seen = new Observer(world.cloud);
  let operations = 0;
  let ended = false;
  const playing = Promise.all(
    history.stacks.map(async (steps, index) => {
      operations += await play(world, installed, index, steps);
    }),
  ).finally(() => {
    ended = true;
  });
  await time.pass(longest, () => ended);
  await playing;
  await time.pass(afterglow);
  const findings = await findingsOf(world, seen, history);
  if (findings.length === 0) {
    operations += await deleteAll(world);
    findings.push(...(await findingsOf(world, seen, history)));
  }
  findings.push(...keptFindingsOf(world, seen, history));
  const lasted = time.now() - begun;
  const { faults, calls, requests } = seen;
  const rights = [...seen.rights];
  await world.virtual.discard();
  return { findings, operations, requests: requests.length, calls, faults, rights, lasted, trace: seen.trace() };
}

/** Deletes every stack, again where a fault made that fail. */
async function deleteAll(world: SimulatedCloud): Promise<number> {
  let operations = 0;
  for (let attempt = 0; attempt < 4; attempt += 1) {
    let ended = false;
    const deleting = deleteStacks(world).finally(() => {
      ended = true;
    });
    await world.time.pass(longest, () => ended);
    const deleted = await deleting;
    if (deleted === 0) break;
    operations += deleted;
    await world.time.pass(afterglow);
  }
  return operations;
}
