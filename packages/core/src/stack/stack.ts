import type { Request } from '../request/request.ts';
import type { Holder, HolderStatus, Log, StackTag } from '../resource.ts';
import { isTransient } from '../service-errors.ts';

/** The stack that a request is about, as CloudFormation shows it now. */
export interface Stack {
  /** Whether CloudFormation expects a response to the request; `fallback` where it does not say. */
  expectsResponse(fallback: boolean): Promise<boolean>;
  /**
   * Whether it wants what the request has created; `fallback` where it does not say. With `isPatient`, a call that may
   * succeed later throws.
   */
  wantsResource(created: Created, fallback: boolean, isPatient?: boolean): Promise<boolean>;
  /** Whether the stack is rolling back; `fallback` where CloudFormation does not say. */
  isRollingBack(fallback: boolean): Promise<boolean>;
  /** Whether the stack, or the root of a nested one, has ever been created completely; `fallback` where CloudFormation does not say. */
  hasCompleted(fallback: boolean): Promise<boolean>;
  /** What CloudFormation says of a holder that is not the request's own. Throws where it does not say. */
  holderStatus(holder: Holder): Promise<HolderStatus>;
  /**
   * Whether the request's logical id has retained the resource with that id by a DeletionPolicy, and has not deleted it
   * since; `fallback` where CloudFormation does not say.
   */
  hasRetained(id: string, fallback: boolean): Promise<boolean>;
  /** The tags of the stack, without those that AWS sets. Empty where CloudFormation does not say. */
  tags(): Promise<readonly StackTag[]>;
}

/** What a request keeps of its questions to CloudFormation between two passes. */
export interface Asked {
  readonly phase: { readonly name: string };
  /** How many questions in a row have failed that may be answered later. */
  unanswered?: number;
}

/** After so many such questions in a row, the fallback counts. */
const MAX_UNANSWERED = 5;

/**
 * Asks CloudFormation about the stack of a request. Where a call fails, that is logged, and fails nothing. But what is
 * deleted, or left behind, by a guess cannot be mended: while something is deleted, a call that may succeed later throws.
 */
export function stackOf(request: Request, log: Log, asked: Asked): Stack {
  const { stackId, logicalResourceId, requestType } = request;
  // Off the start path: most invocations ask nothing.
  const calls = () => import('./describe-stack.ts');
  const withFallback = async (ask: () => Promise<boolean>, fallback: boolean, isPatient = false) => {
    try {
      const answer = await ask();
      asked.unanswered = 0;
      return answer;
    } catch (error) {
      const { unanswered = 0 } = asked;
      if (isPatient && isTransient(error) && unanswered < MAX_UNANSWERED) {
        asked.unanswered = unanswered + 1;
        throw error;
      }
      log.warn('Describing the stack failed', { error });
      return fallback;
    }
  };
  const isDeleting = () => asked.phase.name === 'deleting' || asked.phase.name === 'cancelling';
  const isRollingBack = async (fallback: boolean) => {
    const { findStack } = await calls();
    let stack = await findStack(stackId);
    if (!stack) return fallback;
    // The rollback of a stack deletes the nested ones that it has created, whose own status does not say so.
    for (; stack; stack = stack.ParentId ? await findStack(stack.ParentId) : undefined) {
      if (stack.StackStatus?.includes('ROLLBACK')) return true;
    }
    return false;
  };
  const hasCompleted = async (fallback: boolean) => {
    const { findStack, hasBeenComplete } = await calls();
    const stack = await findStack(stackId);
    return stack ? hasBeenComplete(stack.RootId ?? stackId) : fallback;
  };
  /** During its rollback, an update that was cancelled shows the same resource status as one that is under way. */
  const isRolledBack = async () => {
    const sent = sentAt(request);
    if (requestType !== 'Update' || sent === undefined || !(await isRollingBack(false))) return false;
    const { findEvent } = await calls();
    const ended = (status = '') => !status.endsWith('_IN_PROGRESS');
    // The signature's time is in whole seconds.
    return findEvent(stackId, logicalResourceId, sent + 1000, ended);
  };
  /**
   * Whether CloudFormation has the id from a response, of this request or a later one, and deletes that itself when it
   * no longer wants it. So it is with a replacement while the resource shows the deletion of what was replaced.
   */
  const hasTaken = async (id: string) => {
    const sent = sentAt(request);
    if (sent === undefined || id === '') return false;
    const { findNewestEvent } = await calls();
    const event = await findNewestEvent(
      stackId,
      ({ LogicalResourceId, PhysicalResourceId, Timestamp }) =>
        (LogicalResourceId === logicalResourceId && PhysicalResourceId === id) || Number(Timestamp) < sent,
    );
    return event?.PhysicalResourceId === id && /^UPDATE_|^CREATE_COMPLETE$/.test(event.ResourceStatus ?? '');
  };
  const resourceNow = async () => (await calls()).findStackResource(stackId, logicalResourceId);
  return {
    expectsResponse: (fallback) =>
      withFallback(async () => {
        const resource = await resourceNow();
        if (!resource) return requestType === 'Delete';
        return isExpected(resource, request) && !(await isRolledBack());
      }, fallback),
    wantsResource: (created, fallback, isPatient) =>
      withFallback(
        async () => {
          const resource = await resourceNow();
          if (resource === undefined) return false;
          return (isWanted(resource, created) && !(await isRolledBack())) || hasTaken(created.id);
        },
        fallback,
        isPatient,
      ),
    async tags() {
      try {
        const { findStack } = await calls();
        const { Tags = [] } = (await findStack(stackId)) ?? {};
        const tags = Tags.map(({ Key = '', Value = '' }) => ({ Key, Value }));
        return tags.filter(({ Key }) => !Key.toLowerCase().startsWith('aws:'));
      } catch (error) {
        log.warn("Reading the stack's tags failed, so the resource does not get them", { error });
        return [];
      }
    },
    isRollingBack: (fallback) => withFallback(() => isRollingBack(fallback), fallback, isDeleting()),
    hasCompleted: (fallback) => withFallback(() => hasCompleted(fallback), fallback, isDeleting()),
    hasRetained: (id, fallback) =>
      withFallback(
        async () => {
          const { hasRetained } = await calls();
          return hasRetained({ stackId, logicalResourceId }, id);
        },
        fallback,
        isDeleting(),
      ),
    async holderStatus(holder) {
      const { stackId: of, logicalResourceId: id } = holder;
      const { findStackResource, findLogicalIds } = await calls();
      if (of === stackId) {
        const names = await askedOf(holder, 'GetTemplate', findLogicalIds(of));
        if (!names.includes(id)) return 'renamed';
      }
      const isHeld = isPresent(await askedOf(holder, 'DescribeStackResource', findStackResource(of, id)));
      // A resource whose condition is false is in the template and not in the stack.
      if (of === stackId) return isHeld ? 'sibling' : 'renamed';
      return isHeld ? 'other' : 'released';
    },
  };
}

