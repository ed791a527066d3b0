import { createRequire } from 'node:module';
import { relative } from 'node:path';
import type { Test } from '@jest/test-result';

const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/** Folders whose files take the longest: begun last, one of them would run alone at the end. */
const longest = ['test/chaos', 'test/wire', 'test/scripts', 'test/stacks', 'test/system', 'test/handlers'];

/** The jest option `testSequencer`: a first run, which knows no durations, begins with the longest as well. */
export default class LongestFirst extends Sequencer {
  sort(tests: Test[]): Test[] {
    const rank = ({ path, context }: Test) => {
      const file = relative(context.config.rootDir, path);
      const index = longest.findIndex((folder) => file.startsWith(`${folder}/`));
      return index < 0 ? longest.length : index;
    };
    // Within a folder, as jest has it: by what failed, by durations, by sizes.
    return (super.sort(tests) as Test[]).toSorted((a, b) => rank(a) - rank(b));
  }
}
