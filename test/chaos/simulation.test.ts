import { spawn } from 'node:child_process';
import { root } from '../../scripts/handlers.ts';

/** Runs the simulation in a process of its own, whose timers it fakes. */
async function chaos(...args: string[]): Promise<{ status: number | null; output: string }> {
  const command = ['--conditions=studio-resources', 'test/chaos/cli.ts', ...args];
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, output };
}

const traceIn = (output: string) => /^trace +(\w+)$/m.exec(output)?.[1];

test('histories end well, whatever goes wrong on the way', async () => {
  const { status, output } = await chaos('--runs', '20', '--seed', '1');
  expect(output).toContain('20 with seed 1, 0 failed');
  expect(status).toBe(0);
}, 600_000);

test('a seed decides everything, however many workers there are', async () => {
  const [one, two] = await Promise.all([
    chaos('--runs', '3', '--seed', '7', '--workers', '1'),
    chaos('--runs', '3', '--seed', '7', '--workers', '3'),
  ]);
  expect(traceIn(one.output)).toMatch(/^\w{16}$/);
  expect(traceIn(two.output)).toBe(traceIn(one.output));
}, 600_000);

test.each([
  [['--runs', 'many'], 'Reading --runs: many is not a whole number'],
  [['--plant', 'rose'], 'Reading --plant: there is no bug called rose. There are: lost-id, '],
  [['--history', '{'], 'Reading --history: '],
])('%j is refused with what is wrong', async (args, message) => {
  const { status, output } = await chaos(...args);
  expect(output).toContain(message);
  expect(status).toBe(1);
});
