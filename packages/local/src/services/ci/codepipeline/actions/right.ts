import { AwsError } from '../../../../errors.ts';
import { decide } from '../../../../iam/decide.ts';
import { identityOf } from '../../../../iam/identity.ts';
import type { Job } from '../job.ts';

/** Throws AccessDeniedException unless the action's role has a right that belongs to no SDK operation. */
export function checkRight({ principal, call }: Job, action: string, resource: string): void {
  if (principal.kind !== 'role') return;
  const refusal = decide(identityOf(call.cloud.store, principal), { action, resource, context: {} }, undefined);
  if (!refusal) return;
  const message = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  throw new AwsError('AccessDeniedException', message);
}
