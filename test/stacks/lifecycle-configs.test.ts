import {
  CreateStudioLifecycleConfigCommand,
  DescribeDomainCommand,
  DescribeStudioLifecycleConfigCommand,
  ListStudioLifecycleConfigsCommand,
  UpdateDomainCommand,
} from '@aws-sdk/client-sagemaker';
import { deployTemplate, readTemplate, removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
let template: string;
let DomainId: string;

beforeAll(async () => {
  cloud = await startCloud();
  template = await readTemplate('lifecycle-configs.yaml');
});
afterAll(() => cloud?.stop());

function deploy(parameters: Record<string, string>, name = 'scripts') {
  return cloud.deploy(name, { template, parameters: { DomainId, ...parameters } });
}

async function settings() {
  const { DefaultUserSettings, DefaultSpaceSettings } = await cloud.clients.sagemaker.send(
    new DescribeDomainCommand({ DomainId }),
  );
  const of = (app: NonNullable<typeof DefaultUserSettings>['JupyterLabAppSettings']) => ({
    listed: app?.LifecycleConfigArns ?? [],
    default: app?.DefaultResourceSpec?.LifecycleConfigArn,
    builtIn: app?.BuiltInLifecycleConfigArn,
  });
  return {
    users: of(DefaultUserSettings?.JupyterLabAppSettings),
    spaces: of(DefaultSpaceSettings?.JupyterLabAppSettings),
    editors: of(DefaultUserSettings?.CodeEditorAppSettings),
  };
}

async function existing(): Promise<string[]> {
  const { StudioLifecycleConfigs = [] } = await cloud.clients.sagemaker.send(new ListStudioLifecycleConfigsCommand({}));
  return StudioLifecycleConfigs.map((each) => each.StudioLifecycleConfigArn!).sort();
}

async function textOf(arn: string): Promise<string> {
  const StudioLifecycleConfigName = arn.split('/').at(-1);
  const described = await cloud.clients.sagemaker.send(
    new DescribeStudioLifecycleConfigCommand({ StudioLifecycleConfigName }),
  );
  return Buffer.from(described.StudioLifecycleConfigContent!, 'base64').toString();
}

test("the scripts are there as the parameters say, change in place, and leave others' where they are", async () => {
  const { sagemaker } = cloud.clients;
  ({ DomainId = '' } = await deployTemplate(cloud, 'studio', 'examples/studio.yaml'));
  const { StudioLifecycleConfigArn: others = '' } = await sagemaker.send(
    new CreateStudioLifecycleConfigCommand({
      StudioLifecycleConfigName: 'others',
      StudioLifecycleConfigAppType: 'JupyterLab',
      StudioLifecycleConfigContent: Buffer.from('true').toString('base64'),
    }),
  );
  const JupyterLabAppSettings = { LifecycleConfigArns: [others] };
  await sagemaker.send(new UpdateDomainCommand({ DomainId, DefaultUserSettings: { JupyterLabAppSettings } }));

  const parameters = {
    AutoShutdown: 'Listed',
    GitConfiguration: 'Default',
    PackageMirrors: 'Default',
    PipIndexUrl: 'https://mirror.example.com/simple',
    Extensions: 'Listed',
    ExtensionPackages: 'jupyterlab-git==0.51.2 jupyterlab-lsp==5.2.0',
    NoDownloads: 'BuiltIn',
    SharedSpaces: 'true',
  };
  const first = await deploy(parameters);
  expect(first.failures).toEqual([]);
  const made = first.outputs;
  expect(Object.keys(made).sort()).toEqual(['AutoShutdownArn', 'BuiltInArn', 'DefaultArn', 'ExtensionsArn']);
  const { users, spaces, editors } = await settings();
  expect(users).toEqual({ listed: expect.any(Array), default: made.DefaultArn, builtIn: made.BuiltInArn });
  expect(users.listed[0]).toBe(others);
  expect([...users.listed].sort()).toEqual([others, made.AutoShutdownArn, made.DefaultArn, made.ExtensionsArn].sort());
  expect(spaces).toEqual({ ...users, listed: expect.arrayContaining([made.AutoShutdownArn, made.DefaultArn]) });
  expect(editors).toEqual({ listed: [], default: undefined, builtIn: undefined });
  const joined = await textOf(made.DefaultArn!);
  expect(joined).toContain("pip_index_url='https://mirror.example.com/simple'");
  expect(joined).toContain('git config --global');
  expect(joined).not.toContain('auto-shutdown');

  // Another value replaces the default; scripts that are off are deleted.
  const second = await deploy({ ...parameters, GitEmailDomain: 'example.com', Extensions: 'Off' });
  expect(second.failures).toEqual([]);
  const next = second.outputs;
  expect(next.DefaultArn).not.toBe(made.DefaultArn);
  expect(next).toEqual({
    AutoShutdownArn: made.AutoShutdownArn,
    BuiltInArn: made.BuiltInArn,
    DefaultArn: next.DefaultArn,
  });
  const after = await settings();
  expect(after.users).toEqual({ listed: expect.any(Array), default: next.DefaultArn, builtIn: made.BuiltInArn });
  expect([...after.users.listed].sort()).toEqual([others, made.AutoShutdownArn, next.DefaultArn].sort());
  expect(after.spaces.default).toBe(next.DefaultArn);
  expect(await existing()).toEqual([others, ...Object.values(next)].sort());

  // Code Editor has its own scripts, beside those.
  const editor = await deploy({ AppType: 'CodeEditor', GitConfiguration: 'Default' }, 'editor-scripts');
  expect(editor.failures).toEqual([]);
  const { DefaultArn } = editor.outputs;
  expect((await settings()).editors).toEqual({ listed: [DefaultArn], default: DefaultArn, builtIn: undefined });
  await removeStack(cloud, 'editor-scripts');

  await removeStack(cloud, 'scripts');
  expect((await settings()).users).toEqual({ listed: [others], default: undefined, builtIn: undefined });
  expect((await settings()).spaces).toEqual({ listed: [], default: undefined, builtIn: undefined });
  expect(await existing()).toEqual([others]);
  await removeStack(cloud, 'studio');
});

test.each<[string, Record<string, string>, string]>([
  ['a quote in a URL', { PipIndexUrl: "https://x/'$(id)'" }, 'PipIndexUrl'],
  ['a version that is missing', { Extensions: 'Listed', ExtensionPackages: 'jupyterlab-git' }, 'names with versions'],
  [
    'a mirror without a URL',
    { PackageMirrors: 'Default' },
    'PackageMirrors need PipIndexUrl, CondaChannelUrl, or both',
  ],
  ['no packages', { Extensions: 'Default' }, 'Extensions need ExtensionPackages'],
  ['an idle Code Editor', { AppType: 'CodeEditor', AutoShutdown: 'Listed' }, 'AutoShutdown is for JupyterLab'],
  ['a space of one user', { SharedSpaces: 'true', UserProfileName: 'ada' }, 'Shared spaces belong to the domain'],
])('%s is refused before anything is created', async (_, parameters, message) => {
  DomainId ??= 'd-abcdefghijkl';
  await expect(deploy({ GitConfiguration: 'Default', ...parameters }, 'refused')).rejects.toThrow(message);
});
