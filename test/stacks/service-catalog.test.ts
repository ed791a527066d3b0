import { readFileSync } from 'node:fs';
import { PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeDomainCommand, DescribeProjectCommand, ListTagsCommand } from '@aws-sdk/client-sagemaker';
import { region } from '../../scripts/start/clients.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { CatalogAccount, type EndUser } from './catalog-account.ts';
import { boundaryPolicy, projectTemplate, projectTemplates, workPolicy } from './catalog-templates.ts';
import { startCloud } from './cloud.ts';
import { callsOf, isKnownWithoutCall, rightsOf } from './launch-role-rights.ts';
import { runLines, shellLines } from './shell.ts';
import type { TestCloud } from './test-cloud.ts';

const template = (name: string) => `service-catalog/${name}.yaml`;

let cloud: TestCloud;

/** It has the portfolio. */
let hub: CatalogAccount;

/** It gets the portfolio. */
let spoke: CatalogAccount;
let PortfolioId: string;

/** Of each account: an end user who may launch products, in a session of the role team-research. */
let users: Record<'hub' | 'spoke', EndUser>;

beforeAll(async () => {
  cloud = await startCloud({ provider: false });
  hub = new CatalogAccount(cloud, '000000000000');
  spoke = new CatalogAccount(cloud, '999999999999');
  await Promise.all([hub.install(), spoke.install()]);
  const [ofHub, ofSpoke] = await Promise.all(
    [hub, spoke].map((account) => account.deploy('roles', template('launch-roles'))),
  );
  users = {
    hub: await hub.endUser('team-research', [ofHub!.EndUserPolicyArn!]),
    spoke: await spoke.endUser('team-research', [ofSpoke!.EndUserPolicyArn!]),
  };
  const portfolio = await hub.deploy('portfolio', template('portfolio'), {
    ArtifactBucket: hub.bucket,
    ArtifactPrefix: 'test',
    PrincipalArn: users.hub.roleArn,
    OtherTagValue: 'Production',
    NetworkAccessTypes: 'VpcOnly',
    DomainIds: '*',
    ImageArtifactBuckets: spoke.bucket,
  });
  PortfolioId = portfolio.PortfolioId!;
  await hub.deploy('share', template('share'), { PortfolioId, AccountId: spoke.id });
  await spoke.deploy('shared', template('shared-portfolio'), { PortfolioId, PrincipalPattern: 'role/team-*' });
});

afterAll(() => cloud.stop());

const products = ['Custom image', 'Domain', 'Launch project', 'User profile'];

const development = { Environment: 'Development' };

