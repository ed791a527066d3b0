import * as RAM from '@aws-sdk/client-ram';
import { service } from '../../service.ts';
import { associationOperations, associationTasks } from './associations.ts';
import { conditionKeys, invitationOperations, invitationTasks } from './invitations.ts';
import { listOperations } from './lists.ts';
import { organizationOperations } from './organization.ts';
import { permissionOperations } from './permissions.ts';
import { shareOperations, shareTasks } from './shares.ts';
import { tagOperations, tagsOf } from './tags.ts';

/** RAM: resource shares between accounts, with invitations or, within an organization, without. */
export const ram = service('ram', 'ram', RAM, {
  operations: {
    ...shareOperations,
    ...associationOperations,
    ...invitationOperations,
    ...listOperations,
    ...permissionOperations,
    ...organizationOperations,
    ...tagOperations,
  },
  tasks: { ...shareTasks, ...associationTasks, ...invitationTasks },
  tagsOf,
  conditionKeys,
});
