import { AwsError } from '../errors.ts';
import { principalOf } from '../iam/credentials.ts';
import { type Principal, servicePrincipal } from '../principal.ts';
import type { Home } from './stack.ts';

/** Whose rights a stack's calls have: the role's, as CloudFormation assumes it, or else the caller's own. */
export async function rightsOf(home: Home, caller: Principal, roleArn: string | undefined): Promise<Principal> {
  if (roleArn === undefined) return caller;
  const { cloud, account, region } = home;
  const invalid = () => new AwsError('ValidationError', `Role ${roleArn} is invalid or cannot be assumed`);
  try {
    const { Credentials } = await cloud.call({
      service: 'sts',
      operation: 'AssumeRole',
      input: { RoleArn: roleArn, RoleSessionName: 'AWSCloudFormation' },
      principal: servicePrincipal('cloudformation.amazonaws.com', account),
      region,
    });
    const { AccessKeyId = '', SessionToken } = Credentials as { AccessKeyId?: string; SessionToken?: string };
    const principal = principalOf(cloud.store, cloud.clock, AccessKeyId, SessionToken);
    if (!principal) throw invalid();
    return principal;
  } catch (cause) {
    if (cause instanceof AwsError) throw invalid();
    throw cause;
  }
}
