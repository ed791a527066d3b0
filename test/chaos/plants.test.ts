import { install } from './install.ts';
import { readOptions } from './options.ts';
import { plantNames, sourcesWith } from './plants.ts';
import { simulate } from './simulate.ts';
import { failureLines } from './summary.ts';
import { type Report, runAll } from './work.ts';
import { readZips } from './zips.ts';

test.each(plantNames)('%s still has a place to be planted in', (name) => {
  expect(sourcesWith(name).size).toBeGreaterThan(0);
});

test('all edits of a bug are planted, also those of one file', () => {
  const [source] = sourcesWith('missed-duplicate').values();
  expect(source).toContain('requestType === "Delete" && tags');
  expect(source).toContain("case 'self': throw new Error('it exists');");
});

test('a bug is caught, and reported with the rule that it breaks and a history that repeats it', async () => {
  const planted = await install(await readZips('lost-id'));
  const rule = 'something exists that no stack holds';
  const caught: Report[] = [];
  await runAll({ seed: 1, from: 0, to: 40, step: 1, plant: 'lost-id' }, planted, (report) => caught.push(report));
  const told = failureLines(readOptions([]), caught.at(-1)!).join('\n');
  expect(told).toMatch(/^run \d+ failed; again: npm run chaos -- --seed 1 --run \d+/m);
  expect(told).toContain(rule);

  const { history } = readOptions(['--history', /--history '(.*)'$/m.exec(told)?.[1] ?? '']);
  expect(await simulate(planted, history!)).toMatchObject({
    findings: expect.arrayContaining([expect.objectContaining({ rule })]),
  });
  expect(await simulate(await install(await readZips()), history!)).toMatchObject({ findings: [] });
});
