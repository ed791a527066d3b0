import type * as IAM from '@aws-sdk/client-iam';
import { type Caller, ResourceFailure } from '../resources/resource-type.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { document, list, number, optional, required, struct, tags, text } from './property.ts';
import { type ServiceClient, serviceClient, undefinedIfNotFound } from './service-client.ts';

export const iamClient = (caller: Caller) => serviceClient<typeof IAM>(caller, 'iam');

/** A policy that is written within a role or a user. */
export const inlinePolicy = struct({ PolicyName: required(text), PolicyDocument: required(document) });

interface InlinePolicy {
  PolicyName: string;
  PolicyDocument: string;
}

const role = nativeType({
  type: 'AWS::IAM::Role',
  properties: {
    AssumeRolePolicyDocument: required(document),
    Description: optional(text),
    ManagedPolicyArns: optional(list(text)),
    MaxSessionDuration: optional(number),
    Path: optional(text, 'replaces'),
    PermissionsBoundary: optional(text),
    Policies: optional(list(inlinePolicy)),
    RoleName: optional(text, 'replaces'),
    Tags: optional(tags),
  },
  async create({ Policies = [], ManagedPolicyArns = [], RoleName: given, ...values }, context) {
    const iam = iamClient(context);
    const RoleName = given ?? context.inventName(64);
    const { Role } = await iam('CreateRole', { ...values, RoleName });
    context.initiated(RoleName);
    for (const PolicyArn of ManagedPolicyArns) await iam('AttachRolePolicy', { RoleName, PolicyArn });
    for (const policy of Policies) await iam('PutRolePolicy', { RoleName, ...policy });
    return { physicalId: RoleName, attributes: { Arn: Role?.Arn, RoleId: Role?.RoleId } };
  },
  async update({ physicalId: RoleName, values, old, changed }, context) {
    const iam = iamClient(context);
    if (changed.has('AssumeRolePolicyDocument')) {
      await iam('UpdateAssumeRolePolicy', { RoleName, PolicyDocument: values.AssumeRolePolicyDocument });
    }
    if (changed.has('Description') || changed.has('MaxSessionDuration')) {
      const { Description = '', MaxSessionDuration = 3600 } = values;
      await iam('UpdateRole', { RoleName, Description, MaxSessionDuration });
    }
    if (changed.has('PermissionsBoundary')) await setBoundary(iam, RoleName, values.PermissionsBoundary);
    await setAttached(iam, RoleName, values.ManagedPolicyArns, old.ManagedPolicyArns);
    await setInline(iam, RoleName, values.Policies, old.Policies);
    const { set, gone } = tagChanges(values.Tags, old.Tags);
    if (gone.length > 0) await iam('UntagRole', { RoleName, TagKeys: gone });
    if (set.length > 0) await iam('TagRole', { RoleName, Tags: set });
    const { Role } = await iam('GetRole', { RoleName });
    return { physicalId: RoleName, attributes: { Arn: Role?.Arn, RoleId: Role?.RoleId } };
  },
  async delete(RoleName, _, context) {
    const iam = iamClient(context);
    const attached = await undefinedIfNotFound(iam('ListAttachedRolePolicies', { RoleName }));
    if (!attached) return;
    const { PolicyNames = [] } = await iam('ListRolePolicies', { RoleName });
    for (const { PolicyArn } of attached.AttachedPolicies ?? []) {
      await undefinedIfNotFound(iam('DetachRolePolicy', { RoleName, PolicyArn }));
    }
    for (const PolicyName of PolicyNames) await undefinedIfNotFound(iam('DeleteRolePolicy', { RoleName, PolicyName }));
    await undefinedIfNotFound(iam('DeleteRole', { RoleName }));
  },
});

async function setBoundary(iam: ServiceClient<typeof IAM>, RoleName: string, PermissionsBoundary: string | undefined) {
  if (PermissionsBoundary === undefined) await iam('DeleteRolePermissionsBoundary', { RoleName });
  else await iam('PutRolePermissionsBoundary', { RoleName, PermissionsBoundary });
}

async function setAttached(iam: ServiceClient<typeof IAM>, RoleName: string, now: string[] = [], old: string[] = []) {
  for (const PolicyArn of now.filter((arn) => !old.includes(arn)))
    await iam('AttachRolePolicy', { RoleName, PolicyArn });
  for (const PolicyArn of old.filter((arn) => !now.includes(arn))) {
    await undefinedIfNotFound(iam('DetachRolePolicy', { RoleName, PolicyArn }));
  }
}

async function setInline(
  iam: ServiceClient<typeof IAM>,
  RoleName: string,
  now: InlinePolicy[] = [],
  old: InlinePolicy[] = [],
) {
  for (const policy of now) {
    const before = old.find(({ PolicyName }) => PolicyName === policy.PolicyName);
    if (before?.PolicyDocument !== policy.PolicyDocument) await iam('PutRolePolicy', { RoleName, ...policy });
  }
  const names = now.map(({ PolicyName }) => PolicyName);
  for (const { PolicyName } of old.filter((policy) => !names.includes(policy.PolicyName))) {
    await undefinedIfNotFound(iam('DeleteRolePolicy', { RoleName, PolicyName }));
  }
}

const serviceLinkedRole = nativeType({
  type: 'AWS::IAM::ServiceLinkedRole',
  properties: {
    AWSServiceName: required(text, 'replaces'),
    CustomSuffix: optional(text, 'replaces'),
    Description: optional(text),
  },
  async create(values, context) {
    const { Role } = await iamClient(context)('CreateServiceLinkedRole', values);
    return { physicalId: Role!.RoleName!, attributes: { RoleName: Role!.RoleName } };
  },
  async update({ physicalId: RoleName, values: { Description = '' } }, context) {
    await iamClient(context)('UpdateRole', { RoleName, Description });
    return { physicalId: RoleName, attributes: { RoleName } };
  },
  async delete(RoleName, _, context) {
    const iam = iamClient(context);
    const task = await undefinedIfNotFound(iam('DeleteServiceLinkedRole', { RoleName }));
    if (!task) return;
    for (;;) {
      const { Status, Reason } = await iam('GetServiceLinkedRoleDeletionStatus', {
        DeletionTaskId: task.DeletionTaskId,
      });
      if (Status === 'SUCCEEDED') return;
      if (Status === 'FAILED')
        throw new ResourceFailure(`Deleting the service-linked role ${RoleName}: ${Reason?.Reason}`);
      await context.pause(5000);
    }
  },
});

export const roleTypes = [role, serviceLinkedRole];
