import { iamClient } from './iam-role.ts';
import { nativeType } from './native-type.ts';
import { list, optional, required, text } from './property.ts';
import { undefinedIfNotFound } from './service-client.ts';

const instanceProfile = nativeType({
  type: 'AWS::IAM::InstanceProfile',
  properties: {
    InstanceProfileName: optional(text, 'replaces'),
    Path: optional(text, 'replaces'),
    Roles: required(list(text)),
  },
  async create({ InstanceProfileName: given, Path, Roles }, context) {
    const iam = iamClient(context);
    const InstanceProfileName = given ?? context.inventName(128);
    const { InstanceProfile } = await iam('CreateInstanceProfile', { InstanceProfileName, Path });
    context.initiated(InstanceProfileName);
    for (const RoleName of Roles) await iam('AddRoleToInstanceProfile', { InstanceProfileName, RoleName });
    return { physicalId: InstanceProfileName, attributes: { Arn: InstanceProfile?.Arn } };
  },
  async update({ physicalId: InstanceProfileName, values, old: { Roles: old = [] } }, context) {
    const iam = iamClient(context);
    for (const RoleName of old.filter((name) => !values.Roles.includes(name))) {
      await undefinedIfNotFound(iam('RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName }));
    }
    for (const RoleName of values.Roles.filter((name) => !old.includes(name))) {
      await iam('AddRoleToInstanceProfile', { InstanceProfileName, RoleName });
    }
    const { InstanceProfile } = await iam('GetInstanceProfile', { InstanceProfileName });
    return { physicalId: InstanceProfileName, attributes: { Arn: InstanceProfile?.Arn } };
  },
  async delete(InstanceProfileName, _, context) {
    const iam = iamClient(context);
    const found = await undefinedIfNotFound(iam('GetInstanceProfile', { InstanceProfileName }));
    for (const { RoleName } of found?.InstanceProfile?.Roles ?? []) {
      await undefinedIfNotFound(iam('RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName }));
    }
    if (found) await undefinedIfNotFound(iam('DeleteInstanceProfile', { InstanceProfileName }));
  },
  imports: {
    identifier: ['InstanceProfileName'],
    async find({ InstanceProfileName = '' }, caller) {
      const found = await undefinedIfNotFound(iamClient(caller)('GetInstanceProfile', { InstanceProfileName }));
      return found && { physicalId: InstanceProfileName, attributes: { Arn: found.InstanceProfile?.Arn } };
    },
  },
});

export const instanceProfileTypes = [instanceProfile];
