import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const version = read('.nvmrc').trim();
const found = (path: string, pattern: RegExp) => [...new Set([...read(path).matchAll(pattern)].map(([, one]) => one))];

test.each(['package.json', ...globSync('packages/{*,core/starter}/package.json', { cwd: root })])(
  '%s requires the Node of .nvmrc',
  (path) => {
    expect(JSON.parse(read(path)).engines).toEqual({ node: `>=${version}` });
  },
);

test('the Node that the scripts run on, its types, the bundles and the functions have that version', () => {
  const { devDependencies, optionalDependencies } = JSON.parse(read('package.json'));
  const versions = [devDependencies['@types/node'], ...Object.values<string>(optionalDependencies)];
  expect(versions.map((one) => one.split('.')[0])).toEqual([version, version, version]);
  for (const bundler of ['scripts/bundle.ts', 'packages/core/starter/esbuild.ts']) {
    expect(found(bundler, /target: 'node(\d+)'/g)).toEqual([version]);
  }
  const templates = ['provider', 'home-seed', 'jupyter-setup'].map((name) => `cloudformation/${name}.yaml`);
  for (const template of [...templates, 'packages/core/starter/template.yaml']) {
    expect(found(template, /Runtime: nodejs(\d+)\.x/g)).toEqual([version]);
  }
  expect(process.versions.node.split('.')[0]).toBe(version);
});

test.each([
  'README.md',
  'CONTRIBUTING.md',
  'packages/core/README.md',
  'packages/core/starter/README.md',
  'packages/local/README.md',
])('%s names the Node of .nvmrc first', (page) => {
  expect(found(page, /\bNode (\d+)/g)[0]).toBe(version);
});
