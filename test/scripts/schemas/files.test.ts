import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseOf, schemasOf } from '../../../scripts/release/release.ts';
import { resourceDefinitions } from '../../../scripts/schemas/files.ts';
import { allPropertiesOf } from '../../../scripts/schemas/properties.ts';
import { run } from '../../stacks/run.ts';
import { temporaryDirectory } from '../../stacks/temporary-directory.ts';

const directory = temporaryDirectory();
const text = (body: Uint8Array) => new TextDecoder().decode(body);

test('a release has a schema for editors, one of each resource, and rules for cfn-lint, which name its version', async () => {
  const { files, manifest } = releaseOf(
    { version: '1.4.0', commit: 'f'.repeat(40), bucketPrefix: 'acme' },
    await schemasOf('1.4.0'),
    [],
  );
  const names = [...(await resourceDefinitions()).keys()].map((name) => `schemas/registry/${name}.json`);
  const expected = ['schemas/cfn-lint/studio_resources.py', 'schemas/template.schema.json', ...names].sort();
  const { files: listed } = JSON.parse(text(manifest.body)) as { files: { path: string }[] };
  expect(listed.map(({ path }) => path)).toEqual(['SHA256SUMS', ...expected]);
  const sums = text(files[0]!.body);
  for (const path of expected) expect(sums).toContain(`  ${path}\n`);
  for (const { path, body } of files.filter((file) => file.path.endsWith('.json'))) {
    const { $id } = JSON.parse(text(body)) as { $id: string };
    expect({ path, $id }).toEqual({ path, $id: expect.stringMatching(/^urn:studio-resources:1\.4\.0:/) });
  }
});

test('the same version has the same bytes', async () => {
  expect(await schemasOf('1.4.0')).toEqual(await schemasOf('1.4.0'));
});

test('the command writes them, with the version that it is given', async () => {
  const { output, exit } = run('scripts/schemas.ts', ['--version', '1.4.0', '--output', directory()]);
  expect({ code: await exit, output: output() }).toEqual({
    code: 0,
    output: expect.stringContaining('template.schema'),
  });
  expect(readdirSync(directory()).sort()).toEqual(['cfn-lint', 'registry', 'template.schema.json']);
  for (const { path, body } of await schemasOf('1.4.0')) {
    expect(readFileSync(join(directory(), path.replace('schemas/', '')), 'utf8')).toBe(text(body));
  }
});

test('each property has a path, and what it takes at any depth', async () => {
  const all = allPropertiesOf((await resourceDefinitions()).get('studio-domain')!);
  const at = (path: string) => all.find((each) => each.path === path);
  const lab = 'DefaultUserSettings.JupyterLabAppSettings';
  expect(at('DomainName')).toMatchObject({
    kind: 'text',
    isRequired: true,
    max: 63,
    description: 'A name for the domain.',
  });
  expect(at('DeleteContents')).toMatchObject({ values: ['Apps', 'All', 'None'], default: 'Apps', isRequired: false });
  expect(at('DefaultUserSettings')).toMatchObject({ kind: 'structure', structure: 'UserSettings' });
  expect(at('DefaultUserSettings.SecurityGroups[]')).toMatchObject({ kind: 'text', pattern: '^(?:[-0-9a-zA-Z]+)$' });
  expect(at('Tags[].Key')).toMatchObject({ isRequired: true, max: 128 });
  expect(at(`${lab}.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes`)).toMatchObject({
    ...{ kind: 'integer', min: 60, max: 525_600 },
    description: expect.stringContaining('SageMaker'),
  });
});

test('the descriptions are plain text', async () => {
  for (const definition of (await resourceDefinitions()).values()) {
    for (const { path, description = '' } of allPropertiesOf(definition)) {
      expect({ path, description }).toEqual({
        path,
        description: expect.not.stringMatching(/<\/?(p|code|a|b|i|li|ul|note)\b|&[lg]t;|\*\//),
      });
    }
  }
});
