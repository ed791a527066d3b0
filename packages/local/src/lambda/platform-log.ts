import type { LoggingConfig } from '@aws-sdk/client-lambda';
import type { Failure, InitResult, InvocationResult } from './runner.ts';

const milliseconds = (duration: number) => `${duration.toFixed(2)} ms`;

/** The lines that Lambda itself adds to a function's log, as text or as JSON. */
export interface PlatformLog {
  initStart(time: number, runtime: string, region: string): string[];
  initReport(time: number, init: InitResult): string[];
  start(time: number, requestId: string, version: string): string[];
  failure(time: number, requestId: string, failure: Failure, message: string): string[];
  end(time: number, requestId: string): string[];
  report(time: number, requestId: string, result: Report): string[];
}

export interface Report extends InvocationResult {
  /** Megabytes. */
  memorySize: number;
  /** Virtual milliseconds; only of the first invocation of an environment. */
  initDuration?: number;
}

export function platformLog(config: LoggingConfig | undefined): PlatformLog {
  if (config?.LogFormat !== 'JSON') return text;
  // A level above INFO leaves out everything but failures.
  return config.SystemLogLevel === 'WARN' ? { ...json, initStart: none, start: none } : json;
}

const none = () => [];

function runtimeVersionArn(region: string, runtime: string): string {
  return `arn:aws:lambda:${region}::runtime:${Buffer.from(runtime).toString('hex').padEnd(64, '0')}`;
}

function statusOf({ failure }: InvocationResult | InitResult): string {
  // An error that the function itself reported is not the platform's.
  if (!failure || failure.report) return '';
  return failure.status === 'timeout' ? '\tStatus: timeout' : `\tStatus: error\tError Type: ${failure.errorType}`;
}

const text: PlatformLog = {
  initStart: (_, runtime, region) => [
    `INIT_START Runtime Version: ${runtime.replace('nodejs', 'nodejs:').replace('.x', '.v1')}\tRuntime Version ARN: ${runtimeVersionArn(region, runtime)}`,
  ],
  initReport: (_, { duration, failure }) => [
    `INIT_REPORT Init Duration: ${milliseconds(duration)}\tPhase: init\tStatus: ${failure?.status ?? 'success'}${failure?.status === 'error' ? `\tError Type: ${failure.errorType}` : ''}`,
  ],
  start: (_, requestId, version) => [`START RequestId: ${requestId} Version: ${version}`],
  failure: (_time, _requestId, failure, message) =>
    failure.status === 'timeout' ? [`${message}\n`] : [`${message}\n${failure.errorType}`],
  end: (_, requestId) => [`END RequestId: ${requestId}`],
  report: (_, requestId, result) => [
    [
      `REPORT RequestId: ${requestId}`,
      `Duration: ${milliseconds(result.duration)}`,
      `Billed Duration: ${Math.ceil(result.duration)} ms`,
      `Memory Size: ${result.memorySize} MB`,
      `Max Memory Used: ${memoryUsed(result)} MB`,
      ...(result.initDuration === undefined ? [] : [`Init Duration: ${milliseconds(result.initDuration)}`]),
    ].join('\t') + statusOf(result),
  ],
};

const json: PlatformLog = {
  initStart: (time, runtime, region) =>
    record(time, 'platform.initStart', {
      initializationType: 'on-demand',
      phase: 'init',
      runtimeVersion: runtime.replace('nodejs', 'nodejs:').replace('.x', '.v1'),
      runtimeVersionArn: runtimeVersionArn(region, runtime),
    }),
  initReport: (time, { duration, failure }) =>
    record(time, 'platform.initReport', {
      initializationType: 'on-demand',
      phase: 'init',
      status: failure?.status ?? 'success',
      ...(failure?.status === 'error' && { errorType: failure.errorType }),
      metrics: { durationMs: rounded(duration) },
    }),
  start: (time, requestId, version) => record(time, 'platform.start', { requestId, version }),
  failure: (time, requestId, _, message) => [
    JSON.stringify({ timestamp: new Date(time).toISOString(), level: 'ERROR', requestId, message }),
  ],
  end: none,
  report: (time, requestId, result) =>
    record(time, 'platform.report', {
      requestId,
      metrics: {
        durationMs: rounded(result.duration),
        billedDurationMs: Math.ceil(result.duration),
        memorySizeMB: result.memorySize,
        maxMemoryUsedMB: memoryUsed(result),
        ...(result.initDuration !== undefined && { initDurationMs: rounded(result.initDuration) }),
      },
      status: result.failure?.status ?? 'success',
      ...(result.failure?.status === 'error' && { errorType: result.failure.errorType }),
    }),
};

function record(time: number, type: string, members: Record<string, unknown>): string[] {
  return [JSON.stringify({ time: new Date(time).toISOString(), type, record: members })];
}

function rounded(duration: number): number {
  return Math.round(duration * 1000) / 1000;
}

function memoryUsed({ maxMemoryUsed, memorySize }: Report): number {
  return Math.min(memorySize, Math.ceil(maxMemoryUsed));
}
