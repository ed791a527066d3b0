import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { account } from '../../scripts/start/clients.ts';
import type { Caller } from '../stacks/caller.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';
import { sessionOf } from './assumed-role.ts';
import { tokenOf } from './deputies-cloud.ts';

/**
 * A caller with the rights of a function, such as `studio-domain`, as a principal has them who may change its code. For that,
 * the role trusts the account as well.
 */
export async function roleOf(cloud: TestCloud, handler: string, provider: string): Promise<Caller> {
  const { iam, lambda } = cloud.clients;
  const FunctionName = tokenOf(handler, provider);
  const { Role } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Principal = { AWS: `arn:aws:iam::${account}:root`, Service: 'lambda.amazonaws.com' };
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] };
  const RoleName = Role!.split('/').at(-1)!;
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: JSON.stringify(trust) }));
  return sessionOf(cloud, Role!);
}
