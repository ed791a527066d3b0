import { AwsError } from '../../packages/local/src/errors.ts';
import type { Call, Service } from '../../packages/local/src/service.ts';

type Operation = (input: unknown, call: Call) => unknown;

/** An error that the next call of an operation gets, or what is to happen before the service handles it. */
export type Interception = AwsError | (() => void);

/** What is to happen at the next calls of functions, by operation. */
export class Interceptions {
  readonly #all = new Map<string, Interception[]>();

  /** Each is for one call, in order. */
  set(operation: string, ...interceptions: Interception[]): void {
    this.#all.set(operation, interceptions);
  }

  refuse(operation: string, code: string, message: string): void {
    this.set(operation, new AwsError(code, message));
  }

  /** How many of an operation are not used yet. */
  left(operation: string): number {
    return this.#all.get(operation)?.length ?? 0;
  }

  intercept(operation: string): void {
    const interception = this.#all.get(operation)?.shift();
    if (interception instanceof AwsError) throw interception;
    interception?.();
  }
}

/** The service; calls of functions are intercepted. */
export function withInterceptions<M extends object>(service: Service<M>, interceptions: Interceptions): Service<M> {
  const operations = Object.entries(service.operations as Record<string, Operation>).map(
    ([name, perform]): [string, Operation] => [
      name,
      (input, call) => {
        if (call.principal.kind === 'role') interceptions.intercept(name);
        return perform(input, call);
      },
    ],
  );
  return { ...service, operations: Object.fromEntries(operations) } as Service<M>;
}
