import type { Results, Section } from '../results.ts';
import type { Spread } from '../statistics.ts';

/** The page with the results of a run. `chart` is where its picture is, seen from the page. */
export function pageOf(results: Results, chart: string): string {
  const { commit, dirty, date, node, cores, cpu, memory, quick } = results;
  const how = `commit ${commit.slice(0, 12)}${dirty ? ' with changes' : ''}, Node ${node}, ${cores} cores of ${cpu}, ${memory} GB`;
  return [
    '# Performance',
    '',
    `<!-- Written by npm run bench. -->`,
    '',
    `Measured on ${date.slice(0, 10)} by \`npm run bench\`${quick ? ' with `--quick`, whose few repetitions say little' : ''}: ${how}.`,
    'Ratios are what counts: times differ from machine to machine. Of times and memory, the table has the median and the quartiles.',
    '',
    `![${results.sections.map(({ title, chart: column }) => `${title}: ${column}`).join('; ')}](${chart})`,
    ...results.sections.flatMap((section) => ['', `## ${section.title}`, '', ...tableOf(section)]),
    '',
  ].join('\n');
}

/** A section as a table of Markdown. */
export function tableOf({ columns, rows }: Section): string[] {
  const names = Object.keys(columns);
  const heads = names.map((name) => (columns[name] ? `${name}, ${columns[name]}` : name));
  return [
    `| | ${heads.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(names.length)}`,
    ...rows.map(({ subject, values }) => `| ${subject} | ${names.map((name) => shown(values[name])).join(' | ')} |`),
  ];
}

/** `12.3 (11.9–13)`; nothing where there is no value. */
function shown(value: number | Spread | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return rounded(value);
  const { median, low, high } = value;
  return `${rounded(median)} (${rounded(low)}–${rounded(high)})`;
}

/** Three digits, or all of those before the point. */
export function rounded(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
