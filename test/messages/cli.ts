/** `npm run messages` makes every mistake of the table, and writes README.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mistake } from './mistake.ts';
import { pageOf } from './page.ts';
import { lackingIn, ratingOf } from './rating.ts';
import { table } from './table.ts';
import { startWorld } from './world.ts';

const world = await startWorld();
const messages = new Map<Mistake, string>();
for (const mistake of table.flatMap(({ mistakes }) => mistakes)) {
  const message = await mistake.make(world);
  messages.set(mistake, message);
  console.log(`${ratingOf(lackingIn(message, mistake))}  ${mistake.mistake}`);
}
writeFileSync(join(import.meta.dirname, 'README.md'), pageOf(table, messages));
await world.cloud.stop();
