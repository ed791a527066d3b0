import { countProblems } from './counts.ts';
import { durations } from './ready/measure.ts';
import { chartOf } from './report/chart.ts';
import { pageOf } from './report/table.ts';
import type { Results } from './results.ts';
import { mean, quantile, spreadOf } from './statistics.ts';

test('a spread is the median and the quartiles, between two values where it has to be', () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1.75, high: 3.25 });
  expect(() => quantile([], 0.5)).toThrow('Taking a quantile: there are no values');
  expect(() => mean([])).toThrow('Taking a mean: there are no values');
});

test('the durations of domains are the same in each run, around 350 s', () => {
  expect(durations(1000).slice(0, 8)).toEqual(durations(8));
  const { median, low, high } = spreadOf(durations(1000));
  expect(median).toBeGreaterThan(340);
  expect(median).toBeLessThan(360);
  // A normal deviate's quartiles are 0.674 from its mean.
  expect(Math.log(high / low) / 2 / 0.674).toBeCloseTo(0.15, 1);
});

test('a count that has grown is a problem until its record is changed; bytes may grow by a twentieth', () => {
  const recorded = { 'Create: API calls': 7, 'Create: bytes of the zip': 1000 };
  expect(countProblems({ 'Create: API calls': 6, 'Create: bytes of the zip': 1050 }, recorded)).toEqual([]);
  const how = 'npm run bench -- --record-counts records it';
  expect(countProblems({ 'Create: API calls': 8, 'Create: bytes of the zip': 1051 }, recorded)).toEqual([
    `Create: API calls: has grown from 7 to 8; if that is meant, ${how}`,
    `Create: bytes of the zip: has grown from 1000 to 1051; if that is meant, ${how}`,
  ]);
});

test('a count without a record is a problem, and so is a record of nothing', () => {
  const how = 'npm run bench -- --record-counts records it';
  expect(countProblems({ 'Create: API calls': 7 }, { 'Delete: API calls': 7 })).toEqual([
    `Create: API calls: 7 is not recorded; ${how}`,
    `Delete: API calls: is recorded, and was not counted; ${how}`,
  ]);
});

const results: Results = {
  ...{ commit: 'c0ffee'.repeat(7).slice(0, 40), dirty: false, date: '2026-12-01T12:00:00.000Z', node: 'v24.0.0' },
  ...{ cores: 2, cpu: 'a processor', memory: 4, quick: false },
  sections: [
    {
      title: 'From start to response',
      columns: { 'cold start': 'ms', ratio: '×', calls: '' },
      rows: [
        { subject: 'bare', values: { 'cold start': { median: 100.4, low: 90.25, high: 1234.5 }, ratio: 1, calls: 0 } },
        {
          subject: 'Custom::Thing <a & b>',
          values: { 'cold start': { median: 150, low: 140, high: 160 }, ratio: 1.5 },
        },
      ],
      chart: 'ratio',
      counts: {},
    },
  ],
};

test('the page says on what was measured, and has a table for each benchmark', () => {
  const page = pageOf(results, 'performance.svg');
  expect(page).toContain(
    'Measured on 2026-12-01 by `npm run bench`: commit c0ffeec0ffee, Node v24.0.0, 2 cores of a processor, 4 GB.',
  );
  expect(page).toContain('| | cold start, ms | ratio, × | calls |\n| --- | ---: | ---: | ---: |');
  expect(page).toContain('| bare | 100 (90.3–1,235) | 1 | 0 |');
  expect(page).toContain('| Custom::Thing <a & b> | 150 (140–160) | 1.5 |  |');
});

test('the chart has a bar for each subject, in proportion, and ours in another colour', () => {
  const chart = chartOf(results);
  expect(chart).toContain('<title>From start to response: ratio, ×</title>');
  expect(chart).toContain('Custom::Thing &lt;a &amp; b&gt;');
  const bars = [...chart.matchAll(/<rect class="(\w+)" [^>]*width="([\d.]+)"/g)].map(([, kind, width]) => [
    kind,
    Number(width),
  ]);
  expect(bars.map(([kind]) => kind)).toEqual(['peer', 'ours']);
  expect(Number(bars[1]![1]) / Number(bars[0]![1])).toBeCloseTo(1.5);
});
