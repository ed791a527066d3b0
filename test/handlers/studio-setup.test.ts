import { awsError } from './aws-error.ts';
import { type MockSetup, mockSetup } from './mock-setup.ts';

// What runs in a Jupyter server is tested with a real one, in test/system.

const where = { DomainId: 'd-1', UserProfileName: 'ada' };

let world: MockSetup;

beforeEach(() => {
  world = mockSetup('http://127.0.0.1:1/?token=very-secret');
});
afterEach(() => {
  const logged = world.logged();
  world.close();
  expect(logged).not.toContain('very-secret');
});

const create = (properties: Record<string, unknown>) =>
  world.send({ RequestType: 'Create', ResourceProperties: { ...where, ...properties } });

describe('a creation', () => {
  test('fails with the reason of an app that fails to start', async () => {
    world.has.DescribeApp = undefined;
    world.appBecomes = { Status: 'Failed', FailureReason: 'No capacity' };
    const { Status, Reason } = await create({ Commands: ['true'], StartApp: 'true' });
    expect(Status).toBe('FAILED');
    expect(Reason).toContain('the JupyterServer of ada in domain d-1: it is Failed: No capacity');
  });

  test("opens a space with its owner's name", async () => {
    world.has.DescribeSpace = { OwnershipSettings: { OwnerUserProfileName: 'ada' } };
    world.has.DescribeApp = undefined;
    const ResourceProperties = { DomainId: 'd-1', SpaceName: 'lab', Commands: ['true'] };
    const { Reason } = await world.send({ RequestType: 'Create', ResourceProperties });
    expect(Reason).toContain(
      'Setting up the JupyterLab of space lab in domain d-1: it does not run. Set StartApp: true to have it started, or open it in Studio first',
    );
  });
});

test('a deletion, such as that of a logical id that was renamed, calls nothing', async () => {
  const answer = await world.send({
    RequestType: 'Delete',
    PhysicalResourceId: 'd-1/ada/JupyterServer',
    ResourceProperties: { ...where, Commands: ['true'], StartApp: 'true' },
  });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'd-1/ada/JupyterServer' });
  expect(world.calls).toEqual([]);
});

describe('commands in S3', () => {
  const other = '0'.repeat(64);
  test.each([
    ['{"Commands": []}', '.json', {}, '$: expected a list, got an object'],
    ['["true", {"Comand": "x"}]', '.json', {}, '$[1].Comand: unknown property; did you mean Command?'],
    ['no', '.json', {}, 'it is not JSON, although its key ends with .json'],
    ['  ', '.sh', {}, 'it is not a script, or it is empty'],
    ['true', '.sh', { CommandsSha256: other }, `its SHA-256 has to be ${other}, and is`],
  ])('%j%s is refused before anything is run', async (text, ending, more, reason) => {
    const { Status, Reason } = await create({ CommandsS3Uri: world.put(text, ending), ...more });
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(reason);
    expect(world.calls).not.toContain('CreatePresignedDomainUrl');
  });

  test('that cannot be read have another error than those that do not exist', async () => {
    const CommandsS3Uri = `s3://other/${other}.sh`;
    expect((await create({ CommandsS3Uri })).Reason).toContain(
      `Reading ${CommandsS3Uri}: there is no object with that key in the bucket; upload it first`,
    );
    world.answer('GetObject', awsError('AccessDenied', 'Access Denied'));
    expect((await create({ CommandsS3Uri })).Reason).toContain(
      'the parameter SetupBuckets of provider.yaml has to name it',
    );
  });
});

