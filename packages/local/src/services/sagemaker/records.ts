import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import type { Call, Definition } from '../../service.ts';
import type { With } from '../../shape.ts';
import { type Kind, nouns } from './kinds.ts';

export type Operations = Definition<typeof SageMaker>['operations'];

export type Status =
  | SageMaker.DomainStatus
  | SageMaker.AppStatus
  | SageMaker.ImageStatus
  | SageMaker.ImageVersionStatus
  | SageMaker.EndpointStatus
  | SageMaker.ModelPackageGroupStatus
  | SageMaker.ModelPackageStatus
  | SageMaker.ProjectStatus;

/** What all of them show. */
interface Shown {
  Status?: Status;
  CreationTime?: Date;
  LastModifiedTime?: Date;
  FailureReason?: string;
}

/** What is kept of one of them. */
export interface Kept<Shape extends Shown = Shown> {
  key: string;
  arn: string;
  /** What `Describe…` answers. */
  shown: Shape;
  /** From when `Describe…` and `List…` know of it, in virtual milliseconds: they lag behind `Create…`. */
  visibleAt: number;
  /** Names its present status, so that the end of an earlier one cannot end this one. */
  step: number;
  /** How many steps SageMaker has still to take before its present status can end. */
  stepsToTake?: number;
}

export interface DomainRecord
  extends Kept<
    With<SageMaker.DescribeDomainResponse, 'DomainId' | 'DomainArn' | 'DomainName' | 'Status' | 'DefaultUserSettings'>
  > {
  /** The POSIX user id that the next profile or space gets in the home file system. */
  nextUid: number;
  /** The security groups of the home file system, once made. */
  nfsGroups?: { inbound: string; outbound: string };
  /** What becomes of the home file system in the deletion under way. */
  retention?: SageMaker.RetentionType;
  /** What went wrong in the status that is under way, and ends it as a failure. */
  problem?: string;
}

export type UserProfileRecord = Kept<
  With<
    SageMaker.DescribeUserProfileResponse,
    'DomainId' | 'UserProfileArn' | 'UserProfileName' | 'Status' | 'UserSettings'
  >
>;

export type SpaceRecord = Kept<
  With<SageMaker.DescribeSpaceResponse, 'DomainId' | 'SpaceArn' | 'SpaceName' | 'Status' | 'SpaceSettings'>
>;

export type AppRecord = Kept<
  With<SageMaker.DescribeAppResponse, 'DomainId' | 'AppArn' | 'AppType' | 'AppName' | 'Status'>
>;

/** `Describe…` calls its status ImageStatus. */
export interface ImageRecord
  extends Kept<
    With<
      SageMaker.DescribeImageResponse,
      'ImageName' | 'ImageArn' | 'RoleArn' | 'DisplayName' | 'CreationTime' | 'LastModifiedTime'
    > & {
      Status: SageMaker.ImageStatus;
    }
  > {
  /** The number of the version made last; none is given twice. */
  lastVersion: number;
}

/** `Describe…` calls its status ImageVersionStatus. */
export interface ImageVersionRecord
  extends Kept<
    With<SageMaker.DescribeImageVersionResponse, 'ImageArn' | 'ImageVersionArn' | 'BaseImage' | 'Version'> & {
      Status: SageMaker.ImageVersionStatus;
    }
  > {
  ImageName: string;
  /** The token that it was asked for with. */
  token: string;
  /** Other names of the version within its image. */
  aliases: string[];
}

export type AppImageConfigRecord = Kept<
  With<SageMaker.DescribeAppImageConfigResponse, 'AppImageConfigArn' | 'AppImageConfigName'> & { Status?: never }
>;

export type CodeRepositoryRecord = Kept<
  With<
    SageMaker.DescribeCodeRepositoryOutput,
    'CodeRepositoryName' | 'CodeRepositoryArn' | 'CreationTime' | 'LastModifiedTime'
  > & { Status?: never }
>;

/** `Describe…` calls its status ProjectStatus. */
export interface ProjectRecord
  extends Kept<
    With<
      Omit<SageMaker.DescribeProjectOutput, 'ProjectStatus'>,
      'ProjectArn' | 'ProjectName' | 'ProjectId' | 'CreationTime'
    > & {
      Status: SageMaker.ProjectStatus;
    }
  > {
  /** What it was launched as, or is being changed or deleted: Service Catalog's record, or CloudFormation's stack. */
  launched: string;
}

