import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mistake } from './mistake.ts';
import { pageOf, rowOf } from './page.ts';
import { lackingIn, mean, ratingOf } from './rating.ts';
import { table } from './table.ts';
import { startWorld, type World } from './world.ts';

const page = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
const all = table.flatMap(({ mistakes }) => mistakes);

let world: World;
const messages = new Map<Mistake, string>();

async function messageOf(mistake: Mistake): Promise<string> {
  const message = messages.get(mistake) ?? (await mistake.make(world));
  messages.set(mistake, message);
  return message;
}

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.cloud.stop());

describe.each(table)('$title', ({ mistakes }) => {
  test.each(mistakes)(
    '$mistake: the message is that of the page, and lacks only what AWS does not say',
    async (mistake) => {
      const message = await messageOf(mistake);
      expect(page).toContain(rowOf(mistake, message));
      expect(lackingIn(message, mistake)).toEqual(mistake.lacks ?? []);
    },
  );
});

test('there are 88 mistakes at least, each of them once, and their messages have a mean of 1.9 at least', async () => {
  const named = table.flatMap(({ title, mistakes }) => mistakes.map(({ mistake }) => `${title}: ${mistake}`));
  expect(new Set(named).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(88);
  const ratings: number[] = [];
  for (const mistake of all) ratings.push(ratingOf(lackingIn(await messageOf(mistake), mistake)));
  expect(mean(ratings)).toBeGreaterThanOrEqual(1.9);
  // `npm run messages` writes it.
  expect(pageOf(table, messages)).toBe(page);
});
