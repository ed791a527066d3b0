import type { Request } from './request.ts';
import type { Log } from './resource.ts';

/** What has been made, and by whom. */
export interface Made {
  readonly id: string;
  /** Whether this very request made it, and not an earlier one. */
  readonly byThisRequest: boolean;
}

/** The stack that a request is about, as CloudFormation sees it now. */
export interface Stack {
  /** Does it still wait for the answer to a Create or an Update? Unless it is certain that it does not, it does. */
  awaits(requestType: 'Create' | 'Update'): Promise<boolean>;
  /** Does it want what this request has made? Unless it is certain that it does not, it does. */
  wants(made: Made): Promise<boolean>;
  /** Is it on its way back to how it was before? Unless it is certain that it is, it is not. */
  isRollingBack(): Promise<boolean>;
}

/** For functions that do not look at the stack. */
export const unknownStack: Stack = {
  awaits: async () => true,
  wants: async () => true,
  isRollingBack: async () => false,
};

/** Asks CloudFormation about the stack of a request. Where it gives no answer, that is logged and fails nothing. */
export function stackOf({ stackId, logicalResourceId }: Request, log: Log): Stack {
  // Off the start path: most requests make nothing.
  const calls = () => import('./describe-stack.ts');
  const unlessUnknown = async (ask: () => Promise<boolean>, otherwise: boolean) => {
    try {
      return await ask();
    } catch (error) {
      log.warn('The stack could not be looked at; it is taken to want what it asked for', { error });
      return otherwise;
    }
  };
  const resourceNow = async () => (await calls()).findStackResource(stackId, logicalResourceId);
  return {
    awaits: (requestType) =>
      unlessUnknown(async () => {
        const resource = await resourceNow();
        return resource !== undefined && isAwaited(resource, requestType);
      }, true),
    wants: (made) =>
      unlessUnknown(async () => {
        const resource = await resourceNow();
        return resource !== undefined && isWanted(resource, made);
      }, true),
    isRollingBack: () =>
      unlessUnknown(async () => {
        const { findStack } = await calls();
        return (await findStack(stackId))?.StackStatus?.includes('ROLLBACK') ?? false;
      }, false),
  };
}

interface Shown {
  ResourceStatus?: string;
  PhysicalResourceId?: string;
}

/** Would CloudFormation take an answer to such a request, by what it shows of the resource? */
export function isAwaited({ ResourceStatus = '' }: Shown, requestType: 'Create' | 'Update'): boolean {
  if (/^DELETE_|_COMPLETE$|^UPDATE_FAILED$/.test(ResourceStatus)) return false;
  return requestType === 'Update' || !/^CREATE_FAILED$|^UPDATE_/.test(ResourceStatus);
}

/** Would CloudFormation take what was made for its resource, by what it shows of the resource? */
export function isWanted({ ResourceStatus, PhysicalResourceId }: Shown, { id, byThisRequest }: Made): boolean {
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