describe.each(['hub', 'spoke'] as const)('in the %s account', (place) => {
  const account = () => (place === 'hub' ? hub : spoke);
  let user: EndUser;

  beforeAll(() => {
    user = users[place];
  });

  test('an end user finds the products, and how they may be launched', async () => {
    expect(await user.seen()).toEqual(products);
    const { ProvisioningArtifactParameters = [], ...domain } = await user.parameters('Domain');
    const access = ProvisioningArtifactParameters.find(({ ParameterKey }) => ParameterKey === 'AppNetworkAccessType');
    expect(access!.ParameterConstraints!.AllowedValues).toEqual(['VpcOnly']);
    expect(domain.TagOptions).toEqual([{ Key: 'Environment', Values: ['Development', 'Production'] }]);
    expect(domain.ConstraintSummaries!.map(({ Type }) => Type)).toEqual(['LAUNCH', 'TEMPLATE']);
  });

  test('an end user launches, updates and terminates a domain and a profile in it', async () => {
    const { clients, id } = account();
    const { VpcId = '', SubnetIds = '', RouteTableIds = '' } = await account().deploy('network', 'network.yaml');
    const { Work } = await account().deploy('studio-work', workPolicy);
    const before = await takeInventory(clients);

    const domain = await user.provision(
      'Domain',
      'research',
      {
        ...{ DomainName: 'research', VpcId, SubnetIds, RouteTableIds },
        ...{ AppNetworkAccessType: 'VpcOnly', VpcEndpoints: 'Studio', HomeEfsFileSystem: 'Delete' },
      },
      development,
    );
    expect(domain).toMatchObject({ errors: '', detail: { Status: 'SUCCEEDED' } });
    const { DomainId, ExecutionRoleArn } = domain.outputs;
    expect(domain.detail.LaunchRoleArn).toBe(`arn:aws:iam::${id}:role/launch-studio-domain-${region}`);
    expect(ExecutionRoleArn).toContain(`${id}:role/studio-research-`);

    const profile = await user.provision(
      'User profile',
      'grace',
      { DomainId: DomainId!, UserProfileName: 'grace', ManagedPolicyArns: Work!, VpcId },
      development,
    );
    expect(profile).toMatchObject({ errors: '', outputs: { UserProfileName: 'grace' } });

    const kept = ['DomainName', 'VpcId', 'SubnetIds', 'RouteTableIds', 'AppNetworkAccessType', 'VpcEndpoints'];
    const [EndpointSubnetIds = ''] = SubnetIds.split(',');
    const changes = { IdleTimeoutInMinutes: '120', Team: 'vision', EndpointSubnetIds };
    const updated = await user.update('research', changes, [...kept, 'HomeEfsFileSystem']);
    expect(updated).toMatchObject({ errors: '', outputs: { DomainId } });
    const { DomainArn } = await clients.sagemaker.send(new DescribeDomainCommand({ DomainId }));
    const { Tags } = await clients.sagemaker.send(new ListTagsCommand({ ResourceArn: DomainArn }));
    expect(Tags).toContainEqual({ Key: 'Team', Value: 'vision' });
    const retagged = await user.update('grace', { Team: 'vision' }, [
      ...['DomainId', 'UserProfileName', 'ManagedPolicyArns', 'VpcId'],
    ]);
    expect(retagged.errors).toBe('');

    expect((await user.terminate('grace')).errors).toBe('');
    expect((await user.terminate('research')).errors).toBe('');
    expect(await takeInventory(clients)).toEqual(before);
  });

  test('an end user launches, updates and terminates a custom image with its pipeline', async () => {
    const { clients, bucket } = account();
    const { VpcId = '', SubnetIds = '' } = await account().deploy('network', 'network.yaml');
    await clients.s3.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    const parameters = { DomainName: 'images', VpcId, SubnetIds, AppNetworkAccessType: 'VpcOnly' };
    const domain = await user.provision(
      'Domain',
      'images',
      { ...parameters, HomeEfsFileSystem: 'Delete' },
      development,
    );
    const before = await takeInventory(clients);
    const given = { DomainId: domain.outputs.DomainId!, ImageName: `tools-${place}`, PipelineBucket: bucket };
    const artifacts = { ArtifactBucket: bucket, ArtifactPrefix: 'test' };
    const image = await user.provision('Custom image', 'tools', { ...given, ...artifacts }, development);
    expect(image).toMatchObject({ errors: '', outputs: { PipelineName: `tools-${place}-studio-image` } });
    const kept = [...Object.keys(given), ...Object.keys(artifacts)];
    const updated = await user.update('tools', { ComputeType: 'BUILD_GENERAL1_SMALL', KeepVersions: '2' }, kept);
    expect(updated.errors).toBe('');
    const costly = await user.update('tools', { ComputeType: 'BUILD_GENERAL1_2XLARGE' }, kept);
    expect(costly.errors).toContain('The portfolio offers custom images with ComputeType BUILD_GENERAL1_SMALL or');
    expect((await user.terminate('tools')).errors).toBe('');
    expect(await takeInventory(clients)).toEqual(before);
    expect((await user.terminate('images')).errors).toBe('');
  });

  test('an end user launches a project from a template that is launched with a role of its own, and terminates it', async () => {
    const { clients, bucket } = account();
    const Body = projectTemplate;
    await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'project.yaml', Body }));
    const made = await account().deploy('project-templates', projectTemplates(bucket));
    await account().deploy('roles', template('launch-roles'), { ProjectTemplatesPortfolioId: made.PortfolioId! });
    const before = await takeInventory(clients);
    const { ProductId, ArtifactId } = made;
    const project = await user.provision(
      'Launch project',
      'churn',
      { ProjectName: 'churn', ProductId: ProductId!, ProvisioningArtifactId: ArtifactId! },
      development,
    );
    expect(project.errors).toBe('');
    const described = await clients.sagemaker.send(new DescribeProjectCommand({ ProjectName: 'churn' }));
    expect(described).toMatchObject({ ProjectStatus: 'CreateCompleted', ProjectId: project.outputs.ProjectId });
    const { ProjectName } = (
      await user.update('churn', { ProjectName: 'churn-2' }, ['ProductId', 'ProvisioningArtifactId'])
    ).outputs;
    expect(ProjectName).toBe('churn-2');
    expect((await user.terminate('churn')).errors).toBe('');
    expect(await takeInventory(clients)).toEqual(before);
    await account().deploy('roles', template('launch-roles'));
  });
});

