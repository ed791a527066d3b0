import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { root } from '../../scripts/handlers.ts';
import type { Spread } from './statistics.ts';

/** One subject's figures, by the names of the columns. */
export interface Row {
  subject: string;
  values: Record<string, number | Spread>;
}

/** The figures of one benchmark. */
export interface Section {
  title: string;
  /** The columns, in order, with their units: `ms`, `bytes`, `×`. */
  columns: Record<string, string>;
  rows: Row[];
  /** The column that the chart shows. */
  chart: string;
  /** Which counts may not grow: they are the same on each machine, and in each run. */
  counts: Record<string, number>;
}

/** `results.json`. */
export interface Results {
  commit: string;
  /** Files differ from that commit. */
  dirty: boolean;
  /** ISO 8601. */
  date: string;
  node: string;
  cores: number;
  cpu: string;
  /** Gigabytes of memory. */
  memory: number;
  quick: boolean;
  sections: Section[];
}

export function resultsOf(sections: Section[], quick: boolean): Results {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const all = cpus();
  return {
    commit: git('rev-parse', 'HEAD'),
    dirty: git('status', '--porcelain') !== '',
    date: new Date().toISOString(),
    node: process.version,
    cores: all.length,
    cpu: all[0]?.model ?? 'unknown',
    memory: Math.round(totalmem() / 2 ** 30),
    quick,
    sections,
  };
}
