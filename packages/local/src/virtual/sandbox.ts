import { Console } from 'node:console';
import crypto from 'node:crypto';
import perfHooks from 'node:perf_hooks';
import { Writable } from 'node:stream';
import type { Clock } from '../clock.ts';
import { fetchFrom } from './fetch.ts';
import { fileModule } from './file-module.ts';
import { guardedModule } from './guarded-modules.ts';
import { httpModule, type Send } from './http-module.ts';
import type { Randomness } from './randomness.ts';

export interface SandboxOptions {
  clock: Clock;
  randomness: Randomness;
  variables: Record<string, string>;
  send: Send;
  /** A line that the function writes. */
  write: (line: string) => void;
  /** The function ends its process. */
  exit: (status: number) => void;
}

/** Virtual milliseconds that each access to a file takes. */
const fileTime = [0, 6] as const;

/**
 * What an execution environment's code sees of the world: timers, network, process and chance of its own. Like Lambda's
 * it is frozen between invocations: whatever happens meanwhile happens as the next one begins. Once it is killed nothing
 * reaches it any more.
 */
export class Sandbox {
  readonly #options: SandboxOptions;
  readonly #timers = new Set<() => void>();
  readonly #frozenCallbacks: (() => void)[] = [];
  readonly #files = fileModule(
    (ms, run) => this.#after(ms, run),
    () => this.#options.randomness.between(...fileTime),
  );
  readonly #started: number;
  /** Requests without a response yet. */
  #requests = 0;
  #idle: (() => void) | undefined;
  #state: 'running' | 'frozen' | 'killed' = 'running';

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.#started = options.clock.now();
  }

  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen';
  }

  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    for (const run of this.#frozenCallbacks.splice(0)) this.#options.clock.after(0, () => this.#runInside(run));
  }

  kill(): void {
    this.#state = 'killed';
    for (const clear of this.#timers) clear();
    this.#frozenCallbacks.length = 0;
    this.#files.close();
  }

  /** Runs it once there is no timer, and no request under way. The returned function drops it. */
  whenIdle(run: () => void): () => void {
    this.#idle = run;
    this.#lookWhetherIdle();
    return () => {
      if (this.#idle === run) this.#idle = undefined;
    };
  }

  /** After what is to happen at this moment anyway, which may wait for more. */
  #lookWhetherIdle(): void {
    if (!this.#idle) return;
    this.#options.clock.after(0, () => {
      if (this.#timers.size > 0 || this.#requests > 0 || this.#state === 'killed') return;
      const run = this.#idle;
      this.#idle = undefined;
      run?.();
    });
  }

  /** The names that a function's code finds in place of the process's own. */
  globals(): Record<string, unknown> {
    const process = this.#process();
    const timers = this.#timerFunctions();
    const chance = this.#cryptography();
    const http = httpModule(this.#send, this.#after);
    const performance = overriding(globalThis.performance, {
      now: () => this.#sinceStart(),
      timeOrigin: this.#started,
    });
    const modules: Record<string, unknown> = {
      http,
      https: http,
      crypto: chance,
      perf_hooks: { ...perfHooks, performance },
      process,
      timers,
      'timers/promises': this.#timerPromises(),
      'fs/promises': this.#files.module,
    };
    const require = (name: string): unknown => {
      const bare = name.replace(/^node:/, '');
      if (modules[bare]) return modules[bare];
      return guardedModule(name);
    };
    const names = {
      require,
      process,
      ...timers,
      crypto: chance,
      console: this.#console(process),
      fetch: fetchFrom(this.#send),
      performance,
      Date: this.#date(),
      Math: overriding(Math, { random: () => this.#options.randomness.next() }),
      AbortSignal: this.#abortSignal(),
    };
    return { ...names, globalThis: overriding(globalThis, names) };
  }

  /** Whatever comes from outside comes through here. */
  #runInside(run: () => void): void {
    if (this.#state === 'running') run();
    else if (this.#state === 'frozen') this.#frozenCallbacks.push(run);
  }

  readonly #after = (ms: number, run: () => void): (() => void) => {
    if (this.#state === 'killed') return () => {};
    const clear = () => {
      this.#timers.delete(clear);
      cleared = true;
      cancel();
      this.#lookWhetherIdle();
    };
    let cleared = false;
    const cancel = this.#options.clock.after(ms, () => {
      this.#runInside(() => {
        if (cleared) return;
        this.#timers.delete(clear);
        run();
        this.#lookWhetherIdle();
      });
    });
    this.#timers.add(clear);
    return clear;
  };

  readonly #send: Send = (request, reply) => {
    if (this.#state === 'killed') return () => {};
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      this.#requests -= 1;
      this.#lookWhetherIdle();
    };
    this.#requests += 1;
    const hangUp = this.#options.send(request, (answer) =>
      this.#runInside(() => {
        reply(answer);
        over();
      }),
    );
    return () => {
      hangUp();
      over();
    };
  };

  #timerFunctions() {
    const setTimeout = (run: (...args: unknown[]) => void, ms = 1, ...args: unknown[]) =>
      timer(this.#after(Math.max(1, ms), () => run(...args)));
    const setInterval = (run: (...args: unknown[]) => void, ms = 1, ...args: unknown[]) => {
      let clear = () => {};
      const again = () => {
        clear = this.#after(Math.max(1, ms), () => {
          again();
          run(...args);
        });
      };
      again();
      return timer(() => clear());
    };
    const setImmediate = (run: (...args: unknown[]) => void, ...args: unknown[]) =>
      timer(this.#after(0, () => run(...args)));
    const clear = (set?: { clear?: () => void }) => set?.clear?.();
    return {
      setTimeout,
      setInterval,
      setImmediate,
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
    };
  }

  #timerPromises() {
    const setTimeout = <T>(ms = 1, value?: T) =>
      new Promise<T | undefined>((resolve) => {
        this.#after(Math.max(1, ms), () => resolve(value));
      });
    return { setTimeout, setImmediate: <T>(value?: T) => setTimeout(0, value), scheduler: { wait: setTimeout } };
  }

  #date(): DateConstructor {
    const now = () => Math.floor(this.#options.clock.now());
    return new Proxy(Date, {
      construct: (target, args, newTarget) => Reflect.construct(target, args.length > 0 ? args : [now()], newTarget),
      apply: () => new Date(now()).toString(),
      get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
    });
  }

  #abortSignal(): typeof AbortSignal {
    const timeout = (ms: number) => {
      const controller = new AbortController();
      const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
      this.#after(ms, () => controller.abort(reason));
      return controller.signal;
    };
    return new Proxy(AbortSignal, {
      get: (target, name) => (name === 'timeout' ? timeout : Reflect.get(target, name)),
    });
  }

  #process(): NodeJS.Process {
    const stream = () => {
      let rest = '';
      return new Writable({
        decodeStrings: false,
        write: (text: string | Buffer, _encoding, done) => {
          const lines = (rest + text.toString()).split('\n');
          rest = lines.pop() ?? '';
          if (this.#state !== 'killed') for (const line of lines) this.#options.write(line);
          done();
        },
      });
    };
    const own = {
      env: { ...this.#options.variables },
      stdout: stream(),
      stderr: stream(),
      exit: (status = 0) => this.#options.exit(status),
      hrtime: Object.assign(this.#hrtime, { bigint: () => BigInt(Math.round(this.#sinceStart() * 1e6)) }),
      uptime: () => this.#sinceStart() / 1000,
    };
    return overriding(process, own);
  }

  #sinceStart(): number {
    return this.#options.clock.now() - this.#started;
  }

  readonly #hrtime = ([seconds, nanoseconds]: readonly [number, number] = [0, 0]): [number, number] => {
    const passed = this.#sinceStart() * 1e6 - seconds * 1e9 - nanoseconds;
    return [Math.floor(passed / 1e9), Math.round(passed - Math.floor(passed / 1e9) * 1e9)];
  };

  #console({ stdout, stderr }: NodeJS.Process): Console {
    return new Console({ stdout, stderr });
  }

  /** Node's, but that what is random is drawn. */
  #cryptography(): object {
    const { randomness } = this.#options;
    const randomBytes = (size: number) => Buffer.from(Array.from({ length: size }, () => randomness.next() * 256));
    const getRandomValues = (array: Uint8Array) => {
      array.set(randomBytes(array.length));
      return array;
    };
    const randomUUID = () => {
      const hex = randomBytes(16).toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    };
    return { ...crypto, randomBytes, getRandomValues, randomUUID };
  }
}

/** The same object, but for some members. */
function overriding<T extends object>(from: T, members: Record<string, unknown>): T {
  const own = Object.entries(members).map(([name, value]) => [name, { value, writable: true, configurable: true }]);
  return Object.create(from, Object.fromEntries(own)) as T;
}

function timer(clear: () => void) {
  const self = { clear, ref: () => self, unref: () => self, hasRef: () => true };
  return self;
}
