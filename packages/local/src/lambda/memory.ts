import { readFileSync } from 'node:fs';

/** How often to look at a process's memory, in real milliseconds: it grows in real time, whatever the clock's speed. */
const interval = 25;

/**
 * Calls `exceeded` once the process holds more than `limit` megabytes. Returns the most that it was seen to hold so far
 * and a function that ends the watch. Where there is no /proc, only the limit that V8 is started with holds.
 */
export function watchMemory(pid: number, limit: number, exceeded: () => void): { peak(): number; end(): void } {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, residentMegabytes(pid));
    if (peak <= limit) return;
    clearInterval(timer);
    exceeded();
  };
  const timer = setInterval(look, interval);
  timer.unref();
  return { peak: () => peak, end: () => clearInterval(timer) };
}

function residentMegabytes(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes ? Number(kilobytes) / 1024 : 0;
  } catch {
    return 0;
  }
}
