import * as SageMaker from '@aws-sdk/client-sagemaker';
import { invalid } from './records.ts';

/** What a member must satisfy beyond its type, which the SDK's schemas do not say. */
interface Constraint {
  pattern?: RegExp;
  /** Of a text, its length; of a list, the number of items. */
  length?: readonly [number, number];
  range?: readonly [number, number];
  values?: readonly string[];
}

const name: Constraint = { pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, length: [0, 63] };
const roleArn: Constraint = {
  pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/,
  length: [20, 2048],
};
const lifecycleArn: Constraint = {
  pattern: /^(arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:studio-lifecycle-config\/.*|None)$/,
  length: [0, 256],
};
const catalogId: Constraint = { pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/, length: [1, 100] };
const idleMinutes: Constraint = { range: [60, 525_600] };
const volumeSize: Constraint = { range: [5, 16_384] };
const oneOf = (...values: Record<string, string>[]): Constraint => ({ values: values.flatMap(Object.values) });

/** By the member's name, wherever in a request it stands: the API gives a name one meaning. */
const constraints: Record<string, Constraint> = {
  DomainId: { pattern: /^d-(-*[a-z0-9]){1,61}$/, length: [0, 63] },
  DomainIdEquals: { pattern: /^d-(-*[a-z0-9]){1,61}$/, length: [0, 63] },
  DomainName: name,
  UserProfileName: name,
  UserProfileNameEquals: name,
  OwnerUserProfileName: name,
  SpaceName: name,
  SpaceNameEquals: name,
  SpaceDisplayName: { length: [0, 64] },
  AppName: name,
  ImageName: { pattern: /^[a-zA-Z0-9]([-.]?[a-zA-Z0-9]){0,62}$/, length: [1, 63] },
  AppImageConfigName: name,
  CodeRepositoryName: { ...name, length: [1, 63] },
  RepositoryUrl: { pattern: /^https:\/\/([^/]+)\/?.{3,1016}$/, length: [11, 1024] },
  Branch: { pattern: /^[^ ~^:?*[]+$/, length: [1, 1024] },
  SecretArn: { pattern: /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]*:[0-9]{12}:secret:.*$/, length: [1, 2048] },
  Alias: { pattern: /^(?![.-])[a-zA-Z0-9-_.]+$/, length: [1, 128] },
  Aliases: { pattern: /^(?![.-])[a-zA-Z0-9-_.]+$/ },
  AliasesToAdd: { pattern: /^(?![.-])[a-zA-Z0-9-_.]+$/ },
  AliasesToDelete: { pattern: /^(?![.-])[a-zA-Z0-9-_.]+$/ },
  BaseImage: { length: [1, 255] },
  ClientRequestToken: { pattern: /^[ -~]+$/, length: [32, 128] },
  ClientToken: { pattern: /^[a-zA-Z0-9-]+$/, length: [1, 36] },
  Description: { length: [1, 512] },
  DisplayName: { length: [0, 1024] },
  DeleteProperties: { pattern: /^(DisplayName|Description)$/, length: [0, 2] },
  Version: { range: [0, 2_147_483_647] },
  ImageVersionNumber: { range: [0, 2_147_483_647] },
  PipelineName: {
    pattern: /^(arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:pipeline\/)?[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/,
    length: [1, 2048],
  },
  PipelineNamePrefix: { pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/, length: [1, 256] },
  PipelineDisplayName: { pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/, length: [1, 256] },
  PipelineDescription: { length: [0, 3072] },
  PipelineExecutionDisplayName: { pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,81}$/, length: [1, 82] },
  PipelineExecutionDescription: { length: [0, 3072] },
  MaxParallelExecutionSteps: { range: [1, 2_147_483_647] },
  VendorGuidance: oneOf(SageMaker.VendorGuidance),
  JobType: oneOf(SageMaker.JobType),
  Processor: oneOf(SageMaker.Processor),
  MLFramework: { pattern: /^[a-zA-Z]+ ?\d+\.\d+(\.\d+)?$/, length: [1, 128] },
  ProgrammingLang: { pattern: /^[a-zA-Z]+ ?\d+\.\d+(\.\d+)?$/, length: [1, 128] },
  ReleaseNotes: { length: [1, 255] },
  KernelSpecs: { length: [1, 5] },
  MountPath: { pattern: /^\/.*$/, length: [0, 1024] },
  DefaultUid: { range: [0, 65_535] },
  DefaultGid: { range: [0, 65_535] },
  ContainerArguments: { pattern: /^(?!\s*$).{0,64}$/, length: [0, 50] },
  ContainerEntrypoint: { pattern: /^(?!\s*$).{0,256}$/, length: [0, 1] },
  ProjectName: { pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}$/, length: [1, 32] },
  ProjectDescription: { pattern: /^[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*$/u, length: [0, 1024] },
  ProductId: catalogId,
  ProvisioningArtifactId: catalogId,
  PathId: catalogId,
  ModelPackageGroupName: name,
  ModelPackageGroupDescription: { length: [0, 1024] },
  ModelApprovalStatus: oneOf(SageMaker.ModelApprovalStatus),
  ApprovalDescription: { length: [0, 1024] },
  ModelName: name,
  EndpointName: name,
  EndpointConfigName: name,
  VariantName: name,
  ProductionVariants: { length: [1, 10] },
  InitialInstanceCount: { range: [1, Number.MAX_SAFE_INTEGER] },
  ModelDataUrl: { pattern: /^(https|s3):\/\/([^/]+)\/?(.*)$/, length: [0, 1024] },
  ExecutionRoleArn: roleArn,
  AppType: oneOf(SageMaker.AppType),
  AuthMode: oneOf(SageMaker.AuthMode),
  AppNetworkAccessType: oneOf(SageMaker.AppNetworkAccessType),
  AppSecurityGroupManagement: oneOf(SageMaker.AppSecurityGroupManagement),
  HomeEfsFileSystemCreation: oneOf(SageMaker.HomeEfsFileSystemCreation),
  HomeEfsFileSystem: oneOf(SageMaker.RetentionType),
  TagPropagation: oneOf(SageMaker.TagPropagation),
  ExecutionRoleIdentityConfig: oneOf(SageMaker.ExecutionRoleIdentityConfig),
  AutoMountHomeEFS: oneOf(SageMaker.AutoMountHomeEFS),
  StudioWebPortal: oneOf(SageMaker.StudioWebPortal),
  NotebookOutputOption: oneOf(SageMaker.NotebookOutputOption),
  LifecycleManagement: oneOf(SageMaker.LifecycleManagement),
  SharingType: oneOf(SageMaker.SharingType),
  InstanceType: oneOf(SageMaker.AppInstanceType),
  AccessStatus: oneOf(SageMaker.RStudioServerProAccessStatus),
  UserGroup: oneOf(SageMaker.RStudioServerProUserGroup),
  Status: oneOf(SageMaker.FeatureStatus),
  EnableDockerAccess: oneOf(SageMaker.FeatureStatus),
  RootlessDocker: oneOf(SageMaker.FeatureStatus),
  SpaceManagedResources: oneOf(SageMaker.FeatureStatus),
  RemoteAccess: oneOf(SageMaker.FeatureStatus),
  IpAddressType: oneOf(SageMaker.IPAddressType),
  SortOrder: oneOf(SageMaker.SortOrder, SageMaker.ImageSortOrder),
  SortBy: oneOf(
    SageMaker.UserProfileSortKey,
    SageMaker.AppImageConfigSortKey,
    SageMaker.ImageSortBy,
    SageMaker.ImageVersionSortBy,
    SageMaker.ProjectSortBy,
    SageMaker.CodeRepositorySortBy,
    SageMaker.ModelPackageSortBy,
    SageMaker.EndpointConfigSortKey,
    SageMaker.EndpointSortKey,
    SageMaker.SortPipelinesBy,
    SageMaker.SortPipelineExecutionsBy,
  ),
  SubnetIds: { pattern: /^[-0-9a-zA-Z]+$/, length: [1, 16] },
  VpcId: { pattern: /^[-0-9a-zA-Z]+$/, length: [0, 32] },
  SecurityGroups: { pattern: /^[-0-9a-zA-Z]+$/, length: [0, 5] },
  SecurityGroupIds: { pattern: /^[-0-9a-zA-Z]+$/, length: [0, 3] },
  ExecutionRole: roleArn,
  DomainExecutionRoleArn: roleArn,
  AmazonForecastRoleArn: roleArn,
  AmazonBedrockRoleArn: roleArn,
  RoleArn: roleArn,
  LifecycleConfigArn: lifecycleArn,
  BuiltInLifecycleConfigArn: lifecycleArn,
  LifecycleConfigArns: { pattern: lifecycleArn.pattern },
  CustomImages: { length: [0, 200] },
  CodeRepositories: { length: [0, 10] },
  CustomFileSystemConfigs: { length: [0, 10] },
  IdleTimeoutInMinutes: idleMinutes,
  MinIdleTimeoutInMinutes: idleMinutes,
  MaxIdleTimeoutInMinutes: idleMinutes,
  DefaultEbsVolumeSizeInGb: volumeSize,
  MaximumEbsVolumeSizeInGb: volumeSize,
  EbsVolumeSizeInGb: volumeSize,
  Uid: { range: [10_000, 4_000_000] },
  Gid: { range: [1001, 4_000_000] },
  StudioLifecycleConfigName: name,
  StudioLifecycleConfigContent: { length: [1, 16_384] },
  StudioLifecycleConfigAppType: oneOf(SageMaker.StudioLifecycleConfigAppType),
  AppTypeEquals: oneOf(SageMaker.StudioLifecycleConfigAppType),
  NameContains: { pattern: /^[a-zA-Z0-9.-]+$/, length: [0, 63] },
  Tags: { length: [0, 50] },
  TagKeys: { length: [1, 50] },
  Key: { pattern: /^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u, length: [1, 128] },
  Value: { pattern: /^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u, length: [0, 256] },
  NextToken: { length: [0, 8192] },
  MaxResults: { range: [1, 100] },
  ExpiresInSeconds: { range: [5, 300] },
  SessionExpirationDurationInSeconds: { range: [1800, 43_200] },
};

