import type { Permission } from '@studio-resources/core';
import { actionsOn } from '../client/permissions.ts';
import { inListedDomains, onAllButOthers, onOwn, onTaggedDomains } from '../provider-permissions.ts';

/** For attaching something to the settings of domains and user profiles. */
export const attachmentPermissions: readonly Permission[] = [
  ...actionsOn('domain', 'DescribeDomain'),
  ...onOwn('domain', 'UpdateDomain'),
  ...onAllButOthers('domain', 'UpdateDomain'),
  ...inListedDomains('domain', 'UpdateDomain'),
  ...onTaggedDomains('UpdateDomain'),
  ...actionsOn('user-profile', 'DescribeUserProfile'),
  ...onAllButOthers('user-profile', 'UpdateUserProfile'),
  ...inListedDomains('user-profile', 'UpdateUserProfile'),
];
