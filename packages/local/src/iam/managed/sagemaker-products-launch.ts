import type { ManagedPolicy } from './managed-policy.ts';
import { allow } from './sagemaker-products.ts';

const launched = { StringLike: { 'aws:ResourceTag/sagemaker:launch-source': '*' } };
const launching = { 'ForAnyValue:StringLike': { 'aws:TagKeys': ['sagemaker:launch-source'] } };

const statements = [
  allow('apigateway', 'GET POST PUT PATCH DELETE', '*', launched),
  allow('apigateway', 'POST', '*', launching),
  allow('apigateway', 'PATCH', ['arn:aws:apigateway:*::/account']),
  allow('cloudformation', 'CreateStack UpdateStack DeleteStack', 'arn:aws:cloudformation:*:*:stack/SC-*', {
    ArnLikeIfExists: { 'cloudformation:RoleArn': ['arn:aws:sts::*:assumed-role/AmazonSageMakerServiceCatalog*'] },
  }),
  allow('cloudformation', 'DescribeStackEvents DescribeStacks', 'arn:aws:cloudformation:*:*:stack/SC-*'),
  allow('cloudformation', 'GetTemplateSummary ValidateTemplate', '*'),
  allow('codebuild', 'CreateProject DeleteProject UpdateProject', ['arn:aws:codebuild:*:*:project/sagemaker-*']),
  allow('codecommit', 'CreateCommit CreateRepository DeleteRepository GetRepository TagResource', [
    'arn:aws:codecommit:*:*:sagemaker-*',
  ]),
  allow('codecommit', 'ListRepositories', '*'),
  allow(
    'codepipeline',
    'CreatePipeline DeletePipeline GetPipeline GetPipelineState StartPipelineExecution TagResource UpdatePipeline',
    ['arn:aws:codepipeline:*:*:sagemaker-*'],
  ),
  allow('cognito-idp', 'CreateUserPool TagResource', '*', launching),
  allow(
    'cognito-idp',
    `CreateGroup CreateUserPoolDomain CreateUserPoolClient DeleteGroup DeleteUserPool DeleteUserPoolClient
    DeleteUserPoolDomain DescribeUserPool DescribeUserPoolClient UpdateUserPool UpdateUserPoolClient`,
    '*',
    launched,
  ),
  allow('ecr', 'CreateRepository DeleteRepository TagResource', ['arn:aws:ecr:*:*:repository/sagemaker-*']),
  allow('events', 'DescribeRule DeleteRule DisableRule EnableRule PutRule PutTargets RemoveTargets', [
    'arn:aws:events:*:*:rule/sagemaker-*',
  ]),
  allow(
    'firehose',
    `CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream StartDeliveryStreamEncryption
    StopDeliveryStreamEncryption UpdateDestination`,
    'arn:aws:firehose:*:*:deliverystream/sagemaker-*',
  ),
  allow('glue', 'CreateDatabase DeleteDatabase', [
    'arn:aws:glue:*:*:catalog',
    'arn:aws:glue:*:*:database/sagemaker-*',
    'arn:aws:glue:*:*:table/sagemaker-*',
    'arn:aws:glue:*:*:userDefinedFunction/sagemaker-*',
  ]),
  allow('glue', 'CreateClassifier DeleteClassifier DeleteCrawler DeleteJob DeleteTrigger DeleteWorkflow StopCrawler', [
    '*',
  ]),
  allow('glue', 'CreateWorkflow', ['arn:aws:glue:*:*:workflow/sagemaker-*']),
  allow('glue', 'CreateJob', ['arn:aws:glue:*:*:job/sagemaker-*']),
  allow('glue', 'CreateCrawler GetCrawler', ['arn:aws:glue:*:*:crawler/sagemaker-*']),
  allow('glue', 'CreateTrigger GetTrigger', ['arn:aws:glue:*:*:trigger/sagemaker-*']),
  allow('iam', 'PassRole', ['arn:aws:iam::*:role/service-role/AmazonSageMakerServiceCatalog*']),
  allow(
    'lambda',
    `AddPermission CreateFunction DeleteFunction GetFunction GetFunctionConfiguration InvokeFunction RemovePermission`,
    ['arn:aws:lambda:*:*:function:sagemaker-*'],
  ),
  allow(
    'logs',
    `CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream DescribeLogGroups DescribeLogStreams
    PutRetentionPolicy`,
    ['arn:aws:logs:*:*:log-group:/aws/apigateway/AccessLogs/*', 'arn:aws:logs:*:*:log-group::log-stream:*'],
  ),
  allow('s3', 'GetObject', '*', { StringEquals: { 's3:ExistingObjectTag/servicecatalog:provisioning': 'true' } }),
  allow('s3', 'GetObject', ['arn:aws:s3:::sagemaker-*']),
  allow(
    's3',
    `CreateBucket DeleteBucket DeleteBucketPolicy GetBucketPolicy PutBucketAcl PutBucketNotification PutBucketPolicy
    PutBucketPublicAccessBlock PutBucketLogging PutEncryptionConfiguration PutBucketCORS PutBucketTagging
    PutObjectTagging`,
    'arn:aws:s3:::sagemaker-*',
  ),
  allow(
    'sagemaker',
    `CreateEndpoint CreateEndpointConfig CreateModel CreateWorkteam DeleteEndpoint DeleteEndpointConfig DeleteModel
    DeleteWorkteam DescribeModel DescribeEndpointConfig DescribeEndpoint DescribeWorkteam CreateCodeRepository
    DescribeCodeRepository UpdateCodeRepository DeleteCodeRepository`,
    ['arn:aws:sagemaker:*:*:*'],
  ),
  allow('sagemaker', 'CreateImage DeleteImage DescribeImage UpdateImage ListTags', ['arn:aws:sagemaker:*:*:image/*']),
  allow('states', 'CreateStateMachine DeleteStateMachine UpdateStateMachine', [
    'arn:aws:states:*:*:stateMachine:sagemaker-*',
  ]),
  allow('codestar-connections', 'PassConnection', 'arn:aws:codestar-connections:*:*:connection/*', {
    StringEquals: { 'codestar-connections:PassedToService': 'codepipeline.amazonaws.com' },
  }),
];

/** What Service Catalog may do in a launch of one of SageMaker's project templates. */
export const sageMakerProductsLaunchPolicy: ManagedPolicy = {
  name: 'AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy',
  path: '/',
  description:
    'Service role policy used by the AWS ServiceCatalog service to provision products from Amazon SageMaker portfolio of products. Grants permissions to a set of related services including CodePipeline, CodeBuild, CodeCommit, Glue, CloudFormation, etc.',
  versionId: 'v5',
  created: '2020-11-27T18:48:02Z',
  updated: '2022-03-21T17:33:28Z',
  document: { Version: '2012-10-17', Statement: statements as ManagedPolicy['document']['Statement'] },
};
