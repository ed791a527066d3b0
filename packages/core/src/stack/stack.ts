import type { Request } from '../request/request.ts';
import type { Log } from '../resource.ts';
import { type Created, isExpected, isWanted, sentAt } from './stack-status.ts';

/** The stack that a request is about, as CloudFormation sees it now. */
export interface Stack {
  /** Does it still wait for the answer to the request? `otherwise` where that cannot be found out. */
  expectsResponse(otherwise: boolean): Promise<boolean>;
  /** Does it want what the request has made? `otherwise` where that cannot be found out. */
  wantsResource(made: Created, otherwise: boolean): Promise<boolean>;
  /** Is it on its way back to how it was before? Unless it is certain that it is, it is not. */
  isRollingBack(): Promise<boolean>;
}

/** For functions that do not look at the stack. */
export const unknownStack: Stack = {
  expectsResponse: async () => true,
  wantsResource: async () => true,
  isRollingBack: async () => false,
};

/** Asks CloudFormation about the stack of a request. Where it gives no answer, that is logged and fails nothing. */
export function stackOf(request: Request, log: Log): Stack {
  const { stackId, logicalResourceId, requestType } = request;
  // Off the start path: most invocations ask nothing.
  const calls = () => import('./describe-stack.ts');
  const unlessUnknown = async (ask: () => Promise<boolean>, otherwise: boolean) => {
    try {
      return await ask();
    } catch (error) {
      log.warn('The stack could not be looked at', { error });
      return otherwise;
    }
  };
  const isRollingBack = async () => {
    const { findStack } = await calls();
    return (await findStack(stackId))?.StackStatus?.includes('ROLLBACK') ?? false;
  };
  /** An update that it has called off, and now takes back, looks like one that is under way. */
  const hasGivenUp = async () => {
    const sent = sentAt(request);
    if (requestType !== 'Update' || sent === undefined || !(await isRollingBack())) return false;
    const { findEvent } = await calls();
    const ended = (status = '') => !status.endsWith('_IN_PROGRESS');
    // Its clock is told in whole seconds.
    return findEvent(stackId, logicalResourceId, sent + 1000, ended);
  };
  const resourceNow = async () => (await calls()).findStackResource(stackId, logicalResourceId);
  return {
    expectsResponse: (otherwise) =>
      unlessUnknown(async () => {
        const resource = await resourceNow();
        if (!resource) return requestType === 'Delete';
        return isExpected(resource, request) && !(await hasGivenUp());
      }, otherwise),
    wantsResource: (made, otherwise) =>
      unlessUnknown(async () => {
        const resource = await resourceNow();
        return resource !== undefined && isWanted(resource, made) && !(await hasGivenUp());
      }, otherwise),
    isRollingBack: () => unlessUnknown(isRollingBack, false),
  };
}
