import { readdirSync, readFileSync } from 'node:fs';

/** A process, from Linux's /proc. */
export interface Process {
  pid: number;
  parent: number;
  group: number;
  /** The CPU time of its own threads, in seconds. */
  cpu: number;
  /** The CPU time of the descendants that were waited for. */
  cpuOfChildren: number;
}

/** /proc counts time in hundredths of a second, on every architecture. */
const ticksPerSecond = 100;

/** All processes; undefined without /proc. */
export function processes(): Process[] | undefined {
  if (process.platform !== 'linux') return undefined;
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (read(Number(name)) ?? []) : []));
}

/** Undefined once it is gone. */
function read(pid: number): Process | undefined {
  const stat = contentOf(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The command, in parentheses, may itself have spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const number = (index: number) => Number(fields[index]);
  return {
    pid,
    parent: number(1),
    group: number(2),
    cpu: (number(11) + number(12)) / ticksPerSecond,
    cpuOfChildren: (number(13) + number(14)) / ticksPerSecond,
  };
}

/**
 * The bytes of memory that a process has in RAM; what it shares with others counts in parts, so that sums are right. 0 once
 * it is gone.
 */
export function memoryOf(pid: number): number {
  const kilobytes = (file: string, name: string) =>
    new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(contentOf(`/proc/${pid}/${file}`) ?? '')?.[1];
  return Number(kilobytes('smaps_rollup', 'Pss') ?? kilobytes('status', 'VmRSS') ?? 0) * 1024;
}

/** A process with its descendants, and the processes of its group whose parent is gone. */
export function treeOf(root: number, all: readonly Process[]): Process[] {
  const tree = new Set([root]);
  for (const pid of tree) {
    for (const each of all) if (each.parent === pid || each.group === root) tree.add(each.pid);
  }
  return all.filter(({ pid }) => tree.has(pid));
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
