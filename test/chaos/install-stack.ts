import { sleep } from '../../packages/local/src/clock.ts';
import { cloudformation } from '../../packages/local/src/cloudformation/service.ts';
import { isInProgress } from '../../packages/local/src/cloudformation/stack.ts';
import type { World } from './world.ts';

/** Where what is installed was published. */
export const artifacts = { ArtifactBucket: 'artifacts', ArtifactPrefix: 'chaos' };

/** Creates the stack of a template that was published, and waits for it; gives its outputs. */
export async function installStack(
  world: World,
  StackName: string,
  parameters: Record<string, string>,
): Promise<Map<string, string>> {
  const { ArtifactBucket, ArtifactPrefix } = artifacts;
  await world.call(cloudformation, 'CreateStack', {
    StackName,
    TemplateURL: `https://${ArtifactBucket}.s3.amazonaws.com/${ArtifactPrefix}/${StackName}.yaml`,
    Parameters: Object.entries({ ...artifacts, ...parameters }).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
  });
  for (;;) {
    const { Stacks } = await world.call(cloudformation, 'DescribeStacks', { StackName });
    const { StackStatus = '', Outputs = [] } = Stacks![0]!;
    if (StackStatus === 'CREATE_COMPLETE') return new Map(Outputs.map((one) => [one.OutputKey!, one.OutputValue!]));
    if (!isInProgress(StackStatus)) throw new Error(`Installing ${StackName}.yaml: it is ${StackStatus}`);
    await sleep(world.time, 1000);
  }
}
