import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { volumes } from './volumes.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'SECURITY.md'), 'utf8');

test('SECURITY.md gives the number of hostile inputs that the tests try, and which test does', () => {
  const [, section = ''] = page.split('## Hostile inputs\n');
  const rows = [...section.matchAll(/^\| ([^|`]+?) \| ([\d,]+) \| \[`([\w.-]+)`\]\(test\/security\/\3\) \|$/gm)].map(
    ([, input, count, test]) => [input, { count: Number(count!.replaceAll(',', '')), test }],
  );
  expect(Object.fromEntries(rows)).toEqual(volumes);
});

test.each(Object.entries(volumes))('%s: the test exists, and takes its number from here', (input, { test }) => {
  const path = join(import.meta.dirname, test);
  expect(existsSync(path)).toBe(true);
  expect(readFileSync(path, 'utf8')).toContain(`volumes['${input}'].count`);
});
