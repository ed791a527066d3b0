import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '../../packages/local/src/clock.ts';
import { cloudformation } from '../../packages/local/src/cloudformation/service.ts';
import { isInProgress } from '../../packages/local/src/cloudformation/stack.ts';
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { iam } from '../../packages/local/src/services/iam/index.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { pascalCase, root } from '../../scripts/handlers.ts';
import { makeSeeds, type Seeds } from './seeds.ts';
import type { Setups } from './setups.ts';
import { makeShares, type Share } from './shares.ts';
import type { World } from './world.ts';

/** What templates may name. */
export interface Provider {
  /** The ServiceToken of each handler, by its function's logical id: `StudioDomain`. */
  tokens: Record<string, string>;
  vpcId: string;
  subnetIds: string[];
  executionRole: string;
  /** Another role, which may use SageMaker Projects. */
  projectRole: string;
  /** What another account may share, for each stack. */
  shares: Share[][];
  seeds: Seeds;
  /** On the wire only. */
  setups?: Setups;
}

const StackName = 'provider';

/** Installs the given zips, by the handlers' names, as `npm start` does, beside a network and a role to use. */
export async function installProvider(world: World, zips: ReadonlyMap<string, Uint8Array>): Promise<Provider> {
  await publish(world, zips);
  const network = await surround(world);
  const parameters = {
    ArtifactBucket: 'artifacts',
    ArtifactPrefix: 'chaos',
    ExecutionRoleArns: `${network.executionRole},${network.projectRole}`,
  };
  await world.call(cloudformation, 'CreateStack', {
    StackName,
    TemplateURL: 'https://artifacts.s3.amazonaws.com/chaos/provider.yaml',
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
  });
  const outputs = await outputsOf(world);
  const tokens = Object.fromEntries(
    [...zips.keys()].map(pascalCase).flatMap((name) => {
      const token = outputs.get(`${name}ServiceToken`);
      return token === undefined ? [] : [[name, token]];
    }),
  );
  return { tokens, ...network };
}

/** Waits until the stack is created. */
async function outputsOf(world: World): Promise<Map<string, string>> {
  for (;;) {
    const { Stacks } = await world.call(cloudformation, 'DescribeStacks', { StackName });
    const { StackStatus = '', Outputs = [] } = Stacks![0]!;
    if (StackStatus === 'CREATE_COMPLETE') return new Map(Outputs.map((one) => [one.OutputKey!, one.OutputValue!]));
    if (!isInProgress(StackStatus)) throw new Error(`Installing provider.yaml: it is ${StackStatus}`);
    await sleep(world.time, 1000);
  }
}

async function publish(world: World, zips: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await world.call(s3, 'CreateBucket', { Bucket: 'artifacts' });
  for (const [name, Body] of zips) {
    await world.call(s3, 'PutObject', { Bucket: 'artifacts', Key: `chaos/${name}.zip`, Body });
  }
  const Body = readFileSync(join(root, 'cloudformation/provider.yaml'));
  await world.call(s3, 'PutObject', { Bucket: 'artifacts', Key: 'chaos/provider.yaml', Body });
}

async function surround(world: World) {
  const { Vpc } = await world.call(ec2, 'CreateVpc', { CidrBlock: '10.0.0.0/16' });
  const subnetIds: string[] = [];
  for (const CidrBlock of ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']) {
    const { Subnet } = await world.call(ec2, 'CreateSubnet', { VpcId: Vpc!.VpcId!, CidrBlock });
    subnetIds.push(Subnet!.SubnetId!);
  }
  const trust = { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const makeRole = async (RoleName: string) => {
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
    const { Role } = await world.call(iam, 'CreateRole', { RoleName, AssumeRolePolicyDocument });
    return Role!.Arn!;
  };
  const [executionRole, projectRole] = [await makeRole('studio-user'), await makeRole('studio-project')];
  const [shares, seeds] = [await makeShares(world), await makeSeeds(world)];
  return { vpcId: Vpc!.VpcId!, subnetIds, executionRole, projectRole, shares, seeds };
}
