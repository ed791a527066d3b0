import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const { default: config } = await import(join(root, 'jest.config.js'));
const directory = mkdtempSync(join(tmpdir(), 'studio-resources-'));

// jest runs the larger file first where it knows no durations. `cat` ends with the process that holds its input.
const files = {
  'leaves.test.ts': `
    import { jest } from '@jest/globals';
    import { spawn } from 'node:child_process';
    import { createRequire } from 'node:module';
    import { createServer } from 'node:net';
    class ServiceClient { send() {} }
    test('leaves everything', async () => {
      spawn('cat', ['-u']);
      await new Promise<void>((done) => createServer().listen(0, '127.0.0.1', done));
      setInterval(function beat() {}, 60_000);
      process.env.LEFT = 'here';
      process.chdir('/');
      process.on('SIGUSR2', () => {});
      jest.spyOn(Math, 'random').mockReturnValue(0.5);
      createRequire(${JSON.stringify(join(root, 'index.js'))})('aws-sdk-client-mock').mockClient(ServiceClient);
      jest.useFakeTimers();
    });`,
  'finds.test.ts': `
    test('finds nothing of it', () => {
      expect([process.env.LEFT, process.cwd() === '/', Math.random() === 0.5]).toEqual([undefined, false, false]);
      expect('clock' in setTimeout).toBe(false);
    });`,
  'ends.test.ts': `
    import { createServer } from 'node:net';
    test('ends what it begins', async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      setTimeout(() => {}, 60_000).unref();
      server.close();
    });`,
};

interface Report {
  testResults: { name: string; status: string; message: string; assertionResults: { status: string }[] }[];
}
let report: Report;

beforeAll(async () => {
  for (const [name, text] of Object.entries({ ...files, 'package.json': '{ "type": "module" }' })) {
    writeFileSync(join(directory, name), text);
  }
  const options = JSON.stringify({ ...config, testMatch: ['**/*.test.ts'] }).replaceAll('<rootDir>', root);
  const own = JSON.stringify({
    ...JSON.parse(options),
    rootDir: directory,
    cacheDirectory: join(directory, 'cache'),
  });
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const output = join(directory, 'report.json');
  const args = ['--no-warnings', jest, '--maxWorkers=1', '--json', `--outputFile=${output}`, '--config', own];
  const run = spawn(process.execPath, args, { cwd: directory, stdio: 'ignore' });
  await once(run, 'close');
  report = JSON.parse(readFileSync(output, 'utf8'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const result = (file: string) => report.testResults.find(({ name }) => name === join(directory, file))!;

test.each([
  /the child process \d+: cat -u$/m,
  /a server that listens on \{"address":"127.0.0.1","family":"IPv4","port":\d+\}$/m,
  /a timer of 60000 ms that calls function beat\(\) \{\}$/m,
  /another value of the environment variable LEFT$/m,
  /another working directory, \/$/m,
  /a listener of process, on SIGUSR2$/m,
  /a spy on random of Math$/m,
  /a mock of send of ServiceClient$/m,
  /another globalThis.setTimeout$/m,
])('a test file that leaves something fails, and is told %s', (left) => {
  expect(result('leaves.test.ts')).toMatchObject({ status: 'failed', message: expect.stringMatching(left) });
});

test('its tests themselves keep their results', () => {
  expect(result('leaves.test.ts').assertionResults).toMatchObject([{ status: 'passed' }]);
});

test('the next file of the same worker finds nothing of it', () => {
  expect(result('finds.test.ts')).toMatchObject({ status: 'passed', message: '' });
});

test('what a file ended, or what does not hold the process, is no leak', () => {
  expect(result('ends.test.ts')).toMatchObject({ status: 'passed', message: '' });
});
