import type { CreateTrainingJobCommandInput } from '@aws-sdk/client-sagemaker';
import { error, Studio } from '../studio.ts';

let studio: Studio;
let DomainId: string;

beforeEach(async () => {
  studio = await Studio.open();
  DomainId = await studio.domain();
});
afterEach(() => studio.cloud.close());

const allow = (Action: string | string[], Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  Condition,
});
const refused = error('AccessDeniedException');

test('a policy can limit the instance types of apps and spaces', async () => {
  await studio.profile(DomainId, 'ana');
  const small = { 'ForAllValues:StringLike': { 'sagemaker:InstanceTypes': ['ml.t3.*', 'system'] } };
  const role = await studio.role('Small', allow(['sagemaker:CreateApp', 'sagemaker:CreateSpace'], small));
  const app = { DomainId, UserProfileName: 'ana', AppType: 'KernelGateway', AppName: 'a' } as const;
  const on = (InstanceType: 'ml.t3.medium' | 'ml.m5.large') => ({ ...app, ResourceSpec: { InstanceType } });
  await expect(studio.sm('CreateApp', on('ml.m5.large'), role)).rejects.toEqual(refused);
  await studio.sm('CreateApp', on('ml.t3.medium'), role);
  const space = (InstanceType: 'ml.t3.medium' | 'ml.m5.large') => ({
    DomainId,
    SpaceName: 'lab',
    SpaceSettings: { JupyterLabAppSettings: { DefaultResourceSpec: { InstanceType } } },
  });
  await expect(studio.sm('CreateSpace', space('ml.m5.large'), role)).rejects.toEqual(refused);
  await studio.sm('CreateSpace', space('ml.t3.medium'), role);
});

test('a policy can require the VPC, the keys and the isolation of jobs, with the condition keys that IAM publishes', async () => {
  const training: CreateTrainingJobCommandInput = {
    TrainingJobName: 'train',
    RoleArn: studio.roleArn,
    AlgorithmSpecification: { TrainingImage: 'image', TrainingInputMode: 'File' },
    OutputDataConfig: { S3OutputPath: 's3://bucket/out', KmsKeyId: 'output-key' },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 5, VolumeKmsKeyId: 'volume-key' },
    VpcConfig: { Subnets: studio.SubnetIds, SecurityGroupIds: ['sg-1'] },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    // Whatever its names are, it says nothing about the job.
    HyperParameters: { InterContainerTrafficEncryption: 'true', EnableInterContainerTrafficEncryption: 'true' },
    EnableNetworkIsolation: true,
  };
  const pass = allow('iam:PassRole');
  const asking = (n: number, Condition: object) =>
    studio.role(`R${n}`, pass, allow('sagemaker:CreateTrainingJob', Condition));
  const never = [
    { StringEquals: { 'sagemaker:OutputKmsKeyArn': 'volume-key' } },
    { StringEquals: { 'sagemaker:VolumeKmsKeyArn': 'output-key' } },
    // Known from older documents; no action has it.
    { StringEquals: { 'sagemaker:VolumeKmsKey': 'volume-key' } },
    { 'ForAnyValue:StringEquals': { 'sagemaker:VpcSubnets': ['subnet-other'] } },
    { Bool: { 'sagemaker:InterContainerTrafficEncryption': 'true' } },
    { NumericLessThan: { 'sagemaker:MaxRuntimeInSeconds': '3600' } },
  ];
  for (const [n, condition] of never.entries()) {
    await expect(studio.sm('CreateTrainingJob', training, await asking(n, condition))).rejects.toEqual(refused);
  }
  const all = {
    StringEquals: { 'sagemaker:OutputKmsKeyArn': 'output-key', 'sagemaker:VolumeKmsKeyArn': 'volume-key' },
    'ForAllValues:StringEquals': {
      'sagemaker:VpcSubnets': studio.SubnetIds,
      'sagemaker:VpcSecurityGroupIds': ['sg-1'],
      'sagemaker:InstanceTypes': ['ml.m5.large'],
    },
    Bool: { 'sagemaker:NetworkIsolation': 'true' },
    NumericLessThanEquals: { 'sagemaker:MaxRuntimeInSeconds': '3600' },
  };
  await studio.sm('CreateTrainingJob', training, await asking(never.length, all));
});
