import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { get } from './kind.ts';
import { groups } from './kinds.ts';
import type { GroupRecord } from './records.ts';

/** The group of that id or, in operations that still take one, that name. */
export function groupOf(request: { GroupId?: string; GroupName?: string }, call: Call): GroupRecord {
  const { GroupId, GroupName } = request;
  if (GroupId !== undefined) return get(groups, GroupId, call);
  if (GroupName === undefined) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter groupName or groupId');
  }
  // A name alone means a group of the default VPC, which accounts of the local cloud do not have.
  throw new AwsError('InvalidGroup.NotFound', `The security group '${GroupName}' does not exist in default VPC`);
}
