import { CreateAppCommand, DescribeAppCommand, DescribeSpaceCommand } from '@aws-sdk/client-sagemaker';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { deployTemplate, readTemplate, removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
let parameters: Record<string, string>;

beforeAll(async () => {
  cloud = await startCloud();
  const { DomainId = '', UserProfileName = '' } = await deployTemplate(cloud, 'studio', 'examples/studio.yaml');
  parameters = { DomainId, UserProfileName };
});

afterAll(() => cloud.stop());

const describe = async (SpaceName: string) =>
  cloud.clients.sagemaker.send(new DescribeSpaceCommand({ DomainId: parameters.DomainId!, SpaceName }));

/** Runs JupyterLab in a space. */
async function runApp(SpaceName: string): Promise<void> {
  const app = { DomainId: parameters.DomainId!, SpaceName, AppType: 'JupyterLab', AppName: 'default' } as const;
  await cloud.clients.sagemaker.send(new CreateAppCommand(app));
  // Longer than any app takes to start.
  await cloud.pass(600_000);
  expect(await cloud.clients.sagemaker.send(new DescribeAppCommand(app))).toMatchObject({ Status: 'InService' });
}

test('examples/studio-space.yaml creates a space, changes and replaces it, and is deleted while apps run', async () => {
  const before = await takeInventory(cloud.clients);
  const deploy = (more: Record<string, string> = {}) =>
    deployTemplate(cloud, 'space', 'examples/studio-space.yaml', { ...parameters, ...more });

  const created = await deploy();
  expect(created.SpaceArn).toMatch(/:space\/d-[a-z0-9]+\/notes$/);

  expect(await deploy({ VolumeSizeInGb: '20' })).toEqual(created);
  const { SpaceSettings, OwnershipSettings } = await describe('notes');
  expect(SpaceSettings).toMatchObject({
    AppType: 'JupyterLab',
    SpaceStorageSettings: { EbsStorageSettings: { EbsVolumeSizeInGb: 20 } },
  });
  expect(OwnershipSettings).toEqual({ OwnerUserProfileName: parameters.UserProfileName });

  // A rollback would have to make the volume smaller, which SageMaker refuses.
  const failing = `
  Failing:
    Type: Custom::StudioSpace
    DependsOn: StudioSpace
    Properties:
      ServiceToken: !ImportValue StudioSpaceServiceToken
      DomainId: !Ref DomainId
      SpaceName: others
      OwnershipSettings: { OwnerUserProfileName: stranger }
      SpaceSharingSettings: { SharingType: Private }
`;
  const template = (await readTemplate('examples/studio-space.yaml')).replace('\nOutputs:', `${failing}\nOutputs:`);
  const { status, failures } = await cloud.deploy('space', {
    template,
    parameters: { ...parameters, VolumeSizeInGb: '40' },
  });
  expect({ status, failures }).toEqual({
    status: 'UPDATE_ROLLBACK_COMPLETE',
    failures: [expect.stringContaining('stranger')],
  });
  expect((await describe('notes')).SpaceSettings).toMatchObject({
    SpaceStorageSettings: { EbsStorageSettings: { EbsVolumeSizeInGb: 40 } },
  });
  expect(await deploy({ VolumeSizeInGb: '40' })).toEqual(created);

  await runApp('notes');
  const replaced = await deploy({ VolumeSizeInGb: '40', SpaceName: 'ideas' });
  expect(replaced.SpaceArn).toMatch(/\/ideas$/);
  await expect(describe('notes')).rejects.toMatchObject({ name: 'ResourceNotFound' });

  await runApp('ideas');
  await removeStack(cloud, 'space');
  expect(await takeInventory(cloud.clients)).toEqual(before);
});
