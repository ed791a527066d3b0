import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { CreateResourceShareCommand } from '@aws-sdk/client-ram';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateDomainCommand, DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import { strToU8, zipSync } from 'fflate';
import { handlerNames, pascalCase, root } from '../../scripts/handlers.ts';
import { account, region } from '../../scripts/start/clients.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { pushImages, registryOf } from '../pushed-image.ts';
import { deployTemplate, removeStack, startCloud } from './cloud.ts';
import type { Arguments } from './hcl.ts';
import { artifacts } from './provider.ts';
import { applyModule, installStudio, owner, type TerraformStudio } from './terraform.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
let installed: TerraformStudio['installed'];
let studio: TerraformStudio['studio'];
let execution: TerraformStudio['execution'];

beforeAll(async () => {
  cloud = await startCloud({ provider: false });
  ({ installed, studio, execution } = await installStudio(cloud));
});

afterAll(() => cloud.stop());

/** Properties that each module is created with, and then changed to. */
interface Life {
  created: Arguments;
  changed: Arguments;
  /** Whether the change replaces the resource. */
  replaces?: boolean;
}

const bucket = 'studio-resources-terraform';

async function putZips(...keys: string[]): Promise<void> {
  const { s3 } = cloud.clients;
  await s3.send(new CreateBucketCommand({ Bucket: bucket })).catch((error: Error) => {
    if (error.name !== 'BucketAlreadyOwnedByYou') throw error;
  });
  const Body = (key: string) => zipSync({ 'README.md': strToU8(key) });
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Body(Key) }));
}

const lives: Record<string, () => Promise<Life> | Life> = {
  async 'resource-share-acceptance'() {
    const { ram } = cloud.as(owner).clients;
    const resourceArns = [`arn:aws:sagemaker:${region}:${owner}:pipeline/train`];
    await ram.send(new CreateResourceShareCommand({ name: 'pipelines', resourceArns, principals: [account] }));
    const created = { OwningAccountId: owner, ResourceShareName: 'pipelines' };
    return { created, changed: { ...created, LeaveOnDelete: true } };
  },
  async 'seed-code'() {
    await putZips('one.zip', 'two.zip');
    const buckets = { SourceBucket: bucket, DestinationBucket: bucket, DestinationPrefix: 'seeds/' };
    return {
      created: { ...buckets, SourceKey: 'one.zip' },
      changed: { ...buckets, SourceKey: 'two.zip' },
      replaces: true,
    };
  },
  async 'studio-contents'() {
    const domain = await cloud.clients.sagemaker.send(
      new CreateDomainCommand({
        DomainName: 'native',
        AuthMode: 'IAM',
        VpcId: execution.vpc,
        SubnetIds: execution.subnets,
        DefaultUserSettings: { ExecutionRole: execution.role },
      }),
    );
    const DomainId = domain.DomainArn!.split('/').at(-1)!;
    const status = async () => (await cloud.clients.sagemaker.send(new DescribeDomainCommand({ DomainId }))).Status;
    let now: string | undefined;
    while (now !== 'InService') {
      await cloud.pass(60_000);
      now = await status();
    }
    return { created: { DomainId }, changed: { DomainId, DeleteContents: 'All' } };
  },
  'studio-domain': () => {
    const created = {
      DomainName: 'research',
      VpcId: execution.vpc,
      SubnetIds: execution.subnets,
      DefaultUserSettings: { ExecutionRole: execution.role },
      HomeEfsFileSystem: 'Delete',
      Tags: [{ Key: 'team', Value: 'research' }],
    };
    const JupyterLabAppSettings = {
      AppLifecycleManagement: { IdleSettings: { LifecycleManagement: 'ENABLED', IdleTimeoutInMinutes: 90 } },
    };
    const DefaultUserSettings = { ...created.DefaultUserSettings, JupyterLabAppSettings };
    return { created, changed: { ...created, DefaultUserSettings, service_timeout: 3000 } };
  },
  async 'studio-image'() {
    await pushImages(registryOf(cloud.clientOptions), 'studio', ['1', '2']);
    const image = (tag: string) => ({
      ImageName: 'team-tools',
      RoleArn: execution.role,
      BaseImage: `${account}.dkr.ecr.${region}.amazonaws.com/studio:${tag}`,
      JupyterLabAppImageConfig: {},
      AttachTo: [{ DomainId: studio.DomainId }],
    });
    return { created: image('1'), changed: image('2') };
  },
  'studio-lifecycle-config': () => {
    const config = (Content: string) => ({ Name: 'greeting', Content, AppType: 'JupyterLab' });
    return { created: config('echo hello'), changed: config('echo "goodbye, ${USER}"'), replaces: true };
  },
  'studio-projects': () => {
    const created = { ExecutionRoles: [execution.role], DisablePortfolio: true, DeleteServiceRoles: true };
    return { created, changed: { ...created, Revision: '2' } };
  },
  'studio-space': () => {
    const created = {
      DomainId: studio.DomainId,
      SpaceName: 'team',
      OwnershipSettings: { OwnerUserProfileName: studio.UserProfileName },
      SpaceSharingSettings: { SharingType: 'Private' },
      SpaceSettings: { AppType: 'JupyterLab', SpaceStorageSettings: { EbsStorageSettings: { EbsVolumeSizeInGb: 10 } } },
    };
    return { created, changed: { ...created, SpaceDisplayName: 'The team' } };
  },
  'studio-user-profile': () => {
    const created = { DomainId: studio.DomainId, UserProfileName: 'grace' };
    return { created, changed: { ...created, UserProfileName: 'hopper' }, replaces: true };
  },
  'studio-user-profile-fleet': () => {
    const members = (...names: string[]) => ({
      DomainId: studio.DomainId,
      Members: names.map((UserProfileName) => ({ UserProfileName })),
      AllOrNothing: true,
    });
    return { created: members('mia'), changed: members('mia', 'noa') };
  },
};

