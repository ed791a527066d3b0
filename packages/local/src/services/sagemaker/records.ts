import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import type { Call, Definition } from '../../service.ts';
import type { With } from '../../shape.ts';

export type Operations = Definition<typeof SageMaker>['operations'];

/** The kinds of things that Studio is made of; each is a table, and the beginning of its ARNs. */
export type Kind = 'domain' | 'user-profile' | 'space' | 'app' | 'image' | 'image-version' | 'app-image-config';

export type Status =
  | SageMaker.DomainStatus
  | SageMaker.AppStatus
  | SageMaker.ImageStatus
  | SageMaker.ImageVersionStatus;

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
  trouble?: string;
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
}

export type AppImageConfigRecord = Kept<
  With<SageMaker.DescribeAppImageConfigResponse, 'AppImageConfigArn' | 'AppImageConfigName'> & { Status?: never }
>;

interface Records {
  domain: DomainRecord;
  'user-profile': UserProfileRecord;
  space: SpaceRecord;
  app: AppRecord;
  image: ImageRecord;
  'image-version': ImageVersionRecord;
  'app-image-config': AppImageConfigRecord;
}

/** How messages name them. */
export const nouns = {
  domain: 'Domain',
  'user-profile': 'UserProfile',
  space: 'Space',
  app: 'App',
  image: 'Image',
  'image-version': 'ImageVersion',
  'app-image-config': 'AppImageConfig',
} as const;

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
