import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Clock } from '../clock.ts';
import type { LogStream } from './log-stream.ts';
import { type PlatformLog, platformLog } from './platform-log.ts';
import type { Environment, Failure, Invocation, InvocationResult, LogEntry } from './runner.ts';

/** How an invocation ended, as its caller sees it. */
export interface ExecutionResult {
  /** The response, or what describes the error: JSON. */
  payload: Uint8Array;
  /** Set when the function failed: `Error`, `Sandbox.Timedout`. */
  errorType?: string;
  /** What the invocation logged, Lambda's own lines among them. */
  lines: string[];
}

/** An execution environment and the log that it writes. */
export class Execution {
  readonly environment: Environment;
  /** Virtual milliseconds since the epoch until which its role's credentials hold. */
  readonly expires: number;
  readonly #configuration: FunctionConfiguration;
  readonly #clock: Clock;
  readonly #region: string;
  readonly #logs: LogStream;
  readonly #platform: PlatformLog;
  #lines: string[] = [];
  #fresh = true;

  constructor(options: {
    configuration: FunctionConfiguration;
    clock: Clock;
    region: string;
    logs: LogStream;
    expires: number;
    start: (log: (entry: LogEntry) => void) => Environment;
  }) {
    this.#configuration = options.configuration;
    this.#clock = options.clock;
    this.#region = options.region;
    this.#logs = options.logs;
    this.#platform = platformLog(options.configuration.LoggingConfig);
    this.expires = options.expires;
    this.#write((time) => this.#platform.initStart(time, this.#configuration.Runtime!, this.#region));
    this.environment = options.start((entry) => this.#log(entry));
  }

  /** Runs one invocation to its end, and its log into the logs service. Never rejects. */
  async run(invocation: Invocation): Promise<ExecutionResult> {
    const { requestId } = invocation;
    const init = this.#fresh ? await this.environment.initialized() : undefined;
    this.#fresh = false;
    if (init?.failure) this.#write((time) => this.#platform.initReport(time, init));
    this.#write((time) => this.#platform.start(time, requestId, this.#configuration.Version!));
    // One that took too long may still come to its end within the time of the invocation.
    const stillborn = init?.failure?.status === 'error' ? init.failure : undefined;
    const result: InvocationResult = stillborn
      ? { duration: 0, maxMemoryUsed: 0, failure: stillborn }
      : await this.environment.invoke(invocation);
    const payload = result.failure ? this.#explain(requestId, result.failure) : result.payload!;
    this.#write((time) => this.#platform.end(time, requestId));
    const memorySize = this.#configuration.MemorySize!;
    const report = { ...result, memorySize, ...(init && !init.failure && { initDuration: init.duration }) };
    this.#write((time) => this.#platform.report(time, requestId, report));
    await this.#logs.flush();
    const lines = this.#lines;
    this.#lines = [];
    return { payload, errorType: result.failure?.errorType, lines };
  }

  /** What the caller gets; and, where the runtime could not, what the log says. */
  #explain(requestId: string, failure: Failure): Uint8Array {
    if (failure.report) return failure.report;
    const time = new Date(this.#clock.now()).toISOString();
    const message =
      failure.status === 'timeout'
        ? `${time} ${requestId} Task timed out after ${this.#configuration.Timeout!.toFixed(2)} seconds`
        : `RequestId: ${requestId} Error: ${failure.reason}`;
    this.#write((now) => this.#platform.failure(now, requestId, failure, message));
    return Buffer.from(JSON.stringify({ errorType: failure.errorType, errorMessage: message }));
  }

  #write(lines: (time: number) => string[]): void {
    const timestamp = Math.floor(this.#clock.now());
    for (const message of lines(timestamp)) this.#log({ timestamp, message });
  }

  #log(entry: LogEntry): void {
    this.#lines.push(entry.message);
    this.#logs.write(entry);
  }
}
