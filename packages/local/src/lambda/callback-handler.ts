type Handler = (...all: unknown[]) => unknown;

/** Runs something once nothing is left that the function waits for; the returned function drops it. */
type WhenIdle = (run: () => void) => () => void;

/**
 * A handler of nodejs22.x as one that returns a promise. It may also call its callback, or `done`, `succeed` or `fail` of its
 * context; one that returns no promise has ended once its event loop is empty. nodejs24.x has none of that:
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export function withCallbacks(handler: Handler, whenIdle: WhenIdle): (event: unknown, context: object) => unknown {
  return (event, given) =>
    new Promise((resolve, reject) => {
      let drop = () => {};
      let isCalledBack = false;
      const done = (error?: unknown, result?: unknown) => {
        isCalledBack = true;
        drop();
        if (error === undefined || error === null) resolve(result);
        else reject(error);
      };
      const succeed = (result?: unknown) => done(undefined, result);
      const context = { ...given, callbackWaitsForEmptyEventLoop: true, done, succeed, fail: done };
      const callback = (error?: unknown, result?: unknown) => {
        isCalledBack = true;
        drop();
        if (context.callbackWaitsForEmptyEventLoop) drop = whenIdle(() => done(error, result));
        else done(error, result);
      };
      const returned = handler(event, context, callback);
      if (isPromise(returned)) returned.then(succeed, reject);
      else if (!isCalledBack) drop = whenIdle(() => succeed(null));
    });
}

/** Whether a function of this environment may use callbacks. */
export function takesCallbacks({ AWS_EXECUTION_ENV }: Record<string, string | undefined>): boolean {
  return AWS_EXECUTION_ENV === 'AWS_Lambda_nodejs22.x';
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | undefined)?.then === 'function';
}
