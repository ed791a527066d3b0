import type * as CloudFormation from '@aws-sdk/client-cloudformation';
import { strToU8, zipSync } from 'fflate';
import { AwsError } from '../../../../errors.ts';
import type { Input, OperationName, Output } from '../../../../service.ts';
import { putArtifact } from '../artifacts.ts';
import { ActionFailure, type Job, type Outcome, type Provider, perform } from '../job.ts';
import { stackInput } from './stack-input.ts';

type Module = typeof CloudFormation;

function call<Name extends OperationName<Module>>(
  job: Job,
  operation: Name,
  input: Input<Module, Name>,
): Promise<Output<Module, Name>> {
  return perform<Module, Name>(job, 'cloudformation', operation, input);
}

/** The statuses of a stack that can only be deleted and created again. */
const unrecoverableStatus = /^(ROLLBACK_COMPLETE|ROLLBACK_FAILED|CREATE_FAILED|DELETE_FAILED|UPDATE_ROLLBACK_FAILED)$/;

type Mode = (job: Job, stack: CloudFormation.Stack | undefined) => Promise<Outcome>;

const modes: Record<string, Mode> = {
  async CREATE_UPDATE(job, stack) {
    if (stack && stack.StackStatus !== 'REVIEW_IN_PROGRESS') return update(job, stack);
    return create(job);
  },

  async REPLACE_ON_FAILURE(job, stack) {
    if (!stack) return create(job);
    if (!unrecoverableStatus.test(stack.StackStatus!)) return update(job, stack);
    const { StackName, RoleARN } = await target(job);
    await call(job, 'DeleteStack', { StackName, RoleARN });
    return under(stack.StackId!, { next: 'create' });
  },

  async DELETE_ONLY(job, stack) {
    if (!stack) return { status: 'Succeeded' };
    const { StackName, RoleARN } = await target(job);
    await call(job, 'DeleteStack', { StackName, RoleARN });
    return under(stack.StackId!, { deleting: 'true' });
  },

  async CHANGE_SET_REPLACE(job, stack) {
    const ChangeSetName = job.configuration.ChangeSetName ?? '';
    const given = await stackInput(job);
    if (stack) await call(job, 'DeleteChangeSet', { StackName: given.StackName, ChangeSetName });
    const ChangeSetType = !stack || stack.StackStatus === 'REVIEW_IN_PROGRESS' ? 'CREATE' : 'UPDATE';
    const { StackId } = await call(job, 'CreateChangeSet', { ...given, ChangeSetName, ChangeSetType });
    return under(StackId!, { changeSet: ChangeSetName });
  },

  async CHANGE_SET_EXECUTE(job, stack) {
    const { StackName, ChangeSetName = '' } = job.configuration;
    if (!stack) throw new ActionFailure('ConfigurationError', `Stack [${StackName}] does not exist`);
    const { ExecutionStatus } = await call(job, 'DescribeChangeSet', { StackName, ChangeSetName });
    // One without changes has nothing to be executed.
    if (ExecutionStatus !== 'AVAILABLE') return finished(job, stack);
    await call(job, 'ExecuteChangeSet', { StackName, ChangeSetName });
    return under(stack.StackId!);
  },
};

