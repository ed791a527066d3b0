import { cloudformation } from '../cloudformation/service.ts';
import type { Service } from '../service.ts';
import type { createCodeBuild } from './ci/codebuild/index.ts';
import { codecommit } from './ci/codecommit/index.ts';
import { codepipeline } from './ci/codepipeline/index.ts';
import { cloudtrail } from './cloudtrail/index.ts';
import { ec2 } from './ec2/index.ts';
import { ecr } from './ecr/index.ts';
import { efs } from './efs/index.ts';
import { eventbridge } from './eventbridge/index.ts';
import { iam } from './iam/index.ts';
import { kms } from './kms/index.ts';
import type { createLambda } from './lambda/index.ts';
import { logs } from './logs/index.ts';
import { ram } from './ram/index.ts';
import { s3 } from './s3/index.ts';
import { sagemaker } from './sagemaker/index.ts';
import { secretsManager } from './secrets-manager/index.ts';
import { serviceCatalog } from './service-catalog/index.ts';
import { sfn } from './sfn/index.ts';
import { sns } from './sns/index.ts';
import { ssm } from './ssm/index.ts';
import { sts } from './sts.ts';

/** The services that run something, and so depend on where the cloud is. */
export interface RunningServices {
  lambda: ReturnType<typeof createLambda>;
  codebuild: ReturnType<typeof createCodeBuild>;
}

/** What Studio Resources and Studio itself need. */
const studioServices: readonly Service[] = [
  cloudformation,
  cloudtrail,
  ec2,
  ecr,
  efs,
  eventbridge,
  iam,
  kms,
  logs,
  ram,
  s3,
  sagemaker,
  secretsManager,
  serviceCatalog,
  sfn,
  sns,
  ssm,
  sts,
];

/** What only the project templates and the image pipeline need. */
const ciServices: readonly Service[] = [codecommit, codepipeline];

/** Every service of the local cloud. */
export function allServices({ lambda, codebuild }: RunningServices): Service[] {
  return [...studioServices, lambda, ...ciServices, codebuild];
}
