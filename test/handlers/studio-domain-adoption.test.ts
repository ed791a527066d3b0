import { studioDomain } from '../../handlers/studio-domain.ts';
import type { Answer } from '../subject.ts';
import { makeDomain } from './domain-dependencies.ts';
import { domainProperties } from './domain-subject.ts';
import { type StudioWorld, studioWorld } from './studio-world.ts';

// A domain of the same name that no stack made.
const start = studioWorld('studio-domain', 'Domain', studioDomain, { domains: ['team'] });

let world: StudioWorld;
let theirs: string;
let adopting: Record<string, unknown>;

beforeEach(async () => {
  world = await start();
  theirs = world.domainIds[0]!;
  // As it was made.
  const { SubnetIds } = world.vpcs[0]!;
  adopting = { ...domainProperties(world), SubnetIds, AdoptExisting: 'true' };
});
afterEach(() => world.close());

function create(ResourceProperties: Record<string, unknown>): Promise<Answer> {
  return world.send({ RequestType: 'Create', ResourceProperties });
}

test('a domain of that name is adopted, and keeps what the template does not mention', async () => {
  const before = world.members('domain', theirs).DefaultUserSettings;
  const held = { ...before, SecurityGroups: [world.securityGroupId] };
  world.members('domain', theirs).DefaultUserSettings = held;
  const settings = { ExecutionRole: world.executionRole, DefaultLandingUri: 'studio::' };
  const Tags = [{ Key: 'team', Value: 'red' }];
  const answer = await create({ ...adopting, DefaultUserSettings: settings, Tags });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: theirs });
  const { DefaultUserSettings, Tags: tags } = await world.look(theirs);
  expect(DefaultUserSettings).toEqual({ ...held, ...settings });
  expect(tags).toEqual({ team: 'red' });
});

test('a domain that is as the template says is adopted without changing it', async () => {
  expect(await create(adopting)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: theirs });
  expect(world.calls()).toEqual([]);
});

test('an adopted domain is never deleted, and neither is what lives in it', async () => {
  const { PhysicalResourceId } = await create(adopting);
  await world.addProfile(theirs, 'bob');
  const answer = await world.send({
    RequestType: 'Delete',
    PhysicalResourceId,
    ResourceProperties: { ...adopting, DeleteContents: 'All', HomeEfsFileSystem: 'Delete' },
  });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  expect(world.calls()).toEqual([]);
});

test('where no domain has that name, AdoptExisting: true is an error that lists those that exist', async () => {
  expect(await create({ ...adopting, DomainName: 'ours' })).toMatchObject({
    Status: 'FAILED',
    Reason:
      'Adopting domain ours: there is none of that name; there are team. Correct the name, or set AdoptExisting: ' +
      'IfExists to create it where it does not exist',
  });
  expect(world.calls()).toEqual([]);
});

test('where no domain has that name, IfExists creates one, which is deleted with the stack', async () => {
  const ResourceProperties = { ...adopting, DomainName: 'ours', AdoptExisting: 'IfExists' };
  const { PhysicalResourceId } = await create(ResourceProperties);
  expect(PhysicalResourceId).not.toBe(theirs);
  await world.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties });
  expect(await world.existing()).toEqual([theirs]);
});

test('a domain of that name is an error unless adoption is asked for', async () => {
  expect(await create({ ...adopting, AdoptExisting: 'false' })).toMatchObject({
    Status: 'FAILED',
    Reason:
      `Creating domain team (${theirs}): it exists, and this stack did not create it. ` +
      'Choose another name, or set AdoptExisting: true to adopt it',
  });
  expect(world.calls()).toEqual([]);
});

test('a domain that differs in what cannot be changed is not adopted', async () => {
  const [first, second] = world.vpcs.map(({ VpcId }) => VpcId);
  expect(await create({ ...adopting, AuthMode: 'SSO', VpcId: second })).toMatchObject({
    Status: 'FAILED',
    Reason:
      `Adopting domain ${theirs}: AuthMode is IAM, not SSO; VpcId is ${first}, not ${second}, and that cannot be ` +
      "changed. Give the domain's own values",
  });
  expect(world.calls()).toEqual([]);
});

test('of several domains with that name none is adopted', async () => {
  const another = await makeDomain(world.run.cloud, 'another', world);
  world.members('domain', another).DomainName = 'team';
  const { Reason } = await create(adopting);
  expect([
    `Creating domain team: ${theirs} and ${another} have that name. Choose another DomainName, or delete all but one`,
    `Creating domain team: ${another} and ${theirs} have that name. Choose another DomainName, or delete all but one`,
  ]).toContain(Reason);
});
