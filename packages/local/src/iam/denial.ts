import { AwsError } from '../errors.ts';
import type { Principal } from '../principal.ts';
import { modelOf } from '../protocols/model.ts';
import type { Service } from '../service.ts';
import type { Right } from './right.ts';

/** What kind of policy a refusal comes from, in AWS's words. */
export type PolicyKind = 'identity-based policy' | 'permissions boundary' | 'session policy' | 'resource-based policy';

/** Why a right is refused: a policy says so, or none of that kind says otherwise. */
export interface DenialReason {
  explicit: boolean;
  by: PolicyKind;
}

/** The error with which the service answers a call that is refused, in the words of its family. */
export function denial(service: Service, principal: Principal, right: Right, refusal: DenialReason): AwsError {
  const subject = `User: ${principal.arn} is not authorized to perform: ${right.action}`;
  switch (modelOf(service).protocol) {
    case 'ec2':
      return new AwsError(
        'UnauthorizedOperation',
        `You are not authorized to perform this operation. ${subject}${object(right, false)}${reason(right, refusal)}`,
        { status: 403 },
      );
    case 'query':
      return new AwsError('AccessDenied', subject + object(right, true) + reason(right, refusal), { status: 403 });
    case 'rest-xml':
      return new AwsError('AccessDenied', subject + quoted(right) + reason(right, refusal), { status: 403 });
    case 'rest-json':
      return new AwsError('AccessDeniedException', subject + objectOfRest(service, right, refusal), { status: 403 });
    case 'aws-json':
      return new AwsError('AccessDeniedException', subject + object(right, true) + reason(right, refusal), {
        status: 400,
      });
  }
}

function object({ resource }: Right, evenIfNone: boolean): string {
  return resource === '*' && !evenIfNone ? '' : ` on resource: ${resource}`;
}

/** S3 quotes the resource. */
function quoted({ resource }: Right): string {
  return resource === '*' ? '' : ` on resource: "${resource}"`;
}

/** EFS says neither on what nor why. */
function objectOfRest(service: Service, right: Right, refusal: DenialReason): string {
  if (service.iamPrefix === 'elasticfilesystem' && right.action.startsWith('elasticfilesystem:')) {
    return ' on the specified resource';
  }
  return object(right, true) + reason(right, refusal);
}

function reason({ action }: Right, { explicit, by }: DenialReason): string {
  // STS does not say which side of a role's trust is missing.
  if (by === 'resource-based policy' && action.startsWith('sts:') && !explicit) return '';
  const article = by === 'identity-based policy' ? 'an' : 'a';
  return explicit ? ` with an explicit deny in ${article} ${by}` : ` because no ${by} allows the ${action} action`;
}
