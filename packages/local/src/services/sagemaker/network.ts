import { AwsError } from '../../errors.ts';
import { servicePrincipal } from '../../principal.ts';
import type { Call } from '../../service.ts';
import { ec2 } from '../ec2/index.ts';
import { invalid } from './records.ts';

/** SageMaker itself, which looks at a VPC with its own rights, not the caller's. */
export const self = (call: Call) => servicePrincipal('sagemaker.amazonaws.com', call.account);

/** What was asked for; undefined where EC2 says that there is none. */
async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof AwsError && cause.name.endsWith('.NotFound')) return undefined;
    throw cause;
  }
}

/** The first of the subnets that is not there, or not in the VPC, in EC2's words. */
export async function subnetProblem(
  VpcId: string | undefined,
  SubnetIds: string[],
  call: Call,
): Promise<string | undefined> {
  for (const id of SubnetIds) {
    const found = await unlessMissing(call.invoke(ec2, 'DescribeSubnets', { SubnetIds: [id] }, self(call)));
    if (!found) return `The subnet ID '${id}' does not exist`;
    if (found.Subnets![0]!.VpcId !== VpcId) return `Subnet ${id} does not belong to VPC ${VpcId}.`;
  }
  return undefined;
}

/** Throws a ValidationException unless the VPC is there and the subnets are in it. */
export async function mustBeInVpc(VpcId: string, SubnetIds: string[], call: Call): Promise<void> {
  const vpc = await unlessMissing(call.invoke(ec2, 'DescribeVpcs', { VpcIds: [VpcId] }, self(call)));
  if (!vpc) throw invalid(`The vpc ID '${VpcId}' does not exist`);
  const problem = await subnetProblem(VpcId, SubnetIds, call);
  if (problem !== undefined) throw invalid(problem);
}

/** The first of the security groups that is not there. */
export async function securityGroupProblem(ids: string[], call: Call): Promise<string | undefined> {
  for (const id of ids) {
    const found = await unlessMissing(call.invoke(ec2, 'DescribeSecurityGroups', { GroupIds: [id] }, self(call)));
    if (!found) return `Unable to find security group ${id}`;
  }
  return undefined;
}
