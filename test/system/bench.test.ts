/** The bench works, and no count has grown. Its times are for people: none is judged here. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/handlers.ts';
import { installPeers } from '../bench/peers.ts';
import { draw } from '../bench/ready/draw.ts';
import { install } from '../bench/ready/installation.ts';
import type { Results } from '../bench/results.ts';

const run = promisify(execFile);

test('`npm run bench -- --quick` measures ours and the peers, and no count has grown', async () => {
  const { stdout } = await run('npm', ['run', 'bench', '--', '--quick'], { cwd: root });
  expect(stdout).toContain('Written: dist/bench/results.json');
  const results = JSON.parse(await readFile(join(root, 'dist/bench/results.json'), 'utf8')) as Results;
  expect(results.quick).toBe(true);
  const subjects = results.sections.flatMap(({ rows }) => rows.map(({ subject }) => subject));
  for (const part of [
    'Custom::StudioLifecycleConfig',
    'cfn-response',
    'cfn-custom-resource',
    'cfn-lambda',
    'AwsCustomResource',
    'Custom::StudioDomain',
    'polling in one invocation',
    'provider framework',
  ]) {
    expect(subjects).toContainEqual(expect.stringContaining(part));
  }
}, 900_000);

test('a domain that is not created is an error with the reason of the stack', async () => {
  installPeers();
  const installation = await install();
  const domain = { ...installation.domain, VpcId: 'vpc-00000000000000000' };
  await expect(draw({ ...installation, domain }, 10, 1)).rejects.toThrow(/^Creating domains: .*vpc-00000000000000000/);
}, 900_000);
