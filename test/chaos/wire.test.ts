import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { root } from '../../scripts/handlers.ts';
import { temporaryDirectory } from '../e2e/temporary-directory.ts';

const directory = temporaryDirectory();

/** Runs histories on the wire in a process of its own, which keeps what it keeps in a directory of its own. */
async function chaos(...args: string[]): Promise<{ status: number | null; output: string }> {
  const command = ['--conditions=studio-resources', 'test/chaos/cli.ts', '--wire', ...args];
  const env = { ...process.env, TMPDIR: directory() };
  const child = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, output };
}

/** The processes of functions: each works in the directory that holds its code. */
function processesLeft(): string[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc').filter((id) => {
    try {
      return readlinkSync(`/proc/${id}/cwd`).startsWith(directory());
    } catch {
      // It is no process, or not one of ours.
      return false;
    }
  });
}

const lineOf = (output: string, name: string) => new RegExp(`^${name} +(.*)$`, 'm').exec(output)?.[1];

test('stacks end well while processes are killed and sockets are reset, and nothing of it is left', async () => {
  const { status, output } = await chaos('--runs', '3', '--seed', '20645');
  expect(output).toContain('3 with seed 20645, 0 failed');
  expect(lineOf(output, 'faults')).toMatch(/call reset \d+, .*function crash 1/);
  expect(lineOf(output, 'processes')).toBe('1 killed while they worked');
  expect(status).toBe(0);
  expect(processesLeft()).toEqual([]);
  expect(readdirSync(directory())).toEqual([]);
}, 300_000);

test('a bug is caught, and told with the history and with every call of the run', async () => {
  const { status, output } = await chaos('--run', '0', '--seed', '20645', '--plant', 'readable-url');
  expect(status).toBe(1);
  expect(output).toMatch(/^run 0 failed; again: npm run chaos -- --wire --seed 20645 --run 0$/m);
  expect(output).toContain("a response URL is kept in the clear: in sfn's table executions");
  const [, record = '', history = ''] =
    /its calls are in (\S+); .* --wire --runs 20 --history '(.*)'$/m.exec(output) ?? [];
  expect(readFileSync(record, 'utf8')).toContain('"operation":"CreateDomain"');
  expect(JSON.parse(history)).toMatchObject({ stacks: expect.anything(), faults: expect.anything() });
  expect(processesLeft()).toEqual([]);
}, 300_000);
