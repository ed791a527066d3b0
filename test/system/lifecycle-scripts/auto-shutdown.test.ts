import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { openSession } from '@studio-resources/jupyter';
import { type Listener, listen } from '../../../packages/local/src/server.ts';
import { root } from '../../../scripts/handlers.ts';
import { account } from '../../packages/local/authorised-cloud.ts';
import { region, Studio } from '../../packages/local/studio.ts';
import { temporaryDirectory } from '../../stacks/temporary-directory.ts';
import { eventually, isRunning } from '../../wire/processes.ts';
import { type JupyterServer, startJupyter } from '../jupyter/jupyter-server.ts';
import { Home, scriptOf } from './script.ts';

/** What a Python that is run in a test does as it starts: time is as far ahead as a file says, and sleep is short. */
const clock = `
import os, time
now, sleep = time.time, time.sleep
def ahead():
    with open(os.environ['AHEAD']) as file:
        return now() + float(file.read() or 0)
time.time, time.sleep = ahead, lambda seconds: sleep(min(seconds, 0.1))
`;

/** Does what the program of that name does with `sagemaker delete-app --region … --cli-input-json …`. */
const aws = `#!/bin/sh
[ ! -e "$HOME/refuse" ] || { echo "An error occurred (AccessDeniedException)" >&2; exit 254; }
exec "${process.execPath}" -e '
  const { SageMakerClient, DeleteAppCommand } = require("${root}/node_modules/@aws-sdk/client-sagemaker");
  const [service, command, , region, , json] = process.argv.slice(1);
  if (service + command !== "sagemakerdelete-app") throw new Error(process.argv);
  new SageMakerClient({ region }).send(new DeleteAppCommand(JSON.parse(json)));
' -- "$@"
`;

const directory = temporaryDirectory();
let jupyter: JupyterServer;
let listener: Listener;
let studio: Studio;
let home: Home;
let app: { DomainId: string; SpaceName: string; AppType: 'JupyterLab'; AppName: string };

beforeAll(async () => {
  jupyter = await startJupyter('/jupyterlab/default/');
  const kernel = join(dirname(jupyter.home), 'jupyter/kernels/python3');
  mkdirSync(kernel, { recursive: true });
  const argv = ['/usr/bin/python3', join(import.meta.dirname, 'kernel.py'), '{connection_file}'];
  writeFileSync(join(kernel, 'kernel.json'), JSON.stringify({ argv, display_name: 'Busy', language: 'python' }));
});
afterAll(() => jupyter?.stop());

beforeEach(async () => {
  listener = await listen(0);
  studio = await Studio.open(undefined, { endpoint: listener.endpoint });
  listener.serve(studio.cloud);
  const DomainId = await studio.domain();
  await studio.profile(DomainId, 'ana');
  await studio.space(DomainId, 'lab', 'ana');
  app = { DomainId, SpaceName: 'lab', AppType: 'JupyterLab', AppName: 'default' };
  await studio.sm('CreateApp', app);
  await studio.settle();
  const ResourceArn = `arn:aws:sagemaker:${region}:${account}:app/${DomainId}/lab/jupyterlab/default`;
  home = new Home(directory()).describe({
    ...{ AppType: 'JupyterLab', DomainId, SpaceName: 'lab', UserProfileName: 'ana' },
    ...{ ResourceArn, ResourceName: 'default' },
  });
  home.tool('aws', aws).link('/usr/bin/python3');
  home.write('python/sitecustomize.py', clock);
  home.write('python/boto3.py', "raise ImportError('There is no boto3')");
  ahead(0);
});
afterEach(async () => {
  if (existsSync(join(home.path, '.studio-resources/auto-shutdown.pid')) && isRunning(pid())) process.kill(pid());
  studio.cloud.close();
  await listener.close();
});

const ahead = (seconds: number) => home.write('ahead', String(seconds));
const pid = () => Number(home.read('.studio-resources/auto-shutdown.pid'));
const log = () => readFileSync(join(home.path, '.studio-resources/auto-shutdown.log'), 'utf8');
const status = async () => (await studio.sm('DescribeApp', app)).Status;

/** Waits for that many lines in the log, of what it has from now on. */
async function said(text: string, times = 1): Promise<void> {
  const before = log().split(text).length;
  await eventually(() => log().split(text).length >= before + times || undefined);
}

