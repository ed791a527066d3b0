import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Structures, structuresIn } from '../../scripts/client-versions/members.ts';
import { compareVersions } from '../../scripts/client-versions/since.ts';
import { root } from '../../scripts/handlers.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';
import { fakeNpm } from './fake-npm.ts';
import { copyRepository } from './repository-copy.ts';

const directory = temporaryDirectory();
const structures = (...members: string[]): Structures => new Map([['Settings', new Set(members)]]);

test('the first version with a member is found, and few versions are read', async () => {
  const versions = Array.from({ length: 100 }, (_, n) => `3.${n}.0`);
  const compared = await compareVersions(versions, ['Settings'], async (version) => {
    const minor = Number(version.split('.')[1]);
    // One goes and comes again.
    return structures('Role', ...(minor >= 37 ? ['Image'] : []), ...(minor < 10 || minor >= 90 ? ['Alias'] : []));
  });
  expect(compared.since).toEqual({ Settings: { Alias: '3.90.0', Image: '3.37.0' } });
  expect(compared).toMatchObject({ oldest: '3.0.0', newest: '3.99.0', available: 100 });
  expect(compared.read).toBeLessThan(30);
});

test('structures are read with their members, also required ones and those that extend others', () => {
  const text =
    'export interface A {\n  One?: string | undefined;\n  Two: B[] | undefined;\n}\nexport declare const C: {\n  readonly X: "x";\n};\n' +
    'export interface B extends A {\n  Three?: number;\n}\n';
  expect(structuresIn(text)).toEqual(
    new Map([
      ['A', new Set(['One', 'Two'])],
      ['B', new Set(['Three'])],
    ]),
  );
});

test('npm run client-versions compares what npm has, but for later versions and those for testing', () => {
  const cwd = copyRepository(directory());
  const models = 'node_modules/@aws-sdk/client-sagemaker/dist-types/ts3.4/models';
  const packed = (name: string, change: (text: string) => string) => {
    const files = join(directory(), name, 'package');
    mkdirSync(join(files, 'dist-types/ts3.4/models'), { recursive: true });
    for (const file of readdirSync(join(root, models))) {
      const text = readFileSync(join(root, models, file), 'utf8');
      writeFileSync(join(files, 'dist-types/ts3.4/models', file), change(text));
    }
    return files;
  };
  const client = '@aws-sdk/client-sagemaker';
  const newest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies[client] as string;
  const before = packed('before', (text) => text.replaceAll(/^ {2}(TrainingPlanArn|RootlessDocker)\?.*\n/gm, ''));
  const PATH = fakeNpm(directory(), {
    versions: [newest, '3.192.0', '3.33.0', '1.0.0-rc.1', '99.0.0'],
    packages: { [`${client}@3.192.0`]: before, [`${client}@${newest}`]: packed('now', (text) => text) },
  });
  const args = ['--conditions=studio-resources', 'scripts/client-versions.ts'];
  execFileSync(process.execPath, args, { cwd, env: { ...process.env, PATH } });
  expect(JSON.parse(readFileSync(join(cwd, 'scripts/reference/client-versions.json'), 'utf8'))).toEqual({
    oldest: '3.192.0',
    newest,
    available: 2,
    read: 2,
    since: { DockerSettings: { RootlessDocker: newest }, ResourceSpec: { TrainingPlanArn: newest } },
  });
});
