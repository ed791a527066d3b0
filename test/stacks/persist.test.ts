import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deleteStack, deployStack } from '../../scripts/start/stack.ts';
import { blind, installProvider, readTemplate, reasons, startCloud } from './cloud.ts';
import { run } from './run.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();

test('a kept state goes on where it was left: stacks, functions and domains', async () => {
  const kept = join(directory(), 'state');
  const first = await startCloud(['--persist', kept]);
  await installProvider(first.clients);
  const template = await readTemplate('examples/studio.yaml');
  const made = await deployStack(first.clients.cloudformation, blind, { name: 'studio', template });
  expect(reasons(made)).toEqual([]);
  await first.stop();

  const second = await startCloud(['--persist', kept]);
  const changed = await deployStack(second.clients.cloudformation, blind, {
    name: 'studio',
    template,
    parameters: { CostCenter: 'research' },
  });
  expect(changed.stack.StackStatus).toBe('UPDATE_COMPLETE');
  expect(changed.stack.StackId).toBe(made.stack.StackId);
  expect(reasons(await deleteStack(second.clients.cloudformation, blind, changed.stack))).toEqual([]);
  await second.stop();
}, 180_000);

test('a directory with something else in it is refused with advice', async () => {
  const kept = join(directory(), 'other');
  await mkdir(kept);
  await writeFile(join(kept, 'state'), 'something else');
  const local = run('packages/local/src/cli.ts', ['--port', '0', '--persist', kept]);
  expect(await local.exit).toBe(1);
  expect(local.output()).toMatch(/Loading state from .*another directory/);
  expect(await readFile(join(kept, 'state'), 'utf8')).toBe('something else');
});
