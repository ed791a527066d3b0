import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloudformation } from '../../packages/local/src/cloudformation/service.ts';
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { iam } from '../../packages/local/src/services/iam/index.ts';
import type { FunctionRecord } from '../../packages/local/src/services/lambda/records.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { Store } from '../../packages/local/src/store.ts';
import { pascalCase, root } from '../../scripts/handlers.ts';
import { account, region, SimulatedCloud } from './cloud.ts';
import { codeOf } from './runner.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What every run begins with: an account in which provider.yaml is installed, with a network and a role to use. */
export interface Installed {
  /** The whole state of the cloud then, and when that was. */
  state: Uint8Array;
  now: number;
  /** The ServiceToken of each handler, by its function's logical id: `StudioDomain`. */
  tokens: Record<string, string>;
  vpcId: string;
  subnetIds: string[];
  executionRole: string;
  /** Another role, which may use SageMaker Projects. */
  projectRole: string;
}

const hour = 3_600_000;

/** Installs the given zips, by the handlers' names, as `npm start` does. Their code is compiled by then. */
export async function install(time: VirtualTime, zips: ReadonlyMap<string, Uint8Array>): Promise<Installed> {
  const world = new SimulatedCloud(time, new Store(), { seed: 0, durations: 1, rules: [] });
  await during(time, publish(world, zips));
  const network = await during(time, surround(world));
  const TemplateBody = readFileSync(join(root, 'cloudformation/provider.yaml'), 'utf8');
  const parameters = {
    ArtifactBucket: 'artifacts',
    ArtifactPrefix: 'chaos',
    ExecutionRoleArns: `${network.executionRole},${network.projectRole}`,
  };
  await during(
    time,
    world.call(cloudformation, 'CreateStack', {
      StackName: 'provider',
      TemplateBody,
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    }),
  );
  await time.pass(hour);
  const { Stacks } = await world.call(cloudformation, 'DescribeStacks', { StackName: 'provider' });
  const { StackStatus, Outputs = [] } = Stacks![0]!;
  if (StackStatus !== 'CREATE_COMPLETE') throw new Error(`Installing provider.yaml: it is ${StackStatus}`);
  const tokens = Object.fromEntries(
    [...zips.keys()].map(pascalCase).flatMap((name) => {
      const output = Outputs.find(({ OutputKey }) => OutputKey === `${name}ServiceToken`);
      return output ? [[name, output.OutputValue!]] : [];
    }),
  );
  await compileAll(world);
  world.cloud.close();
  return { state: world.store.save(time.now()), now: time.now(), tokens, ...network };
}

/** Lets time pass until a call has its answer. */
export async function during<T>(time: VirtualTime, call: Promise<T>): Promise<T> {
  let ended = false;
  const watched = call.finally(() => {
    ended = true;
  });
  watched.catch(() => {});
  await time.pass(hour, () => ended);
  return watched;
}

async function publish(world: SimulatedCloud, zips: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await world.call(s3, 'CreateBucket', { Bucket: 'artifacts' });
  for (const [name, Body] of zips) {
    await world.call(s3, 'PutObject', { Bucket: 'artifacts', Key: `chaos/${name}.zip`, Body });
  }
}

async function surround(world: SimulatedCloud) {
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
  return { vpcId: Vpc!.VpcId!, subnetIds, executionRole, projectRole };
}

/** Compiling takes real time, which no run may wait for. */
async function compileAll({ store }: SimulatedCloud): Promise<void> {
  const functions = store.table<FunctionRecord>('lambda', { account, region }, 'functions');
  const packages = store.table<Uint8Array>('lambda', { account, region }, 'packages');
  for (const { latest } of functions.values()) {
    await codeOf({ sha256: latest.CodeSha256!, zip: packages.get(latest.CodeSha256!)! }, latest.Handler!);
  }
}
