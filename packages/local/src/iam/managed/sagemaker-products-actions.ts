/** What SageMaker's project templates may do with SageMaker: its actions in the middle of 2022, by their verbs. */
const nouns: Record<string, string> = {
  Add: 'Association Tags',
  Associate: 'TrialComponent',
  Batch: 'DescribeModelPackage GetMetrics GetRecord PutMetrics',
  Create: `Action Algorithm App AppImageConfig Artifact AutoMLJob CodeRepository CompilationJob Context
    DataQualityJobDefinition DeviceFleet Domain EdgePackagingJob Endpoint EndpointConfig Experiment FeatureGroup
    FlowDefinition HumanTaskUi HyperParameterTuningJob Image ImageVersion InferenceRecommendationsJob LabelingJob
    LineageGroupPolicy Model ModelBiasJobDefinition ModelExplainabilityJobDefinition ModelPackage ModelPackageGroup
    ModelQualityJobDefinition MonitoringSchedule NotebookInstance NotebookInstanceLifecycleConfig Pipeline
    PresignedDomainUrl PresignedNotebookInstanceUrl ProcessingJob Project TrainingJob TransformJob Trial TrialComponent
    UserProfile Workforce Workteam`,
  Delete: `Action Algorithm App AppImageConfig Artifact Association CodeRepository Context DataQualityJobDefinition
    DeviceFleet Domain Endpoint EndpointConfig Experiment FeatureGroup FlowDefinition HumanLoop HumanTaskUi Image
    ImageVersion LineageGroupPolicy Model ModelBiasJobDefinition ModelExplainabilityJobDefinition ModelPackage
    ModelPackageGroup ModelPackageGroupPolicy ModelQualityJobDefinition MonitoringSchedule NotebookInstance
    NotebookInstanceLifecycleConfig Pipeline Project Record Tags Trial TrialComponent UserProfile Workforce Workteam`,
  Deregister: 'Devices',
  Describe: `Action Algorithm App AppImageConfig Artifact AutoMLJob CodeRepository CompilationJob Context
    DataQualityJobDefinition Device DeviceFleet Domain EdgePackagingJob Endpoint EndpointConfig Experiment FeatureGroup
    FlowDefinition HumanLoop HumanTaskUi HyperParameterTuningJob Image ImageVersion InferenceRecommendationsJob
    LabelingJob LineageGroup Model ModelBiasJobDefinition ModelExplainabilityJobDefinition ModelPackage
    ModelPackageGroup ModelQualityJobDefinition MonitoringSchedule NotebookInstance NotebookInstanceLifecycleConfig
    Pipeline PipelineDefinitionForExecution PipelineExecution ProcessingJob Project SubscribedWorkteam TrainingJob
    TransformJob Trial TrialComponent UserProfile Workforce Workteam`,
  Disable: 'SagemakerServicecatalogPortfolio',
  Disassociate: 'TrialComponent',
  Enable: 'SagemakerServicecatalogPortfolio',
  Get: `DeviceFleetReport DeviceRegistration LineageGroupPolicy ModelPackageGroupPolicy Record
    SagemakerServicecatalogPortfolioStatus SearchSuggestions`,
  Invoke: 'Endpoint EndpointAsync',
  List: `Actions Algorithms AppImageConfigs Apps Artifacts Associations AutoMLJobs CandidatesForAutoMLJob CodeRepositories
    CompilationJobs Contexts DataQualityJobDefinitions DeviceFleets Devices Domains EdgePackagingJobs EndpointConfigs
    Endpoints Experiments FeatureGroups FlowDefinitions HumanLoops HumanTaskUis HyperParameterTuningJobs ImageVersions
    Images InferenceRecommendationsJobs LabelingJobs LabelingJobsForWorkteam LineageGroups ModelBiasJobDefinitions
    ModelExplainabilityJobDefinitions ModelMetadata ModelPackageGroups ModelPackages ModelQualityJobDefinitions Models
    MonitoringExecutions MonitoringSchedules NotebookInstanceLifecycleConfigs NotebookInstances PipelineExecutionSteps
    PipelineExecutions PipelineParametersForExecution Pipelines ProcessingJobs Projects SubscribedWorkteams Tags
    TrainingJobs TrainingJobsForHyperParameterTuningJob TransformJobs TrialComponents Trials UserProfiles Workforces
    Workteams`,
  Put: 'LineageGroupPolicy ModelPackageGroupPolicy Record',
  Query: 'Lineage',
  Register: 'Devices',
  Render: 'UiTemplate',
  Send: 'Heartbeat PipelineExecutionStepFailure PipelineExecutionStepSuccess',
  Start: 'HumanLoop MonitoringSchedule NotebookInstance PipelineExecution',
  Stop: `AutoMLJob CompilationJob EdgePackagingJob HumanLoop HyperParameterTuningJob InferenceRecommendationsJob
    LabelingJob MonitoringSchedule NotebookInstance PipelineExecution ProcessingJob TrainingJob TransformJob`,
  Update: `Action AppImageConfig Artifact CodeRepository Context DeviceFleet Devices Domain Endpoint
    EndpointWeightsAndCapacities Experiment Image ModelPackage MonitoringSchedule NotebookInstance
    NotebookInstanceLifecycleConfig Pipeline PipelineExecution Project TrainingJob Trial TrialComponent UserProfile
    Workforce Workteam`,
};

/** Their names, separated by blanks. */
export const sageMakerProductsActions: string = [
  ...Object.entries(nouns).flatMap(([verb, of]) => of.split(/\s+/).map((noun) => verb + noun)),
  'Search',
].join(' ');
