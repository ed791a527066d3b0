import type { VpcConfig, VpcConfigResponse } from '@aws-sdk/client-lambda';
import { AwsError } from '../../errors.ts';
import { servicePrincipal } from '../../principal.ts';
import type { Call } from '../../service.ts';
import { invalidParameter } from './errors.ts';

/**
 * The network configuration as Lambda shows it, with the VPC of its subnets. A function's process has no network of its
 * own here, so nothing but the names is checked.
 */
export async function vpcConfig(config: VpcConfig | undefined, call: Call): Promise<VpcConfigResponse | undefined> {
  const { SubnetIds = [], SecurityGroupIds = [], Ipv6AllowedForDualStack = false } = config ?? {};
  if (SubnetIds.length === 0 && SecurityGroupIds.length === 0) {
    // An empty configuration takes the function out of its VPC.
    return config && { SubnetIds, SecurityGroupIds, VpcId: '', Ipv6AllowedForDualStack };
  }
  if (SubnetIds.length === 0 || SecurityGroupIds.length === 0) {
    throw invalidParameter('SubnetIds and SecurityIds must coexist or be both empty list.');
  }
  const { Subnets } = await describe(call, 'DescribeSubnets', { SubnetIds });
  const { SecurityGroups } = await describe(call, 'DescribeSecurityGroups', { GroupIds: SecurityGroupIds });
  const vpcs = new Set([...(Subnets as Member[]), ...(SecurityGroups as Member[])].map(({ VpcId }) => VpcId));
  if (vpcs.size > 1) throw invalidParameter('Security groups and subnets must be in the same VPC.');
  const [VpcId] = vpcs;
  return { SubnetIds, SecurityGroupIds, VpcId, Ipv6AllowedForDualStack };
}

interface Member {
  VpcId?: string;
}

async function describe(
  { cloud, account, region }: Call,
  operation: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const principal = servicePrincipal('lambda.amazonaws.com', account);
  try {
    return await cloud.call({ service: 'ec2', operation, input, principal, region });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(
      `Error occurred while ${operation}. EC2 Error Code: ${error.name}. EC2 Error Message: ${error.message}`,
    );
  }
}
