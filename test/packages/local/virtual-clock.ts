import type { Clock } from '../../../packages/local/src/clock.ts';

/** A clock that stands still until it is told to go on. */
export class VirtualClock implements Clock {
  readonly speed: number;
  #now = Date.parse('2026-11-21T06:24:00Z');
  #timers: { at: number; run: () => void }[] = [];

  /** `speed` is that of processes beside it, whose own time goes on by itself. */
  constructor(speed = 1) {
    this.speed = speed;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** Lets `ms` pass, running what is due on the way in order of time. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#now = next.at;
      this.#timers = this.#timers.filter((one) => one !== next);
      next.run();
      await new Promise(setImmediate);
    }
    this.#now = end;
  }
}
