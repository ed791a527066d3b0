import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { CreateRepositoryCommand, DeleteRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import {
  DeleteFileSystemCommand,
  DeleteMountTargetCommand,
  DescribeFileSystemsCommand,
  DescribeMountTargetsCommand,
} from '@aws-sdk/client-efs';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { removeStack, startCloud } from './cloud.ts';
import { network } from './sample-templates.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
let place: Record<string, string>;
let BaseImage: string;

beforeAll(async () => {
  cloud = await startCloud({ provider: false });
  place = (await cloud.deploy('network', { template: network })).outputs;
  const ecr = new ECRClient(cloud.clientOptions);
  const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName: 'geospatial' }));
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    config: { digest: `sha256:${'0'.repeat(64)}` },
    layers: [],
  });
  await ecr.send(new PutImageCommand({ repositoryName: 'geospatial', imageManifest, imageTag: 'latest' }));
  BaseImage = `${repository!.repositoryUri}:latest`;
});

afterAll(async () => {
  const ecr = new ECRClient(cloud.clientOptions);
  await ecr.send(new DeleteRepositoryCommand({ repositoryName: 'geospatial', force: true }));
  await cloud.stop();
});

/** What the native domain leaves: its home file system, and what belongs to it (cloudformation-coverage-roadmap, issue 1085). */
const home = ['file systems', 'network interfaces', 'security groups'];

/** Removes it, as those who have deployed such a template do by hand. */
async function removeHomes(VpcIds: readonly string[]): Promise<void> {
  const { efs, ec2 } = cloud.clients;
  const { FileSystems = [] } = await efs.send(new DescribeFileSystemsCommand());
  for (const { FileSystemId } of FileSystems) {
    const { MountTargets = [] } = await efs.send(new DescribeMountTargetsCommand({ FileSystemId }));
    if (!MountTargets.some(({ VpcId }) => VpcIds.includes(VpcId!))) continue;
    for (const { MountTargetId } of MountTargets) await efs.send(new DeleteMountTargetCommand({ MountTargetId }));
    await cloud.pass(5 * 60_000);
    await efs.send(new DeleteFileSystemCommand({ FileSystemId }));
  }
  const Filters = [{ Name: 'vpc-id', Values: [...VpcIds] }];
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  const nfs = SecurityGroups.filter(({ GroupName }) => /^security-group-for-.*-nfs-/.test(GroupName!));
  for (const { GroupId, IpPermissions } of nfs.filter((one) => one.IpPermissions?.length)) {
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  }
  for (const { GroupId, IpPermissionsEgress } of nfs) {
    await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: IpPermissionsEgress }));
  }
  for (const { GroupId } of nfs) await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
  await cloud.pass(5 * 60_000);
}

const studio = () => ({ VpcId: place.VPCId!, SubnetIds: place.SubnetIds! });

/** Creates and changes the stack of a public template, by the parameters that the change sets. */
async function createAndChange(name: string, parameters: Record<string, string>, change: Record<string, string>) {
  const template = await readFile(join(import.meta.dirname, 'public-templates', `${name}.yaml`), 'utf8');
  const created = await cloud.deploy(name, { template, parameters });
  expect(created).toMatchObject({ failures: [], status: 'CREATE_COMPLETE' });
  const changed = await cloud.deploy(name, { template, parameters: { ...parameters, ...change } });
  expect(changed).toMatchObject({ failures: [], status: 'UPDATE_COMPLETE' });
}

/** What is there now and was not before, by kind, and the other way round. */
async function differences(before: Map<string, string[]>): Promise<string[]> {
  const after = await takeInventory(cloud.clients);
  return [...after].filter(([kind, found]) => `${found}` !== `${before.get(kind)}`).map(([kind]) => kind);
}

// The shapes of public templates with native types, written anew; a change sets the second parameters.
test.each([
  ['idle-shutdown', studio, { IdleTimeoutInMinutes: '120' }, home],
  ['custom-image', () => ({ ...studio(), BaseImage }), { ImageDisplayName: 'Earth' }, home],
  ['mlops-artifacts', () => ({}), { RetentionInDays: '90' }, []],
  ['shared-storage', () => ({ VpcId: place.VPCId!, SubnetId: place.OneSubnetId! }), { GitUrl: '' }, home],
])('the public template %s is created, changed and deleted', async (name, own, change, left) => {
  const before = await takeInventory(cloud.clients);
  await createAndChange(name, own(), change);
  await removeStack(cloud, name);
  expect((await differences(before)).toSorted()).toEqual(left);
});

test.each([
  ['vpc-only', { Owner: 'research', UserProfileName: 'researcher' }],
  ['classroom', { Participants: 'ada,grace,edsger' }],
])(
  'the public template %s is created and changed; its network goes once the home file system is removed',
  async (name, change) => {
    const before = await takeInventory(cloud.clients);
    const { Vpcs: others = [] } = await cloud.clients.ec2.send(new DescribeVpcsCommand());
    await createAndChange(name, {}, change);
    const refused = await cloud.remove(name);
    expect(refused.status).toBe('DELETE_FAILED');
    expect(refused.failures[0]).toMatch(/Subnet: .*has dependencies and cannot be deleted/);

    const { Vpcs = [] } = await cloud.clients.ec2.send(new DescribeVpcsCommand());
    const known = others.map(({ VpcId }) => VpcId);
    await removeHomes(Vpcs.map(({ VpcId }) => VpcId!).filter((id) => !known.includes(id)));
    await removeStack(cloud, refused.id);
    expect(await differences(before)).toEqual([]);
  },
);
