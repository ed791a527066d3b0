import type { RoleRecord, TagRecord } from '../../iam/records.ts';
import type { Call } from '../../service.ts';

/** What hands a role to EC2's instances. It holds one role at most. */
export interface InstanceProfileRecord {
  id: string;
  name: string;
  path: string;
  arn: string;
  /** Virtual milliseconds since the epoch. */
  created: number;
  /** The role's name. */
  role?: string;
  tags: TagRecord[];
}

/** By name in lower case. */
export function profilesOf({ cloud, account }: Pick<Call, 'cloud' | 'account'>): Map<string, InstanceProfileRecord> {
  return cloud.store.table('iam', { account, region: 'global' }, 'instance profiles');
}

export function findInstanceProfile(name: string, call: Call): InstanceProfileRecord | undefined {
  return profilesOf(call).get(name.toLowerCase());
}

/** The instance profiles that hold a role; while there is one, the role cannot be deleted. */
export function profilesWith({ name }: Pick<RoleRecord, 'name'>, call: Call): InstanceProfileRecord[] {
  return [...profilesOf(call).values()].filter(({ role }) => role === name);
}
