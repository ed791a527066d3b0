/**
 * Time as the local cloud knows it. Every duration of a service, every wait of a state machine and every deadline
 * is measured on one clock, so that speeding it up, or jumping it, moves all of them together.
 */
export interface Clock {
  /** How many virtual milliseconds pass in a real one, for what must run beside the clock. Left out: one. */
  readonly speed?: number;
  /** Virtual time, in milliseconds since the epoch. */
  now(): number;
  /** Runs `run` once `ms` virtual milliseconds have passed; the returned function takes it back. */
  after(ms: number, run: () => void): () => void;
}

/** Resolves once `ms` virtual milliseconds have passed. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}

/** Real time, `speed` times as fast. It starts at the real now, or where a kept state left off. */
export function scaledClock(
  speed: number,
  start = Date.now(),
): Clock & { readonly speed: number; readonly start: number } {
  const origin = performance.now();
  return {
    speed,
    start,
    now: () => start + (performance.now() - origin) * speed,
    after(ms, run) {
      const timer = setTimeout(run, Math.max(0, ms / speed));
      return () => clearTimeout(timer);
    },
  };
}
