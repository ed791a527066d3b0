import { iamClient, inlinePolicy } from './iam-role.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { list, optional, tags, text } from './property.ts';
import { undefinedIfNotFound } from './service-client.ts';

const user = nativeType({
  type: 'AWS::IAM::User',
  properties: {
    ManagedPolicyArns: optional(list(text)),
    Path: optional(text, 'replaces'),
    PermissionsBoundary: optional(text),
    Policies: optional(list(inlinePolicy)),
    Tags: optional(tags),
    UserName: optional(text, 'replaces'),
  },
  async create({ ManagedPolicyArns = [], Policies = [], UserName: given, ...values }, context) {
    const iam = iamClient(context);
    const UserName = given ?? context.inventName(64);
    const { User } = await iam('CreateUser', { ...values, UserName });
    context.initiated(UserName);
    for (const PolicyArn of ManagedPolicyArns) await iam('AttachUserPolicy', { UserName, PolicyArn });
    for (const policy of Policies) await iam('PutUserPolicy', { UserName, ...policy });
    return { physicalId: UserName, attributes: { Arn: User?.Arn } };
  },
  async update({ physicalId: UserName, values, old, changed }, context) {
    const iam = iamClient(context);
    if (changed.has('PermissionsBoundary')) {
      const { PermissionsBoundary } = values;
      if (PermissionsBoundary === undefined) await iam('DeleteUserPermissionsBoundary', { UserName });
      else await iam('PutUserPermissionsBoundary', { UserName, PermissionsBoundary });
    }
    const { ManagedPolicyArns: arns = [], Policies: policies = [] } = values;
    const { ManagedPolicyArns: oldArns = [], Policies: oldPolicies = [] } = old;
    for (const PolicyArn of arns.filter((arn) => !oldArns.includes(arn))) {
      await iam('AttachUserPolicy', { UserName, PolicyArn });
    }
    for (const PolicyArn of oldArns.filter((arn) => !arns.includes(arn))) {
      await undefinedIfNotFound(iam('DetachUserPolicy', { UserName, PolicyArn }));
    }
    for (const policy of policies) await iam('PutUserPolicy', { UserName, ...policy });
    const names = policies.map(({ PolicyName }) => PolicyName);
    for (const { PolicyName } of oldPolicies.filter((policy) => !names.includes(policy.PolicyName))) {
      await undefinedIfNotFound(iam('DeleteUserPolicy', { UserName, PolicyName }));
    }
    const { set, gone } = tagChanges(values.Tags, old.Tags);
    if (gone.length > 0) await iam('UntagUser', { UserName, TagKeys: gone });
    if (set.length > 0) await iam('TagUser', { UserName, Tags: set });
    const { User } = await iam('GetUser', { UserName });
    return { physicalId: UserName, attributes: { Arn: User?.Arn } };
  },
  async delete(UserName, _, context) {
    const iam = iamClient(context);
    const attached = await undefinedIfNotFound(iam('ListAttachedUserPolicies', { UserName }));
    if (!attached) return;
    const { PolicyNames = [] } = await iam('ListUserPolicies', { UserName });
    for (const { PolicyArn } of attached.AttachedPolicies ?? []) {
      await undefinedIfNotFound(iam('DetachUserPolicy', { UserName, PolicyArn }));
    }
    for (const PolicyName of PolicyNames) await undefinedIfNotFound(iam('DeleteUserPolicy', { UserName, PolicyName }));
    await undefinedIfNotFound(iam('DeleteUser', { UserName }));
  },
});

export const userTypes = [user];
