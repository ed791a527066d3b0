import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateSpaceCommand, DeleteSpaceCommand, DescribeSpaceCommand } from '@aws-sdk/client-sagemaker';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { deleteStack, deployStack, updateStack } from '../../scripts/start/stack.ts';
import { blind, installProvider, readTemplate, reasons, startCloud, type TestCloud } from './cloud.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let cloud: TestCloud;
let record: string;

beforeAll(async () => {
  record = join(directory(), 'calls.jsonl');
  cloud = await startCloud(['--record', record]);
  await installProvider(cloud.clients);
}, 120_000);

afterAll(() => cloud.stop());

async function deployExample(name: string) {
  const template = await readTemplate('examples/studio.yaml');
  const made = await deployStack(cloud.clients.cloudformation, blind, {
    name,
    template,
    parameters: { DomainName: name },
  });
  expect(reasons(made)).toEqual([]);
  return {
    stack: made.stack,
    DomainId: made.stack.Outputs!.find(({ OutputKey }) => OutputKey === 'DomainId')!.OutputValue!,
  };
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
  await becomes(
    async () => (await sagemaker.send(new DescribeSpaceCommand({ DomainId, SpaceName }))).Status,
    'InService',
  );
}

async function becomes(look: () => Promise<string | undefined>, wanted: string | undefined): Promise<void> {
  for (;;) {
    const now = await look().catch((error: Error) =>
      error.name === 'ResourceNotFound' ? undefined : Promise.reject(error),
    );
    if (now === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
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

test('a space that people made is in the way of a deletion, which says so, and goes on once it is gone', async () => {
  const { stack, DomainId } = await deployExample('studio-kept');
  await makeSpace(DomainId, 'thesis');

  const refused = await deleteStack(cloud.clients.cloudformation, blind, stack);
  expect(refused.stack.StackStatus).toBe('DELETE_FAILED');
  expect(reasons(refused)[0]).toMatch(/space thesis.*DeleteContents/);

  const { sagemaker } = cloud.clients;
  await sagemaker.send(new DeleteSpaceCommand({ DomainId, SpaceName: 'thesis' }));
  await becomes(
    async () => (await sagemaker.send(new DescribeSpaceCommand({ DomainId, SpaceName: 'thesis' }))).Status,
    undefined,
  );
  expect(reasons(await deleteStack(cloud.clients.cloudformation, blind, refused.stack))).toEqual([]);
  expect(await left()).toEqual([]);
}, 120_000);

test('allowing a deletion to take everything changes nothing in SageMaker, and then takes everything', async () => {
  const { stack, DomainId } = await deployExample('studio-all');
  await makeSpace(DomainId, 'thesis');

  const before = (await readFile(record, 'utf8')).length;
  const allowed = await updateStack(cloud.clients.cloudformation, blind, {
    stack,
    title: '',
    parameters: { DeleteContents: 'All' },
  });
  expect(allowed.stack.StackStatus).toBe('UPDATE_COMPLETE');
  const calls = (await readFile(record, 'utf8'))
    .slice(before)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const toSageMaker = calls.filter(({ service }) => service === 'sagemaker').map(({ operation }) => operation);
  expect(toSageMaker).not.toEqual([]);
  for (const operation of toSageMaker) expect(operation).toMatch(/^(Describe|List)/);

  expect(reasons(await deleteStack(cloud.clients.cloudformation, blind, allowed.stack))).toEqual([]);
  expect(await left()).toEqual([]);
}, 120_000);
