import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { root } from '../handlers.ts';
import { Meter } from './meter.ts';
import type { Plan, Step } from './steps.ts';
import { table } from './table.ts';

/** How a step ended: 0, or why not. */
type Status = number;

/** How long a step may take to end after SIGTERM, in milliseconds. */
const patience = 10_000;

const interruptions = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs the steps, as long as they succeed, and prints what each took. A step that runs alone writes as it goes; of those
 * that run concurrently, each one's output comes as a whole when it ends. SIGINT and SIGTERM end what runs.
 *
 * Returns the status of the first step that failed; 0 if none did.
 */
export async function run(plan: Plan): Promise<Status> {
  const meter = new Meter();
  const running = new Set<ChildProcess>();
  const results = new Map<Step, string>();
  let failed: Status = 0;

  const stop = (signal: NodeJS.Signals) => {
    for (const { pid } of running) signalGroup(pid, signal);
  };
  const interrupt = (signal: NodeJS.Signals) => {
    failed ||= 128 + constants.signals[signal];
    stop(signal);
    // Kills what does not end after SIGTERM.
    setTimeout(() => stop('SIGKILL'), patience).unref();
  };
  const runStep = async (step: Step, isAlone: boolean) => {
    const { child, output } = start(step, isAlone);
    const exited = once(child, 'exit');
    const closed = isAlone ? undefined : once(child, 'close');
    running.add(child);
    if (child.pid !== undefined) meter.begin(step.name, child.pid);
    const status = statusOf(...((await exited) as [number | null, NodeJS.Signals | null]));
    meter.end(step.name);
    running.delete(child);
    // Processes that a step leaves behind would keep running and hold its output open.
    signalGroup(child.pid, 'SIGKILL');
    await closed;
    results.set(step, resultOf(status, failed !== 0));
    if (!isAlone) process.stdout.write(Buffer.concat([Buffer.from(`\n> ${step.name}\n`), ...output]));
    if (status === 0 || failed !== 0) return;
    failed = status;
    interrupt('SIGTERM');
  };

  for (const signal of interruptions) process.on(signal, interrupt);
  const sampling = setInterval(() => meter.sample(), 500);
  try {
    for (const group of plan) {
      if (failed !== 0) break;
      if (group.length === 1) process.stdout.write(`\n> ${group[0]!.name}\n`);
      await Promise.all(group.map((step) => runStep(step, group.length === 1)));
    }
  } finally {
    clearInterval(sampling);
    for (const signal of interruptions) process.off(signal, interrupt);
  }

  const rows = plan.flat().map((step) => {
    return { name: step.name, usage: meter.usageOf(step.name), result: results.get(step) ?? 'not run' };
  });
  console.log(`\n${table([...rows, { name: 'total', usage: meter.total(), result: '' }])}`);
  return failed;
}

function start({ command: [file, ...args] }: Step, isAlone: boolean): { child: ChildProcess; output: Buffer[] } {
  const child = spawn(file, args, {
    cwd: root,
    // A process group of its own, so that all of it can be ended.
    detached: true,
    stdio: isAlone ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => output.push(data));
  return { child, output };
}

function resultOf(status: Status, isStopped: boolean): string {
  if (status === 0) return '';
  return isStopped ? 'stopped' : `failed: ${status}`;
}

function statusOf(code: number | null, signal: NodeJS.Signals | null): Status {
  return signal ? 128 + constants.signals[signal] : code!;
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid!, signal);
  } catch (error) {
    // The whole group has ended; macOS reports EPERM.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code!)) throw error;
  }
}
