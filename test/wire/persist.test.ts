import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTemplate, removeStack } from '../stacks/cloud.ts';
import { installProvider } from '../stacks/provider.ts';
import { run } from '../stacks/run.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';
import { startLocalProcess } from '../stacks/wire-cloud.ts';

const directory = temporaryDirectory();

test('a persisted state continues: stacks, functions and domains', async () => {
  const kept = join(directory(), 'state');
  const start = () => startLocalProcess(['--persist', kept, '--speed', '1', '--durations', '0.003']);
  const first = await start();
  await installProvider(first);
  const template = await readTemplate('examples/studio.yaml');
  const made = await first.deploy('studio', { template });
  expect(made.failures).toEqual([]);
  await first.stop();

  const second = await start();
  const changed = await second.deploy('studio', { template, parameters: { CostCenter: 'research' } });
  expect(changed.status).toBe('UPDATE_COMPLETE');
  expect(changed.id).toBe(made.id);
  await removeStack(second, 'studio');
  await second.stop();
});

test('a directory with something else in it is refused with advice', async () => {
  const kept = join(directory(), 'other');
  await mkdir(kept);
  await writeFile(join(kept, 'state'), 'something else');
  const local = run('packages/local/src/cli.ts', ['--port', '0', '--persist', kept]);
  expect(await local.exit).toBe(1);
  expect(local.output()).toMatch(/Loading state from .*another directory/);
  expect(await readFile(join(kept, 'state'), 'utf8')).toBe('something else');
});
