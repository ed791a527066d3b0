import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ec2 } from '../../packages/local/src/services/ec2/index.ts';
import { iam } from '../../packages/local/src/services/iam/index.ts';
import { s3 } from '../../packages/local/src/services/s3/index.ts';
import { pascalCase, root } from '../../scripts/handlers.ts';
import { type Homes, installHomes } from './homes.ts';
import { artifacts, installStack } from './install-stack.ts';
import { makeScripts } from './scripts.ts';
import { makeSeeds, type Seeds } from './seeds.ts';
import type { Setups } from './setups.ts';
import { makeShares, owner, type Share } from './shares.ts';
import { makeUnmanagedDomain, unmanagedDomains } from './unmanaged-domain.ts';
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
  /** The ARNs of lifecycle configurations that no stack has. */
  scripts: string[];
  /** What another account may share, for each stack. */
  shares: Share[][];
  seeds: Seeds;
  homes: Homes;
  /** On the wire only. */
  setups?: Setups;
}

/** Installs the given zips, by the handlers' names, as `npm start` does, beside a network and a role to use. */
export async function installProvider(world: World, zips: ReadonlyMap<string, Uint8Array>): Promise<Provider> {
  await publish(world, zips);
  const network = await surround(world);
  const ExecutionRoleArns = `${network.executionRole},${network.projectRole}`;
  const outputs = await installStack(world, 'provider', {
    ExecutionRoleArns,
    ShareOwnerAccountIds: owner,
    AllowedDomains: '*',
  });
  const tokens = Object.fromEntries(
    [...zips.keys()].map(pascalCase).flatMap((name) => {
      const token = outputs.get(`${name}ServiceToken`);
      return token === undefined ? [] : [[name, token]];
    }),
  );
  // Stacks may adopt this domain, and the profile that their templates name.
  await makeUnmanagedDomain(world, unmanagedDomains.adopted, ['user-0-0'], network);
  return { tokens, ...network, homes: await installHomes(world, network) };
}

async function publish(world: World, zips: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const { ArtifactBucket: Bucket, ArtifactPrefix } = artifacts;
  await world.call(s3, 'CreateBucket', { Bucket });
  const put = (name: string, Body: Uint8Array) =>
    world.call(s3, 'PutObject', { Bucket, Key: `${ArtifactPrefix}/${name}`, Body });
  for (const [name, zip] of zips) await put(`${name}.zip`, zip);
  for (const name of ['provider.yaml', 'home-seed.yaml']) {
    await put(name, readFileSync(join(root, 'cloudformation', name)));
  }
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
  // SageMaker describes custom images with the execution role.
  const Action = ['sagemaker:DescribeImage', 'sagemaker:DescribeImageVersion'];
  const Statement = [{ Effect: 'Allow', Action, Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await world.call(iam, 'PutRolePolicy', { RoleName: 'studio-user', PolicyName: 'images', PolicyDocument });
  const [shares, seeds, scripts] = [await makeShares(world), await makeSeeds(world), await makeScripts(world)];
  return { vpcId: Vpc!.VpcId!, subnetIds, executionRole, projectRole, scripts, shares, seeds };
}
