/**
 * `npm run mutate -- --sample 100 --seed 1` inverts one condition at a time, in a copy of the repository, builds the zips
 * that have the source, runs the tests, and prints how many of the mutants they find, and those that they do not. Each of
 * `--sources`, `--tests` and `--build` may be given several times, instead of the defaults.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomness } from '../../packages/local/src/virtual/randomness.ts';
import { root } from '../../scripts/handlers.ts';
import { copyRepository } from '../scripts/repository-copy.ts';
import { type Mutant, mutantsOf } from './mutants.ts';

/** Milliseconds after which tests that do not end have found the bug. */
const patience = 300_000;

const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    sources: { type: 'string', multiple: true, default: ['packages/core/src', 'handlers/studio-domain.ts'] },
    tests: { type: 'string', multiple: true, default: ['test/packages/core', 'test/handlers/studio-domain'] },
    build: { type: 'string', multiple: true, default: ['studio-domain'] },
  },
});

const files = values.sources.flatMap((source) =>
  source.endsWith('.ts') ? [source] : globSync(`${source}/**/*.ts`, { cwd: root }),
);
const all = files.toSorted().flatMap((file) => mutantsOf(file, readFileSync(join(root, file), 'utf8')));
const chosen = drawn(all, Number(values.sample), Number(values.seed));
const copy = copyRepository(tmpdir());
cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
try {
  const survivors: Mutant[] = [];
  if (!passes()) throw new Error('Running the tests without a mutant: they fail; mend them first');
  for (const [index, mutant] of chosen.entries()) {
    const isFound = finds(mutant);
    if (!isFound) survivors.push(mutant);
    console.error(`${index + 1} of ${chosen.length}: ${isFound ? 'found' : 'SURVIVED'} ${described(mutant)}`);
  }
  console.log(`${chosen.length - survivors.length} of ${chosen.length} mutants found, of ${all.length} in all`);
  for (const mutant of survivors) console.log(`survived: ${described(mutant)}`);
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function finds(mutant: Mutant): boolean {
  const path = join(copy, mutant.file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.slice(0, mutant.start) + mutant.to + text.slice(mutant.end));
  try {
    return !passes();
  } finally {
    writeFileSync(path, text);
  }
}

/** The zips are built first. A source that cannot be bundled is found as well. */
function passes(): boolean {
  const node = (...args: string[]) =>
    spawnSync(process.execPath, ['--conditions=studio-resources', '--no-warnings', ...args], {
      cwd: copy,
      stdio: 'ignore',
      timeout: patience,
      killSignal: 'SIGKILL',
    }).status === 0;
  const bundling = `
    import { writeFile } from 'node:fs/promises';
    import { zipOf } from './scripts/bundle.ts';
    import { zipPath } from './scripts/handlers.ts';
    for (const name of ${JSON.stringify(values.build)}) await writeFile(zipPath(name), (await zipOf(name)).zip);`;
  return (
    node('--input-type=module', '--eval', bundling) &&
    values.tests.every((test) => node('node_modules/jest/bin/jest.js', '--bail', '--silent', test))
  );
}

/** The same sample for the same seed, spread over all files. */
function drawn(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const { next } = randomness(seed);
  const shuffled = mutants.map((mutant) => ({ mutant, at: next() })).toSorted((a, b) => a.at - b.at);
  return shuffled.slice(0, count).map(({ mutant }) => mutant);
}

function described({ file, line, from, to }: Mutant): string {
  return `${file}:${line}: ${from.replace(/\s+/g, ' ')} → ${to.replace(/\s+/g, ' ')}`;
}
