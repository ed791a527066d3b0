import { type Clock as FakeClock, install } from '@sinonjs/fake-timers';
import type { Clock } from '../../packages/local/src/clock.ts';

/** Node's timers, and the fakes of them, hold no longer delay. */
const longestTimeout = 2 ** 31 - 1;

/**
 * One time for everything in this process: the local cloud, the functions, and whatever else sets timers or reads
 * `Date`. It stands still while anything can run, and then jumps to the next event.
 */
export class VirtualTime implements Clock {
  readonly speed = 1;
  readonly #fake: FakeClock;
  /** The real one: whatever microtasks and ticks there are has run when it calls. */
  readonly #turn = setImmediate;

  private constructor() {
    this.#fake = install({
      now: Date.parse('2026-11-21T06:24:00Z'),
      toFake: [
        'setTimeout',
        'clearTimeout',
        'setInterval',
        'clearInterval',
        'setImmediate',
        'clearImmediate',
        'Date',
        'performance',
      ],
    });
  }

  /** Fakes the process's timers, for good: to be called before anything is loaded that keeps a reference to them. */
  static install(): VirtualTime {
    return new VirtualTime();
  }

  now(): number {
    return this.#fake.now;
  }

  after(ms: number, run: () => void): () => void {
    const left = Math.max(0, Math.ceil(ms));
    const due = this.now() + left;
    const look = () => {
      const rest = due - this.now();
      if (rest <= 0) run();
      else timer = this.#fake.setTimeout(look, Math.min(rest, longestTimeout));
    };
    let timer = this.#fake.setTimeout(look, Math.min(left, longestTimeout));
    return () => this.#fake.clearTimeout(timer);
  }

  /** Forgets whatever is still to happen, and goes to another time. */
  reset(now: number): void {
    this.#fake.reset();
    this.#fake.setSystemTime(now);
  }

  /**
   * Lets time pass until `done`, or until `ms` have passed. Between two events everything runs that can, so that their
   * order is the timers' order and nothing else.
   */
  async pass(ms: number, done: () => boolean = () => false): Promise<void> {
    let late = false;
    const cancel = this.after(ms, () => {
      late = true;
    });
    for (;;) {
      await this.#settle();
      if (late || done()) break;
      this.#fake.next();
    }
    cancel();
  }

  /** Runs all microtasks and ticks; what is read from files, such as a module, is waited for as well. */
  async #settle(): Promise<void> {
    await this.#turned();
    while (isReading()) {
      while (isReading()) await this.#turned();
      // What was read is handed over a turn after the file is closed.
      await this.#turned();
    }
  }

  #turned(): Promise<void> {
    return new Promise((resolve) => {
      this.#turn(resolve);
    });
  }
}

function isReading(): boolean {
  return process.getActiveResourcesInfo().some((name) => /^(FSReq|CloseReq)/.test(name));
}
