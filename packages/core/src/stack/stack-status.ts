import type { Request } from '../request/request.ts';

/** What CloudFormation shows of a resource. */
export interface StackResource {
  readonly ResourceStatus?: string;
  readonly PhysicalResourceId?: string;
}

/** What has been made, and by whom. */
export interface Created {
  readonly id: string;
  /** Whether this very request made it, and not an earlier one. */
  readonly byThisRequest: boolean;
}

/** Would CloudFormation take an answer to such a request, by what it shows of the resource? */
export function isExpected(
  { ResourceStatus = '', PhysicalResourceId }: StackResource,
  { requestType, physicalResourceId }: Pick<Request, 'requestType' | 'physicalResourceId'>,
): boolean {
  if (requestType === 'Delete') {
    // The request may have its answer, and the same id be made anew since. What is replaced has another id by then.
    const isCurrent = PhysicalResourceId === physicalResourceId && /^UPDATE_|^CREATE_COMPLETE$/.test(ResourceStatus);
    return !isCurrent && ResourceStatus !== 'CREATE_IN_PROGRESS';
  }
  if (/^DELETE_|_COMPLETE$|^UPDATE_FAILED$/.test(ResourceStatus)) return false;
  return requestType === 'Update' || !/^CREATE_FAILED$|^UPDATE_/.test(ResourceStatus);
}

/** Would CloudFormation take what was made for its resource, by what it shows of the resource? */
export function isWanted(
  { ResourceStatus, PhysicalResourceId }: StackResource,
  { id, byThisRequest }: Created,
): boolean {
  switch (ResourceStatus) {
    case 'CREATE_FAILED':
    case 'DELETE_IN_PROGRESS':
    case 'DELETE_COMPLETE':
      return false;
    // The request is over for CloudFormation, which may have settled for something else. But what an earlier request
    // made may be what it goes back to.
    case 'CREATE_COMPLETE':
    case 'UPDATE_COMPLETE':
    case 'UPDATE_FAILED':
      return !byThisRequest || PhysicalResourceId === id;
    default:
      return true;
  }
}

/**
 * When CloudFormation sent a request, by the signature of its response URL: milliseconds since the epoch, whole
 * seconds. Undefined where the signature is of another kind.
 */
export function sentAt({ responseUrl }: Pick<Request, 'responseUrl'>): number | undefined {
  const date = URL.parse(responseUrl)?.searchParams.get('X-Amz-Date') ?? '';
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const [year = 0, month = 0, day, hour, minute, second] = parts.map(Number);
  return parts.length > 0 ? Date.UTC(year, month - 1, day, hour, minute, second) : undefined;
}
