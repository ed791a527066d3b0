import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Clock, sleep } from '../clock.ts';
import { takesCallbacks, withCallbacks } from '../lambda/callback-handler.ts';
import { withMounts } from '../lambda/mounts.ts';
import type {
  Environment,
  EnvironmentSpec,
  Failure,
  InitResult,
  Invocation,
  InvocationResult,
  LogEntry,
} from '../lambda/runner.ts';
import { CodeError, type Load } from './code.ts';
import { asNodeSays } from './es-module.ts';
import type { Send } from './http-module.ts';
import type { Randomness } from './randomness.ts';
import { Sandbox } from './sandbox.ts';

type Handler = (event: unknown, context: object) => unknown;
type Outcome = { payload: Uint8Array } | { failure: Failure };

export interface EnvironmentDependencies {
  clock: Clock;
  randomness: Randomness;
  send: Send;
  code: Promise<Load>;
  /** The directory with the files of file systems. */
  files: string;
}

const killed: Failure = {
  errorType: 'Runtime.ExitError',
  status: 'error',
  reason: 'Runtime exited with error: signal: killed',
};

/** As where nothing is known of why it ended. */
const exitedWithoutReason: Failure = { ...killed, reason: 'Runtime exited without providing a reason' };
const outOfMemory: Failure = { ...killed, errorType: 'Runtime.OutOfMemory' };
const timedOut: Failure = { errorType: 'Sandbox.Timedout', status: 'timeout' };

/** Lambda's own words. */
const noCallbacks =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

/** Virtual milliseconds that it takes until a function's module is loaded, and that each invocation takes at least. */
const initTime = [120, 600] as const;
const overhead = [1, 20] as const;

/** An execution environment within this process: the function's module, loaded anew into a sandbox. */
export class VirtualEnvironment implements Environment {
  readonly #spec: EnvironmentSpec;
  readonly #dependencies: EnvironmentDependencies;
  readonly #log: (entry: LogEntry) => void;
  readonly #sandbox: Sandbox;
  readonly #init: Promise<InitResult>;
  #handler: Handler | undefined;
  #killReason: Failure | undefined;
  #end: ((ended: Outcome) => void) | undefined;

