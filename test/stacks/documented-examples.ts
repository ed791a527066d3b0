import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';

/** A test of its own deploys them, with a real Jupyter server: test/system/stacks/studio-setup.test.ts. */
const needJupyter = ['docs/examples/studio-setup.yaml'];

/** The examples in docs/examples that test/stacks/reference-examples.test.ts deploys, from the root. */
export function documentedExamples(): string[] {
  return readdirSync(join(root, 'docs/examples'))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => `docs/examples/${file}`)
    .filter((path) => !needJupyter.includes(path));
}
