import { CloudFormationClient, type CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CodeCommitClient } from '@aws-sdk/client-codecommit';
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EFSClient } from '@aws-sdk/client-efs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RAMClient } from '@aws-sdk/client-ram';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';

/** The account of clients that name no other. */
export const account = '000000000000';
export const region = 'us-east-1';

/** Keys that the local cloud has issued. */
export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** The SDK's clients for the local cloud, with the rights of an account or of the keys' principal. */
export function createClients(endpoint: string, as: string | Keys = account): Clients {
  const credentials = typeof as === 'string' ? { accessKeyId: as, secretAccessKey: 'local' } : as;
  return clientsOf({ endpoint, region, credentials });
}

/** The options that all clients share. */
export type ClientConfig = Pick<
  CloudFormationClientConfig,
  'endpoint' | 'region' | 'profile' | 'credentials' | 'requestHandler' | 'retryStrategy'
>;

/** A client of each service. */
export function clientsOf(config: ClientConfig) {
  return {
    cloudformation: new CloudFormationClient(config),
    cloudtrail: new CloudTrailClient(config),
    codecommit: new CodeCommitClient(config),
    codepipeline: new CodePipelineClient(config),
    ec2: new EC2Client(config),
    efs: new EFSClient(config),
    eventbridge: new EventBridgeClient(config),
    iam: new IAMClient(config),
    kms: new KMSClient(config),
    lambda: new LambdaClient(config),
    logs: new CloudWatchLogsClient(config),
    ram: new RAMClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sagemaker: new SageMakerClient(config),
    secrets: new SecretsManagerClient(config),
    serviceCatalog: new ServiceCatalogClient(config),
    sfn: new SFNClient(config),
    ssm: new SSMClient(config),
  };
}

export type Clients = ReturnType<typeof clientsOf>;
