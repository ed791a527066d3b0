import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/handlers.ts';

const run = promisify(execFile);
const local = join(root, 'packages/local');

/** An empty project outside of the repository, with the packed package and the dependencies that it names. */
export interface PackedProject {
  directory: string;
  /** The files in the package. */
  files: string[];
}

/** Builds and packs packages/local beside the repository; without the declarations, which take half a minute. */
export async function makePackedProject(): Promise<PackedProject> {
  const directory = await mkdtemp(join(tmpdir(), 'local-consumer-'));
  const staged = join(directory, 'staged');
  await mkdir(staged);
  // All but the compiled code, which is built anew; what is packed is up to the package.
  const filter = (path: string) => !['dist', 'node_modules', 'src'].includes(relative(local, path));
  await cp(local, staged, { recursive: true, filter });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const config = join(local, 'tsconfig.build.json');
  const options = ['-p', config, '--declaration', 'false', '--outDir', join(staged, 'dist')];
  await run(process.execPath, [tsc, ...options]);
  await run(process.execPath, [join(root, 'scripts/pack/runtime-client.ts'), join(staged, 'dist')]);

  // It is built already, and npm would build it once more.
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory];
  const { stdout } = await run('npm', packing, { cwd: staged });
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  const installed = join(directory, 'node_modules/@studio-resources/local');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', join(directory, filename), '--strip-components=1', '-C', installed]);
  const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) await linkPackage(directory, name);
  await writeFile(join(directory, 'package.json'), JSON.stringify({ type: 'module' }));
  return { directory, files: files.map(({ path }) => path) };
}

/** Gives the project another package that is installed here. */
export async function linkPackage(directory: string, name: string): Promise<void> {
  const path = join(directory, 'node_modules', name);
  await mkdir(dirname(path), { recursive: true });
  await symlink(join(root, 'node_modules', name), path);
}

/** Runs Node in the project; gives all that it prints, however it ends. */
export async function runIn({ directory }: PackedProject, ...args: string[]): Promise<{ ok: boolean; output: string }> {
  const env = { PATH: process.env.PATH };
  try {
    const { stdout, stderr } = await run(process.execPath, args, { cwd: directory, env });
    return { ok: true, output: stdout + stderr };
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return { ok: false, output: stdout + stderr };
  }
}
