import { globSync, readFileSync } from 'node:fs';
import { readOptions } from '../../../scripts/release/options.ts';
import { readBuild, releasedSources, releaseOf } from '../../../scripts/release/release.ts';
import { runRelease } from '../../../scripts/release/run.ts';
import { cleanCommit } from '../../../scripts/release/working-tree.ts';

/**
 * The release command for the working directory, without lint, types, checks and build: it takes this repository's zips, and
 * the working directory's commit and templates.
 */
const options = readOptions(process.argv.slice(2));
try {
  await runRelease(options, {
    config: { forcePathStyle: true },
    commit: () => cleanCommit(process.cwd()),
    check: async () => {},
    read: async (commit) => {
      const paths = globSync('cloudformation/**/*.yaml').sort();
      const sources = paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
      return releaseOf({ ...options, commit }, await readBuild(options.version), releasedSources(sources));
    },
    say: (line) => console.log(line),
  });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