async function start(given: Record<string, string>, runtime = join(dirname(jupyter.home), 'jupyter/runtime')) {
  const text = await scriptOf('AutoShutdownConfig', given);
  const env = {
    AHEAD: join(home.path, 'ahead'),
    PYTHONPATH: join(home.path, 'python'),
    JUPYTER_RUNTIME_DIR: runtime,
    AWS_ENDPOINT_URL: listener.endpoint,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  expect(await home.run(text, { env })).toEqual({ status: 0, output: '' });
}

async function ask(method: 'POST' | 'DELETE', path: string): Promise<string> {
  const session = await openSession(jupyter.url, 'jupyterlab/default');
  const { body } = await session.call(method, path);
  const { id, name } = Object(body);
  return id ?? name;
}

test('an app is deleted after the idle timeout, and not before', async () => {
  await start({ IdleMinutes: '60' });
  await said('The app stays: it was used', 2);
  ahead(3_500);
  await said('The app stays: it was used 35', 2);
  expect(await status()).toBe('InService');
  ahead(3_700);
  await eventually(async () => (await status()) === 'Deleting' || undefined);
  await eventually(() => log().includes('The app is deleted') || undefined);
  await eventually(() => !isRunning(pid()) || undefined);
});

test('a kernel at work keeps the app, whatever the time, and whatever other servers a user has started', async () => {
  const runtime = join(home.path, 'runtime');
  cpSync(join(dirname(jupyter.home), 'jupyter/runtime'), runtime, { recursive: true });
  const other = createServer((_, response) => response.end('[]')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  writeFileSync(join(runtime, 'jpserver-0.json'), JSON.stringify({ port, base_url: '/', token: 'secret' }));

  const id = await ask('POST', 'api/kernels');
  await start({ IdleMinutes: '60' }, runtime);
  await said('The app stays');
  ahead(100_000);
  await said(`The app stays: kernel ${id} is busy`, 2);
  expect(await status()).toBe('InService');
  await ask('DELETE', `api/kernels/${id}`);
  await eventually(async () => (await status()) === 'Deleting' || undefined);
  other.close();
});

test('a terminal in which something has just happened keeps the app, though it has run for long', async () => {
  const name = await ask('POST', 'api/terminals');
  ahead(-7_200);
  await start({ IdleMinutes: '60' });
  await said('The app stays');
  ahead(0);
  await said('The app stays: it was used', 2);
  expect(await status()).toBe('InService');
  ahead(3_700);
  await eventually(async () => (await status()) === 'Deleting' || undefined);
  await ask('DELETE', `api/terminals/${name}`);
});

test('a user can keep the app, for as long as the parameter lets users', async () => {
  home.write('.keep-alive', '');
  await start({ IdleMinutes: '60', KeepAliveHours: '24' });
  await said('The app stays');
  ahead(23 * 3_600);
  await said('The app stays: ~/.keep-alive keeps it', 2);
  expect(await status()).toBe('InService');
  ahead(25 * 3_600);
  await eventually(async () => (await status()) === 'Deleting' || undefined);
});

test('while no server responds, the app is kept, because its use is unknown', async () => {
  const runtime = join(home.path, 'runtime');
  mkdirSync(runtime);
  // Left behind by servers that are no more, as homes outlive apps.
  writeFileSync(join(runtime, 'jpserver-1.json'), '{"port": 1, "base_url": "/"}');
  writeFileSync(join(runtime, 'jpserver-2.json'), '{');
  await start({ IdleMinutes: '60' }, runtime);
  ahead(100_000);
  await said('The app stays: no Jupyter server answers', 2);
  expect(await status()).toBe('InService');
});

test('a deletion that is refused is retried, and a second start of the script replaces the first', async () => {
  home.write('refuse', '');
  await start({ IdleMinutes: '0' });
  await said('Deleting the idle app, which is tried again: Command', 2);
  expect(await status()).toBe('InService');
  const first = pid();
  await start({ IdleMinutes: '0' });
  expect(pid()).not.toBe(first);
  await eventually(() => !isRunning(first) || undefined);
  rmSync(join(home.path, 'refuse'));
  await eventually(async () => (await status()) === 'Deleting' || undefined);
});

test('with boto3, no other program is needed, and the app of a profile is deleted as the profile’s', async () => {
  home.describe({
    ...{ AppType: 'JupyterServer', DomainId: 'd-abcdefghijkl', UserProfileName: 'ana' },
    ...{ ResourceArn: 'arn:aws-cn:sagemaker:cn-north-1:1:app/x', ResourceName: 'default' },
  });
  home.write(
    'python/boto3.py',
    `
import json, os
class client:
    def __init__(self, service, region_name):
        self.of = [service, region_name]
    def delete_app(self, **which):
        with open(os.path.expanduser('~/deleted'), 'w') as file:
            json.dump([*self.of, which], file)
`,
  );
  await start({ IdleMinutes: '0' });
  await eventually(() => log().includes('The app is deleted') || undefined);
  const which = { DomainId: 'd-abcdefghijkl', UserProfileName: 'ana', AppType: 'JupyterServer', AppName: 'default' };
  expect(JSON.parse(home.read('deleted'))).toEqual(['sagemaker', 'cn-north-1', which]);
});
