/** `npm run release` publishes a release to a bucket in each Region: the zips, the templates, the schemas, a manifest. */
import { asksForHelp } from '../packages/local/src/command-line.ts';
import { isLocal } from './conform/options.ts';
import { root } from './handlers.ts';
import { readOptions, releaseHelp } from './release/options.ts';
import { readBuild, releasedSources, releaseOf } from './release/release.ts';
import { runRelease } from './release/run.ts';
import { cleanCommit } from './release/working-tree.ts';
import { run } from './test/run.ts';
import { planOf } from './test/steps.ts';

/** Lint, types, the project's own rules, and the build. */
async function check(): Promise<void> {
  const status = await run(planOf([]).slice(0, 1));
  if (status !== 0)
    throw new Error('Checking what is to be released: a check failed, as shown above. Mend it, then release');
}

async function main(args: string[]): Promise<void> {
  const options = readOptions(args);
  const { endpoint, profile } = options;
  const isOwn = isLocal(endpoint) && profile === undefined && process.env.AWS_ACCESS_KEY_ID === undefined;
  const credentials = { accessKeyId: '000000000000', secretAccessKey: 'local' };
  await runRelease(options, {
    config: { endpoint, profile, forcePathStyle: isLocal(endpoint), ...(isOwn && { credentials }) },
    commit: () => cleanCommit(root),
    check,
    read: async (commit) => releaseOf({ ...options, commit }, await readBuild(options.version), releasedSources()),
    say: (line) => console.log(line),
  });
}

try {
  const args = process.argv.slice(2);
  if (asksForHelp(args)) console.log(releaseHelp);
  else await main(args);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
