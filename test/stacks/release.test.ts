import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { inBase64 } from '../../scripts/release/file.ts';
import { type ReleaseOptions, readOptions } from '../../scripts/release/options.ts';
import { type Release, readBuild, releasedSources, releaseOf } from '../../scripts/release/release.ts';
import { runRelease } from '../../scripts/release/run.ts';
import { account } from '../../scripts/start/clients.ts';
import type { Caller } from './caller.ts';
import { CatalogAccount, type EndUser } from './catalog-account.ts';
import { startCloud } from './cloud.ts';
import { runLines, shellLines } from './shell.ts';
import type { TestCloud } from './test-cloud.ts';

/** Who publishes: another account than the teams'. */
const publisher = '999999999999';

const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];

let cloud: TestCloud;
let options: ReleaseOptions;
let release: Release;
/** What the command has printed. */
const printed: string[] = [];

beforeAll(async () => {
  cloud = await startCloud({ provider: false });
  const [publishing] = shellLines('docs/INSTALLING.md', 'Install it in an account');
  expect(publishing).toMatch(/^npm run release -- /);
  const { regions: all, ...given } = readOptions(publishing!.split(/ +/).slice(4));
  expect(all).toEqual(regions);
  // The local cloud has no organizations, so everybody may read it.
  options = { ...given, regions, readers: { kind: 'everybody' } };
  release = releaseOf({ ...options, commit: 'f'.repeat(40) }, await readBuild(options.version), releasedSources());
  await publish(release, regions, (line) => printed.push(line));
});
afterAll(() => cloud?.stop());

/** Publishes by the command's code. */
async function publish(published: Release, to: readonly string[], say = (_line: string): unknown => undefined) {
  const { region: _, ...config } = cloud.as(publisher).clientOptions;
  const { version } = published;
  const dependencies = { commit: () => published.commit, check: async () => {}, read: async () => published, say };
  await runRelease(
    { ...options, version, regions: to },
    { config: { ...config, forcePathStyle: true }, ...dependencies },
  );
}

/** The command for a Region that was printed. */
function installing(region: string): string {
  const [line, ...others] = printed.filter((one) =>
    one.startsWith(`aws cloudformation create-stack --region ${region} `),
  );
  expect(others).toEqual([]);
  // The caller is one of that Region.
  return line!.replace(` --region ${region}`, '');
}

/** The URL of a template of the release: beside the one that was printed. */
const urlOf = (path: string, region: string) =>
  `${/--template-url (\S+)\/provider\.yaml /.exec(installing(region))![1]}/${path}`;

async function deploy(caller: Caller, name: string, url: string, parameters: Record<string, string> = {}) {
  const { failures, outputs, status } = await caller.deploy(name, { template: { url }, parameters });
  expect({ name, failures, status }).toEqual({ name, failures: [], status: 'CREATE_COMPLETE' });
  return outputs;
}

test('the printed links name the same templates, for the console', () => {
  for (const region of regions) {
    const link = printed.find((one) => one.startsWith(`${region}: https://`))!;
    const [, template] = /[?&]templateURL=([^&]+)&stackName=studio-resources$/.exec(link)!;
    expect(decodeURIComponent(template!)).toBe(urlOf('provider.yaml', region));
  }
});

test("README.md's command, and that of docs/INSTALLING.md, is the printed one of its Region", () => {
  const [readme] = shellLines('README.md', 'Install it in an account');
  const [, page] = shellLines('docs/INSTALLING.md', 'Install it in an account');
  const options = (line: string) =>
    line
      .replaceAll("'", '')
      .split(/ +(?=--)/)
      .sort();
  const printedOnes = installing('us-east-1').replace('arn:aws:iam::*', 'arn:aws:iam::111122223333');
  expect(options(readme!)).toEqual(options(printedOnes));
  expect(options(page!)).toEqual(options(printedOnes));
});

