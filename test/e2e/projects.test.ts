import { GetSagemakerServicecatalogPortfolioStatusCommand } from '@aws-sdk/client-sagemaker';
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
