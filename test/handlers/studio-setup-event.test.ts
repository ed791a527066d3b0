import { type MockSetup, mockSetup } from './mock-setup.ts';

let world: MockSetup;

beforeEach(() => {
  world = mockSetup('http://127.0.0.1:1/');
});
afterEach(() => world.close());

let events = 0;

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

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['of another call', { eventName: 'CreateSpace' }, {}],
    ['of a call that failed', { errorCode: 'ResourceInUse' }, {}],
    ['of another kind of app', { requestParameters: { ...parameters, appType: 'KernelGateway' } }, {}],
    ['of another service', {}, { source: 'aws.s3' }],
    ['without parameters', { requestParameters: undefined }, {}],
  ])('%s is ignored', async (_, detail, more) => {
    expect(await world.tell(event(detail, more))).toEqual({ done: true });
    expect(world.calls).toEqual([]);
  });

  test('does nothing where the provider has no commands', async () => {
    env.SETUP_COMMANDS = '';
    expect(await world.tell(event())).toEqual({ done: true });
    expect(world.calls).toEqual([]);
  });

  test('of another domain than that of the function is ignored', async () => {
    env.DOMAIN_ID = 'd-2';
    expect(await world.tell(event())).toEqual({ done: true });
    expect(world.calls).toEqual([]);
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
      expect(world.calls).toEqual([]);
    },
  );

  test('that names no app is reported in the log', async () => {
    await world.tell(event({ requestParameters: { ...parameters, domainId: 'd-1; rm -rf /' } }));
    expect(world.logged()).toContain('DomainId: expected the id of a domain');
    world.has.DescribeDomain = { AuthMode: 'SSO' };
    await world.tell(event({}, { id: 'a third' }));
    expect(world.logged()).toContain('its AuthMode is SSO');
    expect(world.calls).not.toContain('CreatePresignedDomainUrl');
  });
});
