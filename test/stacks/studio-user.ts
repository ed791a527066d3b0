import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { account, region } from '../../scripts/start/clients.ts';

/** SageMaker as a user's apps call it: the SDK finds the credentials of the user's execution role as it does there. */
export async function studioUser(endpoint: string, DomainId: string, UserProfileName: string) {
  const arn = `arn:aws:sagemaker:${region}:${account}:user-profile/${DomainId}/${UserProfileName}`;
  process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `${endpoint}/_sagemaker-instance-credentials/${arn}`;
  const client = new SageMakerClient({ endpoint, region });
  // Before the variable names another user.
  await client.config.credentials();
  return client;
}
