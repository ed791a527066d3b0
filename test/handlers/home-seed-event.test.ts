import { domainId as DomainId, type HomeSeedWorld, homeSeedWorld, source as Source } from './home-seed-world.ts';
import { ada } from './home-tree.ts';

let world: HomeSeedWorld;

beforeEach(async () => {
  world = await homeSeedWorld();
});
afterEach(() => world.close());

describe('a new profile', () => {
  const detail = {
    eventSource: 'sagemaker.amazonaws.com',
    eventName: 'CreateUserProfile',
    eventTime: '2026-11-21T06:24:00Z',
    requestParameters: { domainId: DomainId, userProfileName: 'ada' },
  };
  let events = 0;
  let event: Record<string, unknown>;

  beforeEach(() => {
    events += 1;
    event = { id: `event-${events}`, source: 'aws.sagemaker', 'detail-type': 'AWS API Call via CloudTrail', detail };
    Object.assign(process.env, { SOURCE: Source, SOURCE_VERSION_ID: '', DESTINATION: 'welcome', OVERWRITE: 'Never' });
  });

  test('gets what the function is configured with, once it is in service, whatever else the event says', async () => {
    world.profiles.set('ada', { statuses: ['Pending', 'Pending', 'Pending', 'InService'], uid: String(ada) });
    const forged = { ...event, uid: '0', detail: { ...detail, responseElements: { homeEfsFileSystemUid: '0' } } };
    expect(await world.event({ ...forged, ResourceProperties: { Source: 's3://evil/x.zip' } })).toEqual({ done: true });
    expect(world.files()).toEqual([`${ada}/welcome/README.md`, `${ada}/welcome/examples/train.py`]);
  });

  test('whose event comes twice is seeded once', async () => {
    await world.event(event);
    world.tree.write(ada, `${ada}/welcome/README.md`, 'mine');
    await world.event({ ...event, id: 'again' });
    expect(world.tree.read(`${ada}/welcome/README.md`)).toBe('mine');
  });

  test('that is deleted before it is in service is ignored', async () => {
    world.profiles.clear();
    expect(await world.event(event)).toEqual({ done: true });
    expect(world.lines.text()).toContain('user profile ada of domain d-homes: it does not exist');
    expect(world.tree.list()).toEqual([]);
  });

  test('that has failed is an error in the log', async () => {
    world.profiles.set('ada', { statuses: ['Pending', 'Failed'], reason: 'no role' });
    expect(await world.event(event)).toEqual({ done: true });
    expect(world.lines.json()).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        outcome: expect.objectContaining({ Reason: expect.stringContaining('it is Failed: no role') }),
      }),
    );
  });

  test.each<[string, Record<string, unknown>]>([
    ['of another domain', { requestParameters: { domainId: 'd-other', userProfileName: 'ada' } }],
    ['that could not be made', { errorCode: 'ResourceLimitExceeded' }],
    ['with an invalid name', { requestParameters: { domainId: DomainId, userProfileName: '../grace' } }],
    ['without a name', { requestParameters: null }],
    ['by another operation', { eventName: 'CreateSpace' }],
  ])('%s is not seeded', async (_, wrong) => {
    expect(await world.event({ ...event, detail: { ...detail, ...wrong } })).toEqual({ done: true });
    expect(world.tree.list()).toEqual([]);
  });

  test('is not seeded by a function whose configuration is wrong, and the log names what is', async () => {
    process.env.DESTINATION = '../..';
    expect(await world.event(event)).toEqual({ done: true });
    expect(world.lines.text()).toContain('Destination: expected a path within the home');
    expect(world.tree.list()).toEqual([]);
  });

  test('is no request of CloudFormation: an event of any other form is refused', async () => {
    await expect(world.event({ source: 'aws.sagemaker' })).rejects.toThrow('Reading the event');
  });
});
