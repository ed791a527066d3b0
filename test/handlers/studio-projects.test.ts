import type { Context } from '@studio-resources/core';
import { studioProjects } from '../../handlers/studio-projects.ts';
import { readProperties } from '../../packages/core/src/properties.ts';
import { describeContract } from '../contract.ts';
import { awsError } from './fake-things.ts';
import { type ProjectsMockWorld, projectsMockWorld } from './projects-mock-world.ts';
import { projectsSubject, type Roles } from './projects-subject.ts';

const arn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const roles: Roles = [arn('red'), arn('green'), arn('studio/blue')];
const [red, green, blue] = roles;
const launchRole = 'AmazonSageMakerServiceCatalogProductsLaunchRole';

const contextOfCreation = () =>
  ({
    requestType: 'Create',
    stackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/studio/1',
    logicalResourceId: 'Studio',
    partition: 'aws',
    account: '111122223333',
    since: new Date(),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  }) as unknown as Context;

describeContract('studio-projects against mocks', async () => projectsSubject(projectsMockWorld(), roles), [
  'taken names',
  'replacements',
  'collisions',
  'failures',
]);

describe('studio-projects', () => {
  let own: ProjectsMockWorld;
  const create = (ResourceProperties: Record<string, unknown>, LogicalResourceId = 'Studio') =>
    own.send({ RequestType: 'Create', LogicalResourceId, ResourceProperties });
  const change = (id: string, ResourceProperties: Record<string, unknown>, OldResourceProperties = {}) =>
    own.send({ RequestType: 'Update', PhysicalResourceId: id, ResourceProperties, OldResourceProperties });
  const remove = (id: string, ResourceProperties: Record<string, unknown>, LogicalResourceId = 'Studio') =>
    own.send({ RequestType: 'Delete', PhysicalResourceId: id, LogicalResourceId, ResourceProperties });
  const calls = (operation: string) => own.fake.mutations.filter((each) => each.operation === operation);

  beforeEach(() => {
    own = projectsMockWorld();
  });
  afterEach(() => own.close());

  test("the attributes tell SageMaker's portfolio, which is found among others and on a later page", async () => {
    const { Data } = await create({ ExecutionRole: red });
    expect(Data).toEqual({
      PortfolioId: 'port-d',
      PortfolioArn: 'arn:aws:catalog:eu-west-1:777777777777:portfolio/port-d',
      PortfolioName: 'Amazon SageMaker Solutions and ML Ops products',
      ProviderName: 'Amazon SageMaker',
      Status: 'Enabled',
      LaunchRoleArn: `arn:aws:iam::111122223333:role/service-role/${launchRole}`,
      UseRoleArn: 'arn:aws:iam::111122223333:role/service-role/AmazonSageMakerServiceCatalogProductsUseRole',
    });
  });

  test('without a portfolio of SageMaker it says which ones there are, and what to do', async () => {
    own.fake.portfolios.splice(2);
    expect((await create({ ExecutionRole: red })).Reason).toContain(
      'SageMaker Projects are Enabled, but Service Catalog does not show an imported portfolio whose provider is Amazon ' +
        'SageMaker; it shows Reference architectures of IT, Networks of IT. Disable and enable Projects in the console',
    );
  });

  test('each of the eleven service roles that is missing is made with its policy', async () => {
    await create({ ExecutionRole: red });
    expect(own.fake.roles.size).toBe(11);
    for (const { attached, inline } of own.fake.roles.values()) expect(attached.size + inline.size).toBe(1);
    expect([...own.fake.roles.get(launchRole)!.attached]).toEqual([
      'arn:aws:iam::aws:policy/AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy',
    ]);
    const { input } = calls('CreateRole').find((each) => each.input.RoleName === launchRole)!;
    expect(input.Path).toBe('/service-role/');
    expect(JSON.parse(String(input.AssumeRolePolicyDocument)).Statement[0].Principal).toEqual({
      Service: ['servicecatalog.amazonaws.com'],
    });
  });

  test('a service role that exists is neither changed nor deleted', async () => {
    own.fake.addRole(launchRole);
    const properties = { ExecutionRole: red, DeleteServiceRoles: 'true' };
    const { PhysicalResourceId } = await create(properties);
    await remove(PhysicalResourceId, properties);
    expect([...own.fake.roles]).toEqual([[launchRole, { tags: [], attached: new Set(), inline: new Set() }]]);
  });

  test('a service role whose policy could not be attached gets it with the next attempt', async () => {
    own.fake.refusals.set('AttachRolePolicy', [awsError('ServiceFailureException', 'Try again')]);
    const { PhysicalResourceId, Status } = await create({ ExecutionRole: red });
    expect(Status).toBe('FAILED');
    expect(await change(PhysicalResourceId, { ExecutionRole: red })).toMatchObject({ Status: 'SUCCESS' });
    for (const { attached, inline } of own.fake.roles.values()) expect(attached.size + inline.size).toBe(1);
  });

  test('by default the service roles outlive the resource, and Projects stay enabled', async () => {
    const { PhysicalResourceId } = await create({ ExecutionRole: red });
    await remove(PhysicalResourceId, { ExecutionRole: red });
    expect(own.fake).toMatchObject({ status: 'Enabled', principals: new Set(), parameters: new Map() });
    expect(own.fake.roles.size).toBe(11);
  });

  test('Projects are disabled when asked, unless another resource has them on', async () => {
    const properties = { ExecutionRole: red, DisablePortfolio: 'true' };
    const first = await create(properties);
    const second = await create(properties, 'Second');
    expect(await remove(first.PhysicalResourceId, properties)).toMatchObject({ Status: 'SUCCESS' });
    expect(own.fake.status).toBe('Enabled');
    expect(await remove(second.PhysicalResourceId, properties, 'Second')).toMatchObject({ Status: 'SUCCESS' });
    expect(own.fake).toMatchObject({ status: 'Disabled', principals: new Set(), parameters: new Map() });
  });

  test('a role that somebody else has associated is left to them', async () => {
    own.fake.principals.add(red);
    const { PhysicalResourceId } = await create({ ExecutionRoles: [red, green] });
    expect(calls('AssociatePrincipalWithPortfolio').map(({ input }) => input.PrincipalARN)).toEqual([green]);
    await remove(PhysicalResourceId, { ExecutionRoles: [red, green] });
    expect([...own.fake.principals]).toEqual([red]);
  });

  test('a role that two resources have associated stays until both are gone', async () => {
    const first = await create({ ExecutionRoles: [red, green] });
    const second = await create({ ExecutionRoles: [green, blue] }, 'Second');
    await remove(first.PhysicalResourceId, { ExecutionRoles: [red, green] });
    expect([...own.fake.principals].sort()).toEqual([green, blue].sort());
    await remove(second.PhysicalResourceId, { ExecutionRoles: [green, blue] }, 'Second');
    expect([...own.fake.principals]).toEqual([]);
    expect([...own.fake.parameters.keys()]).toEqual([]);
  });

  test('an update associates and disassociates only the difference', async () => {
    const { PhysicalResourceId } = await create({ ExecutionRoles: [red, green] });
    own.fake.mutations.length = 0;
    await change(PhysicalResourceId, { ExecutionRoles: [green, blue] }, { ExecutionRoles: [red, green] });
    expect(calls('DisassociatePrincipalFromPortfolio').map(({ input }) => input.PrincipalARN)).toEqual([red]);
    expect(calls('AssociatePrincipalWithPortfolio').map(({ input }) => input.PrincipalARN)).toEqual([blue]);
  });

  test("a domain stands for its own role, that of its spaces, and its profiles' own", async () => {
    const DomainId = 'd-studio';
    own.fake.domains.set(DomainId, {
      DefaultUserSettings: { ExecutionRole: red },
      DefaultSpaceSettings: { ExecutionRole: green },
    });
    for (const UserProfileName of ['ada', 'bob', 'cyd']) {
      const UserSettings = UserProfileName === 'cyd' ? { ExecutionRole: blue } : {};
      own.fake.profiles.set(UserProfileName, { DomainId, UserProfileName, UserSettings });
    }
    const { PhysicalResourceId } = await create({ DomainId, IncludeUserProfiles: 'false' });
    expect([...own.fake.principals].sort()).toEqual([red, green].sort());
    await change(PhysicalResourceId, { DomainId }, { DomainId, IncludeUserProfiles: 'false' });
    expect([...own.fake.principals].sort()).toEqual([red, green, blue].sort());
    own.fake.profiles.delete('cyd');
    await change(PhysicalResourceId, { DomainId, Revision: '2' }, { DomainId });
    expect([...own.fake.principals].sort()).toEqual([red, green].sort());
    own.fake.domains.delete(DomainId);
    expect(await remove(PhysicalResourceId, { DomainId, Revision: '2' })).toMatchObject({ Status: 'SUCCESS' });
    expect([...own.fake.principals]).toEqual([]);
  });

  test('a role that Service Catalog does not know yet is tried again', async () => {
    const unknown = () => awsError('InvalidParametersException', 'The profile does not exist');
    own.fake.refusals.set('AssociatePrincipalWithPortfolio', [unknown(), unknown()]);
    expect(await create({ ExecutionRole: red })).toMatchObject({ Status: 'SUCCESS' });
    expect([...own.fake.principals]).toEqual([red]);
  });

  test('a role that does not exist is not waited for without end', async () => {
    const refusals = Array.from({ length: 200 }, () =>
      awsError('InvalidParametersException', 'The profile does not exist'),
    );
    own.fake.refusals.set('AssociatePrincipalWithPortfolio', refusals);
    const { PhysicalResourceId, Reason } = await create({ ExecutionRole: red });
    expect(Reason).toContain(`Associating ${red} with portfolio port-d: there is no such role`);
    expect(refusals.length).toBeGreaterThan(0);
    await remove(PhysicalResourceId, { ExecutionRole: red });
    expect([...own.fake.parameters.keys()]).toEqual([]);
  });

  test('the quota of principals is told before anything is associated', async () => {
    for (let index = 0; index < 99; index += 1) own.fake.principals.add(arn(`other-${index}`));
    own.fake.principals.add(red);
    const { Reason } = await create({ ExecutionRoles: [red, green] });
    expect(Reason).toContain(
      'Associating 1 roles with portfolio port-d: with the 100 principals that it has already these are 101, and ' +
        'Service Catalog allows 100 (quota L-E8959660)',
    );
    expect(calls('AssociatePrincipalWithPortfolio')).toEqual([]);
    expect(await create({ ExecutionRoles: [red, green], PrincipalQuota: '101' })).toMatchObject({ Status: 'SUCCESS' });
  });

  test('a portfolio that was disabled behind its back is enabled again by an update', async () => {
    const { PhysicalResourceId } = await create({ ExecutionRole: red });
    own.fake.status = 'Disabled';
    own.fake.principals.clear();
    expect(
      await change(PhysicalResourceId, { ExecutionRole: red, Revision: '2' }, { ExecutionRole: red }),
    ).toMatchObject({ Status: 'SUCCESS', Data: { Status: 'Enabled' } });
    expect([...own.fake.principals]).toEqual([red]);
  });

  test('what a creation makes after a deletion has overtaken it is found, and deleted with it', async () => {
    const ctx = contextOfCreation();
    const props = await readProperties(studioProjects.schema, { ExecutionRole: red });
    const abandoned = studioProjects.abandoned!(props);
    const id = await studioProjects.create(props, ctx);
    Object.assign(own.fake, { status: 'Enabled', unseen: 0 });
    const seen = (await studioProjects.read!(id, props, ctx))!;
    await studioProjects.delete!(id, abandoned, ctx);
    expect(await studioProjects.read!(id, props, ctx)).toBeUndefined();
    await studioProjects.advance!(seen, props, ctx, props);
    expect(own.fake).toMatchObject({ principals: new Set(), parameters: new Map() });
    expect(await studioProjects.find!(props, ctx)).toBeUndefined();
    expect(await studioProjects.remains!(id, abandoned)).toContain(launchRole);
    await studioProjects.delete!(id, abandoned, ctx);
    expect(own.fake).toMatchObject({ principals: new Set(), parameters: new Map(), roles: new Map() });
    expect(await studioProjects.remains!(id, abandoned)).toBeUndefined();
  });

  /** A creation that saw its role claimed and not associated; then its deletion ran to its end. */
  async function overtakenWhileLooking() {
    const ctx = contextOfCreation();
    const props = await readProperties(studioProjects.schema, { ExecutionRole: red });
    const id = await studioProjects.create(props, ctx);
    Object.assign(own.fake, { status: 'Enabled', unseen: 0 });
    await studioProjects.advance!((await studioProjects.read!(id, props, ctx))!, props, ctx, props);
    own.fake.principals.delete(red);
    const seen = (await studioProjects.read!(id, props, ctx))!;
    await studioProjects.delete!(id, props, ctx);
    return { ctx, props, id, seen };
  }

  test('what a creation has seen claimed is not associated again after a deletion took it back', async () => {
    const { ctx, props, seen } = await overtakenWhileLooking();
    expect(seen.changes!.added).toEqual([{ arn: red, since: expect.any(Number) }]);
    await studioProjects.advance!(seen, props, ctx, props);
    expect(own.fake).toMatchObject({ principals: new Set(), parameters: new Map() });
  });

  test('where taking that back fails, the claim is left for the deletion that follows', async () => {
    const { ctx, props, id, seen } = await overtakenWhileLooking();
    own.fake.refusals.set('ListTagsForResource', [awsError('AccessDeniedException', 'Not now')]);
    await expect(studioProjects.advance!(seen, props, ctx, props)).rejects.toThrow('Not now');
    expect(own.fake).toMatchObject({ principals: new Set([red]) });
    await studioProjects.delete!(id, props, ctx);
    expect(own.fake).toMatchObject({ principals: new Set(), parameters: new Map() });
  });

  test('a Delete by properties that make no sense takes back what was associated', async () => {
    const { PhysicalResourceId } = await create({ ExecutionRole: red });
    expect(await remove(PhysicalResourceId, { ExecutionRoles: { a: 'b' }, DomainId: ['x'] })).toMatchObject({
      Status: 'SUCCESS',
    });
    expect(own.fake).toMatchObject({ principals: new Set(), parameters: new Map() });
  });
});