/** Creates, changes and deletes stacks, with the rights of the role that CloudFormation is passed. */
export const cloudformation: Provider = {
  async start(job) {
    const { ActionMode = '', StackName } = job.configuration;
    const mode = Object.hasOwn(modes, ActionMode) ? modes[ActionMode] : undefined;
    if (!mode)
      throw new ActionFailure('ConfigurationError', `ActionMode ${ActionMode} is none of ${Object.keys(modes)}`);
    if (!StackName) throw new ActionFailure('ConfigurationError', 'StackName must be specified');
    return mode(job, await findStack(job, StackName));
  },

  async poll(job) {
    const { stack: id = '', changeSet, deleting, next } = job.attempt.state!;
    const stack = await findStack(job, id);
    if (changeSet !== undefined) return pollChangeSet(job, id, changeSet);
    const { StackStatus = 'DELETE_COMPLETE', StackStatusReason = '' } = stack ?? {};
    if (/_IN_PROGRESS$/.test(StackStatus)) return { status: 'InProgress' };
    if (StackStatus === 'DELETE_COMPLETE' && next === 'create') return create(job);
    if (StackStatus === 'DELETE_COMPLETE' && deleting) return { status: 'Succeeded', externalExecutionId: id };
    if (stack && /^(CREATE|UPDATE)_COMPLETE$/.test(StackStatus) && !deleting) return finished(job, stack);
    throw new ActionFailure(
      'JobFailed',
      `The stack ended as ${StackStatus}: ${(await reasonOf(job, id)) ?? StackStatusReason}`,
    );
  },
};

async function pollChangeSet(job: Job, StackName: string, ChangeSetName: string): Promise<Outcome> {
  const { Status, StatusReason = '' } = await call(job, 'DescribeChangeSet', { StackName, ChangeSetName });
  if (Status === 'CREATE_PENDING' || Status === 'CREATE_IN_PROGRESS') return { status: 'InProgress' };
  if (Status === 'CREATE_COMPLETE' || /didn't contain changes|No updates/.test(StatusReason)) {
    return { status: 'Succeeded', externalExecutionId: StackName };
  }
  throw new ActionFailure('JobFailed', `The change set ended as ${Status}: ${StatusReason}`);
}

/** What is under way: a stack's id, and how its end is to be taken. */
function under(stack: string, more: Record<string, string> = {}): Outcome {
  return { status: 'InProgress', externalExecutionId: stack, state: { stack, ...more } };
}

async function create(job: Job): Promise<Outcome> {
  const { StackId } = await call(job, 'CreateStack', await stackInput(job));
  return under(StackId!);
}

async function update(job: Job, stack: CloudFormation.Stack): Promise<Outcome> {
  try {
    await call(job, 'UpdateStack', await stackInput(job));
  } catch (error) {
    if (!(error instanceof AwsError) || !error.message.includes('No updates are to be performed')) throw error;
    return finished(job, stack);
  }
  return under(stack.StackId!);
}

async function target({ configuration }: Job): Promise<{ StackName: string; RoleARN?: string }> {
  return { StackName: configuration.StackName!, RoleARN: configuration.RoleArn };
}

async function findStack(job: Job, StackName: string): Promise<CloudFormation.Stack | undefined> {
  try {
    const { Stacks } = await call(job, 'DescribeStacks', { StackName });
    return Stacks?.[0];
  } catch (error) {
    if (error instanceof AwsError && error.message.includes('does not exist')) return undefined;
    throw error;
  }
}

/** The outputs are variables for later actions and, where they are wanted, a file in the output artifact. */
async function finished(job: Job, { StackId, Outputs = [] }: CloudFormation.Stack): Promise<Outcome> {
  const outputs = Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));
  const [artifact] = job.action.outputArtifacts ?? [];
  const { OutputFileName } = job.configuration;
  if (artifact && OutputFileName) {
    await putArtifact(job, artifact.name!, zipSync({ [OutputFileName]: strToU8(JSON.stringify(outputs)) }));
  }
  return { status: 'Succeeded', variables: outputs, externalExecutionId: StackId };
}

/** What went wrong first, where the action's role may see that. */
async function reasonOf(job: Job, StackName: string): Promise<string | undefined> {
  try {
    const { StackEvents = [] } = await call(job, 'DescribeStackEvents', { StackName });
    const failed = StackEvents.findLast(
      ({ ResourceStatus, ResourceStatusReason = '' }) =>
        ResourceStatus?.endsWith('_FAILED') && !/cancelled$/.test(ResourceStatusReason),
    );
    return failed && `${failed.LogicalResourceId}: ${failed.ResourceStatusReason}`;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return undefined;
  }
}
