import type { Stack } from '@aws-sdk/client-cloudformation';
import { GetSagemakerServicecatalogPortfolioStatusCommand } from '@aws-sdk/client-sagemaker';
import { ListPrincipalsForPortfolioCommand } from '@aws-sdk/client-service-catalog';
import { account } from '../../scripts/start/clients.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { deleteStack, deployStack } from '../../scripts/start/stack.ts';
import { blind, installProvider, readTemplate, reasons, startCloud, type TestCloud } from './cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
  await installProvider(cloud.clients);
}, 120_000);

afterAll(() => cloud.stop());

test('the example turns Projects on, and its deletion leaves nothing', async () => {
  const { cloudformation, sagemaker } = cloud.clients;
  const before = await takeInventory(cloud.clients);
  const template = await readTemplate('examples/projects.yaml');
  const created = await deployStack(cloudformation, blind, { name: 'projects', template });
  expect(reasons(created)).toEqual([]);
  const outputs = created.stack.Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
  expect(Object.fromEntries(outputs)).toEqual({
    PortfolioId: expect.stringMatching(/^port-/),
    LaunchRoleArn: expect.stringMatching(/role\/service-role\/AmazonSageMakerServiceCatalogProductsLaunchRole$/),
  });
  expect((await takeInventory(cloud.clients)).get('imported portfolios')).toHaveLength(1);

  expect(reasons(await deleteStack(cloudformation, blind, created.stack))).toEqual([]);
  expect(await takeInventory(cloud.clients)).toEqual(before);
  const { Status } = await sagemaker.send(new GetSagemakerServicecatalogPortfolioStatusCommand({}));
  expect(Status).toBe('Disabled');
}, 120_000);

test('projects.yaml lets roles use Projects, lets others instead, and its deletion leaves the rest as it was asked to', async () => {
  const { cloudformation } = cloud.clients;
  const before = await takeInventory(cloud.clients);
  const template = await readTemplate('projects.yaml');
  const roles = await deployStack(cloudformation, blind, { name: 'roles', template: rolesTemplate });
  expect(reasons(roles)).toEqual([]);
  const [red, blue] = ['red', 'blue'].map((team) => `arn:aws:iam::${account}:role/studio-${team}`);
  const deploy = async (RoleArns: string, more: Record<string, string> = {}) => {
    const parameters = { RoleArns, DisablePortfolio: 'true', DeleteServiceRoles: 'true', ...more };
    return deployStack(cloudformation, blind, { name: 'projects', template, parameters });
  };
  const created = await deploy(red!);
  expect(reasons(created)).toEqual([]);
  expect(await principals(created.stack)).toEqual([red]);
  const changed = await deploy(`${blue}`);
  expect(reasons(changed)).toEqual([]);
  expect(await principals(changed.stack)).toEqual([blue]);
  expect(reasons(await deleteStack(cloudformation, blind, changed.stack))).toEqual([]);
  expect(reasons(await deleteStack(cloudformation, blind, roles.stack))).toEqual([]);
  expect(await takeInventory(cloud.clients)).toEqual(before);
}, 120_000);

test('projects.yaml says what is wrong before anything is made, and what it found wrong', async () => {
  const { cloudformation } = cloud.clients;
  const template = await readTemplate('projects.yaml');
  const deploy = (parameters: Record<string, string>) =>
    deployStack(cloudformation, blind, { name: 'wrong', template, parameters });
  await expect(deploy({})).rejects.toThrow('give DomainId, RoleArns or both, so that somebody may use Projects');
  await expect(deploy({ DomainId: 'research' })).rejects.toThrow('the id of a domain, such as d-abcdefghijkl');
  const failed = await deploy({ DomainId: 'd-nowhere' });
  expect(reasons(failed).join()).toContain('there is no domain d-nowhere in this account and Region');
  await deleteStack(cloudformation, blind, failed.stack);
}, 120_000);

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
async function principals({ Outputs = [] }: Stack): Promise<(string | undefined)[]> {
  const PortfolioId = Outputs.find(({ OutputKey }) => OutputKey === 'PortfolioId')!.OutputValue;
  const command = new ListPrincipalsForPortfolioCommand({ PortfolioId });
  const { Principals = [] } = await cloud.clients.serviceCatalog.send(command);
  return Principals.map(({ PrincipalARN }) => PrincipalARN);
}
