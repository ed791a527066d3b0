import { handler, studioDomain } from '../../handlers/studio-domain.ts';
import type { Answer } from '../contract.ts';
import { domainProperties, role } from './domain-properties.ts';
import { type MockWorld, mockWorld } from './mock-world.ts';

const adopting = { ...domainProperties, AdoptExisting: 'true' };
const arn = 'arn:aws:sagemaker:eu-west-1:111122223333:domain/d-theirs';

let world: MockWorld;

beforeEach(() => {
  world = mockWorld('Domain', handler, studioDomain);
  addTheirs('d-theirs');
});
afterEach(() => world.close());

/** A domain of the same name that nobody's stack made, with what SageMaker fills in by itself. */
function addTheirs(DomainId: string): void {
  const DefaultUserSettings = { ExecutionRole: role, StudioWebPortal: 'ENABLED', SecurityGroups: ['sg-theirs'] };
  world.studio.domains.set(DomainId, {
    members: { ...domainProperties, DomainId, DomainArn: arn, DefaultUserSettings, Status: 'InService' },
  });
  world.studio.tags.set(arn, new Map());
}

function create(ResourceProperties: Record<string, unknown>): Promise<Answer> {
  return world.send({ RequestType: 'Create', ResourceProperties });
}

test('a domain of that name is adopted, and keeps what the template does not mention', async () => {
  const settings = { ExecutionRole: role, DefaultLandingUri: 'studio::' };
  const Tags = [{ Key: 'team', Value: 'red' }];
  const answer = await create({ ...adopting, DefaultUserSettings: settings, Tags });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'd-theirs' });
  expect(await world.look('d-theirs')).toMatchObject({
    DefaultUserSettings: { ...settings, StudioWebPortal: 'ENABLED', SecurityGroups: ['sg-theirs'] },
  });
  expect(world.studio.tagsOf(arn)).toEqual({ team: 'red' });
});

test('a domain that is as the template says is adopted without changing it', async () => {
  expect(await create(adopting)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'd-theirs' });
  expect(world.studio.mutations).toEqual([]);
});

test('an adopted domain is never deleted, and neither is what lives in it', async () => {
  const { PhysicalResourceId } = await create(adopting);
  world.studio.addProfile('d-theirs', 'bob');
  const answer = await world.send({
    RequestType: 'Delete',
    PhysicalResourceId,
    ResourceProperties: { ...adopting, DeleteContents: 'All', HomeEfsFileSystem: 'Delete' },
  });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  expect(world.studio.mutations).toEqual([]);
});

test('where no domain has that name, one is made, and deleted with the stack', async () => {
  const ResourceProperties = { ...adopting, DomainName: 'ours' };
  const { PhysicalResourceId } = await create(ResourceProperties);
  expect(PhysicalResourceId).not.toBe('d-theirs');
  await world.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties });
  expect(await world.existing()).toEqual(['d-theirs']);
});

test.each([
  [
    'a domain of that name is an error unless adoption is asked for',
    { AdoptExisting: 'false' },
    'Creating domain team: d-theirs has that name, and this stack did not make it. ' +
      'Choose another DomainName, or set AdoptExisting: true to take it over',
  ],
  [
    'a domain that differs in what cannot be changed is not adopted',
    { AuthMode: 'SSO', VpcId: 'vpc-2' },
    'Adopting domain d-theirs: AuthMode is IAM, not SSO; VpcId is vpc-1, not vpc-2, and that cannot be changed. ' +
      "Give the domain's own values",
  ],
])('%s', async (_, own, reason) => {
  expect(await create({ ...adopting, ...own })).toMatchObject({ Status: 'FAILED', Reason: reason });
  expect(world.studio.mutations).toEqual([]);
});

test('of several domains with that name none is adopted', async () => {
  addTheirs('d-another');
  expect((await create(adopting)).Reason).toBe(
    'Adopting domain team: d-theirs and d-another have that name. Delete all but one',
  );
});
