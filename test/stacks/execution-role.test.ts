import { GetPolicyCommand, GetPolicyVersionCommand } from '@aws-sdk/client-iam';
import {
  AddTagsCommand,
  CreateAppCommand,
  CreateModelCommand,
  CreatePipelineCommand,
  CreateProcessingJobCommand,
  CreateSpaceCommand,
  CreateTrainingJobCommand,
  type CreateTrainingJobCommandInput,
  DeleteModelCommand,
  DeletePipelineCommand,
  DeleteTagsCommand,
  DeleteUserProfileCommand,
  DescribeSpaceCommand,
  DescribeTrainingJobCommand,
  ListModelsCommand,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { account, region } from '../../scripts/start/clients.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import { deployTemplate, removeStack, startCloud } from './cloud.ts';
import { studioUser } from './studio-user.ts';
import type { TestCloud } from './test-cloud.ts';

let cloud: TestCloud;
let network: Record<string, string>;
let role: Record<string, string>;
let DomainId: string;
let before: Map<string, string[]>;

const KmsKeyArn = `arn:aws:kms:${region}:${account}:key/0b1c2d3e`;
const RoleArn = `arn:aws:iam::${account}:role/studio-data-scientist`;
const users = ['ada', 'grace'];
const SecurityGroupIds = ['sg-0123456789abcdef0'];

beforeAll(async () => {
  cloud = await startCloud();
  before = await takeInventory(cloud.clients);
  network = await deployTemplate(cloud, 'network', 'network.yaml');
  role = await deployTemplate(cloud, 'role', 'execution-role.yaml', {
    SubnetIds: network.SubnetIds!,
    KmsKeyArn,
    RequiredTagKey: 'CostCenter',
    SecondRequiredTagKey: 'Team',
    ReadOnlyBuckets: 'golden-*',
  });
  expect(role.ExecutionRoleArn).toBe(RoleArn);
  const { VpcId = '', SubnetIds = '' } = network;
  const given = { VpcId, SubnetIds, ExecutionRoleArn: RoleArn, HomeEfsFileSystem: 'Delete', DeleteContents: 'All' };
  const domain = await deployTemplate(cloud, 'domain', 'domain.yaml', { DomainName: 'guarded', ...given });
  DomainId = domain.DomainId!;
  for (const UserProfileName of users) {
    const parameters = { DomainId, UserProfileName, DeleteContents: 'All' };
    await deployTemplate(cloud, UserProfileName, 'user-profile.yaml', parameters);
  }
});

afterAll(() => cloud.stop());

const studioOf = (name: string) => studioUser(cloud, DomainId, name);

const denied = { name: 'AccessDeniedException', message: expect.stringContaining('with an explicit deny') };

const Tags = [
  { Key: 'CostCenter', Value: '4711' },
  { Key: 'Team', Value: 'vision' },
];

/** A training job that keeps to all that the role asks for. */
function training(TrainingJobName: string): CreateTrainingJobCommandInput {
  return {
    TrainingJobName,
    RoleArn,
    AlgorithmSpecification: { TrainingImage: 'image', TrainingInputMode: 'File' },
    OutputDataConfig: { S3OutputPath: 's3://sagemaker-out/', KmsKeyId: KmsKeyArn },
    ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10, VolumeKmsKeyId: KmsKeyArn },
    VpcConfig: { Subnets: network.SubnetIds!.split(','), SecurityGroupIds },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    Tags,
  };
}

