import { existsSync, readFileSync } from 'node:fs';

const status = '/proc/self/status';

/**
 * The most memory that this process has had, in megabytes. On Linux, `maxRSS` would not do: a process that was forked
 * and has executed another program still counts what its parent had then.
 */
export function peakMegabytes(): number {
  const [, kilobytes] = (existsSync(status) && /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))) || [];
  return Math.round(Number(kilobytes ?? process.resourceUsage().maxRSS) / 1024);
}