test('a launch outside of the portfolio’s limits fails, and leaves only a record', async () => {
  const user = users.hub;
  const refused = await user.provision(
    'User profile',
    'wrong',
    { DomainId: 'd-abcdefghijkl', UserProfileName: 'wrong', DeleteContents: 'All' },
    development,
  );
  expect(refused.detail.Status).toBe('FAILED');
  expect(refused.errors).toContain('The portfolio offers user profiles with DeleteContents Apps or None');
  expect((await user.terminate('wrong')).detail.Status).toBe('SUCCEEDED');
});

test('a tag must have one of the values of its tag options', async () => {
  const launch = (tags: Record<string, string>) =>
    users.hub.provision('User profile', 'untagged', { DomainId: 'd-a', UserProfileName: 'x' }, tags);
  await expect(launch({})).rejects.toThrow('Environment is required');
  await expect(launch({ Environment: 'Test' })).rejects.toThrow('Test is not allowed');
});

test('naming a stronger policy than the administrator allows gains no rights', async () => {
  const user = users.hub;
  const failed = await user.provision(
    'User profile',
    'strong',
    {
      DomainId: 'd-abcdefghijkl',
      UserProfileName: 'strong',
      ManagedPolicyArns: 'arn:aws:iam::aws:policy/AdministratorAccess',
    },
    development,
  );
  expect(failed.errors).toMatch(/launch-studio-user-profile-.* is not authorized to perform: iam:AttachRolePolicy/);
  expect((await user.terminate('strong')).detail.Status).toBe('SUCCEEDED');
});

test('if a permissions boundary is required, no role is created without it', async () => {
  const user = users.hub;
  const { Boundary: PermissionsBoundaryArn = '' } = await hub.deploy('boundary', boundaryPolicy);
  await hub.deploy('roles', template('launch-roles'), { PermissionsBoundaryArn });
  const { VpcId = '', SubnetIds = '' } = await hub.deploy('network', 'network.yaml');
  const parameters = { DomainName: 'bounded', VpcId, SubnetIds, AppNetworkAccessType: 'VpcOnly' };
  const failed = await user.provision('Domain', 'unbounded', parameters, development);
  expect(failed.errors).toMatch(/launch-studio-domain-.* is not authorized to perform: iam:CreateRole/);
  expect((await user.terminate('unbounded')).errors).toBe('');
  const more = { ...parameters, HomeEfsFileSystem: 'Delete', PermissionsBoundaryArn };
  const launched = await user.provision('Domain', 'bounded', more, development);
  expect(launched.errors).toBe('');
  expect((await user.terminate('bounded')).errors).toBe('');
  await hub.deploy('roles', template('launch-roles'));
});

