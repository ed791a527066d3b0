import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';
import { definitionOf } from '../../scripts/reference/definition.ts';
import { resourceNames } from '../../scripts/reference/definitions.ts';
import { documentationOf, operationsOf, summaryOf } from '../../scripts/reference/docs.ts';
import { pagePath } from '../../scripts/reference/resource/page.ts';
import { textOf } from '../../scripts/reference/resource/text.ts';
import { itemIn, structuresOf } from '../../scripts/reference/structures.ts';
import { constraintsPath } from '../../scripts/schemas/constraints.ts';
import { documentedExamples } from '../stacks/documented-examples.ts';

const resources = resourceNames();
const stackTests = ['test/stacks', 'test/system/stacks'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(root, folder, file), 'utf8')),
);
const pageOf = (name: string) => readFileSync(join(root, pagePath(name)), 'utf8');

test.each(resources)('the examples of %s are whole templates that have it, and tests deploy them', async (name) => {
  const { type } = await definitionOf(name);
  const { minimal, full } = await textOf(name);
  for (const path of [minimal, full]) {
    expect(readFileSync(join(root, path), 'utf8')).toMatch(
      new RegExp(`^AWSTemplateFormatVersion[^]*Type: ${type}$`, 'm'),
    );
    if (documentedExamples().includes(path)) continue;
    // A test names a template from cloudformation/.
    const named = `'${path.replace(/^cloudformation\//, '')}'`;
    expect(stackTests.some((one) => one.includes(named)) ? path : '').toBe(path);
  }
});

test.each(resources)(
  'the page of %s has every property and every member of its structures in a table',
  async (name) => {
    const definition = await definitionOf(name);
    const page = pageOf(name);
    const lines = page.split('\n');
    const row = (path: string) => lines.some((line) => line.startsWith(`| \`${path}\` |`));
    const missing = [...definition.types.keys()].filter((property) => !row(property));
    for (const [structure, { schema }] of structuresOf(definition)) {
      const section = page.split(`\n### ${structure}\n`)[1]?.split('\n## ')[0]?.split('\n### ')[0] ?? '';
      for (const [member, inner] of schema.structIterator()) {
        const line = section.split('\n').find((each) => each.startsWith(`| \`${member}\` |`));
        const item = itemIn(inner);
        const link = item.isStructSchema() ? `(#${item.getName(false)!.toLowerCase()})` : '';
        if (!line?.includes(link)) missing.push(`${structure}.${member}`);
      }
    }
    expect(missing).toEqual([]);
  },
);

test.each(resources)(
  'the page of %s says what a deletion deletes, what a rename does, and what adoption means',
  async (name) => {
    const page = pageOf(name);
    for (const about of ['**Deletion** ', '**A renamed logical id** ', '**Adoption**']) expect(page).toContain(about);
  },
);

test.each(resources)('each common error of %s is one that the named test makes happen', async (name) => {
  for (const { shows, test: path } of (await textOf(name)).errors) {
    expect(`${path}: ${readFileSync(join(root, path), 'utf8').includes(shows) ? shows : ''}`).toBe(`${path}: ${shows}`);
  }
});

test('allowed values, defaults, removal and the first version of a member stand beside it', () => {
  const domain = pageOf('studio-domain');
  const rows = (start: string) => domain.split('\n').filter((line) => line.startsWith(`| \`${start}\``));
  expect(rows('SubnetIds')).toEqual([expect.stringContaining('1 to 16 items; each up to 32 characters')]);
  expect(rows('IdleTimeoutInMinutes')).toEqual([expect.stringMatching(/number \| 60 to 525600 \|/)]);
  expect(rows('EnableDockerAccess')).toEqual([
    expect.stringContaining('`ENABLED`, `DISABLED` | cannot be removed, set `DISABLED` first'),
  ]);
  // An item of a list goes with its list.
  expect(rows('ImageVersionNumber')).toEqual([expect.not.stringContaining('cannot be removed')]);
  expect(rows('HomeEfsFileSystemCreation')).toEqual([expect.stringMatching(/may replace; .* \| 3\.1052\.0 \|/)]);
  const space = pageOf('studio-space').split('### SpaceSettings\n')[1]!;
  expect(space).toMatch(/^\| `AppType` \| string \| .* \| replaces \|/m);
  // UpdateImage clears it, as test/handlers/studio-image.test.ts shows.
  expect(pageOf('studio-image')).toMatch(/^\| `DisplayName` \| string \| .* \| in place \|/m);
  expect(rows('AuthMode')).toEqual([expect.stringContaining('| `"IAM"` | replaces |')]);
  expect(pageOf('studio-image')).toMatch(/^\| `AttachTo\[\]\.Settings` \| string \| `DefaultUserSettings`, /m);
});

test('long enumerations are passed on to the service, as their headings say', () => {
  expect(pageOf('studio-space')).toMatch(
    /^### Values of InstanceType\n\nThe values that this release knows\. The function passes others on/m,
  );
  const checked = readFileSync(join(root, constraintsPath), 'utf8').match(/values: \[[^\]]*\]/g) ?? [];
  expect(checked.length).toBeGreaterThan(10);
  expect(checked.filter((each) => each.split(',').length > 8)).toEqual([]);
});

test('a resource without a text is named, with the file that has to be written', async () => {
  await expect(textOf('studio-nothing')).rejects.toThrow(
    'Describing studio-nothing: scripts/reference/resources/studio-nothing.ts has to export its text',
  );
});

test('a definition says which properties replace, and which may', async () => {
  const { replacing, attributes } = await definitionOf('studio-domain');
  expect(replacing.get('DomainName')).toBe('replaces');
  expect(replacing.get('HomeEfsFileSystemCreation')).toBe('may replace');
  expect(replacing.get('Tags')).toBeUndefined();
  expect(attributes).toContain('HomeEfsFileSystemId');
});

test('the text of a comment is one line, without its stars', () => {
  const source =
    '/**\n * A thing,\n * or two.\n */\nexport const studioThing: Resource = {};\n/** How many. */\n  Size: number(),';
  expect(summaryOf(source, 'studioThing')).toBe('A thing, or two.');
  expect(summaryOf(source, 'studioOther')).toBeUndefined();
  expect(documentationOf(source, 'Size')).toBe('How many.');
  expect(documentationOf(source, 'Name')).toBeUndefined();
  expect(operationsOf('fromApi(CreateImageRequest$, CreateAppImageConfigRequest$)')).toEqual([
    'CreateImage',
    'CreateAppImageConfig',
  ]);
});
