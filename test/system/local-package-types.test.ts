import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/handlers.ts';
import { linkPackage, makePackedProject, type PackedProject } from '../wire/packed-project.ts';

const run = promisify(execFile);
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const compilerOptions = {
  module: 'nodenext',
  target: 'es2024',
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
};

let project: PackedProject;
let sample: string;

beforeAll(async () => {
  project = await makePackedProject({ declarations: true });
  await linkPackage(project.directory, '@types/node');
  await writeFile(join(project.directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const readme = await readFile(join(root, 'packages/local/README.md'), 'utf8');
  const [, block = ''] = readme.match(/```js\n(.*?)```/s) ?? [];
  sample = block.replace('let from;', "let from: import('@studio-resources/local').SavedCloud;");
}, 900_000);

afterAll(() => rm(project.directory, { recursive: true }));

/** What the compiler says of the sample in TypeScript. */
async function compile(text: string): Promise<string> {
  await writeFile(join(project.directory, 'studio.test.ts'), text);
  return run(process.execPath, [tsc, '-p', project.directory]).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
}

test('the README’s test compiles with the declarations of the package as it is packed', async () => {
  expect(project.files).toContain('dist/index.d.ts');
  expect(await compile(sample)).toBe('');
});

test('the declarations refuse a fault that does not exist, and a member that the cloud lacks', async () => {
  expect(await compile(sample.replace("fault: 'stuck'", "fault: 'sticky'"))).toContain('sticky');
  expect(await compile(sample.replace('cloud.remove(', 'cloud.eliminate('))).toContain('eliminate');
});
