import { relative } from 'node:path';
import type { AggregatedResult, TestResult } from '@jest/test-result';
import type { Config } from '@jest/types';

/** What a test file took of the worker that ran it. */
export interface Usage {
  /** CPU seconds; of child processes, those that the worker has waited for are not among them. */
  cpu: number;
  /** The bytes of heap that the worker had once the file had ended. */
  heap: number;
}

/** Measures a test file; what `end` gives goes along with the file's result. */
export function measureUsage(): { end(): Usage } {
  const before = process.cpuUsage();
  return {
    end() {
      const { user, system } = process.cpuUsage(before);
      return { cpu: (user + system) / 1e6, heap: process.memoryUsage().heapUsed };
    },
  };
}

/** A test file's result with what it took. */
export type MeasuredResult = TestResult & { usage?: Usage };

/** How many files are listed; a run of fewer needs no list. */
const longest = 25;

/** The jest reporter that prints which files of a long run took the longest. */
export default class UsageReporter {
  readonly #root: string;

  constructor({ rootDir }: Config.GlobalConfig) {
    this.#root = rootDir;
  }

  onRunComplete(_contexts: unknown, { testResults }: AggregatedResult): void {
    if (testResults.length <= longest) return;
    const rows = (testResults as MeasuredResult[])
      .map(({ testFilePath, perfStats, usage }) => ({
        file: relative(this.#root, testFilePath),
        wall: perfStats.runtime / 1000,
        cpu: usage?.cpu ?? 0,
        heap: (usage?.heap ?? 0) / 2 ** 20,
      }))
      .toSorted((a, b) => b.wall - a.wall);
    const sum = (member: 'wall' | 'cpu') => rows.reduce((total, row) => total + row[member], 0);
    const lines = rows
      .slice(0, longest)
      .map(({ file, wall, cpu, heap }) => `| ${file} | ${wall.toFixed(1)} | ${cpu.toFixed(1)} | ${heap.toFixed(0)} |`);
    console.log(
      [
        '| File | Wall s | CPU s | Heap MB |',
        '| --- | ---: | ---: | ---: |',
        ...lines,
        `| all ${rows.length} | ${sum('wall').toFixed(1)} | ${sum('cpu').toFixed(1)} | |`,
      ].join('\n'),
    );
  }
}
