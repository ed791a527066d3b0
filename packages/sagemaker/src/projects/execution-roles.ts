import { findDomain } from '../domain/domain.ts';
import { isDomainId } from '../domain/domain-id.ts';
import { describeUserProfiles } from '../user-profile/user-profile.ts';

/** The properties that select execution roles. */
export interface RoleSource {
  ExecutionRoles?: readonly string[];
  DomainId?: string;
  IncludeUserProfiles?: boolean;
}

/** The ARN of an IAM role, without wildcards. */
export const roleArn = /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;

function isRoleArn(text: unknown): text is string {
  return typeof text === 'string' && roleArn.test(text);
}

/**
 * The ARNs of the execution roles in a list, of a domain, and of its user profiles that have their own, without
 * duplicates. Invalid properties, which a Delete may have, select no roles. Undefined when the domain does not exist.
 */
export async function executionRolesOf(source: RoleSource): Promise<string[] | undefined> {
  const { ExecutionRoles, DomainId, IncludeUserProfiles } = source;
  const listed = (Array.isArray(ExecutionRoles) ? ExecutionRoles : []).filter(isRoleArn);
  if (DomainId === undefined) return [...new Set(listed)];
  const domain = isDomainId(String(DomainId)) ? await findDomain(DomainId) : undefined;
  if (!domain) return undefined;
  const { DefaultUserSettings, DefaultSpaceSettings } = domain;
  const profiles = IncludeUserProfiles ? await describeUserProfiles(DomainId) : [];
  const ofProfiles = profiles.map(({ UserSettings }) => UserSettings?.ExecutionRole);
  const all = [...listed, DefaultUserSettings?.ExecutionRole, DefaultSpaceSettings?.ExecutionRole, ...ofProfiles];
  return [...new Set(all.filter(isRoleArn))];
}
