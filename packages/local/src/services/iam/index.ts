import * as IAM from '@aws-sdk/client-iam';
import { service } from '../../service.ts';
import { access, tagsOf } from './access.ts';
import { accessKeyOperations } from './access-keys.ts';
import { identityPolicyOperations } from './identity-policies.ts';
import { instanceProfileOperations } from './instance-profiles.ts';
import { policyOperations } from './policies.ts';
import { policyVersionOperations } from './policy-versions.ts';
import { roleOperations } from './roles.ts';
import { serviceLinkedRoleOperations, serviceLinkedRoleTasks } from './service-linked-roles.ts';
import { simulationOperations } from './simulation.ts';
import { userOperations } from './users.ts';

export const iam = service('iam', 'iam', IAM, {
  scope: 'account',
  operations: {
    ...roleOperations,
    ...instanceProfileOperations,
    ...userOperations,
    ...identityPolicyOperations,
    ...accessKeyOperations,
    ...policyOperations,
    ...policyVersionOperations,
    ...serviceLinkedRoleOperations,
    ...simulationOperations,
  },
  tasks: serviceLinkedRoleTasks,
  access,
  tagsOf,
});
