import { AwsError } from '../errors.ts';
import type { Principal } from '../principal.ts';
import { assumeAsService } from '../services/sts.ts';
import type { Home } from './stack.ts';

/** Whose rights a stack's calls have: the role's, as CloudFormation assumes it, or else the caller's own. */
export function rightsOf({ cloud }: Home, caller: Principal, roleArn: string | undefined): Principal {
  if (roleArn === undefined) return caller;
  try {
    return assumeAsService(cloud, roleArn, 'cloudformation.amazonaws.com', 'AWSCloudFormation').principal;
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw new AwsError('ValidationError', `Role ${roleArn} is invalid or cannot be assumed`);
  }
}
