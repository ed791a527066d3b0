import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { localArguments } from '@studio-resources/local';
import { localHelp } from '../../packages/local/src/options.ts';
import { root } from '../../scripts/handlers.ts';
import { readOptions, startHelp } from '../../scripts/start/options.ts';
import { run } from '../stacks/run.ts';

test('without arguments the example is served on port 4566', () => {
  expect(readOptions([])).toMatchObject({ port: 4566, speed: 60, once: false, parameters: {} });
});

test('parameters follow one another, and their values may hold anything', () => {
  const { template, parameters } = readOptions([
    '--template',
    'a.yaml',
    '--parameters',
    'A=1',
    'B=x=y',
    'C=',
    '--port',
    '0',
  ]);
  expect(template).toBe('a.yaml');
  expect(parameters).toEqual({ A: '1', B: 'x=y', C: '' });
});

test.each([
  [['--port', 'http'], '--port takes a whole number from 0 to 65535, not "http"'],
  [['--port', ''], '--port takes a whole number from 0 to 65535, not ""'],
  [['--durations', '0'], '--durations takes a number above 0 and up to 100, not "0"'],
  [['--speed', '0'], '--speed takes a whole number from 1 to 1000, not "0"'],
  [['--jupyter', 'localhost:8888'], '--jupyter takes the address of a Jupyter server, such as http://127.0.0.1:8888'],
  [['--parameters', 'DomainName'], '"DomainName" is not of the form NAME=VALUE'],
  [['--once', '--template', 'a.yaml'], '--once uses the example and takes no --template'],
  [
    ['--onec'],
    'there is no option --onec (did you mean --once?). The options are --template, --parameters, --once, --port',
  ],
  [['--frobnicate'], 'there is no option --frobnicate. The options are'],
  [['--template'], "Option '--template <value>' argument missing.\nRun npm start -- --help for all options."],
])('%j is refused and says what is right', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

test.each([
  ['npm start', startHelp],
  ['npm run local', localHelp],
])('the help of %s has every option of the local cloud as its page describes them', (_, help) => {
  const page = readFileSync(join(root, 'packages/local/README.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(--\w+ \w+)` \| (.*) \|$/gm)].map(([, option, text]) => [
    option,
    text!.replaceAll('`', ''),
  ]);
  const lines = [...help.matchAll(/^ {2}(--\w+ [A-Z]+) +(.*)$/gm)].map(([, option, text]) => [option, text]);
  expect(rows).toHaveLength(Object.keys(localArguments).length);
  expect(lines).toEqual(expect.arrayContaining(rows));
});

test.each([
  ['scripts/start.ts', '--port P'],
  ['packages/local/src/cli.ts', '--port P'],
  ['scripts/release.ts', '--bucket-prefix P'],
  ['scripts/doctor.ts', '--stack NAME'],
  ['scripts/conform.ts', '--endpoint URL'],
])('%s --help prints the usage, with %s, and ends well', async (script, option) => {
  const asked = run(script, ['--help', '--port', 'none']);
  expect(await asked.exit).toBe(0);
  expect(asked.output()).toMatch(new RegExp(`^Usage: npm .*\\n\\n.*${option} `, 's'));
});

test.each([
  [['--template', 'no-such.yaml'], 'Reading no-such.yaml (--template): there is no such file'],
  [['--template', 'package.json'], 'Validating package.json: Invalid template property or properties [name, version'],
  [
    ['--parameters', 'DomainNam=a'],
    'studio.yaml has no parameter DomainNam (did you mean DomainName?). It has DomainName, ',
  ],
  [
    ['--template', 'cloudformation/domain.yaml'],
    'cloudformation/domain.yaml needs a value for each of these, which have no default:\n  DomainName: ',
  ],
])('npm start -- %j fails before anything is built', async (args, message) => {
  const start = run('scripts/start.ts', ['--port', '0', ...args]);
  expect(await start.exit).toBe(1);
  expect(start.output()).toContain(message);
  expect(start.output()).not.toContain('Building');
});