describe('what cannot be set up is refused before anything is done', () => {
  const good = { ...where, Commands: ['true'] };
  test.each<[Record<string, unknown>, string]>([
    [{ Commands: ['true'] }, 'DomainId: required, but missing'],
    [{ ...good, DomainId: 'studio' }, 'DomainId: expected the id of a domain, such as d-abc123, got "studio"'],
    [{ ...good, UserProfileName: 'a b' }, 'UserProfileName: expected the name of a user profile, got "a b"'],
    [{ ...good, UserProfileName: undefined }, 'UserProfileName: required, but missing; or give SpaceName'],
    [{ ...good, SpaceName: '-' }, 'SpaceName: expected the name of a space, got "-"'],
    [{ ...good, AppType: 'CodeEditor' }, 'AppType: expected one of JupyterServer, JupyterLab; got "CodeEditor"'],
    [{ ...good, AppType: 'JupyterLab' }, 'SpaceName: required, but missing: a JupyterLab runs in a space'],
    [{ ...good, StartApp: 'maybe' }, 'StartApp: expected true or false, got "maybe"'],
    [{ ...good, Command: 'true' }, 'Command: unknown property; did you mean Commands?'],
    [{ ...where }, 'Commands: required, but missing; or give CommandsS3Uri instead'],
    [{ ...where, Commands: 'true' }, 'Commands: expected a list, got "true"'],
    [{ ...where, Commands: [] }, 'Commands: expected at least one command, got an empty list'],
    [{ ...where, Commands: ['true', ' '] }, 'Commands[1]: expected a command for the shell, got " "'],
    [{ ...where, Commands: [['true']] }, 'Commands[0]: expected a string, got a list'],
    [{ ...where, Commands: [{ Background: true }] }, 'Commands[0].Command: required, but missing'],
    [
      { ...where, Commands: [{ Command: 'true', Background: 'soon' }] },
      'Commands[0].Background: expected true or false, got "[redacted]"',
    ],
    [{ ...where, Commands: Array(51).fill('true') }, 'Commands: expected at most 50 commands, got 51'],
    [{ ...where, Commands: ['x'.repeat(40_001)] }, 'Commands: expected at most 40000 bytes of commands, got 40001'],
    [{ ...good, CommandsS3Uri: `s3://setup/${'a'.repeat(64)}` }, 'Commands: does not go with CommandsS3Uri'],
    [{ ...good, CommandsSha256: 'a'.repeat(64) }, 'CommandsSha256: goes with CommandsS3Uri, which is missing'],
    [{ ...where, CommandsS3Uri: 'setup.sh' }, 'CommandsS3Uri: expected the address of an object'],
    [
      { ...where, CommandsS3Uri: 's3://setup/setup.sh' },
      'CommandsS3Uri: expected the SHA-256 of the object in its key, got "s3://setup/setup.sh"; or give CommandsSha256',
    ],
    [
      { ...where, CommandsS3Uri: 's3://setup/a', CommandsSha256: 'b' },
      'CommandsSha256: expected a SHA-256 in 64 hexadecimal digits, got "b"',
    ],
  ])('%j', async (ResourceProperties, reason) => {
    const { Status, Reason, PhysicalResourceId } = await world.send({ RequestType: 'Create', ResourceProperties });
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(reason);
    expect(world.calls).toEqual([]);
    const deleted = await world.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties });
    expect(deleted.Status).toBe('SUCCESS');
  });

  test.each<[string, Partial<MockSetup['has']>, string]>([
    [
      'no domain',
      { DescribeDomain: undefined },
      'there is no domain d-1 in this account and Region; give the id of one',
    ],
    [
      "a domain of IAM Identity Center's",
      { DescribeDomain: { AuthMode: 'SSO' } },
      'Opening domain d-1: its AuthMode is SSO, and SageMaker creates presigned URLs for domains with AuthMode IAM only. Use a domain with AuthMode IAM, or Custom::StudioLifecycleConfig',
    ],
    [
      'no profile',
      { DescribeUserProfile: undefined },
      'Finding user profile ada of domain d-1: it does not exist; create it first',
    ],
    [
      'no app',
      { DescribeApp: undefined },
      'Setting up the JupyterServer of ada in domain d-1: it does not run. Set StartApp: true',
    ],
    ['an app that was deleted', { DescribeApp: { Status: 'Deleted' } }, 'it does not run'],
  ])('%s', async (_, has, reason) => {
    Object.assign(world.has, has);
    const { Status, Reason } = await create({ Commands: ['true'] });
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(reason);
    expect(world.calls.filter((call) => call.startsWith('Create'))).toEqual([]);
  });

  test('a space that does not exist, or that has no owner', async () => {
    const ResourceProperties = { DomainId: 'd-1', SpaceName: 'lab', Commands: ['true'] };
    const reason = async () => (await world.send({ RequestType: 'Create', ResourceProperties })).Reason;
    expect(await reason()).toContain('Finding space lab of domain d-1: it does not exist; create it first');
    world.has.DescribeSpace = {};
    expect(await reason()).toContain('it has no owner; give the UserProfileName that opens it');
  });
});
