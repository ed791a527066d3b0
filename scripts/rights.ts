/**
 * `npm run rights -- FILES` adds to what is known of the rights that the roles of provider.yaml and home-seed.yaml need
 * what these recordings show. What they do not show stays known, so the tests of one resource are enough to record it:
 *
 *     npm run build && mkdir -p recorded
 *     RECORD_TO=$PWD/recorded npm run jest -- test/stacks/studio-thing test/handlers/studio-thing
 *     npm run rights -- recorded/*.jsonl
 *
 * All of them:
 *
 *     npm run build && mkdir -p recorded
 *     RECORD_TO=$PWD/recorded npm run jest -- test/stacks test/handlers
 *     npm run chaos -- --runs 300 --rights recorded/chaos.jsonl
 *     npm run rights -- recorded/*.jsonl
 */
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { grantedRights } from './rights/granted.ts';
import { mergedRights, type UsedRights, usedRights, usedRightsPath, writeUsedRights } from './rights/used.ts';

async function* linesOf(paths: readonly string[]): AsyncGenerator<string> {
  for (const path of paths)
    yield* createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
}

const paths = process.argv.slice(2);
if (paths.length === 0) {
  console.error('Keeping which rights were used: name recordings, such as recorded/*.jsonl');
  process.exitCode = 1;
} else {
  const granted = grantedRights();
  const known: UsedRights = JSON.parse(readFileSync(usedRightsPath, 'utf8'));
  const used = mergedRights(known, await usedRights(linesOf(paths), new Set(granted.keys())), granted);
  writeUsedRights(used);
  console.log(`${Object.values(used).flat().length} rights of ${Object.keys(used).length} roles are known to be used`);
}