function tokenOf(name: string): string {
  return installed[`${pascalCase(name)}ServiceToken`]!;
}

test.each(Object.keys(lives))('the module %s creates, changes and deletes its resource', async (name) => {
  const { created, changed, replaces = false } = await lives[name]!();
  const before = await takeInventory(cloud.clients);
  const stack = { stack_name: `tf-${name}`, service_token: tokenOf(name), tags: { origin: 'terraform' } };
  const first = await applyModule(cloud, name, { ...stack, ...created });
  expect(first.stack.failures).toEqual([]);
  expect(first.outputs).toMatchObject({ stack_id: first.stack.id, Ref: expect.stringMatching(/./) });
  const second = await applyModule(cloud, name, { ...stack, ...changed });
  expect(second.stack).toMatchObject({ id: first.stack.id, status: 'UPDATE_COMPLETE', failures: [] });
  expect(second.outputs.Ref === first.outputs.Ref).toBe(!replaces);
  await removeStack(cloud, stack.stack_name);
  expect(await takeInventory(cloud.clients)).toEqual(before);
});

test('the module home-seed seeds the homes of the domain that its function was installed for', async () => {
  const { DomainId, HomeEfsFileSystemId } = studio;
  const Filters = [{ Name: 'group-name', Values: [`security-group-for-outbound-nfs-${DomainId}`] }];
  const { SecurityGroups } = await cloud.clients.ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  await putZips('homes.zip');
  const { HomeSeedServiceToken } = await deployTemplate(cloud, 'home-seed', 'home-seed.yaml', {
    ArtifactBucket: artifacts.bucket,
    ArtifactPrefix: artifacts.prefix,
    DomainId: DomainId!,
    FileSystemId: HomeEfsFileSystemId!,
    SubnetIds: execution.subnets.join(','),
    SecurityGroupIds: SecurityGroups!.map(({ GroupId }) => GroupId).join(','),
  });
  const { stack } = await applyModule(cloud, 'home-seed', {
    stack_name: 'tf-home-seed',
    service_token: HomeSeedServiceToken,
    DomainId,
    Source: `s3://${bucket}/homes.zip`,
    Overwrite: 'Always',
    DeleteUnchanged: true,
  });
  expect(stack.failures).toEqual([]);
  await removeStack(cloud, 'tf-home-seed');
  await removeStack(cloud, 'home-seed');
});

test('the module studio-setup hands its properties over, and its error is that of the function', async () => {
  const { stack } = await applyModule(cloud, 'studio-setup', {
    stack_name: 'tf-setup',
    service_token: installed.StudioSetupServiceToken,
    DomainId: studio.DomainId,
    UserProfileName: 'absent',
    Commands: ['echo hello'],
  });
  expect(stack.failures.join()).toContain('absent');
  expect(stack.status).toBe('ROLLBACK_COMPLETE');
  await removeStack(cloud, 'tf-setup');
});

test('every handler has a module, and every module is deployed here', () => {
  const folder = join(root, 'cloudformation/terraform');
  const modules = readdirSync(folder, { withFileTypes: true }).flatMap((each) =>
    each.isDirectory() ? [each.name] : [],
  );
  const resources = handlerNames().filter((name) => name !== 'responder');
  expect(modules.sort()).toEqual(['provider', ...resources].sort());
  expect([...Object.keys(lives), 'home-seed', 'studio-setup'].sort()).toEqual(resources);
});

test('a module refuses an unknown variable, a missing one, and a value that its property does not take', async () => {
  const stack = { stack_name: 'wrong', service_token: tokenOf('studio-space') };
  const apply = (given: Arguments) => applyModule(cloud, 'studio-space', { ...stack, ...given });
  await expect(apply({ DomainId: 'd-1', SpaceNam: 'x' })).rejects.toThrow(
    'an argument named "SpaceNam" is not expected',
  );
  await expect(apply({ DomainId: 'd-1' })).rejects.toThrow('the argument "SpaceName" is required');
  await expect(apply({ DomainId: 'd-1', SpaceName: 'x', DeleteContents: 'Everything' })).rejects.toThrow(
    'DeleteContents has to be one of Apps, None.',
  );
  await expect(apply({ DomainId: 'd-1', SpaceName: ['x'] })).rejects.toThrow('SpaceName requires a string');
});

test('what is left out is not in the template, and a stack has the hour of ServiceTimeout for each of its steps', async () => {
  const { resource } = await applyModule(cloud, 'studio-user-profile', {
    stack_name: 'tf-lean',
    service_token: tokenOf('studio-user-profile'),
    DomainId: studio.DomainId,
    UserProfileName: 'lean',
  });
  const { Resources } = JSON.parse(resource.template_body as string);
  expect(Resources.StudioUserProfile.Properties).toEqual({
    ServiceToken: tokenOf('studio-user-profile'),
    DomainId: studio.DomainId,
    UserProfileName: 'lean',
  });
  expect(resource).toEqual({
    name: 'tf-lean',
    template_body: expect.any(String),
    tags: {},
    timeouts: [{ create: '130m', update: '190m', delete: '70m' }],
  });
  await removeStack(cloud, 'tf-lean');
});