  constructor(spec: EnvironmentSpec, dependencies: EnvironmentDependencies, log: (entry: LogEntry) => void) {
    this.#spec = spec;
    this.#dependencies = dependencies;
    this.#log = log;
    this.#sandbox = new Sandbox({
      ...dependencies,
      variables: withMounts(spec.variables, mountedFor(spec, dependencies.files)),
      write: (message) => log({ timestamp: dependencies.clock.now(), message }),
      exit: (status) =>
        this.kill(
          status ? { ...killed, reason: `Runtime exited with error: exit status ${status}` } : exitedWithoutReason,
        ),
    });
    this.#init = this.#initialize();
  }

  get alive(): boolean {
    return this.#killReason === undefined;
  }

  initialized(): Promise<InitResult> {
    return this.#init;
  }

  async invoke(invocation: Invocation): Promise<InvocationResult> {
    const { clock, randomness } = this.#dependencies;
    const started = clock.now();
    const ended = await new Promise<Outcome>((resolve) => {
      const { fault } = invocation;
      const limit = this.#spec.timeout * 1000;
      const stops = [clock.after(limit, () => this.kill(timedOut))];
      if (fault && fault.kind !== 'hang') {
        const failure = fault.kind === 'crash' ? killed : outOfMemory;
        stops.push(clock.after(fault.ms, () => this.kill(failure)));
      } else if (fault) {
        stops.push(clock.after(fault.ms, () => this.#sandbox.freeze()));
      }
      this.#end = (outcome) => {
        this.#end = undefined;
        for (const stop of stops) stop();
        resolve(outcome);
      };
      if (this.#killReason) {
        this.#end({ failure: this.#killReason });
        return;
      }
      this.#sandbox.thaw();
      const answered = (outcome: Outcome) => clock.after(randomness.between(...overhead), () => this.#end?.(outcome));
      this.#handle(invocation, started + limit).then(
        (payload) => answered({ payload }),
        (thrown: unknown) => {
          const error = asNodeSays(thrown) as Error;
          // A killed environment logs nothing.
          if (this.#killReason) return;
          this.#logError(invocation.requestId, error);
          answered({ failure: reported(error) });
        },
      );
    });
    this.#sandbox.freeze();
    return { duration: clock.now() - started, maxMemoryUsed: 96, ...ended };
  }

  async end(): Promise<void> {
    this.kill(killed);
  }

  kill(failure: Failure): void {
    this.#killReason ??= failure;
    this.#sandbox.kill();
    this.#end?.({ failure });
  }

  async #initialize(): Promise<InitResult> {
    const { clock, randomness, code } = this.#dependencies;
    const duration = randomness.between(...initTime);
    // Handled below, once the time has passed.
    code.catch(() => {});
    await sleep(clock, duration);
    try {
      const load = await code;
      const { handler } = this.#spec;
      const exported = load(this.#sandbox.globals())[handler.slice(handler.lastIndexOf('.') + 1)];
      if (this.#killReason) return { duration, failure: this.#killReason };
      if (typeof exported !== 'function') {
        throw new CodeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
      }
      if (takesCallbacks(this.#spec.variables)) {
        this.#handler = withCallbacks(exported as (...all: unknown[]) => unknown, (run) => this.#sandbox.whenIdle(run));
      } else {
        if (exported.length >= 3) throw new CodeError('Runtime.CallbackHandlerDeprecated', noCallbacks);
        this.#handler = exported as Handler;
      }
      return { duration };
    } catch (error) {
      if (this.#killReason) return { duration, failure: this.#killReason };
      this.#log({ timestamp: clock.now(), message: String((error as Error).stack) });
      this.kill(killed);
      return { duration, failure: reported(error as Error) };
    }
  }

  /** As the runtime does, so that the log says why. */
  #logError(requestId: string, { name, message, stack = '' }: Error): void {
    const timestamp = this.#dependencies.clock.now();
    const error = JSON.stringify({ errorType: name, errorMessage: message, stack: stack.split('\n') });
    const time = new Date(timestamp).toISOString();
    this.#log({ timestamp, message: `${time}\t${requestId}\tERROR\tInvoke Error \t${error}` });
  }

  async #handle({ requestId, invokedFunctionArn, payload }: Invocation, deadline: number): Promise<Uint8Array> {
    const { variables } = this.#spec;
    const context = {
      awsRequestId: requestId,
      invokedFunctionArn,
      functionName: this.#spec.functionName,
      functionVersion: variables.AWS_LAMBDA_FUNCTION_VERSION,
      memoryLimitInMB: String(this.#spec.memorySize),
      logGroupName: variables.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: variables.AWS_LAMBDA_LOG_STREAM_NAME,
      getRemainingTimeInMillis: () => deadline - this.#dependencies.clock.now(),
    };
    const result = await this.#handler?.(JSON.parse(Buffer.from(payload).toString('utf8')), context);
    return Buffer.from(JSON.stringify(result ?? null));
  }
}

/** The directories that stand for what it has mounted. */
function mountedFor({ mounts = [] }: EnvironmentSpec, files: string): { localPath: string; directory: string }[] {
  return mounts.map(({ localPath, fileSystemId, root }) => {
    const directory = join(files, fileSystemId, resolve('/', root));
    mkdirSync(directory, { recursive: true });
    return { localPath, directory };
  });
}

/** What the runtime reports of an error that a handler, or a module, threw. */
function reported(error: Error): Failure {
  const { name = 'Error', message = String(error), stack = '' } = error;
  const report = { errorType: name, errorMessage: message, trace: stack.split('\n') };
  return { errorType: name, status: 'error', report: Buffer.from(JSON.stringify(report)) };
}
