import * as EC2 from '@aws-sdk/client-ec2';
import * as IAM from '@aws-sdk/client-iam';
import * as S3 from '@aws-sdk/client-s3';
import type { StackResult } from '../../../packages/local/src/virtual/deployment.ts';
import type { SavedCloud } from '../../../packages/local/src/virtual/options.ts';
import { VirtualCloud } from '../../../packages/local/src/virtual/virtual-cloud.ts';
import { clientsOf } from '../../../scripts/start/clients.ts';
import { installProvider } from '../../stacks/provider.ts';
import { bundledForVirtualTime, providerFramework } from '../handlers/zips.ts';
import { codeBucket, peersTemplate } from './peers-template.ts';

/** A cloud with the provider, the peers' functions, and a network for domains. */
export interface Installation {
  from: SavedCloud;
  /** The properties of a domain, all but its name. */
  domain: Record<string, unknown>;
}

export async function install(): Promise<Installation> {
  const virtual = new VirtualCloud();
  try {
    const clients = clientsOf(virtual.clientOptions());
    const deploy = virtual.deploy.bind(virtual);
    await installProvider({ clients, deploy });
    const { s3 } = clients;
    await s3.send(new S3.CreateBucketCommand({ Bucket: codeBucket }));
    const files = { poll: 'poll.mjs', 'cdk-provider': 'cdk-provider.mjs', framework: providerFramework };
    for (const [name, file] of Object.entries(files)) {
      const { zip: Body } = await bundledForVirtualTime(file);
      await s3.send(new S3.PutObjectCommand({ Bucket: codeBucket, Key: `${name}.zip`, Body }));
    }
    const peers = await deploy('peers', { template: JSON.stringify(peersTemplate) });
    assertDeployed('Installing the peers', [peers]);
    const domain = await surround(virtual);
    return { from: await virtual.save(), domain };
  } finally {
    await virtual.discard();
  }
}

/** Throws an Error that says what failed in one of the stacks. */
export function assertDeployed(what: string, stacks: readonly StackResult[]): void {
  const failed = stacks.flatMap(({ failures }) => failures);
  if (failed.length > 0) throw new Error(`${what}: ${failed.join('; ')}`);
}

async function surround(virtual: VirtualCloud): Promise<Record<string, unknown>> {
  const ec2 = new EC2.EC2Client(virtual.clientOptions());
  const { Vpc } = await ec2.send(new EC2.CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const VpcId = Vpc!.VpcId!;
  const { Subnet } = await ec2.send(new EC2.CreateSubnetCommand({ VpcId, CidrBlock: '10.0.0.0/24' }));
  const iam = new IAM.IAMClient(virtual.clientOptions());
  const Statement = { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await iam.send(new IAM.CreateRoleCommand({ RoleName: 'studio-user', AssumeRolePolicyDocument }));
  return { VpcId, SubnetIds: [Subnet!.SubnetId!], DefaultUserSettings: { ExecutionRole: Role!.Arn! } };
}
