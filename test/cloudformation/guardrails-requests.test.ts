import { type ContextEntry, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { conditionKeysOf } from '../../packages/local/src/iam/condition-keys.ts';
import { requestTagKeys } from '../../packages/local/src/iam/request-tags.ts';
import type { Call } from '../../packages/local/src/service.ts';
import { conditionKeys } from '../../packages/local/src/services/sagemaker/condition-keys.ts';
import { account, region } from '../../scripts/start/clients.ts';
import { createWideRole, KmsKeyArn } from '../security/data-scientists.ts';
import { deployTemplate, startCloud } from '../stacks/cloud.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';

let cloud: TestCloud;
/** By the guardrails' parameters: a role that these guardrails hold back, and nothing else. */
const roles: Record<string, string> = {};

const subnet = 'subnet-00000001';
const group = 'sg-00000001';
const guards = {
  vpc: { SubnetIds: subnet, SecurityGroupIds: group },
  key: { KmsKeyArn },
  tags: { RequiredTagKey: 'CostCenter' },
};

beforeAll(async () => {
  cloud = await startCloud({ provider: false });
  for (const [name, parameters] of Object.entries(guards)) {
    const role = await deployTemplate(cloud, name, 'execution-role.yaml', {
      RoleName: `guarded-${name}`,
      ...parameters,
    });
    roles[name] = await createWideRole(cloud, `wide-${name}`, role.GuardrailPolicyArns!);
  }
});
afterAll(() => cloud?.stop());

type Input = Record<string, unknown>;

/** Which of the guardrails deny a request; its condition keys are those that SageMaker would tell IAM of. */
async function deniedBy(operation: string, input: Input): Promise<string[]> {
  const place = { account, region } as Call;
  const taken = await conditionKeysOf(`sagemaker:${operation}`);
  const told = { ...conditionKeys(operation, input, place), 'aws:TagKeys': requestTagKeys(input) };
  const ContextEntries = Object.entries(told)
    .filter(([key]) => taken.has(key))
    .map(
      ([ContextKeyName, value]): ContextEntry => ({
        ContextKeyName,
        ContextKeyValues: [value].flat(),
        ContextKeyType: Array.isArray(value) ? 'stringList' : 'string',
      }),
    );
  const denied: string[] = [];
  for (const [name, PolicySourceArn] of Object.entries(roles)) {
    const { EvaluationResults } = await cloud.clients.iam.send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: [`sagemaker:${operation}`], ContextEntries }),
    );
    if (EvaluationResults![0]!.EvalDecision === 'explicitDeny') denied.push(name);
  }
  return denied;
}

const Tags = [{ Key: 'CostCenter', Value: '4711' }];
const VpcConfig = { Subnets: [subnet], SecurityGroupIds: [group] };
const cluster = { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeKmsKeyId: KmsKeyArn };
const other = KmsKeyArn.replace('0b1c2d3e', 'another');
const all = ['vpc', 'key', 'tags'];

/** What a schedule or a definition of monitoring has in common. */
const monitoring = {
  JobResources: { ClusterConfig: cluster },
  NetworkConfig: { VpcConfig },
  Tags,
};
const monitoringJob = {
  MonitoringResources: { ClusterConfig: cluster },
  MonitoringOutputConfig: { MonitoringOutputs: [], KmsKeyId: KmsKeyArn },
  NetworkConfig: { VpcConfig },
};

interface Case {
  operation: string;
  right: Input;
  /** What else a request says, and which guardrails deny it then. */
  wrong: [change: Input, by: string[]][];
}

