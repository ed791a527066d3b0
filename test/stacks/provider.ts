import type { StackResult } from '../../packages/local/src/virtual/stacks.ts';
import { publish } from '../../scripts/start/artifacts.ts';
import { account } from '../../scripts/start/clients.ts';
import { artifacts, type TestCloud } from './cloud.ts';

/** Publishes the built zips and the templates, and installs provider.yaml. Throws where that fails. */
export async function installProvider(
  cloud: Pick<TestCloud, 'clients' | 'deploy'>,
  parameters: Record<string, string> = {},
): Promise<StackResult> {
  const url = await publish(cloud.clients.s3, artifacts);
  const result = await cloud.deploy('studio-resources', {
    template: { url },
    parameters: {
      ArtifactBucket: artifacts.bucket,
      ArtifactPrefix: artifacts.prefix,
      ExecutionRoleArns: `arn:aws:iam::${account}:role/studio-*`,
      ...parameters,
    },
  });
  if (result.status !== 'CREATE_COMPLETE') {
    throw new Error(`Installing the provider: it is ${result.status}: ${result.failures.join('; ')}`);
  }
  return result;
}
