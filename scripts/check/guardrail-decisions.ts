/** What is decided about the requests that have no such condition key. */
export interface KeyDecisions {
  /** Actions that are denied then. */
  required: readonly string[];
  /** Actions that are not, by the reason; some are denied under another condition. */
  optional: Readonly<Record<string, readonly string[]>>;
}

/**
 * What the guardrails of execution-role.yaml do about each action of SageMaker that takes what one of them is about.
 * Another value than the allowed ones is denied whatever the action is, where IAM gets the condition key.
 */
export interface Guardrail {
  about: string;
  /** The members of requests that hold what it is about, by their path. */
  member: RegExp;
  /** By condition key, as the service authorisation reference names it. */
  keys: Readonly<Record<string, KeyDecisions>>;
  /** Actions that have such a member, and take none of the keys. */
  unreachable: { denied: readonly string[]; accepted: Readonly<Record<string, readonly string[]>> };
}

const jobDefinitions = [
  ...['CreateDataQualityJobDefinition', 'CreateModelBiasJobDefinition', 'CreateModelExplainabilityJobDefinition'],
  'CreateModelQualityJobDefinition',
];
const jobs = ['CreateTrainingJob', 'CreateProcessingJob', 'CreateHyperParameterTuningJob'];
const autoMl = ['CreateAutoMLJob', 'CreateAutoMLJobV2'];
const schedules = ['CreateMonitoringSchedule', 'UpdateMonitoringSchedule'];
const profiles = ['CreateUserProfile', 'UpdateUserProfile'];

const platform = 'it is denied altogether, as the platform team’s';
const byName = 'it names a definition, which has passed the guardrail; denied if it has a definition of its own';
const unchanged = 'it leaves that as it is';
const noted = 'it says what a model is made for; nothing runs for a version of a group';

const vpc = {
  required: [
    ...[...jobs, ...autoMl, ...jobDefinitions, 'CreateJob', 'CreateModel', 'CreateCluster'],
    'CreateNotebookInstance',
  ],
  optional: {
    [byName]: schedules,
    [unchanged]: ['UpdateCluster'],
    'its models are in the VPC; denied if it names neither models nor a VPC': ['CreateEndpointConfig'],
  },
};

/** Without the key, the output or the volumes of what is created are encrypted by another one. */
const encrypted = [...jobs, ...autoMl, ...jobDefinitions, 'CreateTransformJob', 'CreateLabelingJob'];

