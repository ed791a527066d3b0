import { recordExchanges } from '../../../packages/local/src/record.ts';
import type { History } from '../history.ts';
import type { Installed } from '../install.ts';
import { findingsOf, keptFindingsOf } from '../invariants.ts';
import { Observer } from '../observer.ts';
import { deleteStacks, play } from '../play.ts';
import type { Finding } from '../scene.ts';
import type { Result } from '../simulate.ts';
import { WireCloud } from './cloud.ts';
import { WireJupyter } from './jupyter.ts';
import { allAtRest } from './rest.ts';
import { setupFindings } from './setups.ts';

/**
 * Plays a history to its end in a cloud of its own, deletes every stack, and says what does not hold. Every call is
 * recorded to a file.
 */
export async function playOnTheWire(installed: Installed, history: History, record: string): Promise<Result> {
  // One for each run: its home and its terminals tell of nothing else.
  const jupyter = hasSetups(history) ? await WireJupyter.start() : undefined;
  const world = await WireCloud.open({ ...history, rules: history.faults }, installed, jupyter?.url);
  const begun = world.time.now();
  const recording = await recordExchanges(record, world.cloud);
  try {
    const seen = new Observer(world.cloud);
    jupyter?.watch(world.cloud);
    world.serve();
    const played = await Promise.all(history.stacks.map((steps, index) => play(world, installed, index, steps)));
    let operations = played.reduce((sum, one) => sum + one, 0);
    await allAtRest(world);
    const look = async () => [
      ...(await findingsOf(world, seen, history)),
      ...(jupyter ? await setupFindings(jupyter, { world, seen, history }) : []),
    ];
    const findings = await look();
    if (findings.length === 0) {
      operations += await deleteAll(world);
      findings.push(...(await look()));
    }
    findings.push(...keptFindingsOf(world, seen, history), ...unexplained(world, seen));
    const { requests, calls, faults } = seen;
    const rights = [...seen.rights];
    const lasted = world.time.now() - begun;
    const killed = world.broken.filter(({ errorType }) => errorType !== 'Sandbox.Timedout').length;
    return { findings, operations, requests: requests.length, calls, faults, rights, lasted, killed };
  } finally {
    await world.close();
    await recording.close();
    await jupyter?.stop();
  }
}

function hasSetups({ stacks }: History): boolean {
  return stacks.flat().some((step) => step.do === 'deploy' && step.shape.setup !== undefined);
}

/** Deletes every stack, again where a fault made that fail. */
async function deleteAll(world: WireCloud): Promise<number> {
  let operations = 0;
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const deleted = await deleteStacks(world);
    if (deleted === 0) break;
    operations += deleted;
    await allAtRest(world);
  }
  return operations;
}

/** A process ends by a fault, or not at all: no function crashes by itself, or runs out of time. */
function unexplained({ broken }: WireCloud, { faults }: Observer): Finding[] {
  const injected = ['crash', 'out-of-memory', 'hang'].reduce(
    (sum, fault) => sum + (faults.get(`function ${fault}`) ?? 0),
    0,
  );
  if (broken.length <= injected) return [];
  return broken.map(({ functionArn, errorType, lines }) => ({
    rule: 'a function ended by itself',
    detail: `${functionArn.split(':').at(-1)}: ${errorType}\n${lines.join('\n')}`,
  }));
}
