import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { handlerNames, root } from '../../scripts/handlers.ts';
import { definitionOf } from '../../scripts/reference/definition.ts';
import { documentationOf, operationsOf, summaryOf } from '../../scripts/reference/docs.ts';
import { findExample } from '../../scripts/reference/example.ts';
import { holding } from '../../scripts/reference/holding.ts';

const resources = handlerNames().filter((name) => name !== 'responder');
const tests = ['test/stacks', 'test/system/stacks'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(root, folder, file), 'utf8')),
);

test.each(resources)('the example of %s is deployed by a test', async (name) => {
  const { type } = await definitionOf(name);
  const { path, text } = findExample(type)!;
  expect(text).toMatch(new RegExp(`^\\w+:\n(  .*\n)*  Type: ${type}\n`));
  const file = path.split('/').at(-1)!;
  expect(tests.some((one) => one.includes(`examples/${file}`))).toBe(true);
});

test.each(resources)(
  'the reference of %s says what a deletion deletes, what a rename does, and what adoption means',
  async (name) => {
    const { type } = await definitionOf(name);
    for (const about of ['**Deletion** ', '**A renamed logical id** ', '**Adoption**'])
      expect(holding[type]).toContain(about);
  },
);

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
