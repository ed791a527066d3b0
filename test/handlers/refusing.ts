import { AwsError } from '../../packages/local/src/errors.ts';
import type { Call, Service } from '../../packages/local/src/service.ts';

type Operation = (input: unknown, call: Call) => unknown;

/** What a function's next call of an operation meets instead of the service. What does not throw lets it through. */
export type Meeting = AwsError | (() => void);

/** What functions meet, by operation. */
export class Meetings {
  readonly #all = new Map<string, Meeting[]>();

  /** Each meets one call, in order. */
  set(operation: string, ...meetings: Meeting[]): void {
    this.#all.set(operation, meetings);
  }

  refuse(operation: string, code: string, message: string): void {
    this.set(operation, new AwsError(code, message));
  }

  /** How many calls of an operation are still to meet something. */
  left(operation: string): number {
    return this.#all.get(operation)?.length ?? 0;
  }

  meet(operation: string): void {
    const meeting = this.#all.get(operation)?.shift();
    if (meeting instanceof AwsError) throw meeting;
    meeting?.();
  }
}

/** The service, whose operations functions meet such things at. */
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
