import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import { stringify } from 'yaml';
import { readSources } from '../../../scripts/check/sources.ts';
import { root } from '../../../scripts/handlers.ts';
import { resourceDefinitions, schemaFiles } from '../../../scripts/schemas/files.ts';
import { readTemplateFiles } from '../../../scripts/templates/files.ts';
import { temporaryDirectory } from '../../stacks/temporary-directory.ts';
import { type Diagnostic, LanguageServer } from './language-server.ts';
import { idOf, mistakes, templateOfMistakes } from './mistakes.ts';
import { unusualTemplate } from './unusual-template.ts';

const directory = temporaryDirectory();
const { files: templates } = readTemplateFiles(readSources());

let schema: string;
let server: LanguageServer;

beforeAll(async () => {
  schema = schemaFiles(await resourceDefinitions(), '1.0.0').find(({ path }) => path === 'template.schema.json')!.text;
  const file = join(directory(), 'template.schema.json');
  writeFileSync(file, schema);
  server = await LanguageServer.start(settingsOfPage(pathToFileURL(file).href), directory());
});
afterAll(() => server?.stop());

/** What the page puts into VS Code's settings, with the schema that is written here instead of a release's. */
function settingsOfPage(url: string): Record<string, unknown> {
  const page = readFileSync(join(root, 'docs/SCHEMAS.md'), 'utf8');
  const [, text] = /```json\n(\{\n {2}"yaml\.schemas".*?\n)```/s.exec(page)!;
  return JSON.parse(text!.replaceAll(/https:[^"]*\/schemas\/template\.schema\.json/g, url)) as Record<string, unknown>;
}

/** Opens a file below cloudformation/, which the page's settings name. */
async function open(path: string, text: string) {
  const file = join(directory(), 'cloudformation', path);
  mkdirSync(dirname(file), { recursive: true });
  return { file, found: await server.open(file, text) };
}

/** The logical ids of the resources in which something is underlined. */
function underlined(text: string, found: readonly Diagnostic[]): string[] {
  const lines = text.split('\n');
  const ids = found.map(({ range }) =>
    lines
      .slice(0, range.start.line + 1)
      .findLast((line) => /^ {2}\w+:$/.test(line))!
      .trim(),
  );
  return [...new Set(ids.map((id) => id.slice(0, -1)))];
}

const expected = mistakes.map(idOf);

describe('in YAML, in a language server with the settings of the page', () => {
  test('each planted mistake is underlined, and nothing else', async () => {
    const text = stringify(templateOfMistakes());
    const { found } = await open('mistakes.yaml', text);
    expect(underlined(text, found).sort()).toEqual(expected);
  });

  test('a property that is mistyped is underlined, and nothing else', async () => {
    const { found } = await open('mistyped.yaml', domain('      DomainNam: team', '      DomainName: team'));
    expect(found.map(({ range, message }) => [range, message])).toEqual([
      [{ start: { line: 4, character: 6 }, end: { line: 4, character: 15 } }, 'Property DomainNam is not allowed.'],
    ]);
  });

  test('the start of a property completes', async () => {
    const { file } = await open('start.yaml', domain('      Auth'));
    expect(await server.complete(file, { line: 4, character: 10 })).toContain('AuthMode');
  });

  test('the start of a member at depth completes', async () => {
    const { file } = await open('depth.yaml', domain('      DefaultSpaceSettings:', '        Exec'));
    expect(await server.complete(file, { line: 5, character: 12 })).toContain('ExecutionRole');
  });

  test('an enum completes', async () => {
    const { file } = await open('enum.yaml', domain('      AuthMode: '));
    const labels = await server.complete(file, { line: 4, character: 16 });
    expect(labels.filter((label) => !label.startsWith('!')).sort()).toEqual(['IAM', 'SSO']);
  });

  test('a type completes', async () => {
    const { file } = await open('type.yaml', 'Resources:\n  Domain:\n    Type: Custom::Studio\n');
    expect(await server.complete(file, { line: 2, character: 24 })).toContain('Custom::StudioDomain');
  });

  test('a property shows what it is for', async () => {
    const { file } = await open('hover.yaml', domain('      HomeEfsFileSystem: Retain'));
    const shown = await server.hover(file, { line: 4, character: 8 });
    expect(shown).toContain('Whether a deletion deletes the home file system');
  });

  test('nothing is underlined in a template of what is rare', async () => {
    expect((await open('unusual.yaml', unusualTemplate)).found).toEqual([]);
  });

  test.each(templates.map(({ path, text }) => [path, text]))('nothing is underlined in %s', async (path, text) => {
    expect((await open(`templates/${path}`, text)).found).toEqual([]);
  });
});

function domain(...lines: string[]): string {
  const last = [
    '      ServiceToken: !ImportValue StudioDomainServiceToken',
    '      DefaultUserSettings: !Ref Settings',
  ];
  return ['Resources:', '  Domain:', '    Type: Custom::StudioDomain', '    Properties:', ...lines, ...last, ''].join(
    '\n',
  );
}

describe('in JSON, for a validator of JSON Schema', () => {
  const validatorOf = () =>
    new Ajv({ allErrors: true, allowUnionTypes: true, strictTypes: false }).compile(JSON.parse(schema) as object);

  test('each planted mistake is found, and nothing else', () => {
    const validate = validatorOf();
    expect(validate(templateOfMistakes())).toBe(false);
    const places = validate.errors!.map(({ instancePath }) => instancePath.split('/')[2]!);
    expect([...new Set(places)]).toEqual(expected);
  });

  test('no template of the repository has a finding', () => {
    const validate = validatorOf();
    for (const { path, places } of templates) {
      validate(JSON.parse(JSON.stringify(places.root)));
      expect({ path, errors: validate.errors }).toEqual({ path, errors: null });
    }
  });
});
