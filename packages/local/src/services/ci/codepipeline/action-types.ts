import type { ActionTypeId } from '@aws-sdk/client-codepipeline';

/** What CodePipeline knows of a kind of action: how many artifacts it takes and makes, and its configuration. */
export interface ActionType {
  inputs: readonly [least: number, most: number];
  outputs: readonly [least: number, most: number];
  required: readonly string[];
  optional: readonly string[];
}

const build: ActionType = {
  inputs: [1, 5],
  outputs: [0, 5],
  required: ['ProjectName'],
  optional: ['PrimarySource', 'EnvironmentVariables'],
};

const types: Record<string, ActionType> = {
  'Source/S3': {
    inputs: [0, 0],
    outputs: [1, 1],
    required: ['S3Bucket', 'S3ObjectKey'],
    optional: ['PollForSourceChanges', 'AllowOverrideForS3ObjectKey'],
  },
  'Source/CodeCommit': {
    inputs: [0, 0],
    outputs: [1, 1],
    required: ['RepositoryName', 'BranchName'],
    optional: ['PollForSourceChanges', 'OutputArtifactFormat'],
  },
  'Source/CodeStarSourceConnection': {
    inputs: [0, 0],
    outputs: [1, 1],
    required: ['ConnectionArn', 'FullRepositoryId', 'BranchName'],
    optional: ['OutputArtifactFormat', 'DetectChanges'],
  },
  'Build/CodeBuild': build,
  'Test/CodeBuild': build,
  'Deploy/CloudFormation': {
    inputs: [0, 10],
    outputs: [0, 1],
    required: ['ActionMode'],
    optional: [
      'StackName',
      'ChangeSetName',
      'RoleArn',
      'TemplatePath',
      'TemplateConfiguration',
      'Capabilities',
      'ParameterOverrides',
      'OutputFileName',
    ],
  },
  'Deploy/S3': {
    inputs: [1, 1],
    outputs: [0, 0],
    required: ['BucketName', 'Extract'],
    optional: ['ObjectKey', 'CacheControl'],
  },
  'Approval/Manual': {
    inputs: [0, 0],
    outputs: [0, 0],
    required: [],
    optional: ['NotificationArn', 'CustomData', 'ExternalEntityLink'],
  },
};

/** `Build/CodeBuild` and the like. */
export function kindOf({ category, provider }: ActionTypeId): string {
  return `${category}/${provider}`;
}

/** Undefined for an action that the local cloud does not carry out. */
export function findActionType(id: ActionTypeId): ActionType | undefined {
  const kind = kindOf(id);
  return id.owner === 'AWS' && id.version === '1' && Object.hasOwn(types, kind) ? types[kind] : undefined;
}

/** What there is, for the reader of an error. */
export const actionKinds = Object.keys(types);
