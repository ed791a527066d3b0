import {
  CreateRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
} from '@aws-sdk/client-iam';
import { CreateUserProfileCommand, DisableSagemakerServicecatalogPortfolioCommand } from '@aws-sdk/client-sagemaker';
import { AssociatePrincipalWithPortfolioCommand, ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import { AwsError } from '../../packages/local/src/errors.ts';
import { describeContract } from '../contract.ts';
import { account, region } from './built-function.ts';
import { projectsSubject } from './projects-subject.ts';
import { type ProjectsWorld, projectsWorld } from './projects-world.ts';

const arn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const launchRole = 'AmazonSageMakerServiceCatalogProductsLaunchRole';

describeContract('studio-projects', async () => {
  const world = await projectsWorld();
  return projectsSubject(world, world.roles);
}, ['taken names', 'replacements', 'collisions', 'failures']);

describe('studio-projects', () => {
  let own: ProjectsWorld;
  let [red, green, blue] = ['', '', ''];
  const create = (ResourceProperties: Record<string, unknown>, LogicalResourceId = 'Studio') =>
    own.send({ RequestType: 'Create', LogicalResourceId, ResourceProperties });
  const change = (id: string, ResourceProperties: Record<string, unknown>, OldResourceProperties = {}) =>
    own.send({ RequestType: 'Update', PhysicalResourceId: id, ResourceProperties, OldResourceProperties });
  const remove = (id: string, ResourceProperties: Record<string, unknown>, LogicalResourceId = 'Studio') =>
    own.send({ RequestType: 'Delete', PhysicalResourceId: id, LogicalResourceId, ResourceProperties });
  const associate = async (...roles: string[]) => {
    const PortfolioId = await own.enable();
    const client = new ServiceCatalogClient(own.run.options);
    for (const PrincipalARN of roles) {
      const input = { PortfolioId, PrincipalARN, PrincipalType: 'IAM' } as const;
      await client.send(new AssociatePrincipalWithPortfolioCommand(input));
    }
    await own.run.cloud.pass(60_000);
  };
  /** The policies of a service role, attached and inline. */
  const policiesOf = async (RoleName: string) => {
    const iam = new IAMClient(own.run.options);
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    return [...AttachedPolicies.map(({ PolicyArn }) => PolicyArn!), ...PolicyNames];
  };
  const eachHasItsPolicy = async () => {
    const roles = await own.serviceRoles();
    expect(roles).toHaveLength(11);
    for (const role of roles) expect(await policiesOf(role)).toHaveLength(1);
  };
  const principalsOf = (operation: string) => own.calls(operation).map(({ input }) => input.PrincipalARN);

  beforeEach(async () => {
    own = await projectsWorld();
    [red, green, blue] = own.roles as unknown as [string, string, string];
  });
  afterEach(() => own.close());

  test("the attributes tell SageMaker's portfolio, which is found among others and on a later page", async () => {
    for (let number = 100; number < 220; number += 1) own.addPortfolio(`port-${number}`, 'Networks', 'IT');
    own.addPortfolio('port-jumpstart', 'JumpStart', 'Amazon SageMaker');
    const { Data } = await create({ ExecutionRole: red });
    expect(Data).toEqual({
      PortfolioId: expect.stringMatching(/^port-[a-z0-9]{13}$/),
      PortfolioArn: `arn:aws:catalog:${region}:771234564470:portfolio/${Data!.PortfolioId}`,
      PortfolioName: 'Amazon SageMaker Solutions and ML Ops products',
      ProviderName: 'Amazon SageMaker',
      Status: 'Enabled',
      LaunchRoleArn: arn(`service-role/${launchRole}`),
      UseRoleArn: arn('service-role/AmazonSageMakerServiceCatalogProductsUseRole'),
    });
  });

  test('without a portfolio of SageMaker the error says which ones exist, and what to do', async () => {
    own.addPortfolio('port-a', 'Reference architectures', 'IT');
    own.addPortfolio('port-b', 'Networks', 'IT');
    await own.enable();
    own.hidePortfolio();
    expect((await create({ ExecutionRole: red })).Reason).toContain(
      'SageMaker Projects are Enabled, but Service Catalog does not show an imported portfolio whose provider is Amazon ' +
        'SageMaker; it shows Reference architectures of IT, Networks of IT. Disable and enable Projects in the console',
    );
  });

  test('each of the eleven service roles that is missing is made with its policy', async () => {
    await create({ ExecutionRole: red });
    await eachHasItsPolicy();
    expect(await policiesOf(launchRole)).toEqual([
      'arn:aws:iam::aws:policy/AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy',
    ]);
    const { input } = own.calls('CreateRole').find((each) => each.input.RoleName === launchRole)!;
    expect(input.Path).toBe('/service-role/');
    expect(JSON.parse(String(input.AssumeRolePolicyDocument)).Statement[0].Principal).toEqual({
      Service: ['servicecatalog.amazonaws.com'],
    });
  });

  test('a service role that exists is neither changed nor deleted', async () => {
    const iam = new IAMClient(own.run.options);
    const Statement = [
      { Effect: 'Allow', Principal: { Service: 'servicecatalog.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ];
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    const role = { RoleName: launchRole, Path: '/service-role/', AssumeRolePolicyDocument };
    await iam.send(new CreateRoleCommand(role));
    const properties = { ExecutionRole: red, DeleteServiceRoles: 'true' };
    const { PhysicalResourceId } = await create(properties);
    await remove(PhysicalResourceId, properties);
    expect(await own.serviceRoles()).toEqual([launchRole]);
    expect(await policiesOf(launchRole)).toEqual([]);
    expect(await iam.send(new ListRoleTagsCommand({ RoleName: launchRole }))).toMatchObject({ Tags: [] });
  });

  test('a service role whose policy could not be attached gets it with the next attempt', async () => {
    own.interceptions.refuse('AttachRolePolicy', 'PolicyNotAttachable', 'Not now');
    const { PhysicalResourceId, Status } = await create({ ExecutionRole: red });
    expect(Status).toBe('FAILED');
    expect(await change(PhysicalResourceId, { ExecutionRole: red })).toMatchObject({ Status: 'SUCCESS' });
    await eachHasItsPolicy();
  });

  test('the service roles that were missing are deleted where the template says so', async () => {
    const properties = { ExecutionRole: red, DeleteServiceRoles: 'true' };
    const { PhysicalResourceId } = await create(properties);
    expect(await own.serviceRoles()).toHaveLength(11);
    await remove(PhysicalResourceId, properties);
    expect(await own.serviceRoles()).toEqual([]);
    expect(own.principals()).toEqual([]);
  });

  test.each([
    ['Studio', 'Second'],
    ['Second', 'Studio'],
  ])('the service roles stay when %s goes first, and go with %s', async (first, last) => {
    const properties = { ExecutionRole: red, DeleteServiceRoles: 'true' };
    const ids = new Map<string, string>();
    for (const name of ['Studio', 'Second']) ids.set(name, (await create(properties, name)).PhysicalResourceId);
    await remove(ids.get(first)!, properties, first);
    await eachHasItsPolicy();
    expect(own.principals()).toEqual([red]);
    await remove(ids.get(last)!, properties, last);
    expect(await own.serviceRoles()).toEqual([]);
    expect(own.principals()).toEqual([]);
  });

  test('service roles are handed to a resource that keeps them, and the rollback of a rename keeps them', async () => {
    const properties = { ExecutionRole: red, DeleteServiceRoles: 'true', DisablePortfolio: 'true' };
    const { PhysicalResourceId: id } = await create(properties);
    const { PhysicalResourceId: renamed } = await create(properties, 'Renamed');
    // CloudFormation rolls the rename back.
    await remove(renamed, properties, 'Renamed');
    await eachHasItsPolicy();
    expect([own.status(), own.principals()]).toEqual(['Enabled', [red]]);
    const keeping = { ExecutionRole: green };
    const { PhysicalResourceId: other } = await create(keeping, 'Other');
    await remove(id, properties);
    expect([own.status(), own.principals()]).toEqual(['Enabled', [green]]);
    const { Tags } = await new IAMClient(own.run.options).send(new ListRoleTagsCommand({ RoleName: launchRole }));
    expect(Tags).toContainEqual({ Key: 'studio-resources:logical-id', Value: 'Other' });
    await remove(other, keeping, 'Other');
    await eachHasItsPolicy();
  });

  test('by default the service roles outlive the resource, and Projects stay enabled', async () => {
    const { PhysicalResourceId } = await create({ ExecutionRole: red });
    await remove(PhysicalResourceId, { ExecutionRole: red });
    expect([own.status(), own.principals(), own.parameters()]).toEqual(['Enabled', [], []]);
    expect(await own.serviceRoles()).toHaveLength(11);
  });

  test('Projects are disabled if the template says so, unless another resource needs them', async () => {
    const properties = { ExecutionRole: red, DisablePortfolio: 'true' };
    const first = await create(properties);
    const second = await create(properties, 'Second');
    expect(await remove(first.PhysicalResourceId, properties)).toMatchObject({ Status: 'SUCCESS' });
    expect(own.status()).toBe('Enabled');
    expect(await remove(second.PhysicalResourceId, properties, 'Second')).toMatchObject({ Status: 'SUCCESS' });
    await own.run.cloud.until(() => own.status() === 'Disabled', 'Projects to be disabled');
    expect([own.principals(), own.parameters()]).toEqual([[], []]);
  });

  test('a role that another team has associated stays associated', async () => {
    await associate(red);
    const { PhysicalResourceId } = await create({ ExecutionRoles: [red, green] });
    // More than once where the list of principals lags.
    expect(new Set(principalsOf('AssociatePrincipalWithPortfolio'))).toEqual(new Set([green]));
    await remove(PhysicalResourceId, { ExecutionRoles: [red, green] });
    expect(own.principals()).toEqual([red]);
  });

  test('a role that two resources have associated stays until both are gone', async () => {
    const first = await create({ ExecutionRoles: [red, green] });
    const second = await create({ ExecutionRoles: [green, blue] }, 'Second');
    await remove(first.PhysicalResourceId, { ExecutionRoles: [red, green] });
    expect(own.principals()).toEqual([green, blue].sort());
    await remove(second.PhysicalResourceId, { ExecutionRoles: [green, blue] }, 'Second');
    expect(own.principals()).toEqual([]);
    expect(own.parameters()).toEqual([]);
  });

  test('an update associates and disassociates only the difference', async () => {
    const { PhysicalResourceId } = await create({ ExecutionRoles: [red, green] });
    const before = principalsOf('AssociatePrincipalWithPortfolio').length;
    await change(PhysicalResourceId, { ExecutionRoles: [green, blue] }, { ExecutionRoles: [red, green] });
    expect(principalsOf('DisassociatePrincipalFromPortfolio')).toEqual([red]);
    // What lists do not show yet is associated once more.
    expect(new Set(principalsOf('AssociatePrincipalWithPortfolio').slice(before))).toEqual(new Set([blue]));
  });

  test("a domain stands for its own role, that of its spaces, and its profiles' own", async () => {
    const DomainId = own.domainId;
    const table = (name: string) =>
      own.run.cloud.cloud.store.table<{ shown: Record<string, object> }>('sagemaker', { account, region }, name);
    Object.assign(table('domain').get(DomainId)!.shown, {
      DefaultUserSettings: { ExecutionRole: red },
      DefaultSpaceSettings: { ExecutionRole: green },
    });
    for (const UserProfileName of ['ada', 'bob', 'cyd']) {
      const UserSettings = UserProfileName === 'cyd' ? { ExecutionRole: blue } : {};
      await own.sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName, UserSettings }));
    }
    await own.run.cloud.pass(90_000);
    const { PhysicalResourceId } = await create({ DomainId, IncludeUserProfiles: 'false' });
    expect(own.principals()).toEqual([red, green].sort());
    await change(PhysicalResourceId, { DomainId }, { DomainId, IncludeUserProfiles: 'false' });
    expect(own.principals()).toEqual([red, green, blue].sort());
    table('user-profile').delete(`${DomainId}/cyd`);
    await change(PhysicalResourceId, { DomainId, Revision: '2' }, { DomainId });
    expect(own.principals()).toEqual([red, green].sort());
    table('domain').delete(DomainId);
    expect(await remove(PhysicalResourceId, { DomainId, Revision: '2' })).toMatchObject({ Status: 'SUCCESS' });
    expect(own.principals()).toEqual([]);
  });

  test('a role that Service Catalog does not know yet is tried again', async () => {
    const unknown = new AwsError('InvalidParametersException', 'The profile does not exist');
    own.interceptions.set('AssociatePrincipalWithPortfolio', unknown, unknown);
    expect(await create({ ExecutionRole: red })).toMatchObject({ Status: 'SUCCESS' });
    expect(own.principals()).toEqual([red]);
  });

  test('a role that does not exist is not waited for indefinitely', async () => {
    const unknown = new AwsError('InvalidParametersException', 'The profile does not exist');
    own.interceptions.set('AssociatePrincipalWithPortfolio', ...Array(200).fill(unknown));
    const { PhysicalResourceId, Reason } = await create({ ExecutionRole: red });
    expect(Reason).toContain(`Associating ${red} with portfolio port-`);
    expect(Reason).toContain(': the role does not exist');
    expect(own.interceptions.left('AssociatePrincipalWithPortfolio')).toBeGreaterThan(0);
    await remove(PhysicalResourceId, { ExecutionRole: red });
    expect(own.parameters()).toEqual([]);
  });

  test('an exceeded quota of principals is reported before anything is associated', async () => {
    await own.addPrincipals(...Array.from({ length: 99 }, (_, index) => arn(`other-${index}`)), red);
    const { Reason } = await create({ ExecutionRoles: [red, green] });
    expect(Reason).toContain(
      ': with the 100 principals that it has already these are 101, and Service Catalog allows 100 (quota L-E8959660)',
    );
    expect(Reason).toContain('Associating 1 roles with portfolio port-');
    expect(own.calls('AssociatePrincipalWithPortfolio')).toEqual([]);
    await create({ ExecutionRoles: [red, green], PrincipalQuota: '101' });
    expect(principalsOf('AssociatePrincipalWithPortfolio')).toContain(green);
  });

  test('a portfolio that was disabled outside of the stack is enabled again by an update', async () => {
    const { PhysicalResourceId } = await create({ ExecutionRole: red });
    await own.sagemaker.send(new DisableSagemakerServicecatalogPortfolioCommand({}));
    await own.run.cloud.until(() => own.status() === 'Disabled', 'Projects to be disabled');
    expect(own.principals()).toEqual([]);
    expect(
      await change(PhysicalResourceId, { ExecutionRole: red, Revision: '2' }, { ExecutionRole: red }),
    ).toMatchObject({ Status: 'SUCCESS', Data: { Status: 'Enabled' } });
    expect(own.principals()).toEqual([red]);
  });

  test('a Delete with invalid properties disassociates what was associated', async () => {
    const { PhysicalResourceId } = await create({ ExecutionRole: red });
    expect(await remove(PhysicalResourceId, { ExecutionRoles: { a: 'b' }, DomainId: ['x'] })).toMatchObject({
      Status: 'SUCCESS',
    });
    expect([own.principals(), own.parameters()]).toEqual([[], []]);
  });
});
