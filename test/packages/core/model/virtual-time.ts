import FakeTimers from '@sinonjs/fake-timers';

/** Time that jumps to the next thing that happens, as soon as nothing more happens now. */
export interface VirtualTime {
  now(): number;
  /** Waits in this time; such waits are not counted as timers. */
  sleep(ms: number): Promise<void>;
  /** Lets time pass until the promise is settled. Throws when nothing is left that could settle it. */
  until<T>(promise: Promise<T>): Promise<T>;
  /** Lets all that is still to happen, happen. */
  drain(): Promise<void>;
  /** How many timers run that are not `sleep`s. */
  timers(): number;
  uninstall(): void;
}

const { setImmediate } = globalThis;

export function virtualTime(): VirtualTime {
  const clock = FakeTimers.install({ now: Date.UTC(2026, 10, 21), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const uncounted = new Set<object>();
  const { timeout } = AbortSignal;
  // Node's own runs in real time, and is left to the garbage collector.
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    later(ms, () => controller.abort(new DOMException('The operation timed out', 'TimeoutError')));
    return controller.signal;
  };
  function later(ms: number, run: () => void): void {
    const token = {};
    uncounted.add(token);
    setTimeout(() => {
      uncounted.delete(token);
      run();
    }, ms);
  }
  return {
    now: () => clock.now,
    sleep: (ms) => new Promise((resolve) => later(ms, resolve)),
    async until(promise) {
      const state = { settled: false };
      const settle = () => {
        state.settled = true;
      };
      promise.then(settle, settle);
      for (;;) {
        await turn();
        if (state.settled) return promise;
        if (clock.countTimers() === 0) throw new Error('It hangs: nothing is left to wait for');
        clock.next();
      }
    },
    async drain() {
      for (await turn(); clock.countTimers() > 0; await turn()) clock.next();
    },
    timers: () => clock.countTimers() - uncounted.size,
    uninstall() {
      AbortSignal.timeout = timeout;
      clock.uninstall();
    },
  };
}

/** All that can happen at this moment has happened after a turn of the event loop: nothing here does real I/O. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
