import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { checkByCfnLint } from '../../../scripts/check/cfn-lint.ts';
import { readSources } from '../../../scripts/check/sources.ts';
import { root } from '../../../scripts/handlers.ts';
import { resourceDefinitions, schemaFiles } from '../../../scripts/schemas/files.ts';
import { readTemplateFiles } from '../../../scripts/templates/files.ts';
import { temporaryDirectory } from '../../stacks/temporary-directory.ts';
import { idOf, mistakes, templateOfMistakes } from './mistakes.ts';
import { unusualTemplate } from './unusual-template.ts';

const directory = temporaryDirectory();

beforeAll(async () => {
  for (const { path, text } of schemaFiles(await resourceDefinitions(), '1.0.0')) {
    const file = join(directory(), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
});

/** What the rules find in templates; undefined where cfn-lint is not installed. */
async function findingsIn(paths: readonly string[]) {
  const templates = paths.map((path) => ({ path, text: readFileSync(resolve(root, path), 'utf8') }));
  const found = await checkByCfnLint(templates, { rules: join(directory(), 'cfn-lint') });
  return found?.filter(({ rule }) => /E930/.test(rule));
}

function template(name: string, content: object | string): string {
  const path = join(directory(), name);
  writeFileSync(path, typeof content === 'string' ? content : stringify(content));
  return path;
}

/** Where it is not installed, what its rules read: types that begin as they expect, and the attributes. */
function readByRules(): void {
  const schema = JSON.parse(readFileSync(join(directory(), 'registry/studio-domain.json'), 'utf8'));
  expect(schema).toMatchObject({ typeName: 'StudioResources::Custom::StudioDomain' });
  expect(schema.readOnlyProperties).toContain('/properties/Url');
}

test('cfn-lint, where it is installed, finds each planted mistake by our rules, and nothing else', async () => {
  const path = template('mistakes.yaml', templateOfMistakes());
  const lines = readFileSync(path, 'utf8').split('\n');
  const found = await findingsIn([path]);
  if (!found) return readByRules();
  const ids = found.map(({ line }) => lines.slice(0, line).findLast((each) => /^ {2}\w+:$/.test(each))!);
  expect([...new Set(ids.map((id) => id.trim().slice(0, -1)))].sort()).toEqual(mistakes.map(idOf));
});

test('cfn-lint, where it is installed, finds attributes that a resource does not have', async () => {
  const { GoodStudioDomain } = templateOfMistakes().Resources;
  const path = template('attributes.yaml', {
    Resources: { GoodStudioDomain },
    Outputs: {
      Good: { Value: { 'Fn::Sub': '${GoodStudioDomain.Url}/${AWS::Region}' } },
      Get: { Value: { 'Fn::GetAtt': ['GoodStudioDomain', 'Urll'] } },
      Sub: { Value: { 'Fn::Sub': '${GoodStudioDomain.Id}' } },
    },
  });
  const found = await findingsIn([path]);
  if (!found) return readByRules();
  expect(found.map(({ message }) => message.split(':')[0])).toEqual(['GoodStudioDomain.Urll', 'GoodStudioDomain.Id']);
});

test('cfn-lint, where it is installed, finds nothing in a template of what is rare', async () => {
  const found = await findingsIn([template('unusual.yaml', unusualTemplate)]);
  if (!found) return readByRules();
  expect(found).toEqual([]);
});

test('cfn-lint, where it is installed, goes on where a function or a type is none', async () => {
  const { GoodStudioDomain } = templateOfMistakes().Resources;
  const path = template('broken.yaml', {
    Resources: { GoodStudioDomain, Listed: { Type: ['Custom::StudioDomain'] } },
    Outputs: {
      Type: { Value: { 'Fn::GetAtt': ['Listed', 'Url'] } },
      Short: { Value: { 'Fn::Sub': ['${GoodStudioDomain.Urll}'] } },
      Wrong: { Value: { 'Fn::Sub': { GoodStudioDomain: 'Url' } } },
      Sub: { Value: { 'Fn::Sub': '${GoodStudioDomain.Id}' } },
    },
  });
  const found = await findingsIn([path]);
  if (!found) return readByRules();
  expect(found.map(({ message }) => message.split(':')[0])).toEqual(['GoodStudioDomain.Id']);
});

test('cfn-lint, where it is installed, finds nothing in the templates of the repository', async () => {
  const { files } = readTemplateFiles(readSources());
  const found = await findingsIn(files.map(({ path }) => path));
  if (!found) return readByRules();
  expect(found).toEqual([]);
}, 600_000);
