import type { ResourceToImport } from '@aws-sdk/client-cloudformation';
import { ecr } from '../../../../packages/local/src/services/ecr/index.ts';
import { sagemaker } from '../../../../packages/local/src/services/sagemaker/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { localRegistry, pushImages } from '../../../pushed-image.ts';
import { account, region, StackCloud } from '../stack-cloud.ts';

const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
const Statement = [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }];
const AssumeRolePolicyDocument = { Version: '2012-10-17', Statement };
const role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'images', AssumeRolePolicyDocument } };
const roleArn = { 'Fn::GetAtt': ['Role', 'Arn'] };
const ref = (Ref: string) => ({ Ref });
const place = { VpcId: ref('Vpc'), SubnetIds: [ref('Subnet')] };

const network = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24' } },
};

const retained = (Type: string, Properties: object, more: object = {}) => ({
  Type,
  DeletionPolicy: 'Retain',
  Properties,
  ...more,
});

const BaseImage = `${account}.dkr.ecr.${region}.amazonaws.com/team/studio:1.4`;

const things = {
  Image: retained('AWS::SageMaker::Image', { ImageName: 'tools', ImageRoleArn: roleArn }),
  Version: retained('AWS::SageMaker::ImageVersion', { ImageName: 'tools', BaseImage }, { DependsOn: 'Image' }),
  Config: retained('AWS::SageMaker::AppImageConfig', {
    AppImageConfigName: 'tools',
    JupyterLabAppImageConfig: { FileSystemConfig: { DefaultUid: 1000 } },
  }),
  Setup: retained('AWS::SageMaker::StudioLifecycleConfig', {
    StudioLifecycleConfigName: 'setup',
    StudioLifecycleConfigContent: 'ZGF0ZQ==',
    StudioLifecycleConfigAppType: 'JupyterLab',
  }),
  Domain: retained('AWS::SageMaker::Domain', {
    ...{ DomainName: 'studio', AuthMode: 'IAM', ...place },
    DefaultUserSettings: { ExecutionRole: roleArn },
  }),
  Profile: retained('AWS::SageMaker::UserProfile', { DomainId: ref('Domain'), UserProfileName: 'ada' }),
  Space: retained('AWS::SageMaker::Space', {
    ...{ DomainId: ref('Domain'), SpaceName: 'notes' },
    OwnershipSettings: { OwnerUserProfileName: ref('Profile') },
    SpaceSharingSettings: { SharingType: 'Private' },
    SpaceSettings: { AppType: 'JupyterLab' },
  }),
};

const base = { Role: role, ...network };
const whole = { Resources: { ...base, ...things } };
let cloud: StackCloud;

beforeEach(async () => {
  cloud = new StackCloud(new Store(), [ecr, sagemaker]);
  await pushImages(
    localRegistry((operation, input) => cloud.invoke(ecr, operation, input as never)),
    'team/studio',
    ['1.4'],
  );
  expect(await cloud.create('studio', whole, { Capabilities })).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
});

async function ids(): Promise<Record<string, string>> {
  const { StackResources } = await cloud.call('DescribeStackResources', { StackName: 'studio' });
  return Object.fromEntries(StackResources!.map((one) => [one.LogicalResourceId!, one.PhysicalResourceId!]));
}

async function importThings(resources: Record<string, object>, given: Record<string, Record<string, string>>) {
  const ResourcesToImport = Object.entries(given).map(
    ([LogicalResourceId, ResourceIdentifier]): ResourceToImport => ({
      ResourceType: things[LogicalResourceId as keyof typeof things].Type,
      LogicalResourceId,
      ResourceIdentifier,
    }),
  );
  const { Id } = await cloud.call('CreateChangeSet', {
    ...{ StackName: 'studio', ChangeSetName: 'import', ChangeSetType: 'IMPORT', Capabilities, ResourcesToImport },
    TemplateBody: JSON.stringify({ Resources: { ...base, ...resources } }),
  });
  const described = await cloud.call('DescribeChangeSet', { ChangeSetName: Id });
  if (described.Status === 'FAILED') return described.StatusReason!;
  await cloud.call('ExecuteChangeSet', { ChangeSetName: 'import', StackName: 'studio' });
  return (await cloud.ended('studio')).StackStatus!;
}

/** What identifies each of them in an import, by the registry. */
const identifiers = ({ Image, Version, Domain }: Record<string, string>) => ({
  Image: { ImageArn: Image! },
  Version: { ImageVersionArn: Version! },
  Config: { AppImageConfigName: 'tools' },
  Setup: { StudioLifecycleConfigName: 'setup' },
  Domain: { DomainId: Domain! },
  Profile: { DomainId: Domain!, UserProfileName: 'ada' },
  Space: { DomainId: Domain!, SpaceName: 'notes' },
});

test('each type of Studio leaves its stack with Retain, comes back by an import, and is deleted with the stack', async () => {
  const before = await ids();
  const describe = () => cloud.invoke(sagemaker, 'DescribeImageVersion', { ImageName: 'tools' });
  const { LastModifiedTime: _, ...version } = await describe();
  await cloud.update('studio', { Resources: base }, { Capabilities });
  expect(Object.keys(await ids())).toEqual(['Role', 'Vpc', 'Subnet']);
  expect(await importThings(things, identifiers(before))).toBe('IMPORT_COMPLETE');
  expect(await ids()).toEqual(before);
  expect(await describe()).toMatchObject(version);
  const owned = Object.entries(things).map(([name, { DeletionPolicy: __, ...thing }]) => [name, thing]);
  await cloud.update('studio', { Resources: { ...base, ...Object.fromEntries(owned) } }, { Capabilities });
  await cloud.delete('studio');
  const lists = ['ListImages', 'ListAppImageConfigs', 'ListStudioLifecycleConfigs', 'ListDomains'] as const;
  expect(await cloud.listed(sagemaker, ...lists)).toEqual([]);
});

test('an import of what does not exist fails in its change set', async () => {
  const { Image, Version, Config, Setup } = things;
  const resources = { Image, Version: { ...Version, DependsOn: [] }, Config, Setup };
  const found = identifiers(await ids());
  const absent: Record<keyof typeof resources, Record<string, string>> = {
    Image: { ImageArn: found.Image.ImageArn.replace('tools', 'other') },
    Version: { ImageVersionArn: found.Version.ImageVersionArn.replace('/1', '/2') },
    Config: { AppImageConfigName: 'other' },
    Setup: { StudioLifecycleConfigName: 'other' },
  };
  await cloud.update('studio', { Resources: base }, { Capabilities });
  for (const [name, identifier] of Object.entries(absent)) {
    const { Type } = resources[name as keyof typeof resources];
    expect(await importThings({ [name]: resources[name as keyof typeof resources] }, { [name]: identifier })).toContain(
      `Resource of type '${Type}' with identifier '${Object.values(identifier)[0]}' was not found.`,
    );
    await cloud.call('DeleteChangeSet', { ChangeSetName: 'import', StackName: 'studio' });
  }
});
