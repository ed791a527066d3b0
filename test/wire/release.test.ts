import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { root } from '../../scripts/handlers.ts';
import { copyRepository } from '../scripts/repository-copy.ts';
import { run } from '../stacks/run.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';
import { type LocalProcess, startLocalProcess } from '../stacks/wire-cloud.ts';

const directory = temporaryDirectory();

let copy: string;
let cloud: LocalProcess;

/** The steps before a release take minutes, and have tests of their own. */
function withSteps(command: string): void {
  const path = join(copy, 'package.json');
  const text = JSON.parse(readFileSync(path, 'utf8')) as { scripts: Record<string, string> };
  for (const step of ['lint', 'types', 'check', 'build']) text.scripts[step] = command;
  writeFileSync(path, JSON.stringify(text, undefined, 2));
}

function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: copy, encoding: 'utf8' }).trim();
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'core.hooksPath=/dev/null'];
  git('add', '.');
  git(...who, 'commit', '--quiet', '-m', 'test: all of it');
  return git('rev-parse', 'HEAD');
}

/** Runs the command in the copy; gives what it has printed, and its exit code. */
async function release(...args: string[]): Promise<{ code: number | null; output: string }> {
  const needed = ['--version', '1.0.0', '--bucket-prefix', 'acme', '--regions', 'us-east-1,eu-west-1'];
  const { output, exit } = run('scripts/release.ts', [...needed, '--endpoint', cloud.endpoint, ...args], {}, copy);
  const code = await exit;
  return { code, output: output() };
}

async function keys(region: string): Promise<string[]> {
  const client = new S3Client({ ...cloud.as(undefined, region).clientOptions, forcePathStyle: true });
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: `acme-${region}` }));
  client.destroy();
  return Contents.map(({ Key }) => Key!);
}

async function buckets(): Promise<number> {
  return (await cloud.clients.s3.send(new ListBucketsCommand({}))).Buckets!.length;
}

beforeAll(async () => {
  copy = copyRepository(directory());
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  cloud = await startLocalProcess();
}, 120_000);
afterAll(() => cloud?.stop());

test('the command refuses a wrong option, a changed tree and a failing check, and then publishes to every Region', async () => {
  expect(await release('--organization', 'acme')).toEqual({
    code: 1,
    output: expect.stringMatching(/^Reading the command line: --organization takes the id of an organization/),
  });

  withSteps('false');
  expect(await release('--create-buckets')).toEqual({
    code: 1,
    output: expect.stringMatching(
      /^Checking the working tree: .*: not committed\. Commit or stash it, then release\n$/,
    ),
  });

  commit();
  expect(await release('--create-buckets')).toEqual({
    code: 1,
    output: expect.stringContaining('Checking what is to be released: a check failed, as shown above'),
  });
  expect(await buckets()).toBe(0);

  withSteps('true');
  const head = commit();
  const dry = await release('--create-buckets', '--dry-run');
  expect(dry).toEqual({ code: 0, output: expect.stringContaining(`Version 1.0.0 of commit ${head}: `) });
  expect(await buckets()).toBe(0);

  const { code, output } = await release('--create-buckets');
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('Teams install it with one of these') });
  expect(await keys('us-east-1')).toEqual(await keys('eu-west-1'));
  expect(await keys('us-east-1')).toEqual(
    expect.arrayContaining([
      'studio-resources/1.0.0/manifest.json',
      'studio-resources/1.0.0/provider.yaml',
      'studio-resources/1.0.0/sbom.cdx.json',
      'studio-resources/1.0.0/schemas/template.schema.json',
      'studio-resources/latest.json',
    ]),
  );
}, 600_000);
