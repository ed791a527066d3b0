import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import type { ProviderRequest, StackCloud } from '../stack-cloud.ts';

export const things = (resources: Record<string, object>, more: object = {}) => ({ Resources: resources, ...more });
export const body = (template: object) => ({ StackName: 'studio', TemplateBody: JSON.stringify(template) });
export const bucket = (BucketName: string, more: object = {}) => ({
  Type: 'AWS::S3::Bucket',
  Properties: { BucketName },
  ...more,
});

export async function bucketNames(cloud: StackCloud) {
  return (await cloud.invoke(s3, 'ListBuckets', {})).Buckets!.map(({ Name }) => Name);
}

/** A provider that fails to make `Bad`, and makes the rest. */
export function badFails({
  LogicalResourceId,
  RequestType,
  PhysicalResourceId = LogicalResourceId,
}: {
  LogicalResourceId: string;
  RequestType: string;
  PhysicalResourceId?: string;
}) {
  return LogicalResourceId === 'Bad' && RequestType === 'Create'
    ? { Status: 'FAILED', Reason: 'no', PhysicalResourceId }
    : { PhysicalResourceId };
}

/** A provider whose things are replaced when their `Name` changes: the id is the name. */
export function named({ ResourceProperties, PhysicalResourceId, RequestType }: ProviderRequest) {
  return { PhysicalResourceId: RequestType === 'Delete' ? PhysicalResourceId : ResourceProperties.Name };
}

/** The physical id of each resource of the stack, by logical id. */
export async function physicalIds(cloud: StackCloud): Promise<Record<string, string>> {
  const { StackResources } = await cloud.call('DescribeStackResources', { StackName: 'studio' });
  return Object.fromEntries(StackResources!.map((one) => [one.LogicalResourceId, one.PhysicalResourceId]));
}
