import { createHash } from 'node:crypto';
import type { ChaosOptions } from './options.ts';
import type { Finding } from './scene.ts';
import type { Report } from './work.ts';

/** Adds up what came of many runs. */
export class Summary {
  readonly #reports: Report[] = [];

  get runs(): number {
    return this.#reports.length;
  }

  add(report: Report): void {
    this.#reports.push(report);
  }

  get failures(): Report[] {
    return this.#reports.filter(({ failure }) => failure).sort((a, b) => a.run - b.run);
  }

  /** Lines for people; `milliseconds` is what it took in real time. */
  lines({ seed, wire }: ChaosOptions, milliseconds: number): string[] {
    const runs = this.#reports.length;
    const sum = (of: (report: Report) => number) => this.#reports.reduce((total, one) => total + of(one), 0);
    const hours = sum(({ result }) => result.lasted) / 3_600_000;
    return [
      `runs        ${runs} with seed ${seed}, ${this.failures.length} failed`,
      `operations  ${sum(({ result }) => result.operations)} on stacks, ${sum(({ result }) => result.requests)} requests to functions, ${sum(({ result }) => result.calls)} calls`,
      `faults      ${
        this.#faults()
          .map(([kind, count]) => `${kind} ${count}`)
          .join(', ') || 'none'
      }`,
      `time        ${(milliseconds / 1000).toFixed(1)} s for ${hours.toFixed(hours < 10 ? 1 : 0)} virtual hours, ${((1000 * runs) / milliseconds).toFixed(1)} runs a second`,
      wire
        ? `processes   ${sum(({ result }) => result.killed ?? 0)} killed while they worked`
        : `trace       ${this.#trace()}`,
    ];
  }

  #faults(): [string, number][] {
    const counts = new Map<string, number>();
    for (const { result } of this.#reports) {
      for (const [kind, count] of result.faults) counts.set(kind, (counts.get(kind) ?? 0) + count);
    }
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The same for the same runs, in any worker. */
  #trace(): string {
    const traces = this.#reports.toSorted((a, b) => a.run - b.run).map(({ result }) => result.trace);
    return createHash('sha256').update(traces.join('\n')).digest('hex').slice(0, 16);
  }
}

/** Why a run failed, and the command that repeats it. */
export function findingLines({ seed, wire }: ChaosOptions, { run, result }: Report): string[] {
  return [`run ${run} failed; again: ${commandOf(wire)} --seed ${seed} --run ${run}`, ...linesOf(result.findings)];
}

/** The same, and the smallest history that fails for the same reasons. */
export function failureLines(options: ChaosOptions, report: Report): string[] {
  const { failure } = report;
  if (!failure) return [];
  const history = `--history '${JSON.stringify(failure.history)}'`;
  const found = findingLines(options, report);
  const again = commandOf(options.wire);
  if (options.wire) {
    return [
      ...found,
      `its calls are in ${failure.record}; they may come in another order each time, so again and again: ${again} --runs 20 ${history}`,
    ];
  }
  return [
    ...found,
    `the smallest such history of ${failure.shrinks + 1}; again: ${again} ${history}`,
    ...linesOf(failure.findings),
  ];
}

function commandOf(wire: boolean): string {
  return `npm run chaos --${wire ? ' --wire' : ''}`;
}

function linesOf(findings: readonly Finding[]): string[] {
  return findings.map(({ rule, detail }) => `  ${rule}: ${detail}`);
}
