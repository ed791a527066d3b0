/** Counts the invocations that run at this moment, by function and in all. */
export class Concurrency {
  readonly #limit: number;
  readonly #running = new Map<string, number>();
  #total = 0;

  /** `limit` is the most that may run at once. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Takes a place for an invocation; returns what gives it back. A string instead says, in Lambda's words, why there is
   * none. `reserved` is the function's reserved concurrency, if it has one.
   */
  enter(functionArn: string, reserved: number | undefined): (() => void) | string {
    const running = this.#running.get(functionArn) ?? 0;
    if (reserved !== undefined && running >= reserved) return 'ReservedFunctionConcurrentInvocationLimitExceeded';
    if (this.#total >= this.#limit) return 'ConcurrentInvocationLimitExceeded';
    this.#running.set(functionArn, running + 1);
    this.#total += 1;
    return () => {
      this.#running.set(functionArn, this.#running.get(functionArn)! - 1);
      this.#total -= 1;
    };
  }
}
