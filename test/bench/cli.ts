/**
 * `npm run bench` measures this project beside its peers: README.md says how. It writes `test/bench/results.json`, and the
 * page and the chart of `docs`; with `--quick` it repeats less, and writes all of it into `dist/bench`. It fails where a
 * count has grown; `--record-counts` records the counts. No time makes it fail.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/handlers.ts';
import { countProblems, countsOf, writeCounts } from './counts.ts';
import { installPeers } from './peers.ts';
import { COUNTED, measureReady } from './ready/measure.ts';
import { chartOf } from './report/chart.ts';
import { pageOf, tableOf } from './report/table.ts';
import { type Results, resultsOf } from './results.ts';
import { measureStarts } from './start/measure.ts';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, 'record-counts': { type: 'boolean', default: false } },
  });
  const { quick } = values;
  installPeers();
  const sections = [
    await measureStarts(quick ? { starts: 3, warm: 2 } : { starts: 25, warm: 10 }),
    await measureReady(quick ? COUNTED : 1000),
  ];
  const results = resultsOf(sections, quick);
  for (const section of sections) console.log(`\n${section.title}\n\n${tableOf(section).join('\n')}`);
  write(results);
  const counts = countsOf(sections);
  if (values['record-counts']) writeCounts(counts);
  const problems = countProblems(counts);
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
}

function write(results: Results): void {
  const [data, page] = results.quick ? ['dist/bench', 'dist/bench'] : ['test/bench', 'docs'];
  mkdirSync(join(root, data), { recursive: true });
  writeFileSync(join(root, data, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(root, page, 'performance.md'), pageOf(results, 'performance.svg'));
  writeFileSync(join(root, page, 'performance.svg'), chartOf(results));
  console.log(`\nWritten: ${data}/results.json, ${page}/performance.md, ${page}/performance.svg`);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