test('a user without a principal association sees no product, and a denial names the missing right', async () => {
  const { EndUserPolicyArn } = await hub.deploy('roles', template('launch-roles'));
  const guest = await hub.endUser('guest', [EndUserPolicyArn!]);
  expect(await guest.seen()).toEqual([]);
  await expect(guest.find('Domain')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const poor = await hub.endUser('poor', []);
  await expect(poor.seen()).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringMatching(
      /assumed-role\/poor\/ada is not authorized to perform: servicecatalog:SearchProducts/,
    ),
  });
  await Promise.all([guest.remove(), poor.remove()]);
});

/** The types of the resources of a template. */
function typesIn(name: string): string[] {
  const source = readFileSync(`cloudformation/${name}`, 'utf8');
  return [...source.matchAll(/^ {4}Type: (AWS::\S+)$/gm)].map(([, type]) => type!);
}

describe('the launch roles', () => {
  const templatesByProduct = {
    domain: ['domain.yaml'],
    image: ['custom-image.yaml', 'custom-image/image.yaml'],
    project: ['launch-project.yaml'],
    'user-profile': ['user-profile.yaml'],
  };
  const roles = Object.keys(templatesByProduct).map((product) => `launch-studio-${product}-${region}`);

  test.each(roles)('%s has no wildcard action and no AWS managed policy', async (role) => {
    const { statements, attached } = await rightsOf(hub.clients.iam, role);
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
    expect(attached).toEqual([expect.stringMatching(/^roles-LaunchPolicy-/)]);
  });

  test.each(Object.entries(templatesByProduct))(
    'the role of the product %s grants the recorded calls, and the listed rights that no call shows',
    async (product, templates) => {
      const role = `launch-studio-${product}-${region}`;
      const types = templates.flatMap(typesIn);
      const { statements } = await rightsOf(hub.clients.iam, role);
      const declared = new Set(statements.flatMap(({ Action }) => Action));
      const called = await callsOf(cloud, role);
      const unused = [...declared].filter((action) => !called.has(action) && !isKnownWithoutCall(role, action, types));
      expect(unused).toEqual([]);
    },
  );
});

test('the deletion of the portfolio, the shares and the roles leaves nothing', async () => {
  await Promise.all([users.hub.remove(), users.spoke.remove()]);
  await spoke.removeAll();
  await hub.removeAll();
  for (const account of [hub, spoke]) {
    const left = await takeInventory(account.clients);
    expect(left.get('stacks')).toEqual(['studio-resources']);
    expect(left.get('roles')!.filter((name) => name.includes('launch'))).toEqual([]);
    expect(left.get('imported portfolios')).toEqual([]);
  }
});

test('the README’s commands work in their order', async () => {
  const commands = shellLines('cloudformation/service-catalog/README.md');
  expect(commands.length).toBeGreaterThan(10);
  const { VpcId = '', SubnetIds = '' } = await hub.deploy('network', 'network.yaml');
  const lead = await hub.endUser('data-science-leads', []);
  const given: Record<string, string> = {
    111122223333: hub.id,
    444455556666: spoke.id,
    'vpc-0123456789abcdef0': VpcId,
    'subnet-0123456789abcdef0,subnet-0fedcba9876543210': SubnetIds,
  };
  const callers = { platform: hub.caller, team: spoke.caller, lead: lead.caller };
  for (const command of commands) {
    if (command.includes('port-abcdefghijklm')) given['port-abcdefghijklm'] ??= await hub.portfolioId('portfolio');
    const line = Object.entries(given).reduce((left, [name, value]) => left.replaceAll(name, value), command);
    const [, who] = / --profile (platform|team|lead)/.exec(line)!;
    await runLines(callers[who as keyof typeof callers], [line.replace(` --profile ${who}`, '')]);
    if (/ (provision|update-provisioned|terminate-provisioned)-product /.test(line)) {
      expect(await lead.settled('research')).toBe(/ terminate-/.test(line) ? undefined : 'AVAILABLE');
    }
  }
  const guest = await spoke.endUser('data-science-guest', [
    `arn:aws:iam::${spoke.id}:policy/launch-studio-end-user-${region}`,
  ]);
  expect(await guest.seen()).toEqual(products);
});
