/**
 * `npm run test:system` runs the tests that need more than Node: a real Jupyter server, pip, git and Python, as Debian has
 * them. It checks for these first, and builds the zips. Arguments are passed to jest.
 */
import { spawnSync } from 'node:child_process';
import { root } from './handlers.ts';
import { missingPrograms, needed } from './test/programs.ts';

const missing = missingPrograms(needed);
if (missing.length > 0) {
  const packages = [...new Set(missing.flatMap((one) => one.packages))];
  console.error(`Running the tests of test/system: ${missing.map(({ what }) => what).join(', ')} not found. Install:`);
  console.error(`  sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`);
  process.exitCode = 1;
} else {
  const node = (...args: string[]) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
  const jest = ['--no-warnings', 'node_modules/jest/bin/jest.js', '--config', 'test/system/jest.config.js'];
  process.exitCode =
    node('--conditions=studio-resources', 'scripts/build.ts') ||
    node('--conditions=studio-resources', ...jest, ...process.argv.slice(2));
}
