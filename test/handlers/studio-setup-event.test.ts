import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type JupyterServer, startJupyter } from '../packages/jupyter/jupyter-server.ts';
import { type MockSetup, mockSetup } from './mock-setup.ts';

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
    expect(made()).toBe('new server\nnew server\n');
    expect(world.logged()).toContain('Done, and nobody is to be told');
  });

  test('brings no commands of its own', async () => {
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
    world.has.DescribeApp = { Status: 'Pending' };
    await world.tell(event());
    expect(made()).toBe('new server\n');
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['of another call', { eventName: 'CreateSpace' }, {}],
    ['of a call that failed', { errorCode: 'ResourceInUse' }, {}],
    ['of another kind of app', { requestParameters: { ...parameters, appType: 'KernelGateway' } }, {}],
    ['of another service', {}, { source: 'aws.s3' }],
    ['without parameters', { requestParameters: undefined }, {}],
  ])('%s is nobody’s business', async (_, detail, more) => {
    expect(await world.tell(event(detail, more))).toEqual({ done: true });
    expect(world.calls).toEqual([]);
  });

  test('does nothing where the provider has no commands', async () => {
    env.SETUP_COMMANDS = '';
    expect(await world.tell(event())).toEqual({ done: true });
    expect(world.calls).toEqual([]);
  });

  test('of another domain than that of the function is nobody’s business', async () => {
    env.DOMAIN_ID = 'd-2';
    expect(await world.tell(event())).toEqual({ done: true });
    expect(world.calls).toEqual([]);
    env.DOMAIN_ID = 'd-1';
    await world.tell(event());
    expect(made()).toBe('new server\n');
  });

  test.each(['Create', 'Update'] as const)(
    'cannot be made up by a rule as a %s with commands, for a function of one domain',
    async (RequestType) => {
      env.DOMAIN_ID = 'd-1';
      const ResourceProperties = { DomainId: 'd-1', UserProfileName: 'ada', Commands: ['echo evil >>made'] };
      const id = 'd-1/ada/JupyterServer';
      const before = { PhysicalResourceId: id, OldResourceProperties: { ...ResourceProperties, Commands: ['true'] } };
      const request = { RequestType, ResourceProperties, ...(RequestType === 'Update' && before) };
      expect(await world.send(request as never)).toMatchObject({
        Status: 'FAILED',
        Reason: expect.stringContaining('sets up the new ones of domain d-1, with commands of its own'),
      });
      expect(made()).toBe('');
      expect(world.calls).toEqual([]);
    },
  );

  test('that names nothing that could be set up is told of in the log', async () => {
    await world.tell(event({ requestParameters: { ...parameters, domainId: 'd-1; rm -rf /' } }));
    expect(world.logged()).toContain('DomainId: expected the id of a domain');
    world.has.DescribeDomain = { AuthMode: 'SSO' };
    await world.tell(event({}, { id: 'a third' }));
    expect(world.logged()).toContain('its AuthMode is SSO');
    expect(made()).toBe('');
  });
});
