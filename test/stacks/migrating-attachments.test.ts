import {
  DescribeDomainCommand,
  ListDomainsCommand,
  ListImagesCommand,
  ListStudioLifecycleConfigsCommand,
} from '@aws-sdk/client-sagemaker';
import { account } from '../../scripts/start/clients.ts';
import { pushImages, registryOf } from '../pushed-image.ts';
import { startCloud } from './cloud.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud({
    provider: { ExecutionRoleArns: `arn:aws:iam::${account}:role/*-Role-*`, AllowedDomains: '*' },
  });
  await pushImages(registryOf(cloud.clientOptions), 'tools', ['1']);
});

afterAll(() => cloud.stop());

const base = `
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/24 }
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/25 }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: { Service: sagemaker.amazonaws.com }, Action: 'sts:AssumeRole' }]
      Policies:
        - PolicyName: images
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - { Effect: Allow, Action: ['sagemaker:DescribeImage', 'sagemaker:DescribeImageVersion'], Resource: '*' }`;

const nativeThings = `
  Setup:
    Type: AWS::SageMaker::StudioLifecycleConfig
    Properties:
      StudioLifecycleConfigName: setup
      StudioLifecycleConfigAppType: JupyterLab
      StudioLifecycleConfigContent: { 'Fn::Base64': 'date' }
  Image:
    Type: AWS::SageMaker::Image
    Properties: { ImageName: tools, ImageRoleArn: !GetAtt Role.Arn }
  Version:
    Type: AWS::SageMaker::ImageVersion
    DependsOn: Image
    Properties: { ImageName: tools, BaseImage: !Sub '\${AWS::AccountId}.dkr.ecr.\${AWS::Region}.amazonaws.com/tools:1' }
  Config:
    Type: AWS::SageMaker::AppImageConfig
    Properties: { AppImageConfigName: tools, JupyterLabAppImageConfig: {} }`;

const domain = (type: string, more: string, lists: string) => `
  ${type.startsWith('Custom') ? 'StudioDomain' : 'Domain'}:
    Type: ${type}
    ${type.startsWith('Custom') ? '' : 'DeletionPolicy: Retain'}
    DependsOn: [${lists ? 'Version, Config, Setup' : 'Role'}]
    Properties:
      DomainName: research
      AuthMode: IAM
      VpcId: !Ref Vpc
      SubnetIds: [!Ref Subnet]${more}
      DefaultUserSettings:
        ExecutionRole: !GetAtt Role.Arn${lists}`;

const oldLists = `
        JupyterLabAppSettings:
          LifecycleConfigArns: [!GetAtt Setup.StudioLifecycleConfigArn]
          CustomImages: [{ ImageName: tools, AppImageConfigName: tools }]`;

const native = (lists: string) => domain('AWS::SageMaker::Domain', '', lists);

const adopted = (lists: string) =>
  domain(
    'Custom::StudioDomain',
    `
      ServiceToken: !ImportValue StudioDomainServiceToken
      AdoptExisting: true`,
    lists,
  );

const ours = `
  StudioSetup:
    Type: Custom::StudioLifecycleConfig
    Properties:
      ServiceToken: !ImportValue StudioLifecycleConfigServiceToken
      Name: ours
      AppType: JupyterLab
      Content: date
      AttachTo: [{ DomainId: !Ref StudioDomain, As: Listed }]
  StudioImage:
    Type: Custom::StudioImage
    Properties:
      ServiceToken: !ImportValue StudioImageServiceToken
      ImageName: our-tools
      RoleArn: !GetAtt Role.Arn
      BaseImage: !Sub '\${AWS::AccountId}.dkr.ecr.\${AWS::Region}.amazonaws.com/tools:1'
      JupyterLabAppImageConfig: {}
      AttachTo: [{ DomainId: !Ref StudioDomain }]`;

async function deploy(template: string): Promise<void> {
  const { failures } = await cloud.deploy('research', { template, parameters: {} });
  expect(failures).toEqual([]);
}

/** What new JupyterLabs of the domain are offered: scripts and images, by their names. */
async function offered(): Promise<string[]> {
  const { sagemaker } = cloud.clients;
  const { Domains } = await sagemaker.send(new ListDomainsCommand({}));
  const { DefaultUserSettings } = await sagemaker.send(new DescribeDomainCommand({ DomainId: Domains![0]!.DomainId }));
  const { LifecycleConfigArns = [], CustomImages = [] } = DefaultUserSettings!.JupyterLabAppSettings ?? {};
  const scripts = LifecycleConfigArns.map((arn) => arn.split('/')[1]!.split('-')[0]!);
  return [...scripts, ...CustomImages.map(({ ImageName }) => ImageName!)].sort();
}

test('native scripts and images stay attached beside ours until the template removes them', async () => {
  const { sagemaker } = cloud.clients;
  await deploy(base + nativeThings + native(oldLists));
  expect(await offered()).toEqual(['setup', 'tools']);
  await deploy(base + nativeThings + adopted(oldLists) + ours);
  expect(await offered()).toEqual(['our-tools', 'ours', 'setup', 'tools']);
  await deploy(base + nativeThings + adopted('') + ours);
  expect(await offered()).toEqual(['our-tools', 'ours']);
  await deploy(base + adopted('') + ours);
  const { Images } = await sagemaker.send(new ListImagesCommand({}));
  expect(Images!.map(({ ImageName }) => ImageName)).toEqual(['our-tools']);
  const { StudioLifecycleConfigs } = await sagemaker.send(new ListStudioLifecycleConfigsCommand({}));
  expect(StudioLifecycleConfigs).toHaveLength(1);
});
