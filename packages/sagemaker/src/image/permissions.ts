import type { Permission } from '@studio-resources/core';
import { actionsOn, listActions } from '../client/permissions.ts';
import { creating, onOwn } from '../provider-permissions.ts';
import { attachmentPermissions } from '../settings/permissions.ts';

/** For creating a custom image with its versions and app image configs, and for attaching it. */
export const imagePermissions: readonly Permission[] = [
  ...actionsOn('image', 'DescribeImage', 'ListImageVersions', 'ListTags'),
  ...creating('image', 'CreateImage'),
  ...onOwn('image', 'UpdateImage', 'DeleteImage', 'CreateImageVersion', 'AddTags', 'DeleteTags'),
  // A version has no tags: AddTags takes no such ARN.
  ...actionsOn('image-version', 'DescribeImageVersion', 'DeleteImageVersion'),
  ...actionsOn('app-image-config', 'DescribeAppImageConfig', 'ListTags'),
  ...creating('app-image-config', 'CreateAppImageConfig'),
  ...onOwn('app-image-config', 'UpdateAppImageConfig', 'DeleteAppImageConfig', 'AddTags', 'DeleteTags'),
  ...attachmentPermissions,
  ...actionsOn('space', 'DescribeSpace'),
  ...listActions('ListDomains', 'ListImages', 'ListUserProfiles', 'ListSpaces'),
];
