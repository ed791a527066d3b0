import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { seedCodeFolder, seedCodeNames } from '../../scripts/seed-code.ts';

const run = promisify(execFile);

/** Python that leaves nothing beside the sources. */
const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };

test.each(seedCodeNames())(
  'the tests of the seed code for %s pass, as a build runs them',
  async (name) => {
    const cwd = join(seedCodeFolder, name);
    const buildspec = await readFile(join(cwd, 'buildspec.yml'), 'utf8');
    const command = 'python3 -m unittest discover --start-directory tests';
    expect(buildspec).toContain(`- ${command}\n`);
    const [program, ...args] = command.split(' ');
    const { stderr } = await run(program!, args, { cwd, env });
    expect(stderr).toMatch(/Ran \d+ tests in .*\n\nOK\n$/);
  },
  60_000,
);

test("the commands of the seed code's pages work", async () => {
  const directory = await mkdtemp(join(tmpdir(), 'houses-'));
  for (const name of seedCodeNames()) {
    const cwd = join(seedCodeFolder, name);
    const page = await readFile(join(cwd, 'README.md'), 'utf8');
    const blocks = [...page.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block!);
    expect(blocks).not.toEqual([]);
    for (const block of blocks) {
      await run('bash', ['-e', '-c', block.replaceAll('/tmp/houses', directory)], { cwd, env });
    }
  }
  expect(JSON.parse(await readFile(join(directory, 'model/model.json'), 'utf8'))).toMatchObject({
    columns: ['size', 'rooms', 'age'],
  });
  await rm(directory, { recursive: true });
}, 60_000);
