import type { StackResult } from '../../packages/local/src/virtual/deployment.ts';
import { publish } from '../../scripts/start/artifacts.ts';
import { account } from '../../scripts/start/clients.ts';
import type { TestCloud } from './test-cloud.ts';

/** Publishes the built zips and the templates, and installs provider.yaml as the stack of that name. Throws where that fails. */
export async function installProvider(
  cloud: Pick<TestCloud, 'clients' | 'deploy'>,
  parameters: Record<string, string> = {},
  stack = 'studio-resources',
): Promise<StackResult> {
  const url = await publish(cloud.clients.s3, artifacts);
  const result = await cloud.deploy(stack, {
    template: { url },
    parameters: {
      ArtifactBucket: artifacts.bucket,
      ArtifactPrefix: artifacts.prefix,
      ExecutionRoleArns: `arn:aws:iam::${account}:role/studio-*`,
      ...parameters,
    },
  });
  if (!/^(CREATE|UPDATE)_COMPLETE$/.test(result.status)) {
    throw new Error(`Installing the provider: it is ${result.status}: ${result.failures.join('; ')}`);
  }
  return result;
}

/** Where the release is that the clouds of tests are installed from. */
export const artifacts = { bucket: 'studio-resources-artifacts', prefix: 'test' };
