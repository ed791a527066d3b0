import type * as SFN from '@aws-sdk/client-sfn';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import type { Call, Definition } from '../../service.ts';
import { invalidArn, invalidName } from './errors.ts';
import type { Json } from './step.ts';

export type Operations = Definition<typeof SFN>['operations'];

export interface StateMachineRecord {
  arn: string;
  name: string;
  /** As it was given: Amazon States Language, JSON. */
  definition: string;
  roleArn: string;
  type: SFN.StateMachineType;
  /** It goes once its last execution has ended. */
  deleting?: true;
  created: Date;
  updated: Date;
  revisionId?: string;
  logging: SFN.LoggingConfiguration;
  tracing: SFN.TracingConfiguration;
  encryption: SFN.EncryptionConfiguration;
  /** Encrypted with the customer's key, where it has one. */
  dataKey?: Uint8Array;
  tags: Record<string, string>;
}

/** Where a running execution stands: all that it takes to go on from there. */
export interface Position {
  state: string;
  /** What the state was entered with: JSON. */
  input: string;
  /** Virtual milliseconds since the epoch. */
  entered: number;
  /** How often each of the state's retriers was used. */
  attempts: number[];
  /** Set once a Wait state waits; it is over when the execution goes on. */
  waiting?: true;
  /** Only what was scheduled last counts. */
  scheduleId: number;
}

export interface ExecutionRecord {
  arn: string;
  name: string;
  stateMachineArn: string;
  stateMachineName: string;
  /** As they were when it started: a later change of the state machine does not reach it. */
  definition: string;
  roleArn: string;
  status: SFN.ExecutionStatus;
  started: Date;
  stopped?: Date;
  input: string;
  output?: string;
  error?: string;
  cause?: string;
  position: Position;
  history: SFN.HistoryEvent[];
}

const day = 24 * 3600_000;

/** Virtual milliseconds for which an execution that ended is kept, and its name taken. */
const kept = 90 * day;

export function stateMachines(call: Call): Map<string, StateMachineRecord> {
  return call.table('state machines');
}

export function executions(call: Call): Map<string, ExecutionRecord> {
  return call.table('executions');
}

export function stateMachineArn(call: Call, name: string): string {
  return regionalArn('states', `stateMachine:${name}`, call);
}

export function executionArn(call: Call, machine: string, name: string): string {
  return regionalArn('states', `execution:${machine}:${name}`, call);
}

/** Throws InvalidArn, StateMachineDoesNotExist. */
export function getStateMachine(call: Call, arn = ''): StateMachineRecord {
  if (!/^arn:aws[a-zA-Z-]*:states:[^:]*:\d{12}:stateMachine:[^:]+$/.test(arn)) throw invalidArn(arn);
  const record = stateMachines(call).get(arn);
  if (record) return record;
  throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

/** The execution of that ARN, unless it ended longer than 90 days ago. */
export function findExecution(call: Call, arn: string): ExecutionRecord | undefined {
  const record = executions(call).get(arn);
  if (!record?.stopped || record.stopped.getTime() + kept > call.clock.now()) return record;
  executions(call).delete(arn);
  return undefined;
}

/** Throws InvalidArn, ExecutionDoesNotExist. */
export function getExecution(call: Call, arn = ''): ExecutionRecord {
  if (!/^arn:aws[a-zA-Z-]*:states:[^:]*:\d{12}:execution:[^:]+:[^:]+$/.test(arn)) throw invalidArn(arn);
  const record = findExecution(call, arn);
  if (record) return record;
  throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
}

/** What the execution's state was entered with. */
export function inputOf({ position }: ExecutionRecord): Json {
  return JSON.parse(position.input) as Json;
}

/** Throws InvalidName. */
export function checkName(name: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the API refuses
  if (!/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]{1,80}$/.test(name)) throw invalidName(name);
}
