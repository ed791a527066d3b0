import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { account } from '../../scripts/start/clients.ts';
import type { Caller } from '../stacks/caller.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';

/** What a role may do: actions, on everything if no resource is given. */
export interface Right {
  Action: string | string[];
  Resource?: string | string[];
  Condition?: unknown;
}

/** Creates a role of the account with these rights and no others, and gives a session of it: how an attacker calls. */
export async function assumedRole(cloud: TestCloud, RoleName: string, rights: readonly Right[]): Promise<Caller> {
  const { iam } = cloud.clients;
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] };
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const Statement = rights.map((right) => ({ Effect: 'Allow', Resource: '*', ...right }));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'rights', PolicyDocument }));
  return sessionOf(cloud, Role!.Arn!);
}

/** A session of a role that trusts the account. */
export async function sessionOf(cloud: TestCloud, RoleArn: string): Promise<Caller> {
  const sts = new STSClient(cloud.clientOptions);
  const assumed = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'attacker' }));
  sts.destroy();
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = assumed.Credentials!;
  return cloud.as({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
}