test('a user makes a space and an app, on the instance types that are allowed, and none for another user', async () => {
  const ada = await studioOf('ada');
  const space = (SpaceName: string, OwnerUserProfileName: string, InstanceType: 'ml.t3.medium' | 'ml.p4d.24xlarge') =>
    new CreateSpaceCommand({
      DomainId,
      SpaceName,
      OwnershipSettings: { OwnerUserProfileName },
      SpaceSharingSettings: { SharingType: 'Private' },
      SpaceSettings: { AppType: 'JupyterLab', JupyterLabAppSettings: { DefaultResourceSpec: { InstanceType } } },
      Tags: [{ Key: 'sagemaker:user', Value: 'ada' }],
    });
  await expect(ada.send(space('lab', 'ada', 'ml.p4d.24xlarge'))).rejects.toMatchObject(denied);
  await expect(ada.send(space('lab', 'grace', 'ml.t3.medium'))).rejects.toThrow('not authorized');
  await ada.send(space('lab', 'ada', 'ml.t3.medium'));
  const { sagemaker } = cloud.clients;
  const lab = new DescribeSpaceCommand({ DomainId, SpaceName: 'lab' });
  const status = async () => (await sagemaker.send(lab).catch(() => undefined))?.Status;
  await cloud.until(async () => (await status()) === 'InService', 'the space to be in service');
  const app = (InstanceType: 'ml.m5.2xlarge' | 'ml.g5.xlarge') => {
    const of = { DomainId, SpaceName: 'lab', AppType: 'JupyterLab', AppName: 'default' } as const;
    return new CreateAppCommand({ ...of, ResourceSpec: { InstanceType } });
  };
  await expect(ada.send(app('ml.g5.xlarge'))).rejects.toMatchObject(denied);
  await expect((await studioOf('grace')).send(app('ml.m5.2xlarge'))).rejects.toThrow('not authorized');
  await ada.send(app('ml.m5.2xlarge'));
});

test('a job has an allowed instance type, the VPC, the key and the tags, or is denied', async () => {
  const ada = await studioOf('ada');
  const right = training('right');
  const { ResourceConfig, OutputDataConfig } = right;
  const otherKey = KmsKeyArn.replace('0b1c2d3e', 'another');
  const wrong: Record<string, Partial<CreateTrainingJobCommandInput>> = {
    'another instance type': { ResourceConfig: { ...ResourceConfig, InstanceType: 'ml.p4d.24xlarge' } },
    'one of two instance types is another': {
      ResourceConfig: {
        ...ResourceConfig,
        InstanceType: undefined,
        InstanceGroups: [
          { InstanceType: 'ml.m5.large', InstanceCount: 1, InstanceGroupName: 'a' },
          { InstanceType: 'ml.g5.xlarge', InstanceCount: 1, InstanceGroupName: 'b' },
        ],
      },
    },
    'no VPC': { VpcConfig: undefined },
    'another subnet': { VpcConfig: { Subnets: ['subnet-0123456789abcdef0'], SecurityGroupIds } },
    'one of two subnets is another': {
      VpcConfig: { Subnets: [...right.VpcConfig!.Subnets!, 'subnet-0123456789abcdef0'], SecurityGroupIds },
    },
    'no key of the volume': { ResourceConfig: { ...ResourceConfig, VolumeKmsKeyId: undefined } },
    'another key of the volume': { ResourceConfig: { ...ResourceConfig, VolumeKmsKeyId: otherKey } },
    'no key of the output': { OutputDataConfig: { S3OutputPath: 's3://sagemaker-out/' } },
    'another key of the output': { OutputDataConfig: { ...OutputDataConfig!, KmsKeyId: otherKey } },
    'no tags': { Tags: undefined },
    'one tag of two': { Tags: Tags.slice(1) },
  };
  for (const [what, change] of Object.entries(wrong)) {
    await expect([what, await outcome(ada.send(new CreateTrainingJobCommand({ ...right, ...change })))]).toEqual([
      what,
      'denied',
    ]);
  }
  await expect(
    ada.send(new CreateTrainingJobCommand({ ...right, RoleArn: `arn:aws:iam::${account}:role/studio-stronger` })),
  ).rejects.toThrow('iam:PassRole');
  await ada.send(new CreateTrainingJobCommand(right));
  expect(await ada.send(new DescribeTrainingJobCommand({ TrainingJobName: 'right' }))).toMatchObject({ RoleArn });
  await ada.send(new StopTrainingJobCommand({ TrainingJobName: 'right' }));

  const processing = {
    ProcessingJobName: 'prepare',
    RoleArn,
    AppSpecification: { ImageUri: 'image' },
    ProcessingResources: {
      ClusterConfig: { InstanceType: 'ml.t3.large', InstanceCount: 1, VolumeSizeInGB: 10, VolumeKmsKeyId: KmsKeyArn },
    },
    ProcessingOutputConfig: { Outputs: [], KmsKeyId: KmsKeyArn },
    Tags,
  } as const;
  const NetworkConfig = { VpcConfig: { Subnets: network.SubnetIds!.split(','), SecurityGroupIds } };
  const prepare = (more: object) => ada.send(new CreateProcessingJobCommand({ ...processing, ...more } as never));
  expect(await outcome(prepare({}))).toBe('denied');
  expect(await outcome(prepare({ NetworkConfig, ProcessingOutputConfig: undefined }))).toBe('denied');
  expect(await outcome(prepare({ NetworkConfig }))).toBe('allowed');
});