/** `Describe…` calls its status ModelPackageGroupStatus. */
export interface ModelPackageGroupRecord
  extends Kept<
    With<
      Omit<SageMaker.DescribeModelPackageGroupOutput, 'ModelPackageGroupStatus'>,
      'ModelPackageGroupName' | 'ModelPackageGroupArn' | 'CreationTime' | 'CreatedBy'
    > & { Status: SageMaker.ModelPackageGroupStatus }
  > {
  /** The version of its newest package; none is given twice. */
  lastVersion: number;
  /** Who else may use it, as JSON. */
  policy?: string;
}

/** `Describe…` calls its status ModelPackageStatus. */
export type ModelPackageRecord = Kept<
  With<
    Omit<SageMaker.DescribeModelPackageOutput, 'ModelPackageStatus'>,
    'ModelPackageName' | 'ModelPackageArn' | 'CreationTime' | 'ModelPackageStatusDetails'
  > & { Status: SageMaker.ModelPackageStatus }
>;

export type ModelRecord = Kept<
  With<SageMaker.DescribeModelOutput, 'ModelName' | 'ModelArn' | 'CreationTime'> & { Status?: never }
>;

export type EndpointConfigRecord = Kept<
  With<
    SageMaker.DescribeEndpointConfigOutput,
    'EndpointConfigName' | 'EndpointConfigArn' | 'ProductionVariants' | 'CreationTime'
  > & { Status?: never }
>;

/** `Describe…` calls its status EndpointStatus. */
export interface EndpointRecord
  extends Kept<
    With<
      Omit<SageMaker.DescribeEndpointOutput, 'EndpointStatus'>,
      'EndpointName' | 'EndpointArn' | 'EndpointConfigName' | 'CreationTime' | 'LastModifiedTime'
    > & { Status: SageMaker.EndpointStatus }
  > {
  /** The configuration that it goes back to where a new one fails. */
  before?: string;
}

interface Records {
  domain: DomainRecord;
  'user-profile': UserProfileRecord;
  space: SpaceRecord;
  app: AppRecord;
  image: ImageRecord;
  'image-version': ImageVersionRecord;
  'app-image-config': AppImageConfigRecord;
  'code-repository': CodeRepositoryRecord;
  project: ProjectRecord;
  'model-package-group': ModelPackageGroupRecord;
  'model-package': ModelPackageRecord;
  model: ModelRecord;
  'endpoint-config': EndpointConfigRecord;
  endpoint: EndpointRecord;
}

export function tableOf<K extends Kind>(kind: K, call: Call): Map<string, Records[K]> {
  return call.table<Records[K]>(kind);
}

export function all<K extends Kind>(kind: K, call: Call, where: (record: Records[K]) => boolean): Records[K][] {
  return [...tableOf(kind, call).values()].filter(where);
}

/** The one of that key. Throws ResourceNotFound. */
export function get<K extends Kind>(kind: K, key: string, call: Call): Records[K] {
  const record = tableOf(kind, call).get(key);
  if (!record) throw new AwsError('ResourceNotFound', `${nouns[kind]} [${arnOf(kind, key, call)}] does not exist.`);
  return record;
}

/** The one of that key, as `Describe…` sees it: not at all in the first seconds. Throws ResourceNotFound. */
export function getVisible<K extends Kind>(kind: K, key: string, call: Call): Records[K] {
  const record = get(kind, key, call);
  if (isVisible(record, call)) return record;
  throw new AwsError('ResourceNotFound', `${nouns[kind]} [${record.arn}] does not exist.`);
}

export function isVisible(record: Kept, { clock }: Call): boolean {
  return record.visibleAt <= clock.now();
}

/** Whose names differ in case only is the same user profile. */
export function profileKey(DomainId = '', UserProfileName = ''): string {
  return `${DomainId}/${UserProfileName.toLowerCase()}`;
}

export function spaceKey(DomainId = '', SpaceName = ''): string {
  return `${DomainId}/${SpaceName}`;
}

export function arnOf(kind: Kind, key: string, call: Call): string {
  return regionalArn('sagemaker', `${kind}/${key}`, call);
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function inUse(message: string): AwsError {
  return new AwsError('ResourceInUse', message);
}
