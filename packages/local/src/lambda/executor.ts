import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Clock } from '../clock.ts';
import { AwsError } from '../errors.ts';
import { requestId } from '../request-id.ts';
import type { Cloud } from '../service.ts';
import { assumeAsService } from '../services/sts.ts';
import { decryptVariables } from './decryption.ts';
import { Execution, type ExecutionResult } from './execution.ts';
import { LogStream } from './log-stream.ts';
import { type Mount, mountsOf } from './mounts.ts';
import type { Invocation, Runner } from './runner.ts';
import { environmentVariables } from './variables.ts';

/** A version of a function, ready to be run. */
export interface RunnableVersion {
  configuration: FunctionConfiguration;
  /** The function's ARN without a qualifier. */
  functionArn: string;
  region: string;
  code: { sha256: string; zip: Uint8Array };
  /** What is unpacked into its `/opt`, in order. */
  layers?: readonly { sha256: string; zip: Uint8Array }[];
  /** What its role has to decrypt first, where a customer's key encrypts its variables. */
  encryptedVariables?: Uint8Array;
}

/** An invocation that failed, for listeners such as the terminal. */
export interface FailedInvocation {
  functionArn: string;
  requestId: string;
  errorType: string;
  lines: string[];
}

/** Thrown instead of a result when the local cloud ended while the invocation ran: how far it got is unknown. */
export class ExecutorClosed extends AwsError {
  constructor() {
    super('ServiceException', 'The local cloud ended while the function ran', { status: 500 });
  }
}

/** After how many idle virtual milliseconds an environment is ended. */
const idleTime = 10 * 60_000;

/** Runs invocations: in an environment that is warm and idle, else in a new one. */
export class Executor {
  readonly #runner: Runner;
  readonly #onFailure: (failure: FailedInvocation) => void;
  /** By version, the one that was used last at the end. */
  readonly #idle = new Map<string, { execution: Execution; cancel: () => void }[]>();
  /** How often what a function runs has changed. */
  readonly #generations = new Map<string, number>();
  #closed = false;

  constructor(runner: Runner, onFailure: (failure: FailedInvocation) => void) {
    this.#runner = runner;
    this.#onFailure = onFailure;
  }

  /** Why functions for this runtime cannot run here; undefined where they can. */
  refusal(runtime: string): Promise<string | undefined> {
    return this.#runner.refusal(runtime);
  }

  /** Throws AccessDeniedException when the function's role cannot be assumed. What the function does wrong is in the result. */
  async run(cloud: Cloud, version: RunnableVersion, invocation: Invocation): Promise<ExecutionResult> {
    if (this.#closed) throw new ExecutorClosed();
    const { functionArn, configuration } = version;
    const generation = this.#generations.get(functionArn) ?? 0;
    const needed = cloud.clock.now() + configuration.Timeout! * 1000;
    const execution =
      this.#takeIdle(version, needed) ?? (await this.#start(cloud, version, await mountsOf(cloud, configuration)));
    const result = await execution.run(invocation);
    if (this.#closed) throw new ExecutorClosed();
    if (result.errorType) {
      const { errorType, lines } = result;
      this.#onFailure({ functionArn, requestId: invocation.requestId, errorType, lines });
    }
    const current = generation === (this.#generations.get(functionArn) ?? 0);
    if (current && execution.environment.alive) this.#keep(version, execution, cloud.clock);
    else void execution.environment.end();
    return result;
  }

  /** Ends the environments of a function that has changed or is gone; those that are busy, once they are done. */
  forget(functionArn: string): void {
    this.#generations.set(functionArn, (this.#generations.get(functionArn) ?? 0) + 1);
    for (const [key, kept] of this.#idle) {
      if (!key.startsWith(`${functionArn}:`)) continue;
      this.#idle.delete(key);
      for (const { execution, cancel } of kept) {
        cancel();
        void execution.environment.end();
      }
    }
  }

  /** Ends every environment. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const kept of this.#idle.values()) for (const { cancel } of kept) cancel();
    this.#idle.clear();
    await this.#runner.close();
  }

  async #start(cloud: Cloud, version: RunnableVersion, mounts: readonly Mount[]): Promise<Execution> {
    const { configuration, region, code, layers, encryptedVariables } = version;
    const { clock, store, endpoint } = cloud;
    const { credentials, principal } = assumeRole(cloud, configuration);
    if (encryptedVariables) await decryptVariables(cloud, configuration, encryptedVariables, { principal, region });
    const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const stream = `${day}/[${configuration.Version}]${requestId(store).replaceAll('-', '')}`;
    const variables = environmentVariables(configuration, { region, endpoint, credentials, logStream: stream });
    const spec = {
      functionName: configuration.FunctionName!,
      runtime: configuration.Runtime!,
      handler: configuration.Handler!,
      timeout: configuration.Timeout!,
      memorySize: configuration.MemorySize!,
      code,
      layers,
      variables,
      mounts,
    };
    const group = variables.AWS_LAMBDA_LOG_GROUP_NAME!;
    return new Execution({
      configuration,
      clock,
      region,
      logs: new LogStream({ cloud, principal, region, group, stream }),
      expires: credentials.expiration,
      start: (log) => this.#runner.start(spec, log),
    });
  }

  #takeIdle(version: RunnableVersion, needed: number): Execution | undefined {
    const kept = this.#idle.get(keyOf(version)) ?? [];
    for (let last = kept.pop(); last; last = kept.pop()) {
      last.cancel();
      if (last.execution.environment.alive && last.execution.expires > needed) return last.execution;
      void last.execution.environment.end();
    }
    return undefined;
  }

  #keep(version: RunnableVersion, execution: Execution, clock: Clock): void {
    const key = keyOf(version);
    const kept = this.#idle.get(key) ?? [];
    this.#idle.set(key, kept);
    const cancel = clock.after(idleTime, () => {
      const index = kept.findIndex((one) => one.execution === execution);
      if (index >= 0) kept.splice(index, 1);
      void execution.environment.end();
    });
    kept.push({ execution, cancel });
  }
}

function assumeRole(cloud: Cloud, { Role, FunctionName }: FunctionConfiguration) {
  try {
    return assumeAsService(cloud, Role!, 'lambda.amazonaws.com', FunctionName!);
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    const message = 'The role defined for the function cannot be assumed by Lambda.';
    throw new AwsError('AccessDeniedException', message, { status: 403 });
  }
}

function keyOf({ functionArn, configuration }: RunnableVersion): string {
  return `${functionArn}:${configuration.Version}`;
}
