import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { root } from '../../scripts/handlers.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';

const directory = temporaryDirectory();

/** Runs histories in a process of its own, which keeps what it keeps in a directory of its own. */
async function chaos(...args: string[]): Promise<{ status: number | null; output: string }> {
  const command = ['--conditions=studio-resources', 'test/chaos/cli.ts', ...args];
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

/**
 * A domain with a profile, and the setup of a user's Jupyter server, that are created, changed and deleted, while a
 * process is killed and sockets are reset.
 */
const history = JSON.stringify({
  seed: 1,
  durations: 0.03,
  stacks: [
    [
      { do: 'deploy', wait: 'rest', shape: shape(0) },
      { do: 'deploy', wait: 'rest', shape: shape(1) },
      { do: 'delete', wait: 'rest' },
    ],
  ],
  faults: [
    { on: 'call', fault: 'reset', rate: 0.1, carriedOut: true, function: 'studio-resources-*' },
    { on: 'function', fault: 'crash', function: 'studio-resources-studio-domain', after: 1, count: 1, ms: 0 },
  ],
});

function shape(tag: number): object {
  const profiles = [{ name: 0, tag }];
  const setup = { profile: 1, generation: tag, fails: false, slow: false, background: true };
  return { domains: [{ name: 0, tag, subnets: 2, idle: 0, home: 'Delete', profiles }], setup };
}

test('stacks keep the invariants while processes are killed and sockets are reset, and no process or file is left', async () => {
  const { status, output } = await chaos('--wire', '--runs', '3', '--history', history);
  expect(output).toContain('3 with seed 1, 0 failed');
  expect(lineOf(output, 'faults')).toMatch(/call reset \d+, .*function crash 3/);
  expect(lineOf(output, 'processes')).toBe('3 killed while they worked');
  expect(status).toBe(0);
  expect(processesLeft()).toEqual([]);
  expect(readdirSync(directory())).toEqual([]);
});

test('a bug is caught, and reported with the history and every call of the run', async () => {
  const { status, output } = await chaos('--wire', '--runs', '1', '--history', history, '--plant', 'readable-url');
  expect(status).toBe(1);
  expect(output).toContain("a response URL is kept in the clear: in sfn's table executions");
  const [, record = '', again = ''] =
    /its calls are in (\S+); .* --wire --runs 20 --history '(.*)'$/m.exec(output) ?? [];
  expect(readFileSync(record, 'utf8')).toContain('"operation":"CreateDomain"');
  expect(JSON.parse(again)).toEqual(JSON.parse(history));
  expect(processesLeft()).toEqual([]);
});

test('two hundred simulated histories keep the invariants', async () => {
  const { status, output } = await chaos('--runs', '200', '--seed', '1');
  expect(output).toContain('200 with seed 1, 0 failed');
  expect(status).toBe(0);
}, 1_800_000);
