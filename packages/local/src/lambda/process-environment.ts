import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { CodeDirectory } from './code-directory.ts';
import { watchMemory } from './memory.ts';
import { withMounts } from './mounts.ts';
import { type FindPython, pythonArguments } from './python.ts';
import type {
  Environment,
  EnvironmentSpec,
  Failure,
  InitResult,
  Invocation,
  InvocationFault,
  InvocationResult,
  LogEntry,
} from './runner.ts';
import { type RuntimeApi, serveRuntimeApi } from './runtime-api.ts';
import { readFrames, readLines } from './telemetry.ts';

/** In the package, a copy: what npm installs of aws-lambda-ric compiles its native part, which takes a toolchain. */
const runtimeClient = createRequire(import.meta.url).resolve('#aws-lambda-ric');
const preload = (name: string) => new URL(`./preload/${name}`, import.meta.url).href;

export interface ProcessSettings {
  clock: Clock;
  code: CodeDirectory;
  findPython: FindPython;
  /** Real milliseconds until an initialisation goes on at the cost of the first invocation. Lambda gives 10 s. */
  initTimeout: number;
}

type Ended = { payload: Uint8Array } | { failure: Failure };

/** An execution environment that is a process of its own, running AWS's runtime client on the function's code. */
export class ProcessEnvironment implements Environment {
  readonly #spec: EnvironmentSpec;
  readonly #settings: ProcessSettings;
  readonly #log: (entry: LogEntry) => void;
  readonly #ready = Promise.withResolvers<Failure | undefined>();
  readonly #closed = Promise.withResolvers<Failure>();
  /** Resolves with the cause, once nothing of the process is left. */
  readonly closed = this.#closed.promise;
  readonly #init: Promise<InitResult>;
  #current: { requestId: string; end: (ended: Ended) => void } | undefined;
  #child: ChildProcess | undefined;
  #api: RuntimeApi | undefined;
  #memory: ReturnType<typeof watchMemory> | undefined;
  #reportedMemory = 0;
  #killedFor: Failure | undefined;
  #alive = true;

  constructor(spec: EnvironmentSpec, settings: ProcessSettings, log: (entry: LogEntry) => void) {
    this.#spec = spec;
    this.#settings = settings;
    this.#log = log;
    this.#init = this.#initialize();
  }

  get alive(): boolean {
    return this.#alive;
  }

  initialized(): Promise<InitResult> {
    return this.#init;
  }