/** Whether a holder is the state of a direct invocation. CloudFormation knows nothing of it, and must not be asked. */
export function isDirectHolder({ stackId }: Pick<Holder, 'stackId'>): boolean {
  return stackId.split(':')[2] === 'terraform';
}

/** A holder as messages name it: `Domain of stack studio`, `Domain of Terraform state production`. */
export function nameOfHolder({ stackId, logicalResourceId }: Holder): string {
  if (isDirectHolder({ stackId })) return `${logicalResourceId} of Terraform state ${stackId.split('/')[2]}`;
  return `${logicalResourceId} of stack ${stackId.split('/')[1] ?? stackId}`;
}

/** What CloudFormation says of a holder; its error says which permission the call takes. */
async function askedOf<T>(holder: Holder, operation: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new Error(
      `Reading whether ${nameOfHolder(holder)} still holds the resource, by cloudformation:${operation}`,
      { cause },
    );
  }
}

/** Whether a stack still has the resource, which it may have retained or deleted. */
function isPresent(resource: StackResource | undefined): boolean {
  return resource !== undefined && !/^DELETE_(COMPLETE|SKIPPED)$/.test(resource.ResourceStatus ?? '');
}

/** A resource of a stack, as CloudFormation shows it. */
export interface StackResource {
  readonly ResourceStatus?: string;
  readonly PhysicalResourceId?: string;
}

/** What was created. */
export interface Created {
  readonly id: string;
  /** Whether this request created it, and not an earlier one. */
  readonly byThisRequest: boolean;
}

/** Whether CloudFormation expects a response to such a request, by the status of the resource. */
export function isExpected(
  { ResourceStatus = '', PhysicalResourceId }: StackResource,
  { requestType, physicalResourceId }: Pick<Request, 'requestType' | 'physicalResourceId'>,
): boolean {
  if (requestType === 'Delete') {
    // The request may have its response, and the same id may have been created again since. What is replaced has
    // another id by then.
    const isCurrent = PhysicalResourceId === physicalResourceId && /^UPDATE_|^CREATE_COMPLETE$/.test(ResourceStatus);
    return !isCurrent && ResourceStatus !== 'CREATE_IN_PROGRESS';
  }
  if (/^DELETE_|_COMPLETE$|^UPDATE_FAILED$/.test(ResourceStatus)) return false;
  return requestType === 'Update' || !/^CREATE_FAILED$|^UPDATE_/.test(ResourceStatus);
}

/** Whether CloudFormation wants what was created, by the status of the resource. */
export function isWanted(
  { ResourceStatus, PhysicalResourceId }: StackResource,
  { id, byThisRequest }: Created,
): boolean {
  switch (ResourceStatus) {
    case 'CREATE_FAILED':
    case 'DELETE_IN_PROGRESS':
    case 'DELETE_COMPLETE':
    case 'DELETE_FAILED':
      return false;
    // For CloudFormation the request is over, with this id or another. But it may roll back to what an earlier request
    // created.
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
