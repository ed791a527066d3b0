import TinyQueue from 'tinyqueue';
import type { Clock } from '../clock.ts';

interface Timer {
  due: number;
  /** Of timers that are due at the same time, the one that was set first goes first. */
  number: number;
  run: () => void;
  cancelled: boolean;
}

/** A condition that is waited for while time passes. */
interface Waiter {
  isReached: () => boolean;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Thrown when no timer is left, so that what is waited for never happens. */
export class NothingScheduled extends Error {
  constructor(now: number) {
    super(`nothing is scheduled any more at ${new Date(now).toISOString()}`);
  }
}

/**
 * A clock that stands still while anything can run, and then jumps to the next timer. It moves only while something is
 * waited for, by `pass` or `during`. Between two timers everything runs that can, so the order of events is the order of
 * the timers and nothing else: it does not depend on the machine.
 */
export class VirtualTime implements Clock {
  readonly speed = 1;
  #now: number;
  #count = 0;
  readonly #timers = new TinyQueue<Timer>([], (a, b) => a.due - b.due || a.number - b.number);
  readonly #waiters = new Set<Waiter>();
  readonly #work = new Set<Promise<unknown>>();
  #isPassing = false;

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    this.#count += 1;
    const timer = { due: this.#now + Math.max(0, Math.ceil(ms)), number: this.#count, run, cancelled: false };
    this.#timers.push(timer);
    return () => {
      timer.cancelled = true;
    };
  }

  /** Lets `ms` pass, or less if `isDone` before; it is asked after each timer. */
  async pass(ms: number, isDone: () => boolean = () => false): Promise<void> {
    let isOver = false;
    const cancel = this.after(ms, () => {
      isOver = true;
    });
    try {
      await this.#waitUntil(() => isOver || isDone());
    } finally {
      cancel();
    }
  }

  /**
   * Lets time pass until the promise is settled, and gives what it gives. Throws NothingScheduled where it never will be.
   */
  async during<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    promise.then(settle, settle);
    await this.#waitUntil(() => isSettled);
    return promise;
  }

  /** Stands still until real work is done, such as that of another process. */
  hold<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work);
    const release = () => this.#work.delete(work);
    work.then(release, release);
    return work;
  }

  #waitUntil(isReached: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.add({ isReached, resolve, reject });
      if (!this.#isPassing) void this.#advance();
    });
  }

  async #advance(): Promise<void> {
    this.#isPassing = true;
    while (this.#waiters.size > 0) {
      await this.#drainQueues();
      // What waited for it runs before anything else happens.
      if (this.#endReached()) continue;
      if (!this.#advanceToNextTimer()) {
        for (const { reject } of this.#waiters) reject(new NothingScheduled(this.#now));
        this.#waiters.clear();
      }
    }
    this.#isPassing = false;
  }

  #endReached(): boolean {
    const reached = [...this.#waiters].filter(({ isReached }) => isReached());
    for (const waiter of reached) {
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
    return reached.length > 0;
  }

  #advanceToNextTimer(): boolean {
    for (let timer = this.#timers.pop(); timer; timer = this.#timers.pop()) {
      if (timer.cancelled) continue;
      this.#now = Math.max(this.#now, timer.due);
      timer.run();
      return true;
    }
    return false;
  }

  /** Runs all microtasks and ticks. What is read from files and real work are waited for as well. */
  async #drainQueues(): Promise<void> {
    await macrotask();
    while (this.#work.size > 0 || isReading()) {
      while (this.#work.size > 0) await Promise.allSettled(this.#work);
      while (isReading()) await macrotask();
      // What was read is handed over a turn after the file is closed.
      await macrotask();
    }
  }
}

/** Whatever microtasks and ticks there are has run when it resolves. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function isReading(): boolean {
  return process.getActiveResourcesInfo().some((name) => /^(FSReq|CloseReq)/.test(name));
}