test('a protected resource is never deleted, and its protection cannot be removed', async () => {
  const ada = await studioOf('ada');
  const model = (ModelName: string) => ({
    ModelName,
    ExecutionRoleArn: RoleArn,
    PrimaryContainer: { Image: `${account}.dkr.ecr.${region}.amazonaws.com/image:1` },
    VpcConfig: { Subnets: network.SubnetIds!.split(','), SecurityGroupIds },
    Tags,
  });
  await ada.send(new CreateModelCommand(model('trial')));
  await ada.send(new DeleteModelCommand({ ModelName: 'trial' }));

  await ada.send(new CreateModelCommand(model('golden')));
  const ResourceArn = `arn:aws:sagemaker:${region}:${account}:model/golden`;
  const protection = [{ Key: 'Protected', Value: 'true' }];
  await cloud.clients.sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: protection }));
  await expect(ada.send(new DeleteModelCommand({ ModelName: 'golden' }))).rejects.toMatchObject(denied);
  const undo = new DeleteTagsCommand({ ResourceArn, TagKeys: ['Protected'] });
  await expect(ada.send(undo)).rejects.toMatchObject(denied);
  const change = new AddTagsCommand({ ResourceArn, Tags: [{ Key: 'Protected', Value: 'false' }] });
  await expect(ada.send(change)).rejects.toMatchObject(denied);
  await expect(ada.send(new DeleteUserProfileCommand({ DomainId, UserProfileName: 'grace' }))).rejects.toMatchObject(
    denied,
  );

  const pipeline = { PipelineName: 'ada--build', RoleArn, ClientRequestToken: '0'.repeat(32), Tags };
  const step = { Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: 'nothing to do' } };
  const PipelineDefinition = JSON.stringify({ Version: '2020-12-01', Steps: [step] });
  await ada.send(new CreatePipelineCommand({ ...pipeline, PipelineDefinition }));
  await ada.send(new DeletePipelineCommand({ PipelineName: 'ada--build', ClientRequestToken: '1'.repeat(32) }));
  await cloud.clients.sagemaker.send(new DeleteModelCommand({ ModelName: 'golden' }));
});

test('the policies are within IAM’s limits, the guardrails change in place, and nothing is left', async () => {
  expect(await longest(role)).toBeLessThanOrEqual(6144);
  const parameters = { SecurityGroupIds: '', AllowedInstanceTypes: 'ml.*' };
  const loose = await deployTemplate(cloud, 'role', 'execution-role.yaml', parameters);
  const ada = await studioOf('ada');
  const free = { ...training('free'), VpcConfig: undefined, OutputDataConfig: { S3OutputPath: 's3://sagemaker-out/' } };
  const ResourceConfig = { InstanceType: 'ml.p4d.24xlarge', InstanceCount: 1, VolumeSizeInGB: 10 } as const;
  await ada.send(new CreateTrainingJobCommand({ ...free, ResourceConfig, Tags: undefined }));
  expect((await ada.send(new ListModelsCommand({}))).Models).toEqual([]);

  expect(await longest(loose)).toBeLessThanOrEqual(6144);
  for (const name of [...users, 'domain', 'role', 'network']) await removeStack(cloud, name);
  expect(await takeInventory(cloud.clients)).toEqual(before);
});

/** How many characters the longest of the policies has, as IAM counts them. */
async function longest({ PolicyArns }: Record<string, string>): Promise<number> {
  const { iam } = cloud.clients;
  const lengths = PolicyArns!.split(',').map(async (PolicyArn) => {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const VersionId = Policy!.DefaultVersionId;
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
    return decodeURIComponent(PolicyVersion!.Document!).replace(/\s/g, '').length;
  });
  return Math.max(...(await Promise.all(lengths)));
}

async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'allowed';
  } catch (error) {
    const { name, message } = error as Error;
    return name === 'AccessDeniedException' && message.includes('with an explicit deny') ? 'denied' : message;
  }
}
