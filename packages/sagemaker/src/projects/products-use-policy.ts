/**
 * The permissions that older project templates need, from before there was a role for each service: mainly on resources
 * named `sagemaker-…`.
 */
export function productsUsePolicy(partition: string): object {
  const on = (service: string, ...resources: string[]) =>
    resources.map((resource) => `arn:${partition}:${service}:${resource}`);
  const allow = (service: string, actions: string, Resource: string[] | '*', more: object = {}) => ({
    Effect: 'Allow',
    Action: actions.split(' ').map((action) => `${service}:${action}`),
    Resource,
    ...more,
  });
  const buckets = on('s3', '::aws-glue-*', '::sagemaker-*');
  return {
    Version: '2012-10-17',
    Statement: [
      allow(
        'cloudformation',
        'CreateChangeSet CreateStack DescribeChangeSet DeleteChangeSet DeleteStack DescribeStacks ExecuteChangeSet SetStackPolicy UpdateStack',
        on('cloudformation', '*:*:stack/sagemaker-*'),
      ),
      allow('cloudwatch', 'PutMetricData', '*'),
      allow(
        'codebuild',
        'BatchGetBuilds StartBuild',
        on('codebuild', '*:*:project/sagemaker-*', '*:*:build/sagemaker-*'),
      ),
      allow(
        'codecommit',
        'CancelUploadArchive GetBranch GetCommit GetUploadArchiveStatus UploadArchive',
        on('codecommit', '*:*:sagemaker-*'),
      ),
      allow('codepipeline', 'StartPipelineExecution', on('codepipeline', '*:*:sagemaker-*')),
      allow('ec2', 'DescribeRouteTables', '*'),
      allow(
        'ecr',
        'BatchCheckLayerAvailability BatchGetImage Describe* GetAuthorizationToken GetDownloadUrlForLayer',
        '*',
      ),
      allow(
        'ecr',
        'BatchDeleteImage CompleteLayerUpload CreateRepository DeleteRepository InitiateLayerUpload PutImage UploadLayerPart',
        on('ecr', '*:*:repository/sagemaker-*'),
      ),
      allow('events', 'DeleteRule DescribeRule PutRule PutTargets RemoveTargets', on('events', '*:*:rule/sagemaker-*')),
      allow('firehose', 'PutRecord PutRecordBatch', on('firehose', '*:*:deliverystream/sagemaker-*')),
      allow(
        'glue',
        'BatchCreatePartition BatchDeletePartition BatchDeleteTable BatchDeleteTableVersion BatchGetPartition CreateDatabase CreatePartition CreateTable DeletePartition DeleteTable DeleteTableVersion GetDatabase GetPartition GetPartitions GetTable GetTables GetTableVersion GetTableVersions SearchTables UpdatePartition UpdateTable GetUserDefinedFunctions',
        on(
          'glue',
          '*:*:catalog',
          '*:*:database/default',
          '*:*:database/global_temp',
          '*:*:database/sagemaker-*',
          '*:*:table/sagemaker-*',
          '*:*:tableVersion/sagemaker-*',
        ),
      ),
      allow('iam', 'PassRole', on('iam', ':*:role/service-role/AmazonSageMakerServiceCatalogProductsUse*')),
      allow('lambda', 'InvokeFunction', on('lambda', '*:*:function:sagemaker-*')),
      allow(
        'logs',
        'CreateLogDelivery CreateLogGroup CreateLogStream DeleteLogDelivery Describe* GetLogDelivery GetLogEvents ListLogDeliveries PutLogEvents PutResourcePolicy UpdateLogDelivery',
        '*',
      ),
      allow(
        's3',
        'CreateBucket DeleteBucket GetBucketAcl GetBucketCors GetBucketLocation ListAllMyBuckets ListBucket ListBucketMultipartUploads PutBucketCors PutObjectAcl',
        buckets,
      ),
      allow('s3', 'AbortMultipartUpload DeleteObject GetObject GetObjectVersion PutObject', buckets),
      {
        Effect: 'Allow',
        Action: 'sagemaker:*',
        NotResource: on('sagemaker', '*:*:domain/*', '*:*:user-profile/*', '*:*:app/*', '*:*:flow-definition/*'),
      },
      allow(
        'states',
        'DescribeExecution DescribeStateMachine DescribeStateMachineForExecution GetExecutionHistory ListExecutions ListTagsForResource StartExecution StopExecution TagResource UntagResource UpdateStateMachine',
        on('states', '*:*:stateMachine:sagemaker-*', '*:*:execution:sagemaker-*:*'),
      ),
      allow('states', 'ListStateMachines', '*'),
      allow('codestar-connections', 'UseConnection', on('codestar-connections', '*:*:connection/*'), {
        Condition: { StringEqualsIgnoreCase: { 'aws:ResourceTag/sagemaker': 'true' } },
      }),
    ],
  };
}
