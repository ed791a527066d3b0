import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { assumeAsService } from '../sts.ts';
import type { ExecutionRecord } from './records.ts';

/** The state machine's role, or why Step Functions cannot take it on. */
export function roleOf(
  { roleArn, name, stateMachineArn }: Pick<ExecutionRecord, 'roleArn' | 'name' | 'stateMachineArn'>,
  { cloud }: Call,
) {
  const session = name.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
  try {
    return assumeAsService(cloud, roleArn, 'states.amazonaws.com', session, { sourceArn: stateMachineArn }).principal;
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    return { failure: { error: 'States.Permissions', cause: cause.message } };
  }
}
