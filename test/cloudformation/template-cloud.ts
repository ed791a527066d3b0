import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from '@aws-sdk/client-cloudformation';
import { strToU8, zipSync } from 'fflate';
import type { Runner } from '../../packages/local/src/lambda/runner.ts';
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { eventbridge } from '../../packages/local/src/services/eventbridge/index.ts';
import { createLambda } from '../../packages/local/src/services/lambda/index.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { secretsManager } from '../../packages/local/src/services/secrets-manager/index.ts';
import { sfn } from '../../packages/local/src/services/sfn/index.ts';
import { Store } from '../../packages/local/src/store.ts';
import { handlerNames, root } from '../../scripts/handlers.ts';
import { StackCloud } from '../packages/local/stack-cloud.ts';

/** Where the zips are, for templates that ask. */
export const artifacts = { ArtifactBucket: 'artifacts', ArtifactPrefix: '1.0.0' };

/** A cloud in which our templates are deployed, and no function is ever invoked. */
export interface TemplateCloud extends StackCloud {
  readonly lambda: ReturnType<typeof createLambda>;
  /** Creates a stack of a template of ours, such as `provider.yaml`; gives it as it ends up. */
  deploy(StackName: string, template: string, parameters: Record<string, string>): Promise<Stack>;
  /** Why a stack's operations failed: nothing, where none did. */
  failures(StackName: string): Promise<string[]>;
}

const idle: Runner = {
  refusal: async () => undefined,
  start() {
    throw new Error('Running a function: none is to be run here');
  },
  async close() {},
};

export async function templateCloud(): Promise<TemplateCloud> {
  const lambda = createLambda({ runner: idle });
  const cloud = new StackCloud(new Store(), [lambda, eventbridge, secretsManager, sfn]);
  await cloud.invoke(s3, 'CreateBucket', { Bucket: artifacts.ArtifactBucket });
  const zip = zipSync({ 'index.mjs': strToU8('export const handler = () => {};') });
  const put = (Key: string, Body: Uint8Array) =>
    cloud.invoke(s3, 'PutObject', { Bucket: artifacts.ArtifactBucket, Key, Body });
  for (const name of handlerNames()) await put(`${artifacts.ArtifactPrefix}/${name}.zip`, zip);
  return Object.assign(cloud, {
    lambda,
    async deploy(StackName: string, template: string, parameters: Record<string, string>) {
      // The provider's is longer than a TemplateBody may be.
      await put(template, await readFile(join(root, 'cloudformation', template)));
      const TemplateURL = `https://${artifacts.ArtifactBucket}.s3.amazonaws.com/${template}`;
      const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      }));
      const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
      await cloud.call('CreateStack', { StackName, TemplateURL, Parameters, Capabilities });
      return cloud.ended(StackName);
    },
    async failures(StackName: string) {
      return (await cloud.history(StackName)).filter((line) => line.includes('_FAILED'));
    },
  });
}

/** A VPC with a subnet and a security group, for functions to be in. */
export async function makeNetwork(cloud: StackCloud): Promise<{ SubnetIds: string; SecurityGroupIds: string }> {
  const { Vpc } = await cloud.invoke(ec2, 'CreateVpc', { CidrBlock: '10.0.0.0/16' });
  const VpcId = Vpc!.VpcId!;
  const { Subnet } = await cloud.invoke(ec2, 'CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24' });
  const group = { VpcId, GroupName: 'functions', Description: 'Of functions' };
  const { GroupId } = await cloud.invoke(ec2, 'CreateSecurityGroup', group);
  return { SubnetIds: Subnet!.SubnetId!, SecurityGroupIds: GroupId! };
}