const cases: Case[] = [
  {
    operation: 'CreateTrainingJob',
    right: { ResourceConfig: cluster, OutputDataConfig: { KmsKeyId: KmsKeyArn }, VpcConfig, Tags },
    wrong: [
      [{ ResourceConfig: { ...cluster, InstanceType: 'ml.p4d.24xlarge' } }, all],
      [{ ResourceConfig: { InstanceGroups: [{ InstanceType: 'ml.p4d.24xlarge' }], VolumeKmsKeyId: KmsKeyArn } }, all],
      [{ ResourceConfig: undefined, ServerlessJobConfig: {} }, all],
      [{ VpcConfig: undefined }, ['vpc']],
      [{ VpcConfig: { ...VpcConfig, SecurityGroupIds: ['sg-0000000f'] } }, ['vpc']],
      [{ OutputDataConfig: { KmsKeyId: other } }, ['key']],
      [{ Tags: [{ Key: 'costcenter', Value: '4711' }] }, ['tags']],
    ],
  },
  {
    operation: 'CreateTransformJob',
    right: { TransformResources: cluster, TransformOutput: { KmsKeyId: KmsKeyArn }, ModelName: 'houses', Tags },
    wrong: [
      [{ TransformResources: { ...cluster, InstanceType: 'ml.g5.xlarge' } }, all],
      [{ TransformOutput: {} }, ['key']],
      [{ TransformResources: { InstanceType: 'ml.m5.large' } }, ['key']],
    ],
  },
  {
    operation: 'CreateHyperParameterTuningJob',
    right: {
      TrainingJobDefinition: { ResourceConfig: cluster, OutputDataConfig: { KmsKeyId: KmsKeyArn }, VpcConfig },
      Tags,
    },
    wrong: [
      [{ TrainingJobDefinition: { ResourceConfig: cluster } }, ['vpc', 'key']],
      [
        {
          TrainingJobDefinitions: [{ HyperParameterTuningResourceConfig: { InstanceType: 'ml.p3.2xlarge' } }],
        },
        all,
      ],
    ],
  },
  {
    operation: 'CreateAutoMLJobV2',
    right: {
      SecurityConfig: { VolumeKmsKeyId: KmsKeyArn, VpcConfig },
      OutputDataConfig: { KmsKeyId: KmsKeyArn },
      Tags,
    },
    wrong: [
      [{ SecurityConfig: { VpcConfig } }, ['key']],
      [{ SecurityConfig: { VolumeKmsKeyId: KmsKeyArn } }, ['vpc']],
      [{ Tags: [] }, ['tags']],
    ],
  },
  {
    operation: 'CreateDataQualityJobDefinition',
    right: { ...monitoring, DataQualityJobOutputConfig: { KmsKeyId: KmsKeyArn } },
    wrong: [
      [{ DataQualityJobOutputConfig: { MonitoringOutputs: [] } }, ['key']],
      [{ NetworkConfig: { EnableNetworkIsolation: true } }, ['vpc']],
      [{ JobResources: { ClusterConfig: { ...cluster, InstanceType: 'ml.r5.24xlarge' } } }, all],
    ],
  },
  {
    operation: 'CreateMonitoringSchedule',
    right: { MonitoringScheduleConfig: { MonitoringJobDefinitionName: 'houses' }, Tags },
    wrong: [
      [{ MonitoringScheduleConfig: { MonitoringJobDefinition: monitoringJob } }, []],
      [{ MonitoringScheduleConfig: { MonitoringJobDefinition: { ...monitoringJob, NetworkConfig: {} } } }, ['vpc']],
      [
        { MonitoringScheduleConfig: { MonitoringJobDefinition: { ...monitoringJob, MonitoringOutputConfig: {} } } },
        ['key'],
      ],
      [{ Tags: undefined }, ['tags']],
    ],
  },
  {
    operation: 'UpdateMonitoringSchedule',
    right: { MonitoringScheduleConfig: { MonitoringJobDefinition: monitoringJob } },
    wrong: [
      [{ MonitoringScheduleConfig: { MonitoringJobDefinition: { ...monitoringJob, NetworkConfig: {} } } }, ['vpc']],
    ],
  },
  {
    operation: 'CreateNotebookInstance',
    right: {
      InstanceType: 'ml.t3.medium',
      SubnetId: subnet,
      SecurityGroupIds: [group],
      DirectInternetAccess: 'Disabled',
      KmsKeyId: KmsKeyArn,
      Tags,
    },
    wrong: [
      [{ SubnetId: 'subnet-0000000f' }, ['vpc']],
      [{ SecurityGroupIds: undefined }, ['vpc']],
      [{ DirectInternetAccess: undefined }, ['vpc']],
      [{ KmsKeyId: undefined }, ['key']],
      [{ InstanceType: 'ml.p3.2xlarge' }, all],
    ],
  },
  {
    operation: 'UpdateNotebookInstance',
    right: { NotebookInstanceName: 'mine' },
    wrong: [[{ InstanceType: 'ml.p3.2xlarge' }, all]],
  },
  {
    operation: 'CreateEndpointConfig',
    right: {
      ProductionVariants: [{ ModelName: 'houses', InstanceType: 'ml.m5.large' }],
      KmsKeyId: KmsKeyArn,
      DataCaptureConfig: { KmsKeyId: other },
      Tags,
    },
    wrong: [
      [{ ShadowProductionVariants: [{ ModelName: 'houses', InstanceType: 'ml.g5.xlarge' }] }, all],
      // The key of what is captured is not that of the volumes.
      [{ KmsKeyId: undefined, DataCaptureConfig: { KmsKeyId: KmsKeyArn } }, ['key']],
      [{ ProductionVariants: [{ InstanceType: 'ml.m5.large' }] }, ['vpc']],
      [{ ProductionVariants: [{ InstanceType: 'ml.m5.large' }], VpcConfig }, []],
    ],
  },
  {
    operation: 'CreateLabelingJob',
    right: {},
    wrong: [
      [{ OutputConfig: { KmsKeyId: KmsKeyArn }, Tags }, ['vpc', 'key']],
      [
        {
          OutputConfig: { KmsKeyId: KmsKeyArn },
          LabelingJobAlgorithmsConfig: { LabelingJobResourceConfig: { VolumeKmsKeyId: KmsKeyArn } },
          Tags,
        },
        ['vpc'],
      ],
    ],
  },
  {
    operation: 'CreateFeatureGroup',
    right: {
      OfflineStoreConfig: { S3StorageConfig: { S3Uri: 's3://store', KmsKeyId: KmsKeyArn } },
      OnlineStoreConfig: { EnableOnlineStore: true, SecurityConfig: { KmsKeyId: KmsKeyArn } },
      Tags,
    },
    wrong: [
      [{ OfflineStoreConfig: { S3StorageConfig: { S3Uri: 's3://store' } } }, ['key']],
      [{ OnlineStoreConfig: { EnableOnlineStore: true } }, ['key']],
      [{ OnlineStoreConfig: undefined }, []],
    ],
  },
  {
    operation: 'CreateCluster',
    right: {},
    wrong: [
      [{ InstanceGroups: [{ InstanceType: 'ml.m5.large' }], Tags }, ['vpc', 'key']],
      [{ InstanceGroups: [{ InstanceType: 'ml.m5.large' }], VpcConfig, Tags }, ['key']],
    ],
  },
  {
    operation: 'UpdateCluster',
    right: {},
    wrong: [
      [{ InstanceGroups: [{ InstanceType: 'ml.p5.48xlarge' }] }, all],
      [
        { InstanceGroups: [{ InstanceType: 'ml.m5.large', OverrideVpcConfig: { Subnets: ['subnet-0000000f'] } }] },
        ['vpc', 'key'],
      ],
    ],
  },
  {
    operation: 'CreateInferenceComponent',
    right: { Specification: { ModelName: 'houses' }, Tags },
    wrong: [[{ Tags: undefined }, ['tags']]],
  },
  { operation: 'CreateCompilationJob', right: {}, wrong: [[{ VpcConfig, Tags }, ['vpc', 'key']]] },
  { operation: 'CreateInferenceRecommendationsJob', right: {}, wrong: [[{ Tags }, all]] },
  { operation: 'CreateOptimizationJob', right: {}, wrong: [[{ DeploymentInstanceType: 'ml.m5.large', Tags }, all]] },
];

test.each(cases)('$operation', async ({ operation, right, wrong }) => {
  if (Object.keys(right).length > 0) expect(await deniedBy(operation, right)).toEqual([]);
  for (const [change, by] of wrong) {
    expect([change, await deniedBy(operation, { ...right, ...change })]).toEqual([change, by]);
  }
});
