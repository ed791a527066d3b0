/** `npm run chaos -- --runs 200 --seed 1`, with `--wire` or without: README.md says what it does. */
import { writeFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { type Installed, install } from './install.ts';
import { type ChaosOptions, readOptions } from './options.ts';
import { failureLines, findingLines, Summary } from './summary.ts';
import type { Report, Work } from './work.ts';
import { readZips } from './zips.ts';

/** After so many runs it is said how many there were. */
const progress = 500;

/** So many failures are told with their smallest histories; those after them with the command that repeats them. */
const told = 5;

async function main(options: ChaosOptions): Promise<number> {
  const summary = new Summary();
  const started = performance.now();
  const rights = new Set<string>();
  const report = (one: Report) => {
    summary.add(one);
    for (const right of one.result.rights) rights.add(right);
    if (summary.runs % progress === 0) console.error(`${summary.runs} of ${options.to - options.from} runs`);
    if (one.failure) {
      const lines = summary.failures.length <= told ? failureLines(options, one) : findingLines(options, one);
      console.log(lines.join('\n'));
    }
  };
  await (options.wire ? playOnTheWire(options, report) : simulate(options, report));
  if (options.rights) await writeFile(options.rights, [...rights].map(recordedRight).join(''));
  console.log(summary.lines(options, performance.now() - started).join('\n'));
  return summary.failures.length > 0 ? 1 : 0;
}

/** A right as the local cloud's --record has it. */
function recordedRight(right: string): string {
  const [principal, action] = right.split(' ');
  return `${JSON.stringify({ right: { principal, action } })}\n`;
}

async function playOnTheWire(options: ChaosOptions, report: (report: Report) => void): Promise<void> {
  const { playRuns } = await import('./wire/runs.ts');
  // Whatever ends this process ends the functions' processes as it exits.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  await playRuns(options, report);
}

async function simulate(options: ChaosOptions, report: (report: Report) => void): Promise<void> {
  const { seed, from, to, workers, plant, history } = options;
  const installed = await install(await readZips(plant));
  const each = Array.from({ length: workers }, (_, worker) =>
    play({ seed, from: from + worker, to, step: workers, plant, history }, installed, report),
  );
  await Promise.all(each);
}

/** Plays runs in a thread of their own. */
function play(work: Work, installed: Installed, report: (report: Report) => void): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { work, installed } });
  return new Promise((resolve, reject) => {
    worker.on('message', report);
    worker.once('error', reject);
    worker.once('exit', (status) => (status === 0 ? resolve() : reject(new Error(`A worker ended with ${status}`))));
  });
}

try {
  process.exitCode = await main(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
