import type { Status } from '@studio-resources/core';

/** What Describe* tells of a domain, a user profile or a space. */
export interface Described {
  Status?: string;
  FailureReason?: string;
}

/** Where a domain or a user profile stands; `what` names it in the reason of a failure. */
export function statusOf({ Status, FailureReason }: Described, what: string): Status {
  switch (Status) {
    case 'InService':
      return 'ready';
    case 'Pending':
    case 'Updating':
    case 'Deleting':
      return { pending: `${what} is ${Status}` };
    case 'Failed':
    case 'Update_Failed':
    case 'Delete_Failed':
      return { failed: `${what} is ${Status}: ${FailureReason || 'SageMaker gives no reason'}` };
    default:
      return { failed: `${what} has the status ${Status}, which is unknown here` };
  }
}

/** Is SageMaker at work on it, so that it takes no other change now? */
export function isInMotion(status: string | undefined): boolean {
  return ['Pending', 'Updating', 'Deleting', 'CREATING', 'UPDATING', 'DELETING'].includes(status ?? '');
}
