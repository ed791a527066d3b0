/**
 * `npm run client-versions` finds since which version of @aws-sdk/client-sagemaker the members of the resources' structures
 * are there, from the packages in npm's registry. It takes some minutes, and writes scripts/reference/client-versions.json.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compare, gte, lte, prerelease } from 'semver';
import packageJson from '../package.json' with { type: 'json' };
import { structuresIn } from './client-versions/members.ts';
import { compareVersions } from './client-versions/since.ts';
import { definitions } from './reference/definitions.ts';
import { inputsOf, structuresOf } from './reference/structures.ts';

const client = '@aws-sdk/client-sagemaker';
/** Before, its declarations were laid out otherwise. */
const oldest = '3.192.0';
const run = promisify(execFile);
const directory = mkdtempSync(join(tmpdir(), 'client-versions-'));

async function read(version: string) {
  console.log(`Reading ${client} ${version}`);
  const pack = ['pack', `${client}@${version}`, '--silent', '--pack-destination', directory];
  const { stdout: file } = await run('npm', pack);
  const archive = join(directory, file.trim());
  const extract = ['-xzf', archive, '-O', '--wildcards', 'package/dist-types/ts3.4/models/*.d.ts'];
  const { stdout } = await run('tar', extract, { maxBuffer: 2 ** 27 });
  rmSync(archive);
  return structuresIn(stdout);
}

try {
  const { stdout } = await run('npm', ['view', client, 'versions', '--json'], { maxBuffer: 2 ** 24 });
  const newest = packageJson.devDependencies[client];
  const versions = (JSON.parse(stdout) as string[])
    .filter((version) => !prerelease(version) && gte(version, oldest) && lte(version, newest))
    .sort(compare);
  const all = await definitions();
  const inputs = all.flatMap((each) => inputsOf(each).map((input) => input.getName(false)!));
  const names = new Set([...inputs, ...all.flatMap((each) => [...structuresOf(each).keys()])]);
  const compared = await compareVersions(versions, [...names].sort(), read);
  const path = new URL('reference/client-versions.json', import.meta.url);
  writeFileSync(path, `${JSON.stringify(compared, undefined, 2)}\n`);
  console.log(`${compared.read} of ${compared.available} versions were read`);
} finally {
  rmSync(directory, { recursive: true });
}
