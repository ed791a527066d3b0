import { paginateListExports } from '@aws-sdk/client-cloudformation';
import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { GetFunctionConfigurationCommand, paginateListFunctions } from '@aws-sdk/client-lambda';
import { DescribeDomainCommand } from '@aws-sdk/client-sagemaker';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { account, region } from '../../scripts/start/clients.ts';
import { deployTemplate, readTemplate, removeStack, startCloud } from '../stacks/cloud.ts';
import { artifacts, installProvider } from '../stacks/provider.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';
import { assumedRole } from './assumed-role.ts';

/** The longest that NamePrefix may be. */
const longest = 'team-with-a-longest-name';
const other = { ProviderNamePrefix: longest };

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
  await installProvider(cloud, { NamePrefix: longest }, longest);
});
afterAll(() => cloud.stop());

const arnOf = (name: string) => `arn:aws:lambda:${region}:${account}:function:${name}`;

async function functionNames(): Promise<string[]> {
  const pages = await Array.fromAsync(paginateListFunctions({ client: cloud.clients.lambda }, {}));
  return pages.flatMap(({ Functions = [] }) => Functions.map(({ FunctionName }) => FunctionName!));
}

async function exportNames(): Promise<string[]> {
  const pages = await Array.fromAsync(paginateListExports({ client: cloud.clients.cloudformation }, {}));
  return pages.flatMap(({ Exports = [] }) => Exports.map(({ Name }) => Name!));
}

/** The calls of Lambda's Invoke so far: on which function, and the error if it was refused. */
async function invocationsBy(role: RegExp) {
  const calls = await cloud.calls();
  return calls
    .filter(({ operation, principal }) => operation === 'Invoke' && role.test(principal))
    .map(({ request, error }) => [(request as { FunctionName: string }).FunctionName, error?.code]);
}

test('a second provider has the same functions and exports under its prefix, each of which knows its provider', async () => {
  const functions = await functionNames();
  const names = functions.filter((name) => name.startsWith('studio-resources-'));
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) expect(functions).toContain(name.replace('studio-resources', longest));
  const exported = await exportNames();
  expect(exported).toContain('StudioDomainServiceToken');
  const own = exported.filter((name) => !name.startsWith(longest));
  expect(exported.filter((name) => name.startsWith(longest)).sort()).toEqual(
    own.map((name) => `${longest}-${name}`).sort(),
  );
  for (const FunctionName of functions) {
    const { Environment } = await cloud.clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(FunctionName.startsWith(`${Environment!.Variables!.PROVIDER}-`)).toBe(true);
  }
});

test('each provider creates its stacks; one is changed and removed, and the stacks of the other go on', async () => {
  const ours = await deployTemplate(cloud, 'studio-ours', 'examples/studio.yaml', { DomainName: 'ours' });
  const theirs = await deployTemplate(cloud, 'studio-theirs', 'examples/studio.yaml', {
    DomainName: 'theirs',
    ...other,
  });
  const space = { DomainId: theirs.DomainId!, UserProfileName: theirs.UserProfileName! };
  await deployTemplate(cloud, 'their-space', 'examples/studio-space.yaml', { ...space, ...other });
  const served = (await cloud.logLines(`${longest}-studio-domain`)).join('\n');
  expect(served).toContain(theirs.DomainId);
  expect(served).not.toContain(ours.DomainId);

  await deployTemplate(cloud, 'our-homes', 'home-seed.yaml', await homeSeed(ours.DomainId!));
  await deployTemplate(cloud, 'their-homes', 'home-seed.yaml', { ...(await homeSeed(theirs.DomainId!)), ...other });
  // For one domain, both.
  const setup = { ...release, DomainId: ours.DomainId!, SetupCommands: 'echo' };
  await deployTemplate(cloud, 'our-setup', 'jupyter-setup.yaml', setup);
  await deployTemplate(cloud, 'their-setup', 'jupyter-setup.yaml', { ...setup, ...other });
  expect(await functionNames()).toEqual(
    expect.arrayContaining([
      `studio-resources-home-seed-${ours.DomainId}`,
      `${longest}-home-seed-${theirs.DomainId}`,
      `studio-resources-studio-setup-${ours.DomainId}`,
      `${longest}-studio-setup-${ours.DomainId}`,
    ]),
  );

  await installProvider(cloud, { NamePrefix: longest, LogRetentionInDays: '60' }, longest);
  for (const stack of ['their-setup', 'their-homes', 'their-space', 'studio-theirs', longest])
    await removeStack(cloud, stack);
  expect((await functionNames()).filter((name) => name.startsWith(longest))).toEqual([]);
  expect((await exportNames()).filter((name) => name.startsWith(longest))).toEqual([]);

  const changes = { DomainName: 'ours', CostCenter: 'research' };
  expect(await deployTemplate(cloud, 'studio-ours', 'examples/studio.yaml', changes)).toEqual(ours);
  for (const stack of ['our-setup', 'our-homes', 'studio-ours']) await removeStack(cloud, stack);
  await installProvider(cloud, { NamePrefix: longest }, longest);
});

