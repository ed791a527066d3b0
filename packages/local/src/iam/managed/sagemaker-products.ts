import type { ManagedPolicy } from './managed-policy.ts';

type Statement = ManagedPolicy['document']['Statement'];

/** The policy of one of the roles that SageMaker's project templates work with, as AWS publishes it. */
export function productsPolicy(
  service: string,
  [versionId, updated]: readonly [versionId: string, updated: string],
  statements: object[],
  path = '/service-role/',
): ManagedPolicy {
  return {
    name: `AmazonSageMakerServiceCatalogProducts${service}ServiceRolePolicy`,
    path,
    description: `Service role policy used by ${service} within the AWS ServiceCatalog provisioned products from Amazon SageMaker portfolio of products.`,
    versionId,
    created: updated,
    updated,
    document: { Version: '2012-10-17', Statement: statements as Statement },
  };
}

/** A statement that allows a service's actions, their names separated by blanks. */
export function allow(service: string, names: string, Resource: string | string[], Condition?: object): object {
  const Action = names.split(/\s+/).map((name) => `${service}:${name}`);
  return { Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) };
}

export const productsRole = (name: string) =>
  `arn:aws:iam::*:role/service-role/AmazonSageMakerServiceCatalogProducts${name}Role`;

export const productsLogActions = `CreateLogDelivery CreateLogGroup CreateLogStream DeleteLogDelivery DescribeLogGroups
  DescribeLogStreams DescribeResourcePolicies DescribeDestinations DescribeExportTasks DescribeMetricFilters
  DescribeQueries DescribeQueryDefinitions DescribeSubscriptionFilters GetLogDelivery GetLogEvents ListLogDeliveries
  PutLogEvents PutResourcePolicy UpdateLogDelivery`;

const buckets = ['arn:aws:s3:::aws-glue-*', 'arn:aws:s3:::sagemaker-*'];
const bucketActions = `CreateBucket DeleteBucket GetBucketAcl GetBucketCors GetBucketLocation ListAllMyBuckets ListBucket
  ListBucketMultipartUploads PutBucketCors`;
const objectActions = 'AbortMultipartUpload DeleteObject GetObject GetObjectVersion PutObject';

export const productsStorage = {
  buckets: allow('s3', bucketActions, buckets),
  objects: allow('s3', objectActions, buckets),
  both: allow('s3', `${bucketActions} ${objectActions}`, buckets),
};

const codeCommit = allow(
  'codecommit',
  'CancelUploadArchive GetBranch GetCommit GetUploadArchiveStatus UploadArchive',
  'arn:aws:codecommit:*:*:sagemaker-*',
);

export const productsSource = codeCommit;

const apiGateway = productsPolicy(
  'ApiGateway',
  ['v1', '2022-03-25T04:25:36Z'],
  [
    allow(
      'logs',
      productsLogActions.replace('ListLogDeliveries\n  ', ''),
      'arn:aws:logs:*:*:log-group:/aws/apigateway/*',
    ),
  ],
);

const codePipeline = productsPolicy(
  'CodePipeline',
  ['v1', '2022-02-22T09:53:17Z'],
  [
    allow(
      'cloudformation',
      `CreateChangeSet CreateStack DescribeChangeSet DeleteChangeSet DeleteStack DescribeStacks ExecuteChangeSet
      SetStackPolicy UpdateStack`,
      'arn:aws:cloudformation:*:*:stack/sagemaker-*',
    ),
    allow('s3', objectActions, ['arn:aws:s3:::sagemaker-*']),
    allow('iam', 'PassRole', [productsRole('Cloudformation')]),
    allow('codebuild', 'BatchGetBuilds StartBuild', [
      'arn:aws:codebuild:*:*:project/sagemaker-*',
      'arn:aws:codebuild:*:*:build/sagemaker-*',
    ]),
    codeCommit,
  ],
);

const events = productsPolicy(
  'Events',
  ['v1', '2022-02-22T09:53:59Z'],
  [allow('codepipeline', 'StartPipelineExecution', 'arn:aws:codepipeline:*:*:sagemaker-*')],
);

const firehose = productsPolicy(
  'Firehose',
  ['v1', '2022-02-22T09:54:35Z'],
  [allow('firehose', 'PutRecord PutRecordBatch', 'arn:aws:firehose:*:*:deliverystream/sagemaker-*')],
);

const glue = productsPolicy(
  'Glue',
  ['v2', '2022-08-26T19:13:02Z'],
  [
    allow(
      'glue',
      `BatchCreatePartition BatchDeletePartition BatchDeleteTable BatchDeleteTableVersion BatchGetPartition CreateDatabase
      CreatePartition CreateTable DeletePartition DeleteTable DeleteTableVersion GetDatabase GetPartition GetPartitions
      GetTable GetTables GetTableVersion GetTableVersions SearchTables UpdatePartition UpdateTable
      GetUserDefinedFunctions`,
      [
        'arn:aws:glue:*:*:catalog',
        'arn:aws:glue:*:*:database/default',
        'arn:aws:glue:*:*:database/global_temp',
        'arn:aws:glue:*:*:database/sagemaker-*',
        'arn:aws:glue:*:*:table/sagemaker-*',
        'arn:aws:glue:*:*:tableVersion/sagemaker-*',
      ],
    ),
    productsStorage.buckets,
    productsStorage.objects,
    allow(
      'logs',
      `CreateLogDelivery CreateLogGroup CreateLogStream DeleteLogDelivery Describe* GetLogDelivery GetLogEvents
      ListLogDeliveries PutLogEvents PutResourcePolicy UpdateLogDelivery`,
      'arn:aws:logs:*:*:log-group:/aws/glue/*',
    ),
  ],
);

/** Those of the services that do one thing each. */
export const sageMakerProductsPolicies: readonly ManagedPolicy[] = [apiGateway, codePipeline, events, firehose, glue];
