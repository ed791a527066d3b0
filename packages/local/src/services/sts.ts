import * as STS from '@aws-sdk/client-sts';
import { AwsError } from '../errors.ts';
import { type Credentials, issueCredentials } from '../iam/credentials.ts';
import { managedDocument } from '../iam/identity.ts';
import { checkPolicy } from '../iam/policy-check.ts';
import { findRole, findRoleByArn, findUser, type RoleRecord } from '../iam/records.ts';
import { requestTags } from '../iam/request-tags.ts';
import { accountOf, findRoleTrusting, trusts } from '../iam/trust.ts';
import type { Principal, Session } from '../principal.ts';
import { type Access, type Call, type Cloud, type Input, service } from '../service.ts';
import type { Store } from '../store.ts';

type RolePrincipal = Extract<Principal, { kind: 'role' }>;

const hour = 3600;

export const sts = service('sts', 'sts', STS, {
  scope: 'account',
  operations: {
    GetCallerIdentity(_input, { principal, cloud }) {
      return { UserId: userIdOf(cloud.store, principal), Account: principal.account, Arn: principal.arn };
    },

    AssumeRole(input, call) {
      const role = findRoleByArn(call.cloud.store, input.RoleArn!);
      if (!role || !trustsCaller(call, role)) throw refused(call.principal.arn, input.RoleArn!);
      const seconds = input.DurationSeconds ?? hour;
      checkDuration(seconds, role, call.principal);
      const principal = sessionOf(role, input.RoleSessionName!, sessionPolicies(input, role, call));
      return {
        Credentials: credentials(issueCredentials(call.cloud.store, call.clock, principal, seconds)),
        AssumedRoleUser: { AssumedRoleId: `${role.id}:${principal.sessionName}`, Arn: principal.arn },
      };
    },

    GetSessionToken({ DurationSeconds = 12 * hour }, { principal, cloud, clock }) {
      if (principal.kind === 'role') {
        throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', { status: 403 });
      }
      return { Credentials: credentials(issueCredentials(cloud.store, clock, principal, DurationSeconds)) };
    },
  },

  access: {
    GetCallerIdentity: () => [],
    GetSessionToken: () => [],
    AssumeRole(input) {
      const context = {
        'sts:RoleSessionName': input.RoleSessionName!,
        ...(input.ExternalId !== undefined && { 'sts:ExternalId': input.ExternalId }),
        ...(input.SourceIdentity !== undefined && { 'sts:SourceIdentity': input.SourceIdentity }),
      };
      const right: Access = { resource: input.RoleArn!, context };
      return input.Tags?.length ? [right, { ...right, action: 'sts:TagSession' }] : [right];
    },
  },

  /** A role's trust policy. A role that does not exist trusts no principal. */
  resourcePolicy(arn, { cloud }) {
    const role = findRoleByArn(cloud.store, arn);
    return { document: role?.assumeRolePolicyDocument ?? '{"Statement":[]}', account: accountOf(arn) };
  },
  tagsOf(arn, { cloud }) {
    const tags = findRoleByArn(cloud.store, arn)?.tags;
    return tags && Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
  },
});

/**
 * Takes on a role as an AWS service does: `servicePrincipal` is `lambda.amazonaws.com` and the like, `sourceArn` the
 * resource on whose behalf it acts. The session lasts `seconds`, twelve hours if left out; `session` is what it has of its own.
 *
 * Throws `AccessDenied` when there is no such role, or its trust policy does not name the service.
 */
export function assumeAsService(
  cloud: Cloud,
  roleArn: string,
  servicePrincipal: string,
  sessionName: string,
  { seconds = 12 * hour, sourceArn, session }: { seconds?: number; sourceArn?: string; session?: Session } = {},
): { credentials: Credentials; principal: RolePrincipal } {
  const role = findRoleTrusting(cloud.store, roleArn, servicePrincipal, sourceArn);
  if (!role) throw refused(servicePrincipal, roleArn);
  const principal = sessionOf(role, sessionName, session);
  return { credentials: issueCredentials(cloud.store, cloud.clock, principal, seconds), principal };
}

function sessionOf(role: RoleRecord, sessionName: string, session?: Session): RolePrincipal {
  const [, partition, , , account = ''] = role.arn.split(':');
  const arn = `arn:${partition}:sts::${account}:assumed-role/${role.name}/${sessionName}`;
  return { kind: 'role', account, arn, roleName: role.name, sessionName, ...(session && { session }) };
}

/**
 * Users and roles are authorised already. An account needs no trust for its own roles, but for another's; a service
 * always does.
 */
function trustsCaller({ principal }: Call, role: RoleRecord): boolean {
  const { kind, account, arn } = principal;
  if (kind === 'user' || kind === 'role') return true;
  if (kind === 'account' && accountOf(role.arn) === account) return true;
  const requester = kind === 'service' ? { account, name: principal.service, isService: true } : { account, name: arn };
  return trusts(role, requester, { 'aws:PrincipalAccount': account, 'aws:PrincipalArn': arn });
}

function sessionPolicies(
  input: Input<typeof STS, 'AssumeRole'>,
  role: RoleRecord,
  { cloud }: Call,
): Session | undefined {
  const policies = (input.PolicyArns ?? []).map(({ arn = '' }) => sessionPolicy(cloud.store, accountOf(role.arn), arn));
  if (input.Policy !== undefined) {
    checkPolicy(input.Policy, 'identity');
    policies.push(input.Policy);
  }
  const tags = requestTags({ Tags: input.Tags });
  if (policies.length === 0 && !tags) return undefined;
  return { ...(policies.length > 0 && { policies }), ...(tags && { tags }) };
}

function sessionPolicy(store: Store, account: string, arn: string): string {
  const document = managedDocument(store, account, arn);
  if (!document) throw new AwsError('ValidationError', `Invalid policy ARN: ${arn}`);
  return typeof document === 'string' ? document : JSON.stringify(document);
}

function checkDuration(seconds: number, role: RoleRecord, principal: Principal): void {
  if (principal.kind === 'role' && seconds > hour) {
    const message = 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining';
    throw new AwsError('ValidationError', message);
  }
  if (seconds > role.maxSessionDuration) {
    const message = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
    throw new AwsError('ValidationError', message);
  }
}

function refused(who: string, roleArn: string): AwsError {
  const message = `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
  return new AwsError('AccessDenied', message, { status: 403 });
}

function userIdOf(store: Store, principal: Principal): string {
  const { account } = principal;
  switch (principal.kind) {
    case 'user':
      return findUser(store, account, principal.userName)?.id ?? account;
    case 'role':
      return `${findRole(store, account, principal.roleName)?.id ?? account}:${principal.sessionName}`;
    default:
      return account;
  }
}

function credentials({ accessKeyId, secretAccessKey, sessionToken, expiration }: Credentials): STS.Credentials {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: new Date(expiration),
  };
}
