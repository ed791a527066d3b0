import type { ManagedPolicy } from './managed-policy.ts';
import {
  allow,
  productsLogActions,
  productsPolicy,
  productsRole,
  productsSource,
  productsStorage,
} from './sagemaker-products.ts';
import { sageMakerProductsActions } from './sagemaker-products-actions.ts';

const onSageMaker = (...resources: string[]) => resources.map((resource) => `arn:aws:sagemaker:*:*:${resource}/*`);

const { Resource: _, ...anywhere } = allow('sagemaker', sageMakerProductsActions, '*') as { Resource: string };

const cloudformation = productsPolicy(
  'Cloudformation',
  ['v1', '2022-03-25T04:26:40Z'],
  [
    { ...anywhere, NotResource: onSageMaker('domain', 'user-profile', 'app', 'flow-definition') },
    allow('iam', 'PassRole', [productsRole('CodeBuild'), productsRole('Execution')]),
  ],
);

const codeBuild = productsPolicy(
  'CodeBuild',
  ['v1', '2022-03-25T04:27:46Z'],
  [
    productsSource,
    allow(
      'ecr',
      `BatchCheckLayerAvailability BatchGetImage DescribeImageScanFindings DescribeRegistry
      DescribeImageReplicationStatus DescribeRepositories GetAuthorizationToken GetDownloadUrlForLayer`,
      ['*'],
    ),
    allow('ecr', 'CompleteLayerUpload CreateRepository InitiateLayerUpload PutImage UploadLayerPart', [
      'arn:aws:ecr:*:*:repository/sagemaker-*',
    ]),
    allow('iam', 'PassRole', ['Events', 'CodePipeline', 'Cloudformation', 'CodeBuild', 'Execution'].map(productsRole), {
      StringEquals: {
        'iam:PassedToService': ['events', 'codepipeline', 'cloudformation', 'codebuild', 'sagemaker'].map(
          (service) => `${service}.amazonaws.com`,
        ),
      },
    }),
    allow('logs', productsLogActions, 'arn:aws:logs:*:*:log-group:/aws/codebuild/*'),
    productsStorage.both,
    allow(
      'sagemaker',
      sageMakerProductsActions,
      onSageMaker('endpoint', 'endpoint-config', 'model', 'pipeline', 'project', 'model-package'),
    ),
  ],
  '/',
);

/** What a function of a template may act on: all of SageMaker but Studio itself. */
const kinds = `action algorithm app-image-config artifact automl-job code-repository compilation-job context
  data-quality-job-definition device-fleet/*/device device-fleet edge-packaging-job endpoint endpoint-config experiment
  experiment-trial experiment-trial-component feature-group human-loop human-task-ui hyper-parameter-tuning-job image
  image-version/* inference-recommendations-job labeling-job model model-bias-job-definition
  model-explainability-job-definition model-package model-package-group model-quality-job-definition monitoring-schedule
  notebook-instance notebook-instance-lifecycle-config pipeline pipeline/*/execution processing-job project training-job
  transform-job workforce workteam`;

const lambda = productsPolicy(
  'Lambda',
  ['v1', '2022-04-04T16:34:43Z'],
  [
    allow(
      'ecr',
      `DescribeImages BatchDeleteImage CompleteLayerUpload CreateRepository DeleteRepository InitiateLayerUpload PutImage
      UploadLayerPart`,
      ['arn:aws:ecr:*:*:repository/sagemaker-*'],
    ),
    allow('events', 'DeleteRule DescribeRule PutRule PutTargets RemoveTargets', [
      'arn:aws:events:*:*:rule/sagemaker-*',
    ]),
    productsStorage.buckets,
    productsStorage.objects,
    allow('sagemaker', sageMakerProductsActions, onSageMaker(...kinds.split(/\s+/))),
    allow('iam', 'PassRole', [productsRole('Execution')]),
    allow('logs', productsLogActions, 'arn:aws:logs:*:*:log-group:/aws/lambda/*'),
  ],
);

/** Those of the services that make things of SageMaker's. */
export const sageMakerProductsMakersPolicies: readonly ManagedPolicy[] = [cloudformation, codeBuild, lambda];
