import { spawn } from 'node:child_process';
import { root } from '../../scripts/handlers.ts';

/** Runs the simulation in a process of its own. */
async function chaos(...args: string[]): Promise<{ status: number | null; output: string }> {
  const command = ['--conditions=studio-resources', 'test/chaos/cli.ts', ...args];
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, output };
}

const lineOf = (output: string, name: string) => new RegExp(`^${name} +(.*)$`, 'm').exec(output)?.[1];

test('stacks end well, whatever goes wrong on the way', async () => {
  // Two hundred are played by npm run test:system. One worker, as jest has two beside it.
  const { status, output } = await chaos('--runs', '60', '--seed', '1', '--workers', '1');
  expect(output).toContain('60 with seed 1, 0 failed');
  expect(status).toBe(0);
  // Each kind of place is struck, so that this says something.
  expect(lineOf(output, 'faults')).toMatch(/call .*function .*resource .*response /);
});

test('a seed decides everything, however many workers there are', async () => {
  const one = await chaos('--runs', '6', '--seed', '7', '--workers', '1');
  const three = await chaos('--runs', '6', '--seed', '7', '--workers', '3');
  expect(lineOf(one.output, 'trace')).toMatch(/^\w{16}$/);
  expect(lineOf(three.output, 'trace')).toBe(lineOf(one.output, 'trace'));
});

test('a bug is caught, and told with the rule that it breaks and a history that shows it again', async () => {
  const { status, output } = await chaos('--runs', '40', '--seed', '1', '--workers', '1', '--plant', 'readable-url');
  expect(status).toBe(1);
  expect(output).toMatch(/^run \d+ failed; again: npm run chaos -- --seed 1 --run \d+/m);
  expect(output).toContain("a response URL is kept in the clear: in sfn's table executions");
  const history = /--history '(.*)'$/m.exec(output)?.[1] ?? '';
  const sound = await chaos('--history', history);
  const bad = await chaos('--history', history, '--plant', 'readable-url');
  expect(sound.output).toContain('0 failed');
  expect(bad.output).toContain("a response URL is kept in the clear: in sfn's table executions");
});

test.each([
  [['--runs', 'many'], 'Reading --runs: many is not a whole number'],
  [['--plant', 'rose'], 'Reading --plant: there is no bug called rose. There are: lost-id, '],
  [['--history', '{'], 'Reading --history: '],
])('%j is refused with what is wrong', async (args, message) => {
  const { status, output } = await chaos(...args);
  expect(output).toContain(message);
  expect(status).toBe(1);
});
