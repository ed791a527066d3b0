import {
  DisableSagemakerServicecatalogPortfolioCommand,
  EnableSagemakerServicecatalogPortfolioCommand,
  GetSagemakerServicecatalogPortfolioStatusCommand,
} from '@aws-sdk/client-sagemaker';
import { ListPrincipalsForPortfolioCommand } from '@aws-sdk/client-service-catalog';
import { account } from '../../scripts/start/clients.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { deployTemplate, readTemplate, removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
});

afterAll(() => cloud.stop());

test('the example turns Projects on, and its deletion leaves nothing', async () => {
  const { sagemaker } = cloud.clients;
  const before = await takeInventory(cloud.clients);
  expect(await deployTemplate(cloud, 'projects', 'examples/projects.yaml')).toEqual({
    PortfolioId: expect.stringMatching(/^port-/),
    LaunchRoleArn: expect.stringMatching(/role\/service-role\/AmazonSageMakerServiceCatalogProductsLaunchRole$/),
  });
  expect((await takeInventory(cloud.clients)).get('imported portfolios')).toHaveLength(1);

  await removeStack(cloud, 'projects');
  expect(await takeInventory(cloud.clients)).toEqual(before);
  const { Status } = await sagemaker.send(new GetSagemakerServicecatalogPortfolioStatusCommand({}));
  expect(Status).toBe('Disabled');
});

test('projects.yaml lets roles use Projects, then others instead, and its deletion keeps what the template says', async () => {
  const before = await takeInventory(cloud.clients);
  const roles = await cloud.deploy('roles', { template: rolesTemplate });
  expect(roles.failures).toEqual([]);
  const [red, blue] = ['red', 'blue'].map((team) => `arn:aws:iam::${account}:role/studio-${team}`);
  for (const RoleArns of [red!, blue!]) {
    const parameters = { RoleArns, DisablePortfolio: 'true', DeleteServiceRoles: 'true' };
    const { PortfolioId } = await deployTemplate(cloud, 'projects', 'projects.yaml', parameters);
    expect(await principals(PortfolioId!)).toEqual([RoleArns]);
  }
  await removeStack(cloud, 'projects');
  await removeStack(cloud, 'roles');
  expect(await takeInventory(cloud.clients)).toEqual(before);
});

test('projects.yaml reports errors before anything is created, and what it found wrong', async () => {
  const template = await readTemplate('projects.yaml');
  const deploy = (parameters: Record<string, string>) => cloud.deploy('wrong', { template, parameters });
  await expect(deploy({})).rejects.toThrow('Give DomainId, RoleArns or both; otherwise no role may use Projects');
  await expect(deploy({ DomainId: 'research' })).rejects.toThrow('the id of a domain, such as d-abcdefghijkl');
  const failed = await deploy({ DomainId: 'd-nowhere' });
  expect(failed.failures.join()).toContain('there is no domain d-nowhere in this account and Region');
  await removeStack(cloud, 'wrong');
});

test('a rollback leaves Projects enabled, and what a rename has taken the place of', async () => {
  const before = await takeInventory(cloud.clients);
  expect((await cloud.deploy('roles', { template: rolesTemplate })).failures).toEqual([]);
  const template = (logicalId: string, more = '') => `
Resources:
  ${logicalId}:
    Type: Custom::StudioProjects
    Properties:
      ServiceToken: !ImportValue StudioProjectsServiceToken
      ExecutionRole: arn:aws:iam::${account}:role/studio-red
      DisablePortfolio: true
      DeleteServiceRoles: true
${more}`;
  const failing = (after: string) => `
  Failing:
    Type: AWS::SageMaker::UserProfile
    DependsOn: ${after}
    Properties: { DomainId: d-missing, UserProfileName: absent }
`;
  const deploy = async (name: string, body: string) => (await cloud.deploy(name, { template: body })).status;
  const shown = async () => {
    const inventory = await takeInventory(cloud.clients);
    return [inventory.get('roles')!.length, inventory.get('imported portfolios')!.length];
  };
  expect(await deploy('projects', template('First'))).toBe('CREATE_COMPLETE');
  const turnedOn = await shown();
  expect(await deploy('other', template('Other', failing('Other')))).toBe('ROLLBACK_COMPLETE');
  expect(await shown()).toEqual(turnedOn);
  expect(await deploy('projects', template('Second', failing('Second')))).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await shown()).toEqual(turnedOn);
  expect(await deploy('projects', template('Second'))).toBe('UPDATE_COMPLETE');
  expect(await shown()).toEqual(turnedOn);
  for (const name of ['other', 'projects', 'roles']) await removeStack(cloud, name);
  expect(await takeInventory(cloud.clients)).toEqual(before);
});

test('Projects that were enabled before a stack stay enabled when it rolls back', async () => {
  const { sagemaker } = cloud.clients;
  await sagemaker.send(new EnableSagemakerServicecatalogPortfolioCommand({}));
  await cloud.pass(120_000);
  const template = await readTemplate('projects.yaml');
  const parameters = { DomainId: 'd-nowhere', DisablePortfolio: 'true' };
  expect((await cloud.deploy('projects', { template, parameters })).status).toBe('ROLLBACK_COMPLETE');
  const status = async () =>
    (await sagemaker.send(new GetSagemakerServicecatalogPortfolioStatusCommand({}))).Status as string;
  expect(await status()).toBe('Enabled');
  await removeStack(cloud, 'projects');
  await sagemaker.send(new DisableSagemakerServicecatalogPortfolioCommand({}));
  await cloud.until(async () => (await status()) === 'Disabled', 'Projects to be disabled');
});

const trust = `{ Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { Service: sagemaker.amazonaws.com }, Action: 'sts:AssumeRole' }] }`;

const rolesTemplate = `
Resources:
  Red:
    Type: AWS::IAM::Role
    Properties: { RoleName: studio-red, AssumeRolePolicyDocument: ${trust} }
  Blue:
    Type: AWS::IAM::Role
    Properties: { RoleName: studio-blue, AssumeRolePolicyDocument: ${trust} }
`;

/** Who may use SageMaker's portfolio. */
async function principals(PortfolioId: string): Promise<(string | undefined)[]> {
  const command = new ListPrincipalsForPortfolioCommand({ PortfolioId });
  const { Principals = [] } = await cloud.clients.serviceCatalog.send(command);
  return Principals.map(({ PrincipalARN }) => PrincipalARN);
}
