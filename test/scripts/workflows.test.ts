import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../../scripts/handlers.ts';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; environment?: string; steps: Step[] }>;
}

const folder = join(root, '.github/workflows');
const texts = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .map((name): [string, string] => [name, readFileSync(join(folder, name), 'utf8')]);
const stepsOf = (text: string) => Object.values((parse(text) as Workflow).jobs).flatMap(({ steps }) => steps);
const json = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

test.each(texts)('%s uses actions by the commit, so that no other code runs', (_, text) => {
  const used = [...text.matchAll(/uses: (\S+)(.*)/g)];
  expect(used.length).toBeGreaterThan(0);
  for (const [, action, comment] of used) {
    expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
  }
});

test.each(texts)('%s has no stored key, and each job only the permissions that it names', (_, text) => {
  expect(text).not.toContain('secrets.');
  const { permissions, jobs } = parse(text) as Workflow;
  expect(permissions).toBeDefined();
  expect(Object.values(permissions ?? {}).filter((each) => each === 'write')).toEqual([]);
  const mayDeploy = Object.values(jobs).filter(({ permissions: own }) => own?.['id-token'] === 'write');
  expect(mayDeploy.map(({ environment }) => environment)).toEqual(mayDeploy.map(() => 'release'));
});

test.each(texts)('what a pull request or a release is called cannot become a command in %s', (_, text) => {
  expect(stepsOf(text).flatMap(({ run = '' }) => run.match(/\$\{\{.*?\}\}/g) ?? [])).toEqual([]);
});

test.each(texts)('every script and file that %s names is there', (_, text) => {
  const { scripts } = json('package.json');
  for (const { run = '', with: given = {} } of stepsOf(text)) {
    for (const [, script = ''] of run.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty([script]);
    for (const key of ['config-file', 'manifest-file', 'node-version-file']) {
      const path = given[key];
      if (path !== undefined) expect([path, existsSync(join(root, String(path)))]).toEqual([path, true]);
    }
    if (run.includes('.ci/run')) expect(existsSync(join(root, '.ci/run'))).toBe(true);
  }
});

describe('the version', () => {
  const version: string = json('package.json').version;
  const { packages } = json('.github/release-please-config.json');
  const extra: { path: string; jsonpath: string }[] = packages['.']['extra-files'];

  test('is the same in every package, in the lock file and in what the release tool remembers', () => {
    const lock = json('package-lock.json').packages;
    const names = readdirSync(join(root, 'packages'));
    const versions = [
      json('.github/release-please-manifest.json')['.'],
      lock[''].version,
      ...names.flatMap((name) => [json(`packages/${name}/package.json`).version, lock[`packages/${name}`].version]),
    ];
    expect(new Set(versions)).toEqual(new Set([version]));
  });

  test('is changed by the release tool in every package', () => {
    const changed = extra.map(({ path, jsonpath }) => `${path} ${jsonpath}`);
    for (const name of readdirSync(join(root, 'packages'))) {
      expect(changed).toContain(`packages/${name}/package.json $.version`);
      expect(changed).toContain(`package-lock.json $.packages['packages/${name}'].version`);
    }
  });
});

test('every package that npm is to have is packed, and published by the release', () => {
  const manifests = readdirSync(join(root, 'packages')).map((name) => [name, json(`packages/${name}/package.json`)]);
  const released = manifests.flatMap(([name, { publishConfig }]) => (publishConfig ? [name] : []));
  expect(released).toEqual(['cdk', 'core', 'local']);
  const [, release = ''] = texts.find(([name]) => name === 'release.yml')!;
  for (const name of released) {
    expect(json('package.json').scripts.pack).toContain(`-w packages/${name} `);
    expect(release).toContain(`npm publish dist/studio-resources-${name}-"$VERSION".tgz --access public\n`);
  }
});