  async invoke(invocation: Invocation): Promise<InvocationResult> {
    const { clock } = this.#settings;
    const started = clock.now();
    const { fault } = invocation;
    let spare = () => {};
    const ended = await new Promise<Ended>((resolve) => {
      this.#current = { requestId: invocation.requestId, end: resolve };
      if (!this.#alive || !this.#api) {
        this.closed.then((failure) => resolve({ failure }));
        return;
      }
      const timeout = this.#spec.timeout * 1000;
      // At once means at once: an invocation may take less than a timer, and less than a signal.
      if (fault?.ms === 0) this.#suffer(fault);
      this.#api.offer(invocation, started + timeout);
      if (fault && fault.ms > 0) spare = clock.after(fault.ms, () => this.#suffer(fault));
      const cancel = clock.after(timeout, () => this.kill({ errorType: 'Sandbox.Timedout', status: 'timeout' }));
      this.#current.end = (outcome) => {
        cancel();
        resolve(outcome);
      };
    });
    spare();
    this.#current = undefined;
    // What the function wrote before it answered is in the pipes by now: a turn of the event loop reads it.
    await setImmediate();
    await setImmediate();
    const maxMemoryUsed = Math.max(this.#memory?.peak() ?? 0, this.#reportedMemory);
    return { duration: clock.now() - started, maxMemoryUsed, ...ended };
  }

  async end(): Promise<void> {
    this.kill();
    await this.closed;
  }

  kill(failure = exited('Runtime exited with error: signal: killed')): void {
    this.#killedFor ??= failure;
    this.#alive = false;
    if (this.#child) signalGroup(this.#child, 'SIGKILL');
  }

  #suffer({ kind }: InvocationFault): void {
    if (kind === 'hang' && this.#child) signalGroup(this.#child, 'SIGSTOP');
    else if (kind !== 'hang') this.kill(kind === 'out-of-memory' ? outOfMemory : undefined);
  }

  async #initialize(): Promise<InitResult> {
    const { clock, initTimeout } = this.#settings;
    const started = clock.now();
    await this.#start().catch((error: Error) => {
      this.#finish({ errorType: 'Sandbox.Failure', status: 'error', reason: error.message });
    });
    // Loading code takes real time however fast the clock runs, so this limit is real.
    const slow = Promise.withResolvers<Failure>();
    const timer = setTimeout(() => slow.resolve({ errorType: 'Sandbox.Timedout', status: 'timeout' }), initTimeout);
    const failure = await Promise.race([this.#ready.promise, this.closed, slow.promise]);
    clearTimeout(timer);
    if (failure && failure.status !== 'timeout') await this.end();
    return { duration: clock.now() - started, failure };
  }

  async #start(): Promise<void> {
    const { code } = this.#settings;
    const taskRoot = await code.taskRoot(this.#spec.code);
    const layerRoot = await code.layerRoot(this.#spec.layers ?? []);
    const scratch = await code.scratch();
    const mounted = await Promise.all(
      (this.#spec.mounts ?? []).map(async ({ localPath, fileSystemId, root }) => ({
        localPath,
        directory: await code.files(fileSystemId, root),
      })),
    );
    const api = await serveRuntimeApi({
      next: () => this.#ready.resolve(undefined),
      initError: (report) => this.#ready.resolve(reported(report)),
      response: (requestId, payload, headers) => this.#answer(requestId, { payload }, headers),
      error: (requestId, report, headers) => this.#answer(requestId, { failure: reported(report) }, headers),
    });
    this.#api = api;
    this.closed.then(() => {
      api.close();
      return rm(scratch, { recursive: true, force: true }).catch(() => undefined);
    });
    // It was ended before it began.
    if (this.#killedFor) {
      this.#finish(this.#killedFor);
      return;
    }
    if (layerRoot !== undefined) mounted.push({ localPath: '/opt', directory: layerRoot });
    const { program, args, variables } = await this.#command(taskRoot, layerRoot);
    const child = spawn(program, args, {
      cwd: taskRoot,
      env: {
        PATH: [...(layerRoot === undefined ? [] : [`${layerRoot}/bin`]), '/usr/local/bin:/usr/bin:/bin'].join(':'),
        HOME: scratch,
        TMPDIR: scratch,
        ...withMounts(this.#spec.variables, mounted),
        ...variables,
        LAMBDA_TASK_ROOT: taskRoot,
        _HANDLER: this.#spec.handler,
        AWS_LAMBDA_RUNTIME_API: api.address,
        _LAMBDA_TELEMETRY_LOG_FD: '3',
      },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // A group of its own: a Ctrl-C in the terminal is not for it, and it is killed with all that it started.
      detached: true,
    });
    this.#child = child;
    const now = () => Math.floor(this.#settings.clock.now());
    readLines(child.stdout!, now, this.#log);
    readLines(child.stderr!, now, this.#log);
    readFrames(child.stdio[3] as Readable, this.#log);
    if (child.pid) {
      this.#memory = watchMemory(child.pid, this.#spec.memorySize, () => this.kill(outOfMemory));
    }
    child.once('error', (error) => this.#finish(exited(error.message)));
    child.once('exit', () => {
      this.#alive = false;
      signalGroup(child, 'SIGKILL');
      // Its number may be another process's from now on.
      this.#child = undefined;
    });
    child.once('close', (status, signal) => this.#finish(this.#killedFor ?? exited(exitReason(status, signal))));
  }

  /** AWS's runtime client for the function's runtime. */
  async #command(taskRoot: string, layerRoot: string | undefined) {
    const { runtime, handler } = this.#spec;
    if (!runtime.startsWith('python')) {
      const args = [...this.#nodeOptions(), runtimeClient];
      // As Lambda's own: layers come before the function's root.
      const NODE_PATH = joined(layerRoot && `${layerRoot}/nodejs/node_modules`, taskRoot);
      return { program: process.execPath, args, variables: { NODE_PATH } };
    }
    const python = await this.#settings.findPython();
    if (typeof python === 'string') throw new Error(python);
    const args = pythonArguments(handler, this.#settings.clock);
    const { PYTHONPATH } = python.variables;
    const path = joined(layerRoot && `${layerRoot}/python`, PYTHONPATH);
    return { program: python.executable, args, variables: { ...python.variables, ...(path && { PYTHONPATH: path }) } };
  }

  /** As Lambda starts Node, with what takes the place of the machine's clock and of the native client. */
  #nodeOptions(): string[] {
    const { clock } = this.#settings;
    const anchor = new URLSearchParams({
      speed: String(clock.speed ?? 1),
      now: String(clock.now()),
      at: String(process.hrtime.bigint()),
    });
    const megabytes = (part: number) => Math.floor(this.#spec.memorySize * part);
    return [
      `--max-semi-space-size=${megabytes(0.05)}`,
      `--max-old-space-size=${megabytes(0.9)}`,
      `--import=${preload('clock.mjs')}?${anchor}`,
      `--import=${preload('runtime-client.mjs')}`,
    ];
  }

  #answer(requestId: string, ended: Ended, headers: Record<string, string | string[] | undefined>): void {
    const resident = Number(headers['studio-resources-resident-bytes'] ?? 0) / 1024 / 1024;
    this.#reportedMemory = Math.max(this.#reportedMemory, resident);
    if (this.#current?.requestId === requestId) this.#current.end(ended);
  }

  #finish(failure: Failure): void {
    this.#alive = false;
    this.#memory?.end();
    this.#closed.resolve(failure);
    this.#current?.end({ failure });
  }
}

/** A search path of those directories that there are. */
function joined(...directories: (string | undefined)[]): string {
  return directories.filter((one) => one !== undefined).join(':');
}

const outOfMemory: Failure = {
  errorType: 'Runtime.OutOfMemory',
  status: 'error',
  reason: 'Runtime exited with error: signal: killed',
};

function reported(report: Buffer): Failure {
  try {
    const { errorType } = JSON.parse(report.toString('utf8')) as { errorType?: string };
    return { errorType: errorType ?? 'Unknown', status: 'error', report };
  } catch {
    return { errorType: 'Runtime.Unknown', status: 'error', reason: 'Runtime reported an error that is not JSON' };
  }
}

function exited(reason: string): Failure {
  return { errorType: 'Runtime.ExitError', status: 'error', reason };
}

function exitReason(status: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGABRT') return 'Runtime exited with error: signal: aborted (core dumped)';
  if (signal === 'SIGKILL') return 'Runtime exited with error: signal: killed';
  if (signal) return `Runtime exited with error: signal: ${signal}`;
  return status ? `Runtime exited with error: exit status ${status}` : 'Runtime exited without providing a reason';
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (!child.pid) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nothing of the group is left.
  }
}