const release = { ArtifactBucket: artifacts.bucket, ArtifactPrefix: artifacts.prefix };

async function homeSeed(DomainId: string): Promise<Record<string, string>> {
  const { ec2, sagemaker } = cloud.clients;
  const { SubnetIds, HomeEfsFileSystemId } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
  const Filters = [{ Name: 'group-name', Values: [`security-group-for-outbound-nfs-${DomainId}`] }];
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  const groups = SecurityGroups!.map(({ GroupId }) => GroupId).join(',');
  const subnets = SubnetIds!.join(',');
  return { ...release, DomainId, FileSystemId: HomeEfsFileSystemId!, SubnetIds: subnets, SecurityGroupIds: groups };
}

test('a waiter that is told to invoke another provider’s function is refused', async () => {
  // With this prefix, its function for seed code has a name like one of the other's for homes.
  const Installed = Object.fromEntries(
    ['ResourceShareAcceptance', 'StudioContents', 'StudioDomain', 'StudioImage', 'StudioLifecycleConfig'].map((id) => [
      `Install${id}`,
      'false',
    ]),
  );
  await installProvider(cloud, { NamePrefix: 'studio-resources-home', ...Installed }, 'home');
  const { sfn } = cloud.clients;
  const targets = [
    ...(await functionNames()).filter((name) => name.startsWith(`${longest}-`)),
    'studio-resources-home-seed-code',
  ];
  const stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:studio-resources-waiter`;
  for (const target of targets) {
    const input = JSON.stringify({ function: arnOf(target), waitSeconds: 1, waiter: {} });
    await sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  }
  await cloud.pass(60_000);
  const seen = await invocationsBy(/studio-resources-WaiterRole/);
  for (const target of targets) {
    const codes = seen.filter(([name]) => name === arnOf(target)).map(([, code]) => code);
    expect({ target, codes: [...new Set(codes)] }).toEqual({ target, codes: ['AccessDeniedException'] });
  }
  await removeStack(cloud, 'home');
});

test('who may invoke one provider’s functions creates nothing with another’s', async () => {
  const team = await assumedRole(cloud, 'team', [
    { Action: ['cloudformation:*', 'ec2:*', 'iam:*'] },
    { Action: 'lambda:InvokeFunction', Resource: arnOf(`${longest}-*`) },
  ]);
  const template = await readTemplate('examples/lifecycle-config.yaml');
  const parameters = { DomainId: 'd-abcdefghijkl' };
  const refused = await team.deploy('attacker', { template, parameters });
  expect(refused.failures.join('\n')).toMatch(
    /not authorized to perform: lambda:InvokeFunction on resource: \S+:studio-resources-/,
  );
  await removeStack(cloud, 'attacker');
});

test.each([
  'aws-team',
  'ssm-team',
  'Team',
  'team-',
  '1team',
  `${longest}s`,
  // The waiter of `team` may invoke functions for one domain, whose names begin with these.
  'team-home-seed-d-1',
  'team-studio-setup-d-1',
])('%s is no prefix', async (NamePrefix) => {
  const installing = installProvider(cloud, { NamePrefix }, 'refused');
  await expect(installing).rejects.toThrow(/NamePrefix.*2 to 24 lower-case letters/);
});
