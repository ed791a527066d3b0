import { AwsError } from '../../packages/local/src/errors.ts';
import type { Call, Service } from '../../packages/local/src/service.ts';

type Operation = (input: unknown, call: Call) => unknown;

/** Replaces the service at a function's next call of an operation. If it does not throw, the call goes to the service. */
export type Meeting = AwsError | (() => void);

/** What answers functions in place of the service, by operation. */
export class Meetings {
  readonly #all = new Map<string, Meeting[]>();

  /** Each is for one call, in order. */
  set(operation: string, ...meetings: Meeting[]): void {
    this.#all.set(operation, meetings);
  }

  refuse(operation: string, code: string, message: string): void {
    this.set(operation, new AwsError(code, message));
  }

  /** How many of an operation are not used yet. */
  left(operation: string): number {
    return this.#all.get(operation)?.length ?? 0;
  }

  meet(operation: string): void {
    const meeting = this.#all.get(operation)?.shift();
    if (meeting instanceof AwsError) throw meeting;
    meeting?.();
  }
}

/** The service, with these answers in place of its own for functions. */
export function refusing<M extends object>(service: Service<M>, meetings: Meetings): Service<M> {
  const operations = Object.entries(service.operations as Record<string, Operation>).map(
    ([name, perform]): [string, Operation] => [
      name,
      (input, call) => {
        if (call.principal.kind === 'role') meetings.meet(name);
        return perform(input, call);
      },
    ],
  );
  return { ...service, operations: Object.fromEntries(operations) } as Service<M>;
}
