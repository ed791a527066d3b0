import fc from 'fast-check';
import { mixSeeds } from '../../packages/local/src/virtual/randomness.ts';
import { type History, history } from './history.ts';
import type { Installed } from './install.ts';
import type { PlantName } from './plants.ts';
import type { Finding } from './scene.ts';
import { type Result, simulate } from './simulate.ts';

/** What one worker does: the runs `from`, `from + step`, … below `to`. */
export interface Work {
  seed: number;
  from: number;
  to: number;
  step: number;
  plant?: PlantName;
  /** Plays this one instead. */
  history?: History;
}

/** What came of one run. */
export interface Report {
  run: number;
  result: Result;
  failure?: Failure;
}

/** A history in which something does not hold, made as small as it could be. */
export interface Failure {
  history: History;
  findings: Finding[];
  /** How many smaller histories were tried on the way. */
  shrinks: number;
  /** On the wire: the file with every call of the run. */
  record?: string;
}

/** How many smaller histories are tried, in all, to make a failing one smaller; fewer where it is known what is wrong. */
const patience = 120;
const patienceWithPlants = 20;

/** Plays the runs of one worker, each of which depends on the seed and its own number alone. */
export async function runAll(work: Work, installed: Installed, report: (report: Report) => void): Promise<void> {
  const unhandled: Finding[] = [];
  const see = (reason: unknown) => {
    unhandled.push({
      rule: 'a rejection was not handled',
      detail: reason instanceof Error ? `${reason.stack}` : `${reason}`,
    });
  };
  process.on('unhandledRejection', see);
  try {
    await playAll(work, installed, unhandled, report);
  } finally {
    process.off('unhandledRejection', see);
  }
}

async function playAll(
  work: Work,
  installed: Installed,
  unhandled: Finding[],
  report: (report: Report) => void,
): Promise<void> {
  const known = new Set<string>();
  const play = async (one: History) => {
    const result = await simulate(installed, one);
    result.findings.push(...unhandled.splice(0));
    const rights = result.rights.filter((right) => known.size < known.add(right).size);
    return { ...result, rights };
  };
  if (work.history) {
    const result = await play(work.history);
    const { findings } = result;
    const failure = findings.length > 0 ? { history: work.history, findings, shrinks: 0 } : undefined;
    report({ run: 0, result, failure });
    return;
  }
  let left = work.plant ? patienceWithPlants : patience;
  for (let run = work.from; run < work.to; run += work.step) {
    const one = await playRun(play, mixSeeds(work.seed, run), left);
    left -= one.failure?.shrinks ?? 0;
    report({ run, ...one });
    // A bug that was planted has to be caught once.
    if (work.plant && one.failure) break;
  }
}

/** Plays one run, and where it fails, smaller ones that fail for the same reason. */
async function playRun(play: (history: History) => Promise<Result>, seed: number, shrinksLeft: number) {
  let first: Result | undefined;
  let failure: Failure | undefined;
  let shrinks = 0;
  const property = fc.asyncProperty(history, async (one) => {
    if (first && shrinks >= shrinksLeft) return true;
    const result = await play(one);
    if (first) shrinks += 1;
    const rules = new Set(first?.findings.map(({ rule }) => rule));
    const { findings } = result;
    const isFailing = findings.some(({ rule }) => !first || rules.has(rule));
    first ??= result;
    if (isFailing) failure = { history: one, findings, shrinks };
    return !isFailing;
  });
  await fc.check(property, { seed, numRuns: 1 });
  if (!first) throw new Error('Playing a run: there was no history');
  return { result: first, failure: failure && { ...failure, shrinks } };
}
