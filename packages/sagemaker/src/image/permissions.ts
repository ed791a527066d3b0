import type { Permission } from '@studio-resources/core';
import { actionsOn, listActions } from '../client/permissions.ts';

/** For creating a custom image with its versions and app image configs, and for attaching it. */
export const imagePermissions: readonly Permission[] = [
  ...actionsOn('image', 'CreateImage', 'DescribeImage', 'UpdateImage', 'DeleteImage', 'CreateImageVersion'),
  ...actionsOn('image', 'ListImageVersions', 'AddTags', 'DeleteTags', 'ListTags'),
  ...actionsOn('image-version', 'DescribeImageVersion', 'DeleteImageVersion'),
  ...actionsOn('app-image-config', 'CreateAppImageConfig', 'DescribeAppImageConfig', 'UpdateAppImageConfig'),
  ...actionsOn('app-image-config', 'DeleteAppImageConfig', 'AddTags', 'DeleteTags', 'ListTags'),
  ...actionsOn('domain', 'DescribeDomain', 'UpdateDomain'),
  ...actionsOn('user-profile', 'DescribeUserProfile', 'UpdateUserProfile'),
  ...actionsOn('space', 'DescribeSpace'),
  ...listActions('ListDomains', 'ListImages', 'ListUserProfiles', 'ListSpaces'),
];
