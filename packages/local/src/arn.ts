import { partitionOf } from './iam/partition.ts';

/** The ARN of a thing in an account and Region, such as `arn:aws:sagemaker:eu-west-1:111122223333:domain/d-1`. */
export function regionalArn(
  service: string,
  resource: string,
  { account, region }: { account: string; region: string },
): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
}
