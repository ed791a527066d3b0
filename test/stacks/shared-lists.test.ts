import { DescribeDomainCommand, DescribeUserProfileCommand, ListTagsCommand } from '@aws-sdk/client-sagemaker';
import { readTemplate, removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
let studio: string;

beforeAll(async () => {
  cloud = await startCloud();
  studio = await readTemplate('examples/studio.yaml');
});
afterAll(() => cloud?.stop());

/** The domain's template, whose domain lists these of its scripts, or has other settings of its own. */
function domainTemplate(scripts: readonly string[], settings = ''): string {
  const list = scripts.map((name) => `!GetAtt ${name}.StudioLifecycleConfigArn`).join(', ');
  return studio
    .replace(
      '        JupyterLabAppSettings:\n',
      `${settings}        JupyterLabAppSettings:\n${list && `          LifecycleConfigArns: [${list}]\n`}`,
    )
    .replace('\n  Domain:\n', `\n${script('One')}${script('Two')}  Domain:\n`);
}

function script(id: string, attachTo = ''): string {
  return `  ${id}:
    Type: Custom::StudioLifecycleConfig
    Properties:
      ServiceToken: !ImportValue StudioLifecycleConfigServiceToken
      Name: ${id}
      AppType: JupyterLab
      Content: echo ${id}
${attachTo && `      AttachTo: [${attachTo}]\n`}`;
}

const deployDomain = (scripts: readonly string[], settings = '', tags?: Record<string, string>) =>
  cloud.deploy('studio', { template: domainTemplate(scripts, settings), tags });

/** A stack with a fleet of one user. */
const deployFleet = (DomainId: string, settings: string, tags?: Record<string, string>) =>
  cloud.deploy('people', {
    tags,
    template: `Resources:
  People:
    Type: Custom::StudioUserProfileFleet
    Properties:
      ServiceToken: !ImportValue StudioUserProfileFleetServiceToken
      DomainId: ${DomainId}
      Members: [{ UserProfileName: ann }]
      Defaults: { UserSettings: { ${settings} } }
`,
  });

async function tagsOf(ResourceArn: string | undefined): Promise<Record<string, string>> {
  const { Tags = [] } = await cloud.clients.sagemaker.send(new ListTagsCommand({ ResourceArn }));
  const own = Tags.filter(({ Key }) => !Key!.startsWith('studio-resources:'));
  return Object.fromEntries(own.map(({ Key, Value }) => [Key, Value]));
}

/** A stack that attaches these scripts to the domain. */
const attach = (name: string, DomainId: string, ...scripts: string[]) =>
  cloud.deploy(name, {
    template: `Resources:\n${scripts.map((id) => script(id, `{ DomainId: ${DomainId}, As: Listed }`)).join('')}`,
  });

async function listed(DomainId: string): Promise<string[]> {
  const { DefaultUserSettings } = await cloud.clients.sagemaker.send(new DescribeDomainCommand({ DomainId }));
  const arns = DefaultUserSettings?.JupyterLabAppSettings?.LifecycleConfigArns ?? [];
  return arns.map((arn) => arn.replace(/^.*\//, '').replace(/-.*$/, '')).sort();
}

test('two attachers and the domain, changed in any order, end in the union of what they ask for', async () => {
  const first = await deployDomain(['One']);
  expect(first.failures).toEqual([]);
  const { DomainId = '' } = first.outputs;
  const steps: [() => Promise<{ failures: string[] }>, string[]][] = [
    [() => attach('red', DomainId, 'Red'), ['One', 'Red']],
    [() => attach('blue', DomainId, 'Blue'), ['Blue', 'One', 'Red']],
    [() => deployDomain(['One', 'Two']), ['Blue', 'One', 'Red', 'Two']],
    [() => attach('red', DomainId, 'Red', 'Rose'), ['Blue', 'One', 'Red', 'Rose', 'Two']],
    [() => deployDomain(['Two']), ['Blue', 'Red', 'Rose', 'Two']],
    [() => attach('red', DomainId, 'Rose'), ['Blue', 'Rose', 'Two']],
    [() => deployDomain([]), ['Blue', 'Rose']],
    [() => cloud.remove('blue'), ['Rose']],
    [() => deployDomain(['One']), ['One', 'Rose']],
  ];
  for (const [change, expected] of steps) {
    expect((await change()).failures).toEqual([]);
    expect(await listed(DomainId)).toEqual(expected);
  }
  // Concurrent updates: each sees the list that the previous one has sent.
  const all = await Promise.all([
    deployDomain(['Two']),
    attach('red', DomainId, 'Rose', 'Ruby'),
    attach('blue', DomainId, 'Blue'),
  ]);
  expect(all.map(({ failures }) => failures)).toEqual([[], [], []]);
  expect(await listed(DomainId)).toEqual(['Blue', 'Rose', 'Ruby', 'Two']);
  await removeStack(cloud, 'red');
  await removeStack(cloud, 'blue');
  await removeStack(cloud, 'studio');
});

test('a setting that the API cannot take back fails the update, which says how, and goes once it is off', async () => {
  const posix = '        CustomPosixUserConfig: { Uid: 10000, Gid: 1001 }\n';
  const portal = (value: string) => `        StudioWebPortal: ${value}\n`;
  const { failures, outputs } = await deployDomain([], posix + portal('DISABLED'));
  expect(failures).toEqual([]);
  const refused = await deployDomain([], '');
  expect(refused.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(refused.failures.join()).toContain(
    'the template no longer has DefaultUserSettings.StudioWebPortal, DefaultUserSettings.CustomPosixUserConfig.Uid, ' +
      'DefaultUserSettings.CustomPosixUserConfig.Gid, and ' +
      "SageMaker's API cannot take those back. Instead, set DefaultUserSettings.StudioWebPortal: ENABLED, which a later update may omit",
  );
  expect((await deployDomain([], posix + portal('ENABLED'))).failures).toEqual([]);
  expect((await deployDomain([], posix)).failures).toEqual([]);

  const { DomainId = '' } = outputs;
  expect((await deployFleet(DomainId, 'StudioWebPortal: DISABLED')).failures).toEqual([]);
  const refusedFleet = await deployFleet(DomainId, '');
  expect(refusedFleet.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(refusedFleet.failures.join()).toContain(
    'Updating user profile ann: the template no longer has UserSettings.StudioWebPortal',
  );
  for (const settings of ['StudioWebPortal: ENABLED', '']) {
    expect((await deployFleet(DomainId, settings)).failures).toEqual([]);
  }
  await removeStack(cloud, 'people');
  await removeStack(cloud, 'studio');
});

test("the stack's tags reach what is created, under the template's own, and change with an update", async () => {
  const first = await deployDomain([], '', { team: 'red', costcenter: 'of the stack' });
  expect(first.failures).toEqual([]);
  const { DomainId = '' } = first.outputs;
  const tags = async () => {
    const { DomainArn } = await cloud.clients.sagemaker.send(new DescribeDomainCommand({ DomainId }));
    return tagsOf(DomainArn);
  };
  const { CostCenter } = await tags();
  expect(CostCenter).not.toBe('of the stack');
  expect(await tags()).toEqual({ team: 'red', CostCenter });
  expect((await deployDomain([], '        AutoMountHomeEFS: Disabled\n', { team: 'blue' })).failures).toEqual([]);
  expect(await tags()).toEqual({ team: 'blue', CostCenter });

  const ann = { DomainId, UserProfileName: 'ann' };
  for (const team of ['red', 'blue']) {
    expect(
      (await deployFleet(DomainId, `StudioWebPortal: ${team === 'red' ? 'ENABLED' : 'DISABLED'}`, { team })).failures,
    ).toEqual([]);
    const { UserProfileArn } = await cloud.clients.sagemaker.send(new DescribeUserProfileCommand(ann));
    expect(await tagsOf(UserProfileArn)).toEqual({ team });
  }
  await removeStack(cloud, 'people');
  await removeStack(cloud, 'studio');
});
