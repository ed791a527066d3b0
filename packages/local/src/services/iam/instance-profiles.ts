import type * as IAM from '@aws-sdk/client-iam';
import { partitionOf } from '../../iam/partition.ts';
import { findRole } from '../../iam/records.ts';
import { uniqueId } from '../../iam/unique-id.ts';
import type { Call, Definition } from '../../service.ts';
import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity } from './errors.ts';
import {
  findInstanceProfile,
  type InstanceProfileRecord,
  profilesOf,
  profilesWith,
} from './instance-profile-records.ts';
import { page, under } from './lists.ts';
import { describe as describeRole, getRole } from './roles.ts';
import { withTags } from './tags.ts';

export const instanceProfileOperations = {
  CreateInstanceProfile(input, call) {
    const { InstanceProfileName: name = '', Path: path = '/' } = input;
    if (findInstanceProfile(name, call)) throw alreadyExists(`Instance Profile ${name}`);
    const profile: InstanceProfileRecord = {
      id: uniqueId(call.cloud.store, 'AIPA'),
      name,
      path,
      arn: `arn:${partitionOf(call.region)}:iam::${call.account}:instance-profile${path}${name}`,
      created: call.clock.now(),
      tags: withTags([], input.Tags),
    };
    profilesOf(call).set(name.toLowerCase(), profile);
    return { InstanceProfile: describe(profile, call) };
  },

  GetInstanceProfile: (input, call) => ({ InstanceProfile: describe(getProfile(input, call), call) }),

  DeleteInstanceProfile(input, call) {
    const profile = getProfile(input, call);
    if (profile.role !== undefined) throw deleteConflict('remove roles from instance profile');
    profilesOf(call).delete(profile.name.toLowerCase());
    return {};
  },

  ListInstanceProfiles(input, call) {
    const { items, more } = page(under(profilesOf(call).values(), input.PathPrefix), ({ name }) => name, input);
    return { InstanceProfiles: items.map((one) => withoutTags(describe(one, call))), ...more };
  },

  ListInstanceProfilesForRole(input, call) {
    const role = getRole(input, call);
    const { items, more } = page(profilesWith(role, call), ({ name }) => name, input);
    return { InstanceProfiles: items.map((one) => withoutTags(describe(one, call))), ...more };
  },

  AddRoleToInstanceProfile(input, call) {
    const profile = getProfile(input, call);
    const role = getRole(input, call);
    if (profile.role !== undefined) {
      throw limitExceeded('Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1');
    }
    profile.role = role.name;
    return {};
  },

  RemoveRoleFromInstanceProfile(input, call) {
    const profile = getProfile(input, call);
    const { name } = getRole(input, call);
    if (profile.role !== name) {
      throw noSuchEntity(`The role with name ${name} is not in instance profile ${profile.name}.`);
    }
    delete profile.role;
    return {};
  },
} satisfies Definition<typeof IAM>['operations'];

/** Throws `NoSuchEntity`. */
function getProfile({ InstanceProfileName: name = '' }: { InstanceProfileName?: string }, call: Call) {
  const profile = findInstanceProfile(name, call);
  if (!profile) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
  return profile;
}

function describe(profile: InstanceProfileRecord, { cloud, account }: Call): IAM.InstanceProfile {
  const role = profile.role === undefined ? undefined : findRole(cloud.store, account, profile.role);
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    CreateDate: new Date(profile.created),
    Roles: role ? [describeRole(role)] : [],
    Tags: profile.tags.length > 0 ? profile.tags : undefined,
  };
}

function withoutTags({ Tags: _, ...shown }: IAM.InstanceProfile): IAM.InstanceProfile {
  return shown;
}
