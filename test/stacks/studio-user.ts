import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { account, region } from '../../scripts/start/clients.ts';
import type { TestCloud } from './test-cloud.ts';

/** SageMaker as a user's apps call it. */
export async function studioUser(cloud: TestCloud, domainId: string, name: string): Promise<SageMakerClient> {
  const arn = `arn:aws:sagemaker:${region}:${account}:user-profile/${domainId}/${name}`;
  return cloud.as(await cloud.userKeys(arn)).clients.sagemaker;
}
