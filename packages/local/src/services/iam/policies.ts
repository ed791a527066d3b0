import type * as IAM from '@aws-sdk/client-iam';
import { AwsError } from '../../errors.ts';
import { findManagedPolicy, type ManagedPolicy, managedPolicies } from '../../iam/managed/index.ts';
import { partitionOf } from '../../iam/partition.ts';
import { checkPolicy } from '../../iam/policy-check.ts';
import { type PolicyRecord, policiesOf, rolesOf, usersOf } from '../../iam/records.ts';
import { uniqueId } from '../../iam/unique-id.ts';
import type { Call, Definition } from '../../service.ts';
import { alreadyExists, limitExceeded, noSuchPolicy } from './errors.ts';
import { sizeOf } from './inline-policies.ts';
import { page, under } from './lists.ts';
import { withoutTags, withTags } from './tags.ts';

export const policyOperations = {
  CreatePolicy(input, call) {
    const { PolicyName: name = '', Path: path = '/', PolicyDocument: document = '' } = input;
    const { cloud, account, region, clock } = call;
    checkDocument(document);
    const policies = policiesOf(cloud.store, account);
    if ([...policies.values()].some((one) => one.name.toLowerCase() === name.toLowerCase())) {
      throw alreadyExists(`A policy called ${name}`);
    }
    const created = clock.now();
    const policy: PolicyRecord = {
      id: uniqueId(cloud.store, 'ANPA'),
      name,
      path,
      arn: `arn:${partitionOf(region)}:iam::${account}:policy${path}${name}`,
      description: input.Description,
      created,
      updated: created,
      lastVersion: 1,
      defaultVersionId: 'v1',
      versions: [{ versionId: 'v1', document, created }],
      tags: withTags([], input.Tags),
    };
    policies.set(policy.arn, policy);
    const { Description: _, ...described } = describe(policy, call);
    return { Policy: described };
  },

  GetPolicy({ PolicyArn: arn = '' }, call) {
    const awsOwn = findManagedPolicy(arn);
    return { Policy: awsOwn ? describeManaged(awsOwn, arn, call) : describe(getPolicy(arn, call), call) };
  },

  ListPolicies(input, call) {
    const { Scope: scope = 'All', OnlyAttached: onlyAttached, PathPrefix: prefix } = input;
    const own = scope === 'AWS' ? [] : under(policiesOf(call.cloud.store, call.account).values(), prefix);
    const awsOwn = scope === 'Local' ? [] : under(managedPolicies(), prefix);
    const prefixOfArn = `arn:${partitionOf(call.region)}:iam::aws:policy`;
    const all: IAM.Policy[] = [
      ...own.map((policy) => describe(policy, call)),
      ...awsOwn.map((policy) => describeManaged(policy, prefixOfArn + policy.path + policy.name, call)),
    ].map(({ Description: _, Tags: __, ...rest }) => rest);
    const listed = onlyAttached ? all.filter(({ AttachmentCount = 0 }) => AttachmentCount > 0) : all;
    const { items, more } = page(listed, ({ Arn = '' }) => Arn, input);
    return { Policies: items, ...more };
  },

  DeletePolicy({ PolicyArn: arn = '' }, call) {
    const policy = getPolicy(arn, call);
    if (attachmentsOf(arn, call).attached > 0 || attachmentsOf(arn, call).bounding > 0) {
      const message = 'Cannot delete a policy attached to entities.';
      throw new AwsError('DeleteConflict', message);
    }
    if (policy.versions.length > 1) {
      const message =
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.";
      throw new AwsError('DeleteConflict', message);
    }
    policiesOf(call.cloud.store, call.account).delete(arn);
    return {};
  },

  TagPolicy({ PolicyArn: arn = '', Tags: tags }, call) {
    const policy = getPolicy(arn, call);
    policy.tags = withTags(policy.tags, tags);
    return {};
  },

  UntagPolicy({ PolicyArn: arn = '', TagKeys: keys }, call) {
    const policy = getPolicy(arn, call);
    policy.tags = withoutTags(policy.tags, keys);
    return {};
  },

  ListPolicyTags(input, call) {
    const { items, more } = page(getPolicy(input.PolicyArn!, call).tags, ({ Key }) => Key, input);
    return { Tags: items, ...more };
  },
} satisfies Definition<typeof IAM>['operations'];

/** A policy of the account's own. Throws `NoSuchEntity`; `AccessDenied` for one of AWS's. */
export function getPolicy(arn: string, { cloud, account, principal, operation }: Call): PolicyRecord {
  const policy = policiesOf(cloud.store, account).get(arn);
  if (policy) return policy;
  if (!findManagedPolicy(arn)) throw noSuchPolicy(arn);
  const message = `User: ${principal.arn} is not authorized to perform: iam:${operation} on resource: policy ${arn}`;
  throw new AwsError('AccessDenied', message, { status: 403 });
}

/** Throws unless the document is a policy of an allowed size. */
export function checkDocument(document: string): void {
  checkPolicy(document, 'identity');
  if (sizeOf(document) > 6144) throw limitExceeded('Cannot exceed quota for PolicySize: 6144');
}

function attachmentsOf(arn: string, { cloud, account }: Call): { attached: number; bounding: number } {
  const identities = [...rolesOf(cloud.store, account).values(), ...usersOf(cloud.store, account).values()];
  return {
    attached: identities.filter(({ attachedPolicies }) => attachedPolicies.includes(arn)).length,
    bounding: identities.filter(({ permissionsBoundary }) => permissionsBoundary === arn).length,
  };
}

function describe(policy: PolicyRecord, call: Call): IAM.Policy {
  const { attached, bounding } = attachmentsOf(policy.arn, call);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: attached,
    PermissionsBoundaryUsageCount: bounding,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: new Date(policy.created),
    UpdateDate: new Date(policy.updated),
    Tags: policy.tags,
  };
}

function describeManaged(policy: ManagedPolicy, arn: string, call: Call): IAM.Policy {
  const { attached, bounding } = attachmentsOf(arn, call);
  return {
    PolicyName: policy.name,
    Arn: arn,
    Path: policy.path,
    DefaultVersionId: policy.versionId,
    AttachmentCount: attached,
    PermissionsBoundaryUsageCount: bounding,
    IsAttachable: policy.path !== '/aws-service-role/',
    CreateDate: new Date(policy.created),
    UpdateDate: new Date(policy.updated),
    Tags: [],
  };
}