/** Checks each member of a request. Throws a ValidationException that names all that are wrong. */
export function checkMembers(input: object): void {
  const problems = [...check(input, '')];
  if (problems.length === 0) return;
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  throw invalid(`${count} detected: ${problems.join('; ')}`);
}

function* check(input: object, path: string): Generator<string> {
  for (const [member, value] of Object.entries(input)) {
    const place = `${path}${member[0]!.toLowerCase()}${member.slice(1)}`;
    const constraint = Object.hasOwn(constraints, member) ? constraints[member]! : {};
    yield* violations(constraint, value, place);
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        const itemPlace = `${place}.${index + 1}.member`;
        if (typeof item === 'object' && item !== null) yield* check(item, `${itemPlace}.`);
        else yield* violations({ pattern: constraint.pattern }, item, itemPlace);
      }
    } else if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
      yield* check(value, `${place}.`);
    }
  }
}

function* violations({ pattern, length, range, values }: Constraint, value: unknown, place: string): Generator<string> {
  const says = (rule: string) => `Value '${show(value)}' at '${place}' failed to satisfy constraint: ${rule}`;
  if (length && (typeof value === 'string' || Array.isArray(value))) {
    const [least, most] = length;
    if (value.length < least) yield says(`Member must have length greater than or equal to ${least}`);
    if (value.length > most) yield says(`Member must have length less than or equal to ${most}`);
  }
  if (typeof value === 'string') {
    if (pattern && !pattern.test(value))
      yield says(`Member must satisfy regular expression pattern: ${pattern.source}`);
    if (values && !values.includes(value)) yield says(`Member must satisfy enum value set: [${values.join(', ')}]`);
  }
  if (range && typeof value === 'number') {
    if (value < range[0]) yield says(`Member must have value greater than or equal to ${range[0]}`);
    if (value > range[1]) yield says(`Member must have value less than or equal to ${range[1]}`);
  }
}

function show(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}
