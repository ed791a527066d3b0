import type { CreateStudioLifecycleConfigRequest } from '@aws-sdk/client-sagemaker';
import { error, Studio } from '../studio.ts';

const encoded = (script: string) => Buffer.from(script).toString('base64');

async function create(
  studio: Studio,
  StudioLifecycleConfigName: string,
  more: Partial<CreateStudioLifecycleConfigRequest> = {},
): Promise<string> {
  const { StudioLifecycleConfigArn } = await studio.sm('CreateStudioLifecycleConfig', {
    StudioLifecycleConfigName,
    StudioLifecycleConfigContent: encoded('echo hello'),
    StudioLifecycleConfigAppType: 'JupyterLab',
    ...more,
  });
  return StudioLifecycleConfigArn!;
}

const remove = (studio: Studio, StudioLifecycleConfigName: string) =>
  studio.sm('DeleteStudioLifecycleConfig', { StudioLifecycleConfigName });

test('a lifecycle configuration exists at once, with its tags, until it is deleted', async () => {
  const studio = await Studio.open();
  const ResourceArn = await create(studio, 'Setup', { Tags: [{ Key: 'team', Value: 'a' }] });
  expect(ResourceArn).toBe(studio.arn('studio-lifecycle-config', 'Setup'));
  const described = await studio.sm('DescribeStudioLifecycleConfig', { StudioLifecycleConfigName: 'Setup' });
  expect(described).toEqual({
    StudioLifecycleConfigArn: ResourceArn,
    StudioLifecycleConfigName: 'Setup',
    StudioLifecycleConfigContent: encoded('echo hello'),
    StudioLifecycleConfigAppType: 'JupyterLab',
    CreationTime: expect.any(Date),
    LastModifiedTime: described.CreationTime,
  });
  expect((await studio.sm('ListTags', { ResourceArn })).Tags).toEqual([{ Key: 'team', Value: 'a' }]);
  await remove(studio, 'Setup');
  await expect(studio.sm('ListTags', { ResourceArn })).rejects.toEqual(error('ValidationException', ResourceArn));
  await expect(studio.sm('DescribeStudioLifecycleConfig', { StudioLifecycleConfigName: 'Setup' })).rejects.toEqual(
    error('ResourceNotFound', `StudioLifecycleConfig [${ResourceArn}] does not exist.`),
  );
  await expect(remove(studio, 'Setup')).rejects.toEqual(error('ResourceNotFound'));
});

test('an invalid lifecycle configuration is refused at once', async () => {
  const studio = await Studio.open();
  await create(studio, 'setup');
  await expect(create(studio, 'setup')).rejects.toEqual(error('ResourceInUse', 'already exists'));
  await create(studio, 'longest', { StudioLifecycleConfigContent: 'a'.repeat(16_384) });
  for (const [more, place] of [
    [{ StudioLifecycleConfigContent: 'a'.repeat(16_385) }, 'studioLifecycleConfigContent'],
    [{ StudioLifecycleConfigContent: '' }, 'studioLifecycleConfigContent'],
    [{ StudioLifecycleConfigName: 'no_underscores' }, 'studioLifecycleConfigName'],
    [{ StudioLifecycleConfigAppType: 'Canvas' as 'JupyterLab' }, 'studioLifecycleConfigAppType'],
  ] as const) {
    await expect(create(studio, 'other', more)).rejects.toEqual(error('ValidationException', `'${place}'`));
  }
});

test('lifecycle configurations are listed in pages, the newest first, by name and by type', async () => {
  const studio = await Studio.open();
  const list = (input: object = {}) => studio.sm('ListStudioLifecycleConfigs', input);
  const names = (page: Awaited<ReturnType<typeof list>>) =>
    page.StudioLifecycleConfigs!.map((each) => each.StudioLifecycleConfigName);
  for (const name of ['b-one', 'c-two', 'a-three']) {
    await create(studio, name, name === 'c-two' ? { StudioLifecycleConfigAppType: 'CodeEditor' } : {});
    await studio.clock.pass(1000);
  }
  const first = await list({ MaxResults: 2 });
  expect(names(first)).toEqual(['a-three', 'c-two']);
  expect(names(await list({ MaxResults: 2, NextToken: first.NextToken }))).toEqual(['b-one']);
  expect(first.StudioLifecycleConfigs![0]).not.toHaveProperty('StudioLifecycleConfigContent');
  expect(names(await list({ SortBy: 'Name', SortOrder: 'Ascending' }))).toEqual(['a-three', 'b-one', 'c-two']);
  expect(names(await list({ NameContains: 't' }))).toEqual(['a-three', 'c-two']);
  for (const NameContains of ['-t', 't-'])
    await expect(list({ NameContains })).rejects.toEqual(
      error('ValidationException', `'${NameContains}' at 'nameContains'`),
    );
  expect(names(await list({ AppTypeEquals: 'CodeEditor' }))).toEqual(['c-two']);
  const { CreationTime } = await studio.sm('DescribeStudioLifecycleConfig', { StudioLifecycleConfigName: 'c-two' });
  expect(names(await list({ CreationTimeAfter: CreationTime }))).toEqual(['a-three', 'c-two']);
  expect(names(await list({ ModifiedTimeBefore: CreationTime }))).toEqual(['b-one']);
  await expect(list({ SortBy: 'Size' })).rejects.toEqual(error('ValidationException', "'Size' at 'sortBy'"));
  await expect(list({ NextToken: 'nonsense' })).rejects.toEqual(error('ValidationException', 'NextToken'));
});

