import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import type { StackCloud } from '../stack-cloud.ts';

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
