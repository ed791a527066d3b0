import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import { setStackStatus } from '../events.ts';
import { abortedStatus, type Cancellation, running } from '../running.ts';
import { type Home, isInProgress, type StackRecord } from '../stack.ts';
import type { Plan } from './plan.ts';

/** One operation on a stack, while it is under way. */
export interface Run extends Home {
  readonly stack: StackRecord;
  /** Whose rights its calls have: the role's, or the caller's. */
  readonly principal: Principal;
  /** Aborted with a `Cancellation` when the operation is cancelled. */
  readonly signal: AbortSignal;
  /** What a template says, where that is what the operation brings the stack to. */
  readonly plan?: Plan;
}

/** An operation that brings a stack to what a template says. */
export interface PlannedRun extends Run {
  readonly plan: Plan;
}

/**
 * Carries an operation out in the background, once the caller has had an answer. However it ends, the stack is not
 * left in progress.
 */
export function start(home: Home, stack: StackRecord, principal: Principal, work: (run: Run) => Promise<void>): void {
  const { cloud, account, region } = home;
  const { operations } = running(cloud);
  const controller = new AbortController();
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const operation = { cancel: (cancellation: Cancellation) => controller.abort(cancellation), done };
  operations.set(stack.id, operation);
  cloud.clock.after(0, () => {
    work({ cloud, account, region, stack, principal, signal: controller.signal })
      .catch((cause) => abortOperation(home, stack, cause))
      .finally(() => {
        if (operations.get(stack.id) === operation) operations.delete(stack.id);
        resolve();
      });
  });
}

/** Takes back the operation that the stack is in. Resolves once nothing of it is under way. */
export async function cancel({ cloud }: Home, stack: StackRecord, cancellation: Cancellation): Promise<void> {
  const operation = running(cloud).operations.get(stack.id);
  operation?.cancel(cancellation);
  await operation?.done;
}

/** Why the operation was taken back, if it was. */
export function cancellationOf({ signal }: Pick<Run, 'signal'>): Cancellation | undefined {
  return signal.aborted ? (signal.reason as Cancellation) : undefined;
}

function abortOperation(home: Home, stack: StackRecord, cause: unknown): void {
  if (!(cause instanceof AwsError)) console.error(`The operation on stack ${stack.name} failed unexpectedly:`, cause);
  if (!isInProgress(stack.status)) return;
  setStackStatus(home, stack, abortedStatus(stack.status), cause instanceof Error ? cause.message : String(cause));
}

/** The same run, which can be cancelled on its own too: when one resource fails, those beside it are. */
export function withOwnCancellation<R extends Run>(run: R): { run: R; cancel(cancellation: Cancellation): void } {
  const controller = new AbortController();
  const signal = AbortSignal.any([run.signal, controller.signal]);
  return { run: { ...run, signal }, cancel: (cancellation) => controller.abort(cancellation) };
}

/** The same run without its cancellation, for rolling back what was cancelled. */
export function withoutCancellation(run: Run): Run {
  return { ...run, plan: undefined, signal: new AbortController().signal };
}
