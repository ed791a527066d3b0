import type { Permission } from '@studio-resources/core';
import { lists, on } from '../client/permissions.ts';

/** Making a custom image with all that belongs to it, and attaching it. */
export const imagePermissions: readonly Permission[] = [
  ...on('image', 'CreateImage', 'DescribeImage', 'UpdateImage', 'DeleteImage', 'CreateImageVersion'),
  ...on('image', 'ListImageVersions', 'AddTags', 'DeleteTags', 'ListTags'),
  ...on('image-version', 'DescribeImageVersion', 'DeleteImageVersion'),
  ...on('app-image-config', 'CreateAppImageConfig', 'DescribeAppImageConfig', 'UpdateAppImageConfig'),
  ...on('app-image-config', 'DeleteAppImageConfig', 'AddTags', 'DeleteTags', 'ListTags'),
  ...on('domain', 'DescribeDomain', 'UpdateDomain'),
  ...on('user-profile', 'DescribeUserProfile', 'UpdateUserProfile'),
  ...on('space', 'DescribeSpace'),
  ...lists('ListDomains', 'ListUserProfiles', 'ListSpaces'),
];
