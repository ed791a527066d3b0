import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { zipSync } from 'fflate';
import { settings } from '../../../../packages/core/starter/esbuild.ts';
import type { StackResult } from '../../../../packages/local/src/virtual/deployment.ts';
import { startVirtualCloud, type VirtualCloud } from '../../../../packages/local/src/virtual/virtual-cloud.ts';
import { root, zipPath } from '../../../../scripts/handlers.ts';
import { temporaryDirectory } from '../../../stacks/temporary-directory.ts';

const starter = join(root, 'packages/core/starter');
const directory = temporaryDirectory();
const read = (name: string) => readFileSync(join(starter, name), 'utf8');

/** The function, bundled with the starter's settings and others, as the files of its zip. */
async function bundle(others: BuildOptions = {}): Promise<Record<string, Uint8Array>> {
  const { outputFiles } = await build({
    ...settings,
    absWorkingDir: starter,
    logLevel: 'silent',
    ...others,
    // This repository's packages, as they are written.
    conditions: ['studio-resources', ...(others.conditions ?? settings.conditions)],
    write: false,
  });
  return Object.fromEntries(outputFiles.map(({ path, contents }) => [basename(path), contents]));
}

/** The function, deployed from these files by this template. */
async function install(files: Record<string, Uint8Array>, template = read('template.yaml')): Promise<VirtualCloud> {
  const cloud = await startVirtualCloud();
  const { failures } = await cloud.deploy('secure-parameter', {
    template,
    parameters: { ArtifactBucket: 'artifacts', ...(await published(cloud, 'first', files)) },
  });
  expect(failures).toEqual([]);
  return cloud;
}

/** Puts the zips into S3, as the parameters that name them. */
async function published(cloud: VirtualCloud, prefix: string, files: Record<string, Uint8Array>) {
  const release = await mkdtemp(join(directory(), 'release-'));
  await writeFile(join(release, 'function.zip'), zipSync(files));
  await writeFile(join(release, 'responder.zip'), readFileSync(zipPath('responder')));
  await cloud.publish(release, { bucket: 'artifacts', prefix });
  return { SecureParameterZip: `${prefix}/function.zip`, ResponderZip: `${prefix}/responder.zip` };
}

/** What becomes of the example, and how many seconds that takes. */
async function createExample(cloud: VirtualCloud): Promise<StackResult & { seconds: number }> {
  const begun = cloud.now().getTime();
  const result = await cloud.deploy('example', { template: read('example.yaml'), parameters: { Value: 'one' } });
  return { ...result, seconds: (cloud.now().getTime() - begun) / 1000 };
}

/** The same of a function that cannot be loaded. */
async function failureOf(files: Record<string, Uint8Array>, template?: string): Promise<string> {
  const cloud = await install(files, template);
  const { status, failures, seconds } = await createExample(cloud);
  // Its rollback takes the function as well.
  expect(status).toBe('ROLLBACK_FAILED');
  expect(seconds).toBeLessThan(60);
  await cloud.close();
  return failures[0]!;
}

test('with the settings of the starter, the function works', async () => {
  const cloud = await install(await bundle());
  expect(await createExample(cloud)).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] });
  await cloud.close();
});

test.each<[what: string, settings: BuildOptions, cause: string, cure: string]>([
  [
    'in CommonJS',
    { format: 'cjs', banner: {} },
    'ReferenceError: module is not defined in ES module scope',
    "esbuild's format: 'esm'",
  ],
  [
    'without the banner, of dependencies in CommonJS',
    { banner: {}, mainFields: ['main'], conditions: [] },
    'Error: Dynamic require of "',
    'the banner that defines require',
  ],
  [
    'without a dependency',
    { external: ['@studio-resources/core'] },
    "Error: Cannot find package '@studio-resources/core' imported from /var/task/index.mjs",
    'nothing external',
  ],
  [
    'that is not bundled at all',
    { bundle: false },
    "Error: Cannot find package '@aws-sdk/client-ssm' imported from",
    'bundle: true',
  ],
  [
    'of another name',
    { entryPoints: { main: 'src/secure-parameter.ts' } },
    "Runtime.ImportModuleError: Error: Cannot find module 'index'",
    'in a file of the name in Handler',
  ],
])('a bundle %s fails the stack in seconds, with what Lambda says and what to do', async (_, others, cause, cure) => {
  const failure = await failureOf(await bundle(others));
  expect(failure).toContain('The function secure-parameter ended without a response: its code cannot be loaded; ');
  expect(failure).toContain(cause);
  expect(failure).toContain(cure);
});

test('a syntax error fails the stack in seconds', async () => {
  const { 'index.mjs': code } = await bundle();
  const failure = await failureOf({ 'index.mjs': code!.subarray(0, code!.length / 2) });
  expect(failure).toMatch(/target: 'node24' .*\(Runtime\.UserCodeSyntaxError: SyntaxError: /);
});

test('a handler under another name fails the stack in seconds', async () => {
  const template = read('template.yaml').replace('Handler: index.handler', 'Handler: index.main');
  expect(await failureOf(await bundle(), template)).toContain(
    'export the handler under the name in Handler (Runtime.HandlerNotFound: index.main is undefined or not exported)',
  );
});

test('once the bundle is right and deployed, the stack that failed is deleted', async () => {
  const cloud = await install(await bundle({ format: 'cjs', banner: {} }));
  expect((await createExample(cloud)).status).toBe('ROLLBACK_FAILED');
  const mended = { parameters: await published(cloud, 'second', await bundle()) };
  expect((await cloud.update('secure-parameter', mended)).failures).toEqual([]);
  expect(await cloud.remove('example')).toMatchObject({ status: 'DELETE_COMPLETE', failures: [] });
  await cloud.close();
});

test('without a responder, the example waits for its ServiceTimeout of five minutes, and no longer', async () => {
  const [before, after] = read('template.yaml').split(/ {2}SecureParameterInvocations:\n(?: {4}.*\n)+/);
  const cloud = await install(await bundle({ format: 'cjs', banner: {} }), `${before}${after}`);
  const { failures, seconds } = await createExample(cloud);
  expect(failures[0]).toContain('Secret: CloudFormation did not receive a response from your Custom Resource');
  // Its deletion in the rollback waits as well.
  expect(seconds).toBeGreaterThanOrEqual(600);
  expect(seconds).toBeLessThan(700);
  await cloud.close();
});
