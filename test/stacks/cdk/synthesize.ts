import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs a CDK app beside this file as `cdk synth` does, in a process of its own with the context and the output folder in
 * the environment; gives the templates' texts by the names of the stacks, and what the CDK has printed.
 */
export async function synthesize(app: string, context: Record<string, unknown> = {}) {
  const outdir = await mkdtemp(join(tmpdir(), 'cdk-out-'));
  try {
    const env = {
      PATH: process.env.PATH,
      CDK_OUTDIR: outdir,
      // The command line reports versions by default.
      CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:version-reporting': true, ...context }),
    };
    const path = join(import.meta.dirname, app);
    const { stdout, stderr } = await run(process.execPath, ['--conditions=studio-resources', path], { env });
    const names = (await readdir(outdir)).filter((name) => name.endsWith('.template.json'));
    const texts = names.map(async (name): Promise<[string, string]> => {
      return [name.replace('.template.json', ''), await readFile(join(outdir, name), 'utf8')];
    });
    return { templates: new Map(await Promise.all(texts)), printed: stdout + stderr };
  } finally {
    await rm(outdir, { recursive: true });
  }
}
