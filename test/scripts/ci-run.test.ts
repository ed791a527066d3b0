import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';

const directory = temporaryDirectory();

/** Runs `.ci/run` where `npm` does what a script says. */
function ciRun(npm: string): { status: number | null; last: string | undefined } {
  const checkout = mkdtempSync(join(directory(), 'checkout-'));
  const bin = join(checkout, 'bin');
  mkdirSync(bin);
  cpSync(join(root, '.ci'), join(checkout, '.ci'), { recursive: true });
  for (const [name, text] of [
    ['npm', npm],
    ['apt-get', ''],
  ] as const) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  const { status, stdout } = spawnSync(join(checkout, '.ci/run'), { encoding: 'utf8', env });
  return { status, last: stdout.trim().split('\n').at(-1) };
}

/** What `npm ci`, `npm test` and `npm run test:system` do. */
const npm = (ci: string, test: string, system: string) =>
  `case "$*" in ci) ${ci} ;; test) ${test} ;; 'run test:system') ${system} ;; *) exit 2 ;; esac`;

const summary = (text: string) => `echo 'Tests:       ${text}'`;

test.each<[string, string, string, number]>([
  [
    'both runs of jest that pass are added up',
    npm(
      ':',
      summary('12 passed, 12 total'),
      `printf '\\033[1mTests: \\033[22m  \\033[32m3 passed\\033[39m, 3 total\\n'`,
    ),
    '15 passed, 0 failed',
    0,
  ],
  [
    'failures are added up',
    npm(
      ':',
      `${summary('2 failed, 10 passed, 12 total')}; exit 1`,
      `${summary('1 failed, 2 passed, 3 total')}; exit 1`,
    ),
    '12 passed, 3 failed',
    1,
  ],
  [
    'a step that fails before the tests counts as one failure',
    npm(':', 'exit 1', summary('3 passed, 3 total')),
    '3 passed, 1 failed',
    1,
  ],
  [
    'a step that fails beside tests that pass counts as one failure',
    npm(':', `${summary('12 passed, 12 total')}; exit 1`, summary('3 passed, 3 total')),
    '15 passed, 1 failed',
    1,
  ],
  [
    'a run without any test counts as one failure',
    npm(':', ':', summary('3 passed, 3 total')),
    '3 passed, 1 failed',
    1,
  ],
  [
    'an installation that fails leaves nothing to pass',
    npm('exit 1', summary('12 passed, 12 total'), 'exit 1'),
    '0 passed, 2 failed',
    1,
  ],
])('%s', (_, script, last, status) => {
  expect(ciRun(script)).toEqual({ last, status });
});
