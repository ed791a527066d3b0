import { CreateSpaceCommand, DeleteSpaceCommand, DescribeSpaceCommand } from '@aws-sdk/client-sagemaker';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { deployTemplate, removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
});

afterAll(() => cloud.stop());

async function deployExample(name: string): Promise<string> {
  const { DomainId } = await deployTemplate(cloud, name, 'examples/studio.yaml', { DomainName: name });
  return DomainId!;
}

async function makeSpace(DomainId: string, SpaceName: string) {
  const { sagemaker } = cloud.clients;
  await sagemaker.send(
    new CreateSpaceCommand({
      DomainId,
      SpaceName,
      OwnershipSettings: { OwnerUserProfileName: 'ada' },
      SpaceSharingSettings: { SharingType: 'Private' },
      SpaceSettings: { AppType: 'JupyterLab' },
    }),
  );
  await cloud.until(async () => (await statusOf(DomainId, SpaceName)) === 'InService', 'the space to be in service');
}

/** Undefined where there is no such space. */
async function statusOf(DomainId: string, SpaceName: string): Promise<string | undefined> {
  try {
    return (await cloud.clients.sagemaker.send(new DescribeSpaceCommand({ DomainId, SpaceName }))).Status;
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFound') throw error;
    return undefined;
  }
}

async function left(): Promise<string[]> {
  const inventory = await takeInventory(cloud.clients);
  return [
    'domains',
    'user profiles',
    'spaces',
    'file systems',
    'VPCs',
    'security groups',
    'network interfaces',
  ].flatMap((kind) => inventory.get(kind)!);
}

test('a space that users created blocks the deletion, which says so, and goes on once the space is deleted', async () => {
  const DomainId = await deployExample('studio-kept');
  await makeSpace(DomainId, 'thesis');

  const refused = await cloud.remove('studio-kept');
  expect(refused.status).toBe('DELETE_FAILED');
  expect(refused.failures[0]).toMatch(/space thesis.*DeleteContents/);

  const { sagemaker } = cloud.clients;
  await sagemaker.send(new DeleteSpaceCommand({ DomainId, SpaceName: 'thesis' }));
  await cloud.until(async () => (await statusOf(DomainId, 'thesis')) === undefined, 'the space to be gone');
  await removeStack(cloud, 'studio-kept');
  expect(await left()).toEqual([]);
});

test('DeleteContents: All changes nothing in SageMaker, and a later deletion deletes everything', async () => {
  const DomainId = await deployExample('studio-all');
  await makeSpace(DomainId, 'thesis');

  const before = (await cloud.calls()).length;
  const allowed = await cloud.update('studio-all', { parameters: { DeleteContents: 'All' } });
  expect(allowed.status).toBe('UPDATE_COMPLETE');
  const calls = (await cloud.calls()).slice(before);
  const toSageMaker = calls.filter(({ service }) => service === 'sagemaker').map(({ operation }) => operation);
  expect(toSageMaker).not.toEqual([]);
  for (const operation of toSageMaker) expect(operation).toMatch(/^(Describe|List)/);

  await removeStack(cloud, 'studio-all');
  expect(await left()).toEqual([]);
});
