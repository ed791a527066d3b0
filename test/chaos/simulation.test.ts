import { spawnSync } from 'node:child_process';
import { root } from '../../scripts/handlers.ts';
import { type Installed, install } from './install.ts';
import { readOptions } from './options.ts';
import { failureLines, Summary } from './summary.ts';
import { runAll, type Work } from './work.ts';
import { readZips } from './zips.ts';

let installed: Installed;

beforeAll(async () => {
  installed = await install(await readZips());
});

/** Plays in this process what `npm run chaos` plays in threads. */
async function play(work: Work): Promise<Summary> {
  const summary = new Summary();
  await runAll(work, installed, (report) => summary.add(report));
  return summary;
}

const options = (...args: string[]) => readOptions(args);
const linesOf = (summary: Summary) => summary.lines(options(), 1).join('\n');
const lineOf = (text: string, name: string) => new RegExp(`^${name} +(.*)$`, 'm').exec(text)?.[1];

// Two hundred are played by npm run test:system.
test('stacks keep the invariants under every fault', async () => {
  const summary = await play({ seed: 1, from: 0, to: 30, step: 1 });
  expect(summary.failures.flatMap((each) => failureLines(options(), each))).toEqual([]);
  expect(summary.runs).toBe(30);
  // Faults are injected at each kind of place, so that the test shows something.
  expect(lineOf(linesOf(summary), 'faults')).toMatch(/call .*function .*resource .*response /);
});

test('a seed decides everything, however many workers there are', async () => {
  const one = await play({ seed: 7, from: 0, to: 5, step: 1 });
  const cli = ['test/chaos/cli.ts', '--runs', '5', '--seed', '7', '--workers', '2'];
  const { stdout } = spawnSync(process.execPath, ['--conditions=studio-resources', ...cli], { cwd: root });
  expect(lineOf(linesOf(one), 'trace')).toMatch(/^\w{16}$/);
  expect(lineOf(stdout.toString(), 'trace')).toBe(lineOf(linesOf(one), 'trace'));
});

test.each([
  [['--runs', 'many'], 'Reading --runs: many is not a whole number'],
  [['--plant', 'rose'], 'Reading --plant: there is no bug called rose. There are: lost-id, '],
  [['--history', '{'], 'Reading --history: '],
])('%j is refused with what is wrong', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