test('a lifecycle configuration cannot be deleted while the settings of a domain or a profile name it; those of a space do not count', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  await studio.profile(DomainId, 'ana');
  await studio.space(DomainId, 'lab', 'ana');
  const arn = await create(studio, 'setup');
  const JupyterLabAppSettings = { LifecycleConfigArns: [arn] };
  await studio.sm('UpdateDomain', { DomainId, DefaultSpaceSettings: { JupyterLabAppSettings } });
  await expect(remove(studio, 'setup')).rejects.toEqual(error('ResourceInUse', /because it is in use by Domain \[/));
  await studio.settle();
  const cleared = { JupyterLabAppSettings: { LifecycleConfigArns: [] } };
  await studio.sm('UpdateDomain', { DomainId, DefaultSpaceSettings: cleared });
  const ana = { DomainId, UserProfileName: 'ana' };
  const BuiltIn = { JupyterLabAppSettings: { BuiltInLifecycleConfigArn: arn } };
  await studio.sm('UpdateUserProfile', { ...ana, UserSettings: BuiltIn });
  await expect(remove(studio, 'setup')).rejects.toEqual(error('ResourceInUse', /in use by UserProfile \[/));
  await studio.settle();
  const UserSettings = { JupyterLabAppSettings: { BuiltInLifecycleConfigArn: 'None' } };
  await studio.sm('UpdateUserProfile', { ...ana, UserSettings });
  const SpaceSettings = { JupyterLabAppSettings: { DefaultResourceSpec: { LifecycleConfigArn: arn } } };
  await studio.sm('UpdateSpace', { DomainId, SpaceName: 'lab', SpaceSettings });
  await remove(studio, 'setup');
});

test('an app runs the default and the built-in one, and neither can be deleted meanwhile', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  await studio.profile(DomainId, 'ana');
  await studio.space(DomainId, 'lab', 'ana');
  const arn = await create(studio, 'setup');
  const builtIn = await create(studio, 'before');
  const attach = async (settings: object) => {
    await studio.sm('UpdateDomain', { DomainId, DefaultUserSettings: { JupyterLabAppSettings: settings } });
    await studio.settle();
  };
  await attach({
    DefaultResourceSpec: { LifecycleConfigArn: arn },
    LifecycleConfigArns: [arn],
    BuiltInLifecycleConfigArn: builtIn,
  });
  const app = { DomainId, SpaceName: 'lab', AppType: 'JupyterLab', AppName: 'default' } as const;
  await studio.sm('CreateApp', app);
  await studio.settle();
  expect(await studio.sm('DescribeApp', app)).toMatchObject({
    Status: 'InService',
    ResourceSpec: { LifecycleConfigArn: arn },
    BuiltInLifecycleConfigArn: builtIn,
  });
  await attach({
    DefaultResourceSpec: { LifecycleConfigArn: 'None' },
    LifecycleConfigArns: [],
    BuiltInLifecycleConfigArn: 'None',
  });
  for (const name of ['setup', 'before']) {
    await expect(remove(studio, name)).rejects.toEqual(error('ResourceInUse', /in use by App \[/));
  }
  await studio.sm('DeleteApp', app);
  await studio.settle();
  for (const name of ['setup', 'before']) await remove(studio, name);
});

test('an app fails whose lifecycle configuration is not listed, does not exist, or is for other apps', async () => {
  const studio = await Studio.open();
  const DomainId = await studio.domain();
  await studio.profile(DomainId, 'ana');
  await studio.space(DomainId, 'lab', 'ana');
  const missing = studio.arn('studio-lifecycle-config', 'missing');
  const other = await create(studio, 'other', { StudioLifecycleConfigAppType: 'CodeEditor' });
  const reasonFor = async (LifecycleConfigArn: string, AppName: string) => {
    const app = { DomainId, SpaceName: 'lab', AppType: 'JupyterLab', AppName } as const;
    await studio.sm('CreateApp', { ...app, ResourceSpec: { LifecycleConfigArn } });
    await studio.settle();
    const { Status, FailureReason } = await studio.sm('DescribeApp', app);
    return `${Status}: ${FailureReason}`;
  };
  expect(await reasonFor(await create(studio, 'setup'), 'a')).toMatch(/^Failed: .* is not present in the list/);
  expect(await reasonFor(missing, 'b')).toMatch(/^Failed: .* does not exist/);
  expect(await reasonFor(other, 'c')).toMatch(/^Failed: .* is for apps of the type CodeEditor/);
});
