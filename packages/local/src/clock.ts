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

/** Real milliseconds; Node's timers hold no more. */
const longestTimeout = 2 ** 31 - 1;

/**
 * Real time, `speed` times as fast. It starts at the real now, or where a kept state left off. What is only still to
 * happen keeps no process alive.
 */
export function scaledClock(
  speed: number,
  start = Date.now(),
): Clock & { readonly speed: number; readonly start: number } {
  const origin = performance.now();
  const now = () => Math.floor(start + (performance.now() - origin) * speed);
  return {
    speed,
    start,
    now,
    after(ms, run) {
      const due = now() + ms;
      let timer: NodeJS.Timeout;
      // Node's timers may be early by a moment, which is long on a fast clock.
      const look = () => {
        const left = due - now();
        if (left <= 0) run();
        else timer = setTimeout(look, Math.min(left / speed, longestTimeout)).unref();
      };
      timer = setTimeout(look, Math.min(Math.max(0, ms / speed), longestTimeout)).unref();
      return () => clearTimeout(timer);
    },
  };
}
