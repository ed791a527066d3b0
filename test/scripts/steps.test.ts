import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../scripts/handlers.ts';
import { Meter } from '../../scripts/test/meter.ts';
import { planOf } from '../../scripts/test/steps.ts';
import { table } from '../../scripts/test/table.ts';

/** A step that runs JavaScript. */
const step = (name: string, text: string) => ({ name, command: [process.execPath, '-e', text] });

/** A process that runs a plan, as `npm test` does. */
function runnerOf(plan: unknown): string[] {
  const text = `import { run } from ${JSON.stringify(join(root, 'scripts/test/run.ts'))};
    process.exitCode = await run(${JSON.stringify(plan)});`;
  return ['--input-type=module', '-e', text];
}

function run(plan: unknown): Promise<{ status: number; stdout: string; rows: string[] }> {
  return new Promise((resolve) => {
    execFile(process.execPath, runnerOf(plan), (error, stdout) => {
      const rows = stdout.slice(stdout.indexOf('\nstep ')).trim().split('\n');
      resolve({ status: Number(error?.code ?? 0), stdout, rows });
    });
  });
}

describe('the steps', () => {
  test('all run in order while they succeed, and the table lists them', async () => {
    const { status, stdout, rows } = await run([
      [step('first', "console.log('one')")],
      [step('second', "console.log('two')")],
    ]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\n> first\none\n\n> second\ntwo\n/);
    expect(rows.map((row) => row.split(' ')[0])).toEqual(['step', 'first', 'second', 'total']);
  });

  test('the first that fails is the last, and its status is the result', async () => {
    const { status, stdout, rows } = await run([
      [step('first', 'process.exit(3)')],
      [step('second', "console.log('two')")],
    ]);
    expect(status).toBe(3);
    expect(stdout).not.toContain('two');
    expect(rows).toEqual([
      expect.stringMatching(/^step/),
      expect.stringMatching(/^first .* failed: 3$/),
      expect.stringMatching(/^second .* not run$/),
      expect.stringMatching(/^total/),
    ]);
  });

  test('of those that run concurrently, the output of each stays together', async () => {
    const pieces = (name: string) => {
      const text = `console.log('${name}'); console.error('${name}');`;
      return step(name, `${text} setImmediate(() => { ${text} })`);
    };
    const { stdout } = await run([[pieces('left'), pieces('right')]]);
    expect(stdout).toContain(`\n> left\n${'left\n'.repeat(4)}\n`);
    expect(stdout).toContain(`\n> right\n${'right\n'.repeat(4)}\n`);
  });

  test('one that fails ends the concurrent ones', async () => {
    const { status, rows } = await run([
      [step('hanging', 'setInterval(() => {}, 1000)'), step('failing', 'process.exit(4)')],
    ]);
    expect(status).toBe(4);
    expect(rows[1]).toMatch(/^hanging .* stopped$/);
    expect(rows[2]).toMatch(/^failing .* failed: 4$/);
  });

  test('processes that a step leaves running end with it', async () => {
    const orphan = 'process.stdout.write(String(process.pid)); setInterval(() => {}, 1000)';
    const text = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(orphan)}], { stdio: ['ignore', 'pipe', 'inherit'] })
      .stdout.once('data', (pid) => { console.log('pid ' + pid); process.exit(0); });`;
    const { status, stdout } = await run([[step('leaving', text), step('other', '')]]);
    expect(status).toBe(0);
    await gone(Number(/pid (\d+)/.exec(stdout)![1]));
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends them, and their table is still printed', async (signal, status) => {
    const hanging = step('hanging', "console.log('pid ' + process.pid); setInterval(() => {}, 1000)");
    const runner = spawn(process.execPath, runnerOf([[hanging], [step('next', '')]]), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    const closed = once(runner, 'close');
    for await (const line of createInterface({ input: runner.stdout })) {
      lines.push(line);
      if (line.startsWith('pid ')) runner.kill(signal);
    }
    expect(await closed).toEqual([status, null]);
    await gone(Number(/pid (\d+)/.exec(lines.join('\n'))![1]));
    expect(lines).toContainEqual(expect.stringMatching(/^hanging .* stopped$/));
    expect(lines).toContainEqual(expect.stringMatching(/^next .* not run$/));
  });
});

/** A process that was killed after its parent ended may still be a zombie. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ESRCH' });
      return;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('lint, types, checks and build come before the tests, which take the arguments', () => {
  const plan = planOf(['-t', 'a domain']);
  expect(plan.flat().map(({ name }) => name)).toEqual(['lint', 'types', 'check', 'build', 'tests']);
  expect(plan.at(-1)).toEqual([{ name: 'tests', command: ['npm', 'run', '--silent', 'jest', '--', '-t', 'a domain'] }]);
});

describe('their usage', () => {
  const megabytes = 2 ** 20;

  test('is the memory of all of their processes together, and the CPU time of each', async () => {
    // Each has 100 MB that it has written to, and has used half a second.
    const heavy = `const held = Buffer.alloc(${100 * megabytes}, 1);
      while (process.cpuUsage().user < 500_000);
      setInterval(() => held.length, 1000);`;
    const text = `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(`${heavy} console.log(1)`)}], { stdio: ['ignore', 'pipe', 'inherit'] });
      ${heavy} child.stdout.once('data', () => console.log(1));`;
    const meter = new Meter();
    const child = spawn(process.execPath, ['-e', text], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    meter.begin('heavy', child.pid!);
    await once(child.stdout, 'data');
    meter.sample();
    const exited = once(child, 'exit');
    process.kill(-child.pid!, 'SIGKILL');
    await exited;
    meter.end('heavy');
    const { cpu, memory } = meter.usageOf('heavy')!;
    expect(memory).toBeGreaterThan(200 * megabytes);
    expect(cpu).toBeGreaterThanOrEqual(0.9);
    expect(meter.total().memory).toBeGreaterThan(memory!);
  });

  test('is shown as far as the machine reports it', () => {
    const meter = new Meter(() => undefined);
    meter.begin('alone', process.pid);
    meter.sample();
    meter.end('alone');
    const usage = { wall: expect.any(Number), cpu: undefined, memory: undefined };
    expect(meter.usageOf('alone')).toEqual(usage);
    expect(meter.total()).toEqual(usage);
  });

  test('is a table', () => {
    const usage = { wall: 61.04, cpu: 9, memory: 1500 * megabytes };
    expect(
      table([
        { name: 'types', usage, result: '' },
        { name: 'lint', usage: { wall: 4 }, result: 'failed: 1' },
      ]).split('\n'),
    ).toEqual([
      'step     wall    CPU   memory',
      'types  61.0 s  9.0 s  1500 MB',
      'lint    4.0 s      -        -  failed: 1',
    ]);
  });
});
