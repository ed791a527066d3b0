import {
  CreateAppCommand,
  CreateSpaceCommand,
  CreateUserProfileCommand,
  ListAppsCommand,
} from '@aws-sdk/client-sagemaker';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { removeStack, startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

const network = `
Resources:
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 10.0.0.0/16 } }
  A: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: studio-user
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: [{ Effect: Allow, Principal: { Service: sagemaker.amazonaws.com }, Action: 'sts:AssumeRole' }]
Outputs:
  VpcId: { Value: !Ref Vpc }
  SubnetIds: { Value: !Ref A }
  ExecutionRole: { Value: !GetAtt Role.Arn }
`;

const parameters = `
Parameters:
  VpcId: { Type: String }
  SubnetIds: { Type: String }
  ExecutionRole: { Type: String }
`;

const domain = (name = 'native') => `
  Domain:
    Type: AWS::SageMaker::Domain
    Properties:
      DomainName: ${name}
      AuthMode: IAM
      VpcId: !Ref VpcId
      SubnetIds: [!Ref SubnetIds]
      DefaultUserSettings: { ExecutionRole: !Ref ExecutionRole }
`;

const profile = `
  Ada:
    Type: AWS::SageMaker::UserProfile
    Properties: { DomainId: !Ref Domain, UserProfileName: ada }
`;

const contents = (logicalId: string, more = '') => `
  ${logicalId}:
    Type: Custom::StudioContents
    DependsOn: Ada
    Properties:
      ServiceToken: !ImportValue StudioContentsServiceToken
      DomainId: !Ref Domain
      DeleteContents: All
${more}
`;

const ofAda = '      UserProfileName: !Ref Ada';

/** What makes an update fail once everything else is done. */
const failing = (after: string) => `
  Failing:
    Type: AWS::SageMaker::UserProfile
    DependsOn: ${after}
    Properties: { DomainId: d-missing, UserProfileName: absent }
`;

const outputs = `
Outputs:
  DomainId: { Value: !Ref Domain }
`;

const template = (...resources: string[]) => `${parameters}\nResources:${resources.join('')}${outputs}`;

let cloud: TestCloud;
let place: Record<string, string>;
let DomainId: string;

beforeAll(async () => {
  cloud = await startCloud();
  ({ outputs: place } = await cloud.deploy('network', { template: network, parameters: {} }));
});

afterAll(() => cloud.stop());

function deploy(...resources: string[]) {
  return cloud.deploy('native', { template: template(...resources), parameters: place });
}

async function deployed(...resources: string[]): Promise<void> {
  const result = await deploy(...resources);
  expect(result.failures).toEqual([]);
  DomainId = result.outputs.DomainId!;
}

/** Creates what users create: a profile, a space, and an app in each profile. */
async function people(): Promise<void> {
  const { sagemaker } = cloud.clients;
  await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName: 'grace' }));
  const OwnershipSettings = { OwnerUserProfileName: 'ada' };
  const rest = { SpaceSharingSettings: { SharingType: 'Private' }, SpaceSettings: { AppType: 'JupyterLab' } } as const;
  await sagemaker.send(new CreateSpaceCommand({ DomainId, SpaceName: 'ideas', OwnershipSettings, ...rest }));
  await cloud.pass(60_000);
  for (const UserProfileName of ['ada', 'grace']) {
    const app = { DomainId, UserProfileName, AppType: 'JupyterServer', AppName: 'default' } as const;
    await sagemaker.send(new CreateAppCommand(app));
  }
  await cloud.pass(300_000);
}

/** What there is in domains, and the running apps. */
async function existing(): Promise<string[]> {
  const inventory = await takeInventory(cloud.clients);
  const { Apps = [] } = await cloud.clients.sagemaker.send(new ListAppsCommand({}));
  const running = Apps.filter(({ Status }) => Status === 'InService').map(
    ({ UserProfileName }) => `app of ${UserProfileName}`,
  );
  const names = [...inventory.get('user profiles')!, ...inventory.get('spaces')!].map((id) => id.split('/').at(-1)!);
  return [...names, ...running].toSorted();
}

const everything = ['ada', 'app of ada', 'app of grace', 'grace', 'ideas'];

test('what people made outlives every edit that leaves the domain, and goes with the stack', async () => {
  await deployed(domain(), profile, contents('Contents'));
  await people();
  expect(await existing()).toEqual(everything);

  const renaming = await deploy(domain(), profile, contents('Renamed'), failing('Renamed'));
  expect(renaming.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await existing()).toEqual(everything);

  await deployed(domain(), profile, contents('Renamed'));
  expect(await existing()).toEqual(everything);

  const narrowing = await deploy(domain(), profile, contents('Renamed', ofAda), failing('Renamed'));
  expect(narrowing.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await existing()).toEqual(everything);

  await deployed(domain(), profile, contents('Renamed', ofAda));
  await deployed(domain(), profile);
  expect(await existing()).toEqual(everything);

  await deployed(domain(), profile, contents('Contents'));
  await removeStack(cloud, 'native');
  expect(await existing()).toEqual([]);
});

test('a domain that is replaced, or leaves the template, is emptied before CloudFormation deletes it', async () => {
  await deployed(domain(), profile, contents('Contents'));
  await people();
  const before = DomainId;
  await deployed(domain('other'), profile, contents('Contents'));
  expect(DomainId).not.toBe(before);
  expect(await existing()).toEqual(['ada']);

  await people();
  const emptied = `${parameters}
Resources:
  Topic: { Type: 'AWS::SNS::Topic' }
`;
  const { failures, status } = await cloud.deploy('native', { template: emptied, parameters: place });
  expect({ failures, status }).toEqual({ failures: [], status: 'UPDATE_COMPLETE' });
  expect(await existing()).toEqual([]);
  await removeStack(cloud, 'native');
});
