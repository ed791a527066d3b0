import { setTimeout as pause } from 'node:timers/promises';
import { sha256Of } from '../../handlers/home-seed/bundle.ts';
import { clearHomes, seedHomes } from '../../handlers/home-seed/seed-homes.ts';
import { peakMegabytes } from './peak-memory.ts';

/** A process of its own that seeds the homes with the given uids, and clears them, as the function does. */
const uids = JSON.parse(process.argv[2]!) as string[];
const rounds = Number(process.argv[3]);
const homes = uids.map((uid) => ({ UserProfileName: `user-${uid}`, uid }));
const id = '0123456789abcdef';
const lines: string[] = [];
const note = (message: string, fields: object = {}) => void lines.push(JSON.stringify({ message, ...fields }));
const log = { debug: note, info: note, warn: note, error: note };
let problem: string | undefined;
for (let round = 0; round < rounds && problem === undefined; round += 1) {
  const files = ['a.txt', 'examples/b.txt', 'examples/deep/c.txt'].map((path) => {
    const content = Buffer.from(`${path} of round ${round}`);
    return { path: path.split('/'), content, sha256: sha256Of(content), executable: false };
  });
  try {
    await seedHomes(homes, { id, resource: 'mine', files, overwrite: 'IfUnchanged' }, log);
    if (round % 5 === 4) await clearHomes(homes, id, log);
  } catch (error) {
    problem = `${(error as Error).message}: ${(error as Error).cause}`;
  }
  await pause(1);
}
console.log(JSON.stringify({ problem, megabytes: peakMegabytes(), last: lines.at(-1) }));