export const guardrails: readonly Guardrail[] = [
  {
    about: 'instance types',
    member: /(^|\.)\w*InstanceTypes?$/,
    keys: {
      'sagemaker:InstanceTypes': {
        required: [...jobs, ...jobDefinitions, 'CreateTransformJob', 'CreateCluster', 'CreateNotebookInstance'],
        optional: {
          [platform]: ['CreateDomain', 'UpdateDomain', ...profiles],
          [byName]: schedules,
          [unchanged]: ['UpdateSpace', 'UpdateCluster', 'UpdateNotebookInstance', 'UpdateTrainingJob'],
          'its default is that of a profile or of one’s own space; denied in a shared space': ['CreateApp'],
          'its default is that of the profile, which is the platform team’s': ['CreateSpace'],
          'it is serverless': ['CreateEndpointConfig'],
        },
      },
    },
    unreachable: {
      denied: [
        ...['BatchAddClusterNodes', 'CreateAIRecommendationJob', 'CreateAlgorithm', 'CreateInferenceExperiment'],
        ...['CreateInferenceRecommendationsJob', 'CreateOptimizationJob', 'StopInferenceExperiment'],
        'UpdateInferenceExperiment',
      ],
      accepted: {
        [noted]: ['CreateModelPackage', 'UpdateModelPackage'],
        'it limits what teams may use, and runs nothing': ['CreateComputeQuota', 'UpdateComputeQuota'],
        'it runs on an endpoint, whose instances have passed the guardrail': [
          ...['CreateInferenceComponent', 'UpdateInferenceComponent'],
        ],
        'it reads': ['SearchTrainingPlanOfferings'],
      },
    },
  },
  {
    about: 'VPC settings',
    member: /(^|\.)(Subnets|SubnetIds?|SecurityGroups|SecurityGroupIds)$/,
    keys: {
      'sagemaker:VpcSubnets': {
        required: vpc.required,
        optional: { ...vpc.optional, [platform]: ['CreateDomain', 'UpdateDomain'] },
      },
      'sagemaker:VpcSecurityGroupIds': {
        required: vpc.required,
        optional: { ...vpc.optional, [platform]: ['CreateDomain', 'UpdateDomain', ...profiles] },
      },
    },
    unreachable: {
      denied: [
        ...['CreateAIBenchmarkJob', 'CreateCompilationJob', 'CreateInferenceRecommendationsJob', 'CreateLabelingJob'],
        ...['CreateOptimizationJob', 'CreateWorkforce', 'UpdateWorkforce'],
      ],
      accepted: {},
    },
  },
  {
    about: 'keys of AWS KMS',
    member: /Kms\w*Key\w*$/,
    keys: {
      'sagemaker:VolumeKmsKeyArn': {
        required: [...encrypted, 'CreateEndpointConfig', 'CreateNotebookInstance'],
        optional: { [platform]: ['CreateDomain'], [byName]: schedules },
      },
      'sagemaker:OutputKmsKeyArn': {
        required: [...encrypted, 'CreateJob'],
        optional: { [byName]: schedules },
      },
      'sagemaker:FeatureGroupOfflineStoreKmsKeyArn': {
        required: [],
        optional: { 'it has no offline store; denied if it has one': ['CreateFeatureGroup'] },
      },
      'sagemaker:FeatureGroupOnlineStoreKmsKeyArn': {
        required: [],
        optional: { 'it has no online store; denied if it has one': ['CreateFeatureGroup'] },
      },
      'sagemaker:DomainSharingOutputKmsKeyArn': {
        required: [],
        optional: { [platform]: ['CreateDomain', 'UpdateDomain', ...profiles] },
      },
    },
    unreachable: {
      denied: [
        ...['CreateAlgorithm', 'CreateCluster', 'CreateCompilationJob', 'CreateDeviceFleet', 'CreateEdgePackagingJob'],
        ...[
          'CreateFlowDefinition',
          'CreateInferenceExperiment',
          'CreateInferenceRecommendationsJob',
          'CreateMlflowApp',
        ],
        ...['CreateOptimizationJob', 'CreatePartnerApp', 'UpdateCluster', 'UpdateDeviceFleet'],
        'UpdateInferenceExperiment',
      ],
      accepted: {
        [noted]: ['CreateModelPackage'],
        'it describes a model, in text that SageMaker encrypts in any case': ['CreateModelCard'],
      },
    },
  },
  {
    about: 'tags',
    member: /^Tags$/,
    keys: {
      'aws:TagKeys': {
        required: [
          ...[...jobs, ...autoMl, 'CreateAIBenchmarkJob', 'CreateAIRecommendationJob', 'CreateCluster'],
          ...['CreateCompilationJob', 'CreateEdgePackagingJob', 'CreateEndpoint', 'CreateEndpointConfig'],
          ...['CreateFeatureGroup', 'CreateInferenceComponent', 'CreateInferenceExperiment', 'CreateJob'],
          ...[
            'CreateInferenceRecommendationsJob',
            'CreateLabelingJob',
            'CreateMlflowApp',
            'CreateMlflowTrackingServer',
          ],
          ...['CreateModel', 'CreateMonitoringSchedule', 'CreateNotebookInstance', 'CreateOptimizationJob'],
          ...['CreatePartnerApp', 'CreateReservedCapacity', 'CreateTrainingPlan', 'CreateTransformJob'],
        ],
        optional: {
          [platform]: ['CreateDomain', 'CreateStudioLifecycleConfig', 'CreateUserProfile'],
          'Studio creates it, with tags of its own alone': ['CreateApp', 'CreateSpace'],
          'a version of a group cannot have tags of its own': ['CreateModelPackage'],
          'it changes what has its tags': ['AddTags', 'DeleteTags', 'UpdateMonitoringSchedule', 'UpdateProject'],
          'it runs nothing itself': [
            ...['CreateAIWorkloadConfig', 'CreateAction', 'CreateAlgorithm', 'CreateAppImageConfig', 'CreateArtifact'],
            ...['CreateClusterSchedulerConfig', 'CreateCodeRepository', 'CreateComputeQuota', 'CreateContext'],
            ...[...jobDefinitions, 'CreateDeviceFleet', 'CreateEdgeDeploymentPlan', 'CreateEdgeDeploymentStage'],
            ...['CreateExperiment', 'CreateFlowDefinition', 'CreateHub', 'CreateHubContentReference', 'CreateImage'],
            ...['CreateHumanTaskUi', 'CreateModelCard', 'CreateModelPackageGroup', 'CreatePipeline', 'CreateProject'],
            ...['CreateNotebookInstanceLifecycleConfig', 'CreateTrial', 'CreateTrialComponent', 'CreateWorkforce'],
            ...['CreateWorkteam', 'ImportHubContent', 'RegisterDevices'],
          ],
        },
      },
    },
    unreachable: { denied: [], accepted: { 'it changes what has its tags': ['UpdatePartnerApp'] } },
  },
];

/** The actions whose requests hand a role over, for which SageMaker asks for `iam:PassRole`. */
export const roles = {
  member: /(^|\.)\w*Role(Arn)?$/,
  passed: [
    ...[...jobs, ...autoMl, ...jobDefinitions, ...schedules, ...profiles, 'CreateAIBenchmarkJob', 'CreateAlgorithm'],
    ...['CreateAIRecommendationJob', 'CreateCluster', 'CreateCompilationJob', 'CreateDeviceFleet', 'CreateDomain'],
    ...['CreateEdgePackagingJob', 'CreateEndpointConfig', 'CreateFeatureGroup', 'CreateFlowDefinition', 'CreateImage'],
    ...['CreateInferenceExperiment', 'CreateInferenceRecommendationsJob', 'CreateJob', 'CreateLabelingJob'],
    ...['CreateMlflowApp', 'CreateMlflowTrackingServer', 'CreateModel', 'CreateModelPackage', 'CreateNotebookInstance'],
    ...['CreateOptimizationJob', 'CreatePartnerApp', 'CreatePipeline', 'RenderUiTemplate', 'UpdateCluster'],
    ...['UpdateDeviceFleet', 'UpdateDomain', 'UpdateImage', 'UpdateNotebookInstance', 'UpdatePipeline'],
  ],
} as const;
