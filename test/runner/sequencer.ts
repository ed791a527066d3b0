import { createRequire } from 'node:module';
import { relative } from 'node:path';
import type { Test } from '@jest/test-result';

const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/** Folders whose files take long, those of which most is waiting for other processes first. */
const waiting = ['test/wire', 'test/scripts', 'test/runner', 'test/system'];
const computing = ['test/chaos', 'test/stacks', 'test/handlers'];

/** How many other files come between two that wait: a worker that waits leaves its core to the others. */
const between = 3;

/**
 * The jest option `testSequencer`. A first run knows no durations: it begins with the files that take long, and with few
 * that wait at the same time.
 */
export default class LongestFirst extends Sequencer {
  sort(tests: Test[]): Test[] {
    // Within a folder, as jest has it: by what failed, by durations, by sizes.
    const sorted = super.sort(tests) as Test[];
    const waits = sorted.filter((test) => rank(test, waiting) < waiting.length);
    const others = sorted
      .filter((test) => !waits.includes(test))
      .toSorted((a, b) => rank(a, computing) - rank(b, computing));
    const spread = waits.flatMap((test, index) => [test, ...others.slice(index * between, (index + 1) * between)]);
    return [...spread, ...others.slice(waits.length * between)];
  }
}

/** The place of a test's folder in the list; the list's length for one that is not in it. */
function rank({ path, context }: Test, folders: readonly string[]): number {
  const file = relative(context.config.rootDir, path);
  const index = folders.findIndex((folder) => file.startsWith(`${folder}/`));
  return index < 0 ? folders.length : index;
}
