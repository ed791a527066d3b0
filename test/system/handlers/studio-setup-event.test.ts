import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type MockSetup, mockSetup } from '../../handlers/mock-setup.ts';
import { type JupyterServer, startJupyter } from '../jupyter/jupyter-server.ts';

let jupyter: JupyterServer;
let world: MockSetup;

beforeAll(async () => {
  jupyter = await startJupyter();
});
afterAll(() => jupyter?.stop());
beforeEach(() => {
  world = mockSetup(jupyter.url);
});
afterEach(() => {
  world.close();
  for (const path of ['.studio-resources', 'made']) rmSync(join(jupyter.home, path), { recursive: true, force: true });
});

let events = 0;

const made = () => (existsSync(join(jupyter.home, 'made')) ? readFileSync(join(jupyter.home, 'made'), 'utf8') : '');

describe('an event of CloudTrail', () => {
  const parameters = { domainId: 'd-1', userProfileName: 'ada', appType: 'JupyterServer', appName: 'default' };
  const event = (detail: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => ({
    version: '0',
    id: `event-${events}`,
    source: 'aws.sagemaker',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      eventSource: 'sagemaker.amazonaws.com',
      eventName: 'CreateApp',
      requestParameters: parameters,
      ...detail,
    },
    ...more,
  });
  const { env } = process;

  beforeEach(() => {
    events += 1;
    env.SETUP_COMMANDS = 'echo new server >>made';
  });
  afterEach(() => {
    delete env.SETUP_COMMANDS;
    delete env.SETUP_COMMANDS_S3_URI;
    delete env.DOMAIN_ID;
  });

  test("has every new server set up with the provider's commands, once each", async () => {
    expect(await world.tell(event())).toEqual({ done: true });
    expect(await world.tell(event())).toEqual({ done: true });
    expect(made()).toBe('new server\n');
    expect(await world.tell(event({}, { id: 'another' }))).toEqual({ done: true });
    expect(made()).toBe('new server\n');
    // The user deletes the app and starts it again: its home is the same, the server is new.
    world.has.DescribeApp = { ...world.has.DescribeApp, CreationTime: new Date(Date.now() - 1000) };
    expect(await world.tell(event({}, { id: 'a third' }))).toEqual({ done: true });
    expect(made()).toBe('new server\nnew server\n');
    expect(world.logged()).toContain('Handled the event');
  });

  test('cannot contain commands', async () => {
    const Commands = ['echo evil >>made'];
    await world.tell(event({ requestParameters: { ...parameters, Commands, commands: Commands } }, { Commands }));
    expect(made()).toBe('new server\n');
  });

  test('takes commands from S3 where the provider names them', async () => {
    delete env.SETUP_COMMANDS;
    env.SETUP_COMMANDS_S3_URI = world.put('echo from S3 >>made\n');
    await world.tell(event());
    expect(made()).toBe('from S3\n');
  });

  test('waits until the server is ready', async () => {
    world.has.DescribeApp = { ...world.has.DescribeApp, Status: 'Pending' };
    await world.tell(event());
    expect(made()).toBe('new server\n');
  });

  test('of another domain than the function’s is ignored', async () => {
    env.DOMAIN_ID = 'd-2';
    expect(await world.tell(event())).toEqual({ done: true });
    expect(world.calls).toEqual([]);
    env.DOMAIN_ID = 'd-1';
    await world.tell(event());
    expect(made()).toBe('new server\n');
  });
});
