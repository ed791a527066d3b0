import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeUserProfileCommand, ListUserProfilesCommand } from '@aws-sdk/client-sagemaker';
import { DescribeConstraintCommand, ListConstraintsForPortfolioCommand } from '@aws-sdk/client-service-catalog';
import { CatalogAccount, type EndUser } from '../stacks/catalog-account.ts';
import { startCloud } from '../stacks/cloud.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';

const id = '000000000000';
const template = (name: string) => `service-catalog/${name}.yaml`;
const development = { Environment: 'Development' };

/** The provider passes it, as its name has the prefix: what the portfolio does not offer. */
const stronger = `arn:aws:iam::${id}:role/studio-admin`;
const offeredRole = `arn:aws:iam::${id}:role/studio-scientists`;

let cloud: TestCloud;
let account: CatalogAccount;

/** Launches products, and may do nothing else. */
let user: EndUser;
let network: Record<string, string>;

/** The domains of the user's team, and of another. */
let own: string;
let others: string;

beforeAll(async () => {
  cloud = await startCloud({ provider: false });
  account = new CatalogAccount(cloud, id);
  await account.install();
  const trust = { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  for (const RoleName of ['studio-admin', 'studio-scientists']) {
    await account.clients.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  }
  network = await account.deploy('network', 'network.yaml');
  [own, others] = [await makeDomain('own'), await makeDomain('others')];
  const { EndUserPolicyArn } = await account.deploy('roles', template('launch-roles'));
  user = await account.endUser('team', [EndUserPolicyArn!]);
  await offer({ DomainIds: own, ExecutionRoleArns: offeredRole });
});
afterAll(() => cloud.stop());

async function makeDomain(DomainName: string): Promise<string> {
  const { VpcId = '', SubnetIds = '' } = network;
  const outputs = await account.deploy(`studio-${DomainName}`, 'domain.yaml', { DomainName, VpcId, SubnetIds });
  return outputs.DomainId!;
}

async function offer(parameters: Record<string, string>): Promise<void> {
  const release = { ArtifactBucket: account.bucket, ArtifactPrefix: 'test' };
  await account.deploy('portfolio', template('portfolio'), { ...release, PrincipalArn: user.roleArn, ...parameters });
}

/** Launches a product, which has to fail, and removes what is left of it; the reason. */
async function refusal(product: string, parameters: Record<string, string>): Promise<string> {
  const { detail, errors } = await user.provision(product, 'attack', parameters, development);
  await user.terminate('attack');
  expect(detail.Status).toBe('FAILED');
  return errors;
}

async function profilesOf(DomainIdEquals: string): Promise<number> {
  const { UserProfiles } = await account.clients.sagemaker.send(new ListUserProfilesCommand({ DomainIdEquals }));
  return UserProfiles!.length;
}

const image = () => ({
  ...{ DomainId: own, ImageName: 'tools', PipelineBucket: account.bucket },
  ...{ ArtifactBucket: account.bucket, ArtifactPrefix: 'test' },
});

test('an end user creates no profile in the domain of another team', async () => {
  const parameters = { DomainId: others, UserProfileName: 'mallory' };
  expect(await refusal('User profile', parameters)).toContain('user profiles in the domains of its DomainIds');
  expect(await profilesOf(others)).toBe(0);
});

test('an end user moves no profile into the domain of another team, nor to a stronger role', async () => {
  const parameters = { DomainId: own, UserProfileName: 'ada' };
  expect((await user.provision('User profile', 'ada', parameters, development)).errors).toBe('');
  const moved = await user.update('ada', { DomainId: others }, ['UserProfileName']);
  expect(moved.errors).toContain('user profiles in the domains of its DomainIds');
  const raised = await user.update('ada', { ExecutionRoleArn: stronger }, ['DomainId', 'UserProfileName']);
  expect(raised.errors).toContain('or with one of its ExecutionRoleArns');
  expect(await profilesOf(others)).toBe(0);
  expect((await user.terminate('ada')).errors).toBe('');
});

test('an end user gives a profile no stronger role than the portfolio offers', async () => {
  const parameters = { DomainId: own, UserProfileName: 'mallory', ExecutionRoleArn: stronger };
  expect(await refusal('User profile', parameters)).toContain('or with one of its ExecutionRoleArns');
  const offered = { ...parameters, ExecutionRoleArn: offeredRole };
  expect((await user.provision('User profile', 'offered', offered, development)).errors).toBe('');
  const describe = new DescribeUserProfileCommand({ DomainId: own, UserProfileName: 'mallory' });
  expect((await account.clients.sagemaker.send(describe)).UserSettings!.ExecutionRole).toBe(offeredRole);
  expect((await user.terminate('offered')).errors).toBe('');
});

test('an end user gives a domain no stronger role than the portfolio offers', async () => {
  const { VpcId = '', SubnetIds = '' } = network;
  const parameters = { DomainName: 'mine', VpcId, SubnetIds, ExecutionRoleArn: stronger };
  expect(await refusal('Domain', parameters)).toContain('or with one of its ExecutionRoleArns');
});

test('an end user puts no image into the domain of another team, and takes no template from elsewhere', async () => {
  expect(await refusal('Custom image', { ...image(), DomainId: others })).toContain('images in the domains of its');
  // The launch role may read it, and creates what the nested template says.
  const ArtifactBucket = 'studio-of-mallory';
  const { s3 } = account.clients;
  await s3.send(new CreateBucketCommand({ Bucket: ArtifactBucket }));
  const Body = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
  await s3.send(new PutObjectCommand({ Bucket: ArtifactBucket, Key: 'test/custom-image/image.yaml', Body }));
  expect(await refusal('Custom image', { ...image(), ArtifactBucket })).toContain('or one of its ImageArtifactBuckets');
  expect(await refusal('Custom image', { ...image(), ArtifactPrefix: 'other' })).toContain('ArtifactPrefix test');
});

test.each([
  ['User profile', () => ({ DomainId: own, UserProfileName: 'mallory' })],
  ['Domain', () => ({ DomainName: 'mine', VpcId: network.VpcId!, SubnetIds: network.SubnetIds! })],
  ['Custom image', image],
])('an end user launches the product %s with no other team’s provider', async (product, parameters) => {
  const failure = await refusal(product, { ...parameters(), ProviderNamePrefix: 'other-team' });
  expect(failure).toContain('with ProviderNamePrefix studio-resources');
});

test('a portfolio without DomainIds offers no domain to user profiles', async () => {
  await offer({ DomainIds: '' });
  const parameters = { DomainId: own, UserProfileName: 'mallory' };
  expect(await refusal('User profile', parameters)).toContain('user profiles in the domains of its DomainIds');
});

test('the products of another provider are launched with roles of their own, beside the first ones', async () => {
  const ProviderNamePrefix = 'team-with-a-longest-name';
  await account.deploy('their-roles', template('launch-roles'), { ProviderNamePrefix });
  const release = { ArtifactBucket: account.bucket, ArtifactPrefix: 'test', MakeTagOptions: 'false' };
  const theirs = { ...release, PrincipalArn: user.roleArn, PortfolioName: 'Theirs', ProviderNamePrefix };
  const { UserProfileProductId } = await account.deploy('their-portfolio', template('portfolio'), theirs);
  const { serviceCatalog } = account.clients;
  const PortfolioId = await account.portfolioId('their-portfolio');
  const list = new ListConstraintsForPortfolioCommand({ PortfolioId, ProductId: UserProfileProductId! });
  const { ConstraintDetails } = await serviceCatalog.send(list);
  const Id = ConstraintDetails!.find(({ Type }) => Type === 'LAUNCH')!.ConstraintId!;
  const { ConstraintParameters = '' } = await serviceCatalog.send(new DescribeConstraintCommand({ Id }));
  const LocalRoleName = `launch-${ProviderNamePrefix}-user-profile-us-east-1`;
  expect(JSON.parse(ConstraintParameters)).toEqual({ LocalRoleName });
});
