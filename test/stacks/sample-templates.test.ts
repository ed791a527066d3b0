import {
  CreateAppCommand,
  CreateSpaceCommand,
  CreateUserProfileCommand,
  DescribeDomainCommand,
  GetSagemakerServicecatalogPortfolioStatusCommand,
} from '@aws-sdk/client-sagemaker';
import { ListAcceptedPortfolioSharesCommand, ListPrincipalsForPortfolioCommand } from '@aws-sdk/client-service-catalog';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { readTemplate, removeStack, startCloud } from './cloud.ts';
import { blog, network, secureMlops, serviceCatalog } from './sample-templates.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
let place: Record<string, string>;
let before: Map<string, string[]>;

beforeAll(async () => {
  cloud = await startCloud();
  place = await deploy('network', network, {});
});

beforeEach(async () => {
  before = await takeInventory(cloud.clients);
});

afterAll(() => cloud.stop());

async function deploy(name: string, template: string, parameters: Record<string, string>) {
  const { failures, outputs } = await cloud.deploy(name, { template, parameters });
  expect(failures).toEqual([]);
  return outputs;
}

/** Deletes the stack; gives the kinds of things that differ from before. */
async function remove(name: string): Promise<string[]> {
  await removeStack(cloud, name);
  const after = await takeInventory(cloud.clients);
  return [...after].filter(([kind, found]) => `${found}` !== `${before.get(kind)}`).map(([kind]) => kind);
}

/** The home file system, which is kept unless a template says otherwise, and what belongs to it. */
const home = ['file systems', 'security groups', 'network interfaces'];

/** Starts an app as people do. */
async function startApp(DomainId: string, UserProfileName: string, AppType: 'JupyterServer' | 'KernelGateway') {
  const own =
    AppType === 'JupyterServer'
      ? { AppName: 'default' }
      : { AppName: 'of-a-user', ResourceSpec: { InstanceType: 'ml.t3.medium' as const } };
  await cloud.clients.sagemaker.send(new CreateAppCommand({ DomainId, UserProfileName, AppType, ...own }));
}

test("the blog's domain and profile are made; another profile takes the place of one in which an app runs", async () => {
  const { VPCId, SubnetIds } = place;
  const created = await deploy('studio-blog', blog, { VPCId: VPCId!, SubnetIds: SubnetIds! });
  expect(created).toEqual({ DomainId: expect.stringMatching(/^d-/), UserProfileName: 'DefaultUser' });
  await startApp(created.DomainId!, 'DefaultUser', 'JupyterServer');

  const parameters = { VPCId: VPCId!, SubnetIds: SubnetIds!, UserProfileName: 'OtherUser' };
  const renamed = await deploy('studio-blog', blog, parameters);
  expect(renamed).toEqual({ ...created, UserProfileName: 'OtherUser' });
  expect(await remove('studio-blog')).toEqual(home);
});

test("the Service Catalog product's domain takes its one subnet, and changes its settings in place", async () => {
  const parameters = { VPCId: place.VPCId!, SubnetIds: place.OneSubnetId! };
  const outputs = await deploy('studio-product', serviceCatalog, parameters);
  const { SecurityGroupId } = place;
  const changed = await deploy('studio-product', serviceCatalog, { ...parameters, SecurityGroupId: SecurityGroupId! });
  expect(changed).toEqual(outputs);
  const domain = await cloud.clients.sagemaker.send(new DescribeDomainCommand({ DomainId: outputs.Domain! }));
  expect(domain).toMatchObject({
    SubnetIds: [place.OneSubnetId],
    DefaultUserSettings: { SecurityGroups: [SecurityGroupId] },
  });
  expect(await remove('studio-product')).toEqual(home);
});

test("secure MLOps' custom resources enable Projects, and stop what people run before its own types go", async () => {
  const { sagemaker, serviceCatalog: catalog } = cloud.clients;
  const parameters = {
    VPCId: place.VPCId!,
    SageMakerStudioSubnetIds: place.SubnetIds!,
    SageMakerSecurityGroupIds: place.SecurityGroupId!,
    SageMakerExecutionRoleArn: place.ExecutionRoleArn!,
  };
  const outputs = await deploy('studio-mlops', secureMlops, parameters);
  const { Status } = await sagemaker.send(new GetSagemakerServicecatalogPortfolioStatusCommand({}));
  expect(Status).toBe('Enabled');
  const [PortfolioId] = await portfolios();
  const { Principals } = await catalog.send(new ListPrincipalsForPortfolioCommand({ PortfolioId }));
  expect(Principals?.map(({ PrincipalARN }) => PrincipalARN)).toEqual([place.ExecutionRoleArn]);

  // One of the two resources that stop apps goes, and the domain stays, so that nothing is stopped.
  await startApp(outputs.SageMakerDomainId!, 'sm-mlops-dev-user-profile', 'KernelGateway');
  const changed = await deploy('studio-mlops', secureMlops, { ...parameters, StartKernelGatewayApps: 'YES' });
  expect(changed).toEqual(outputs);
  const running = (await takeInventory(cloud.clients)).get('apps')!.toSorted();
  expect(running).toEqual([
    ...['JupyterServer default', 'KernelGateway of-a-user', 'KernelGateway sm-mlops-datascience-ml-t3-medium'],
  ]);
  // Other stacks may use the portfolio and the service roles, so they are removed only if the template says so.
  expect(await remove('studio-mlops')).toEqual([...home, 'roles', 'imported portfolios']);
});

test("examples/studio-contents.yaml is deleted with people's apps, and where it says so with their spaces and profiles", async () => {
  const template = await readTemplate('examples/studio-contents.yaml');
  const parameters = { VpcId: place.VPCId!, SubnetIds: place.SubnetIds! };
  const outputs = await deploy('studio-native', template, parameters);
  for (const type of ['JupyterServer', 'KernelGateway'] as const) await startApp(outputs.DomainId!, 'ada', type);
  await deploy('studio-native', template, { ...parameters, DeleteContents: 'All' });
  const { sagemaker } = cloud.clients;
  await sagemaker.send(new CreateUserProfileCommand({ DomainId: outputs.DomainId, UserProfileName: 'grace' }));
  await sagemaker.send(
    new CreateSpaceCommand({
      DomainId: outputs.DomainId,
      SpaceName: 'ideas',
      OwnershipSettings: { OwnerUserProfileName: 'ada' },
      SpaceSharingSettings: { SharingType: 'Private' },
      SpaceSettings: { AppType: 'JupyterLab' },
    }),
  );
  expect(await remove('studio-native')).toEqual(home);
});

async function portfolios(): Promise<string[]> {
  const { PortfolioDetails = [] } = await cloud.clients.serviceCatalog.send(new ListAcceptedPortfolioSharesCommand({}));
  return PortfolioDetails.map(({ Id }) => Id!);
}
