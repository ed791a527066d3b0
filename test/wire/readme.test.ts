import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/handlers.ts';
import { type Running, run } from '../stacks/run.ts';
import { runLines, shellLines } from '../stacks/shell.ts';
import { temporaryDirectory } from '../stacks/temporary-directory.ts';
import { callersAt } from '../stacks/wire-cloud.ts';

const directory = temporaryDirectory();

/** The commands of README.md's shell blocks. */
const commands = shellLines('README.md');

const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
  .scripts;

/** The arguments of `npm start` or `npm run local`, and the file that they are for. */
function npmCommand(command: string): { file: string; args: string[] } {
  const [, script, rest = ''] = /^npm (?:run )?(\w+)(?: -- (.*))?$/.exec(command)!;
  const file = /([\w/]+\.ts)$/.exec(scripts[script!]!)![1]!;
  return { file, args: rest.split(' ').filter((arg) => arg !== '') };
}

/** Quick services rather than a quick clock, on which a machine's slow moment is minutes. */
const pace = ['--speed', '2', '--durations', '0.01'];

const startCommands = commands.filter((command) => /^npm (start|run local)/.test(command)).map(npmCommand);

describe('the commands of README.md', () => {
  let start: Running;

  afterEach(() => start.stop());

  test.each(startCommands.filter(({ args }) => !args.includes('--once')))(
    '$file $args serves',
    async ({ file, args }) => {
      const free = args.includes('--port')
        ? args.with(args.indexOf('--port') + 1, '0')
        : [...args, '--port', '0', ...pace];
      start = run(file, free.map(inTemporaryDirectory));
      await start.until(/Ctrl-C stops it/);
    },
    120_000,
  );

  test('the aws command lines work, in their order, while it serves', async () => {
    start = run('scripts/start.ts', ['--port', '0', ...pace]);
    const [endpoint] = await start.until(/http:\/\/127\.0\.0\.1:\d+/);
    await start.until(/Ctrl-C stops it/);
    // Those that install a release have a test of their own: test/stacks/release.test.ts.
    const section = shellLines('README.md', 'Use it with the `aws` command line, or any SDK');
    const lines = section.filter((command) => /^(aws|npm run deploy) /.test(command));
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) {
      if (line.startsWith('aws ')) await runLines(callersAt(endpoint), [line]);
      else await deploys(line, endpoint);
    }
  }, 180_000);
});

/** Runs a line of `npm run deploy`, where no user is asked. */
async function deploys(line: string, AWS_ENDPOINT_URL: string): Promise<void> {
  const { file, args } = npmCommand(line);
  const deployed = run(file, [...args, '--yes'], { AWS_ENDPOINT_URL });
  expect([deployed.output(), await deployed.exit]).toEqual([expect.anything(), 0]);
  expect(deployed.output()).toMatch(/Domain +Custom::StudioDomain +in place/);
}

/** Files that a command writes go to a temporary directory. */
function inTemporaryDirectory(arg: string): string {
  return ['calls.jsonl', '.local-cloud'].includes(arg) ? join(directory(), arg) : arg;
}
