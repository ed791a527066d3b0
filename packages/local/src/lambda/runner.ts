import type { Mount } from './mounts.ts';

/** What an execution environment runs. */
export interface EnvironmentSpec {
  functionName: string;
  /** `nodejs24.x`, `python3.13`. */
  runtime: string;
  /** As in the function's configuration: `index.handler`. */
  handler: string;
  /** The deployment package, and the hash that names it. */
  code: { sha256: string; zip: Uint8Array };
  /** What is unpacked into `/opt`, the later over the earlier. */
  layers?: readonly { sha256: string; zip: Uint8Array }[];
  /** Virtual seconds that an invocation may take. */
  timeout: number;
  /** Megabytes that the process may hold. */
  memorySize: number;
  /** All environment variables but those that only the runner knows (where the code lies, the Runtime API). */
  variables: Record<string, string>;
  /** What it has mounted. */
  mounts?: readonly Mount[];
}

export interface Invocation {
  requestId: string;
  /** The ARN that the caller used. */
  invokedFunctionArn: string;
  /** JSON. */
  payload: Uint8Array;
  traceId: string;
  /** Base64, as the caller sent it. */
  clientContext?: string;
  /** What is to happen to it on the way. */
  fault?: InvocationFault;
}

/** An environment that dies, or stands still until its time is up, once an invocation has run for `ms` virtual milliseconds. */
export interface InvocationFault {
  kind: 'crash' | 'out-of-memory' | 'hang';
  ms: number;
}

/** Why an initialisation or an invocation failed. */
export interface Failure {
  /** `Error`, `Runtime.ImportModuleError`, `Sandbox.Timedout`. */
  errorType: string;
  /** What Lambda says, where the process did not live to say anything: `Runtime exited with error: …`. */
  reason?: string;
  /** What the runtime reported: JSON with errorType, errorMessage and trace. */
  report?: Uint8Array;
  /** What the REPORT line calls it. */
  status: 'error' | 'timeout';
}

export interface InitResult {
  /** Virtual milliseconds. */
  duration: number;
  /** An initialisation that takes too long goes on within the first invocation, at the cost of its time. */
  failure?: Failure;
}

export interface InvocationResult {
  /** Virtual milliseconds. */
  duration: number;
  /** The most memory that the process held so far, in megabytes. */
  maxMemoryUsed: number;
  /** The response, where there is no failure. */
  payload?: Uint8Array;
  failure?: Failure;
}

/** Something that the function wrote: a line of stdout or stderr, or what it gave to `console`. */
export interface LogEntry {
  /** Virtual milliseconds since the epoch. */
  timestamp: number;
  message: string;
}

/** One copy of a function, which runs one invocation at a time. */
export interface Environment {
  /** False once it ended, crashed or was killed. */
  readonly alive: boolean;
  /** Resolves once the function's module is loaded, or could not be. Never rejects. */
  initialized(): Promise<InitResult>;
  /** Resolves once everything that the invocation wrote is logged as well. Never rejects. What its fault says befalls it. */
  invoke(invocation: Invocation): Promise<InvocationResult>;
  /** Ends it, whatever it does. Resolves once nothing of it is left. */
  end(): Promise<void>;
}

/** Starts execution environments. */
export interface Runner {
  /** Why it runs no functions for a runtime that Lambda has; undefined where it does. */
  refusal(runtime: string): Promise<string | undefined>;
  start(spec: EnvironmentSpec, log: (entry: LogEntry) => void): Environment;
  /** Ends every environment. */
  close(): Promise<void>;
}
