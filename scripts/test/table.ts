import type { Usage } from './meter.ts';

export interface Row {
  name: string;
  /** Undefined for a step that did not run. */
  usage?: Usage;
  result: string;
}

/** The usage of each step, in columns. */
export function table(rows: readonly Row[]): string {
  const cells = [
    ['step', 'wall', 'CPU', 'memory', ''],
    ...rows.map(({ name, usage, result }) => [
      name,
      shown(usage?.wall, 's'),
      shown(usage?.cpu, 's'),
      shown(usage?.memory === undefined ? undefined : usage.memory / 2 ** 20, 'MB'),
      result,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells
    .map(([name, ...others]) => {
      const numbers = others.slice(0, 3).map((cell, index) => cell.padStart(widths[index + 1]!));
      return [name!.padEnd(widths[0]!), ...numbers, others[3]].join('  ').trimEnd();
    })
    .join('\n');
}

function shown(value: number | undefined, unit: string): string {
  return value === undefined ? '-' : `${value.toFixed(unit === 's' ? 1 : 0)} ${unit}`;
}
