import { mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mixSeeds } from '../../../packages/local/src/virtual/randomness.ts';
import type { History } from '../history.ts';
import type { Installed } from '../install.ts';
import type { ChaosOptions } from '../options.ts';
import { installProvider } from '../provider.ts';
import { makeSetups } from '../setups.ts';
import type { Report } from '../work.ts';
import { readZips } from '../zips.ts';
import { WireCloud } from './cloud.ts';
import { drawHistory } from './history.ts';
import { playOnTheWire } from './run.ts';

/** Plays the runs, several at a time: most of the time, each of them waits. */
export async function playRuns(options: ChaosOptions, report: (report: Report) => void): Promise<void> {
  const { seed, from, to, workers, plant, history } = options;
  const records = await mkdtemp(join(tmpdir(), 'studio-resources-chaos-'));
  const installed = await install(await readZips(plant));
  let next = from;
  const lane = async () => {
    while (next < to) {
      const run = next;
      next += 1;
      const one = await playOne(installed, run, history ?? drawHistory(mixSeeds(seed, run)), records);
      report(one);
      // A bug that was planted has to be caught once.
      if (plant && one.failure) next = to;
    }
  };
  const breakOff = () => {
    next = to;
  };
  await Promise.all(Array.from({ length: workers }, () => lane().finally(breakOff)));
  // What is left there are the records of the runs that failed.
  if ((await readdir(records)).length === 0) await rmdir(records);
}

async function playOne(installed: Installed, run: number, history: History, records: string): Promise<Report> {
  const record = join(records, `run-${run}.jsonl`);
  const result = await playOnTheWire(installed, history, record);
  const { findings } = result;
  if (findings.length > 0) return { run, result, failure: { history, findings, shrinks: 0, record } };
  await rm(record);
  return { run, result };
}

/** Every run begins with what this leaves. */
async function install(zips: ReadonlyMap<string, Uint8Array>): Promise<Installed> {
  const world = await WireCloud.open({ seed: 0, durations: 0.02, rules: [] });
  try {
    world.serve();
    const provider = await installProvider(world, zips);
    const setups = await makeSetups(world, provider);
    const now = world.time.now();
    return { state: world.store.save(now), ...provider, setups };
  } finally {
    await world.close();
  }
}
