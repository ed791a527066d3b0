import type { Permission } from '@studio-resources/core';
import { actionsOn } from '../client/permissions.ts';
import { contentsPermissions, listedContentsPermissions } from '../contents/contents.ts';
import { adopting, creating, onOwn } from '../provider-permissions.ts';

/** For creating, adopting and deleting user profiles, and for deleting what belongs to them. */
export const userProfilePermissions: readonly Permission[] = [
  ...actionsOn('user-profile', 'DescribeUserProfile', 'ListTags'),
  ...creating('user-profile', 'CreateUserProfile'),
  ...onOwn('user-profile', 'UpdateUserProfile', 'DeleteUserProfile', 'AddTags', 'DeleteTags'),
  ...adopting('user-profile', 'UpdateUserProfile'),
  ...contentsPermissions,
  ...listedContentsPermissions,
];
