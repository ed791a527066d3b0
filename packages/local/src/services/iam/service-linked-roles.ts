import type * as IAM from '@aws-sdk/client-iam';
import { partitionOf } from '../../iam/partition.ts';
import { findRole, rolesOf } from '../../iam/records.ts';
import { requestId } from '../../request-id.ts';
import type { Call, Definition } from '../../service.ts';
import { invalidInput, noSuchEntity, noSuchRole } from './errors.ts';
import { createRole, describe, getRole } from './roles.ts';

/** The roles that services make for themselves, by the service's principal. */
const known: Record<string, { name: string; policy: string; description: string }> = {
  'sagemaker.amazonaws.com': {
    name: 'AWSServiceRoleForAmazonSageMakerNotebooks',
    policy: 'AmazonSageMakerNotebooksServiceRolePolicy',
    description: 'AWS role for SageMaker Studio and notebook instances.',
  },
};

interface Deletion {
  status: 'IN_PROGRESS' | 'SUCCEEDED';
}

export const serviceLinkedRoleOperations = {
  CreateServiceLinkedRole(input, call) {
    const service = input.AWSServiceName!;
    const role = known[service];
    if (!role)
      throw invalidInput(`${service} is not a valid AWS service name, or the local cloud knows no role of it.`);
    if (input.CustomSuffix !== undefined) throw invalidInput(`Custom suffix is not allowed for ${service}`);
    if (findRole(call.cloud.store, call.account, role.name)) {
      throw invalidInput(
        `Service role name ${role.name} has been taken in this account, please try a different suffix.`,
      );
    }
    const made = createRole(call, {
      name: role.name,
      path: `/aws-service-role/${service}/`,
      assumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
      }),
      description: input.Description ?? role.description,
      maxSessionDuration: 3600,
      attachedPolicies: [`arn:${partitionOf(call.region)}:iam::aws:policy/aws-service-role/${role.policy}`],
      tags: [],
    });
    return { Role: describe(made) };
  },

  DeleteServiceLinkedRole(input, call) {
    const role = getRole(input, call);
    if (!role.path.startsWith('/aws-service-role/')) throw noSuchRole(role.name);
    const id = `task${role.path}${role.name}/${requestId(call.cloud.store)}`;
    deletions(call).set(id, { status: 'IN_PROGRESS' });
    call.later(2_000, 'finishDeletion', { id, name: role.name });
    return { DeletionTaskId: id };
  },

  GetServiceLinkedRoleDeletionStatus({ DeletionTaskId: id = '' }, call) {
    const deletion = deletions(call).get(id);
    if (!deletion) throw noSuchEntity(`Deletion task ${id} not found.`);
    return { Status: deletion.status };
  },
} satisfies Definition<typeof IAM>['operations'];

export const serviceLinkedRoleTasks = {
  finishDeletion({ id, name }: { id: string; name: string }, call: Call): void {
    rolesOf(call.cloud.store, call.account).delete(name.toLowerCase());
    deletions(call).set(id, { status: 'SUCCEEDED' });
  },
};

/** The ARN of the role that a service would make; undefined for a service of which none is known. */
export function serviceLinkedRoleArn(service: string, { account, region }: Call): string | undefined {
  const role = known[service];
  return role && `arn:${partitionOf(region)}:iam::${account}:role/aws-service-role/${service}/${role.name}`;
}

function deletions(call: Call): Map<string, Deletion> {
  return call.table('serviceLinkedRoleDeletions');
}
