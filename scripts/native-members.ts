/**
 * `npm run native-members` writes which members AWS's own types have, as CloudFormation's registry knows them, into
 * scripts/reference/native-members.json. The AWS CDK team publishes the registry's types in npm, in the package
 * @aws-cdk/aws-service-spec; this takes its latest version.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { compared } from './reference/native/figures.ts';
import { nativeMembers, type ServiceSpec } from './reference/native/service-spec.ts';

const source = '@aws-cdk/aws-service-spec';
const directory = mkdtempSync(join(tmpdir(), 'native-members-'));
try {
  const pack = ['pack', source, '--json', '--pack-destination', directory];
  const [{ version, filename }] = JSON.parse(execFileSync('npm', pack, { encoding: 'utf8' })) as [
    { version: string; filename: string },
  ];
  execFileSync('tar', ['-xzf', join(directory, filename), '-C', directory]);
  const spec = JSON.parse(gunzipSync(readFileSync(join(directory, 'package/db.json.gz'))).toString()) as ServiceSpec;
  const measured = {
    source: `${source} ${version}`,
    measured: new Date().toISOString().slice(0, 10),
    types: nativeMembers(spec, Object.keys(compared)),
  };
  const path = new URL('reference/native/members.json', import.meta.url);
  writeFileSync(path, `${JSON.stringify(measured, undefined, 2)}\n`);
  for (const [type, members] of Object.entries(measured.types)) console.log(`${type}: ${members.length} members`);
} finally {
  rmSync(directory, { recursive: true });
}
