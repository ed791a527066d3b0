import type * as IAM from '@aws-sdk/client-iam';
import { AwsError } from '../../errors.ts';
import { findManagedPolicy } from '../../iam/managed/index.ts';
import {
  type IdentityRecord,
  type PolicyRecord,
  type PolicyVersionRecord,
  rolesOf,
  usersOf,
} from '../../iam/records.ts';
import type { Definition } from '../../service.ts';
import { limitExceeded, noSuchEntity } from './errors.ts';
import { page, under } from './lists.ts';
import { checkDocument, getPolicy } from './policies.ts';

/** How many versions one policy may have. */
const most = 5;

export const policyVersionOperations = {
  CreatePolicyVersion(input, call) {
    const policy = getPolicy(input.PolicyArn!, call);
    checkDocument(input.PolicyDocument!);
    if (policy.versions.length >= most) {
      const message = `A managed policy can have up to ${most} versions. Before you create a new version, you must delete an existing version.`;
      throw limitExceeded(message);
    }
    policy.lastVersion += 1;
    const version = {
      versionId: `v${policy.lastVersion}`,
      document: input.PolicyDocument!,
      created: call.clock.now(),
    };
    policy.versions.push(version);
    policy.updated = version.created;
    if (input.SetAsDefault) policy.defaultVersionId = version.versionId;
    const { Document: _, ...described } = describe(policy, version);
    return { PolicyVersion: described };
  },

  GetPolicyVersion({ PolicyArn: arn = '', VersionId: id = '' }, call) {
    const [awsOwn] = versionsOfManaged(arn);
    if (awsOwn) {
      if (awsOwn.VersionId !== id) throw noSuchVersion(arn, id);
      return { PolicyVersion: awsOwn };
    }
    const policy = getPolicy(arn, call);
    return { PolicyVersion: describe(policy, getVersion(policy, id)) };
  },

  ListPolicyVersions(input, call) {
    const awsOwn = versionsOfManaged(input.PolicyArn!);
    const versions = awsOwn.length > 0 ? awsOwn : ownVersions(getPolicy(input.PolicyArn!, call));
    // The newest first, whatever the number of digits.
    const order = ({ VersionId = '' }: IAM.PolicyVersion) => String(1e9 - Number(VersionId.slice(1)));
    const { items, more } = page(versions, order, input);
    return { Versions: items.map(({ Document: _, ...version }) => version), ...more };
  },

  SetDefaultPolicyVersion({ PolicyArn: arn = '', VersionId: id = '' }, call) {
    const policy = getPolicy(arn, call);
    policy.defaultVersionId = getVersion(policy, id).versionId;
    policy.updated = call.clock.now();
    return {};
  },

  DeletePolicyVersion({ PolicyArn: arn = '', VersionId: id = '' }, call) {
    const policy = getPolicy(arn, call);
    getVersion(policy, id);
    if (policy.defaultVersionId === id) {
      throw new AwsError('DeleteConflict', 'Cannot delete the default version of a policy.');
    }
    policy.versions = policy.versions.filter(({ versionId }) => versionId !== id);
    return {};
  },

  ListEntitiesForPolicy(input, call) {
    const { PolicyArn: arn = '', EntityFilter: filter, PolicyUsageFilter: usage } = input;
    if (!findManagedPolicy(arn)) getPolicy(arn, call);
    const uses = ({ attachedPolicies, permissionsBoundary }: IdentityRecord) =>
      (usage !== 'PermissionsBoundary' && attachedPolicies.includes(arn)) ||
      (usage !== 'PermissionsPolicy' && permissionsBoundary === arn);
    const wants = (kind: string) => filter === undefined || filter === kind;
    const { store } = call.cloud;
    const all = [
      ...(wants('Role') ? under(rolesOf(store, call.account).values(), input.PathPrefix) : []),
      ...(wants('User') ? under(usersOf(store, call.account).values(), input.PathPrefix) : []),
    ];
    const { items, more } = page(all.filter(uses), ({ id }) => id, input);
    const roles = items.filter(({ id }) => id.startsWith('AROA'));
    const users = items.filter(({ id }) => id.startsWith('AIDA'));
    return {
      PolicyGroups: [],
      PolicyRoles: roles.map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      PolicyUsers: users.map(({ name, id }) => ({ UserName: name, UserId: id })),
      ...more,
    };
  },
} satisfies Definition<typeof IAM>['operations'];

function ownVersions(policy: PolicyRecord): IAM.PolicyVersion[] {
  return policy.versions.map((version) => describe(policy, version));
}

/** AWS's own policies are known in their newest version only. */
function versionsOfManaged(arn: string): IAM.PolicyVersion[] {
  const policy = findManagedPolicy(arn);
  if (!policy) return [];
  const document = encodeURIComponent(JSON.stringify(JSON.parse(policy.document), undefined, 4));
  const created = new Date(policy.updated);
  return [{ Document: document, VersionId: policy.versionId, IsDefaultVersion: true, CreateDate: created }];
}

function getVersion(policy: PolicyRecord, id: string): PolicyVersionRecord {
  const version = policy.versions.find(({ versionId }) => versionId === id);
  if (!version) throw noSuchVersion(policy.arn, id);
  return version;
}

function noSuchVersion(arn: string, id: string): AwsError {
  return noSuchEntity(`Policy ${arn} version ${id} does not exist or is not attachable.`);
}

function describe(policy: PolicyRecord, { versionId, document, created }: PolicyVersionRecord): IAM.PolicyVersion {
  return {
    Document: encodeURIComponent(document),
    VersionId: versionId,
    IsDefaultVersion: versionId === policy.defaultVersionId,
    CreateDate: new Date(created),
  };
}
