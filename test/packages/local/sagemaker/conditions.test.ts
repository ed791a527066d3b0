import {
  CreateAppCommand,
  CreateSpaceCommand,
  type CreateTrainingJobCommandInput,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { type Listener, listen } from '../../../../packages/local/src/server.ts';
import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { policyOf } from '../authorised-cloud.ts';
import { error, region, Studio } from '../studio.ts';

let listener: Listener;
let studio: Studio;
let DomainId: string;

beforeEach(async () => {
  listener = await listen(0);
  studio = await Studio.open(undefined, { endpoint: listener.endpoint });
  listener.serve(studio.cloud);
  DomainId = await studio.domain();
});
afterEach(async () => {
  studio.cloud.close();
  await listener.close();
});

const allow = (Action: string | string[], Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  Condition,
});
const refused = error('AccessDeniedException');

test('a policy can ask for the instance types of apps and spaces', async () => {
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

test('a policy can ask for the VPC, the keys and the isolation of jobs, by the names that IAM publishes', async () => {
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

test("what a user of Studio works with says who that is, so that spaces are their owners' alone", async () => {
  for (const name of ['ana', 'bo']) await studio.profile(DomainId, name);
  const own = `arn:aws:sagemaker:*:*:user-profile/\${sagemaker:DomainId}/\${sagemaker:UserProfileName}`;
  const PolicyDocument = policyOf(
    allow(['sagemaker:CreateSpace', 'sagemaker:CreateApp'], {
      ArnLike: { 'sagemaker:OwnerUserProfileArn': own },
      StringEquals: { 'sagemaker:SpaceSharingType': 'Private' },
    }),
  );
  await studio.call(iam, 'PutRolePolicy', { RoleName: 'Execution', PolicyName: 'own', PolicyDocument });

  const [ana, bo] = [await clientOf('ana'), await clientOf('bo')];
  const space = new CreateSpaceCommand({
    DomainId,
    SpaceName: 'lab',
    OwnershipSettings: { OwnerUserProfileName: 'Ana' },
    SpaceSharingSettings: { SharingType: 'Private' },
    SpaceSettings: { AppType: 'JupyterLab' },
  });
  await expect(bo.send(space)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await ana.send(space);
  await studio.settle();
  const app = new CreateAppCommand({ DomainId, SpaceName: 'lab', AppType: 'JupyterLab', AppName: 'default' });
  await expect(bo.send(app)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await ana.send(app);
});

test('there are no credentials of a user that there is not, nor of what is no user', async () => {
  expect(await credentialsOf('nobody')).toMatchObject({ code: 'ResourceNotFound' });
  const { status } = await fetch(`${listener.endpoint}/_sagemaker-instance-credentials/ana`);
  expect(status).toBe(404);
});

async function credentialsOf(name: string): Promise<Record<string, string>> {
  const arn = studio.arn('user-profile', DomainId, name);
  const response = await fetch(`${listener.endpoint}/_sagemaker-instance-credentials/${arn}`);
  return (await response.json()) as Record<string, string>;
}

async function clientOf(name: string): Promise<SageMakerClient> {
  const { AccessKeyId = '', SecretAccessKey = '', Token = '' } = await credentialsOf(name);
  return new SageMakerClient({
    endpoint: listener.endpoint,
    region,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token },
    maxAttempts: 1,
  });
}
