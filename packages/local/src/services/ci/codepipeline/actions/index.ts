import type { ActionTypeId } from '@aws-sdk/client-codepipeline';
import { kindOf } from '../action-types.ts';
import type { Provider } from '../job.ts';
import { approval } from './approval.ts';
import { cloudformation } from './cloudformation.ts';
import { codebuild } from './codebuild.ts';
import { codecommit } from './codecommit.ts';
import { connection } from './connection.ts';
import { s3Deploy } from './s3-deploy.ts';
import { s3Source } from './s3-source.ts';

const providers: Record<string, Provider> = {
  'Source/S3': s3Source,
  'Source/CodeCommit': codecommit,
  'Source/CodeStarSourceConnection': connection,
  'Build/CodeBuild': codebuild,
  'Test/CodeBuild': codebuild,
  'Deploy/CloudFormation': cloudformation,
  'Deploy/S3': s3Deploy,
  'Approval/Manual': approval,
};

/** What carries out actions of a kind that a pipeline can have. */
export function providerOf(id: ActionTypeId): Provider {
  return providers[kindOf(id)]!;
}