describe.each(regions.slice(0, 2))('in %s, a team of another account', (region) => {
  const team = () => cloud.as(account, region);

  test('installs the provider with the printed command alone', async () => {
    await runLines(team(), [
      installing(region),
      'aws cloudformation wait stack-create-complete --stack-name studio-resources',
    ]);
    const { clients } = team();
    const { Stacks } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: 'studio-resources' }));
    expect(Stacks).toMatchObject([{ StackStatus: 'CREATE_COMPLETE' }]);
    const { Functions = [] } = await clients.lambda.send(new ListFunctionsCommand({}));
    const digests = release.files.filter(({ isFunction }) => isFunction).map(inBase64);
    expect(Functions.length).toBeGreaterThan(9);
    for (const { FunctionName } of Functions) {
      const { Configuration } = await clients.lambda.send(new GetFunctionCommand({ FunctionName }));
      expect(digests).toContain(Configuration!.CodeSha256);
    }
  });

  test('updates it with the template of a later version', async () => {
    const [, , update] = shellLines('docs/INSTALLING.md', 'Install it in an account');
    const later = releaseOf({ ...release, version: '1.1.0' }, await readBuild('1.1.0'), releasedSources());
    await publish(later, [region]);
    await runLines(team(), [
      update!.replaceAll('us-east-1', region),
      'aws cloudformation wait stack-update-complete --stack-name studio-resources',
    ]);
    const command = new DescribeStacksCommand({ StackName: 'studio-resources' });
    const { Stacks } = await team().clients.cloudformation.send(command);
    expect(Stacks![0]!.Parameters).toContainEqual({
      ...{ ParameterKey: 'ArtifactPrefix', ParameterValue: 'studio-resources/1.1.0' },
    });
  });

  test('uses it, with an example of the release', async () => {
    const outputs = await deploy(team(), 'studio', urlOf('examples/studio.yaml', region));
    expect(outputs.DomainId).toMatch(/^d-/);
    const { failures, status } = await team().remove('studio');
    expect({ failures, status }).toEqual({ failures: [], status: 'DELETE_COMPLETE' });
  });

  test('offers the project templates, with the seed code of the release', async () => {
    const ImageUri = `000000000000.dkr.ecr.${region}.amazonaws.com/team/models:2`;
    const outputs = await deploy(team(), 'project-templates', urlOf('project-templates/portfolio.yaml', region), {
      ImageUri,
    });
    expect(outputs.BuildProductId).toMatch(/^prod-/);
  });
});

describe('in us-east-1, the Service Catalog portfolio of a team', () => {
  const region = 'us-east-1';
  let team: CatalogAccount;
  let user: EndUser;

  beforeAll(async () => {
    team = new CatalogAccount(cloud, account);
    const roles = await deploy(team.caller, 'launch-roles', urlOf('service-catalog/launch-roles.yaml', region));
    user = await team.endUser('team-research', [roles.EndUserPolicyArn!]);
    const PrincipalArn = user.roleArn;
    const url = urlOf('service-catalog/portfolio.yaml', region);
    await deploy(team.caller, 'portfolio', url, { PrincipalArn, DomainIds: '*' });
  });

  test('offers the templates of the release, which launch', async () => {
    const { ProvisioningArtifactParameters = [] } = await user.parameters('Custom image');
    const defaults = new Map(ProvisioningArtifactParameters.map((one) => [one.ParameterKey, one.DefaultValue]));
    expect(defaults.get('ArtifactBucket')).toBe('acme-studio-{Region}');
    expect(defaults.get('ArtifactPrefix')).toBe('studio-resources/1.0.0');

    const network = await deploy(team.caller, 'network', urlOf('network.yaml', region));
    const tags = { Environment: 'Development' };
    const domain = await user.provision(
      'Domain',
      'research',
      {
        ...{ DomainName: 'research', VpcId: network.VpcId!, SubnetIds: network.SubnetIds! },
        ...{ AppNetworkAccessType: 'VpcOnly', HomeEfsFileSystem: 'Delete' },
      },
      tags,
    );
    expect(domain).toMatchObject({ errors: '', detail: { Status: 'SUCCEEDED' } });

    // Its nested stack and its build take a template from the release, which is in another account's bucket.
    const PipelineBucket = 'studio-resources-pipelines';
    const { s3 } = team.clients;
    await s3.send(new CreateBucketCommand({ Bucket: PipelineBucket }));
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await s3.send(new PutBucketVersioningCommand({ Bucket: PipelineBucket, VersioningConfiguration }));
    const given = { DomainId: domain.outputs.DomainId!, ImageName: 'tools', PipelineBucket };
    const image = await user.provision('Custom image', 'tools', given, tags);
    expect(image).toMatchObject({ errors: '', outputs: { PipelineName: 'tools-studio-image' } });
  });
});
