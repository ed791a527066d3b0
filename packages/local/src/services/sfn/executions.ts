import type * as SFN from '@aws-sdk/client-sfn';
import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';
import { requestId } from '../../request-id.ts';
import type { Call } from '../../service.ts';
import { maxData } from './data-limit.ts';
import { decryptWith, useWith } from './encryption.ts';
import { abort } from './ending.ts';
import { constraintViolation, invalidToken } from './errors.ts';
import { addEvent, pageSize } from './history.ts';
import {
  checkName,
  type ExecutionRecord,
  executionArn,
  executions,
  findExecution,
  getExecution,
  getStateMachine,
  type Operations,
  type StateMachineRecord,
} from './records.ts';
import { roleOf } from './role.ts';
import { begin } from './run.ts';

export const executionOperations: Operations = {
  async StartExecution({ stateMachineArn, name, input = '{}' }, call) {
    const machine = getStateMachine(call, stateMachineArn);
    checkInput(input);
    if (name !== undefined) checkName(name);
    if (machine.deleting) {
      throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${machine.arn}'`);
    }
    await checkRoleMayUseKey(machine, name ?? machine.name, call);
    const arn = executionArn(call, machine.name, name ?? requestId(call.cloud.store));
    const present = findExecution(call, arn);
    if (present) {
      // Asking again for what already runs is no mistake.
      const same = present.status === 'RUNNING' && present.input === input;
      if (same) return { executionArn: arn, startDate: present.started };
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const execution = newExecution(arn, machine, input, call);
    executions(call).set(arn, execution);
    const details = { input, inputDetails: { truncated: false }, roleArn: machine.roleArn };
    addEvent(execution, 'ExecutionStarted', { executionStartedEventDetails: details }, call);
    begin(execution, call);
    return { executionArn: arn, startDate: execution.started };
  },

  StopExecution({ executionArn, error, cause }, call) {
    const execution = getExecution(call, executionArn);
    if (execution.status === 'RUNNING') abort(execution, { error, cause }, call);
    return { stopDate: execution.stopped };
  },

  async DescribeExecution({ executionArn, includedData }, call) {
    const execution = getExecution(call, executionArn);
    if (includedData !== 'METADATA_ONLY') await decryptWith(execution.stateMachineArn, call);
    const { input, output, error, cause } = execution;
    const withData = includedData !== 'METADATA_ONLY';
    return {
      ...summaryOf(execution),
      redriveStatus: isRedrivable(execution) ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
      ...(!isRedrivable(execution) && {
        redriveStatusReason: `Execution is ${execution.status} and cannot be redriven`,
      }),
      ...(withData && { input, inputDetails: { included: true }, error, cause }),
      ...(withData && output !== undefined && { output, outputDetails: { included: true } }),
    };
  },

  async DescribeStateMachineForExecution({ executionArn }, call) {
    const { definition, roleArn, stateMachineArn, stateMachineName, started } = getExecution(call, executionArn);
    const { logging, tracing, encryption, updated } = getStateMachine(call, stateMachineArn);
    await decryptWith(stateMachineArn, call);
    return {
      stateMachineArn,
      name: stateMachineName,
      definition,
      roleArn,
      updateDate: updated < started ? updated : started,
      loggingConfiguration: logging,
      tracingConfiguration: tracing,
      encryptionConfiguration: encryption,
    };
  },

  ListExecutions({ stateMachineArn, statusFilter, maxResults, nextToken }, call) {
    const machine = getStateMachine(call, stateMachineArn);
    const own = [...executions(call).values()]
      .filter((one) => one.stateMachineArn === machine.arn && findExecution(call, one.arn))
      .filter(({ status }) => statusFilter === undefined || status === statusFilter);
    const keyOf = ({ started, arn }: ExecutionRecord) => `${started.toISOString()} ${arn}`;
    const request = { token: nextToken, size: pageSize(maxResults), descending: true };
    const { items, token } = pageOf(own, keyOf, request, invalidToken);
    return { executions: items.map(summaryOf), nextToken: token };
  },
};

/** An execution whose role may not use the key does not start. One whose role cannot be taken on fails later. */
async function checkRoleMayUseKey(machine: StateMachineRecord, name: string, call: Call): Promise<void> {
  if (!machine.dataKey) return;
  const role = roleOf({ roleArn: machine.roleArn, name, stateMachineArn: machine.arn }, call);
  if (!('failure' in role)) await useWith(machine, role, call);
}

function checkInput(input: string): void {
  if (Buffer.byteLength(input) > maxData) {
    throw constraintViolation('input', `Member must have length less than or equal to ${maxData}`);
  }
  try {
    JSON.parse(input);
  } catch (cause) {
    const message = `Invalid State Machine Execution Input: '${(cause as Error).message}'`;
    throw new AwsError('InvalidExecutionInput', message);
  }
}

function newExecution(arn: string, machine: StateMachineRecord, input: string, { clock }: Call): ExecutionRecord {
  const now = clock.now();
  return {
    arn,
    name: arn.slice(arn.lastIndexOf(':') + 1),
    stateMachineArn: machine.arn,
    stateMachineName: machine.name,
    definition: machine.definition,
    roleArn: machine.roleArn,
    status: 'RUNNING',
    started: new Date(now),
    input,
    position: { state: '', input, entered: now, attempts: [], scheduleId: 0 },
    history: [],
  };
}

function isRedrivable({ status }: ExecutionRecord): boolean {
  return status === 'FAILED' || status === 'ABORTED' || status === 'TIMED_OUT';
}

function summaryOf({ arn, stateMachineArn, name, status, started, stopped }: ExecutionRecord): SFN.ExecutionListItem {
  return { executionArn: arn, stateMachineArn, name, status, startDate: started, stopDate: stopped, redriveCount: 0 };
}
