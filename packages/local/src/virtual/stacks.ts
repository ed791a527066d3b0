import type * as CloudFormation from '@aws-sdk/client-cloudformation';
import { eventsOf } from '../cloudformation/events.ts';
import { cloudformation } from '../cloudformation/service.ts';
import { findStack, getStack, type Home, isInProgress, type StackRecord } from '../cloudformation/stack.ts';
import { accountPrincipal } from '../principal.ts';
import type { Store } from '../store.ts';
import { withAdvice } from './advice.ts';
import type { Deployment, StackResult } from './deployment.ts';

/** Starts to create the stack, or to update the one of that name. Throws CloudFormation's own error. */
export async function startDeploy(home: Home, name: string, deployment: Deployment): Promise<StackRecord> {
  if (findStack(home, name)) return startUpdate(home, name, deployment);
  const { StackId } = await invoke(home, 'CreateStack', requestOf(name, deployment)).catch((error: Error) => {
    throw withAdvice(error, deployment);
  });
  return getStack(home, StackId);
}

/**
 * Starts to update the stack. It keeps its template where none is given; it is then that it keeps the parameters that are
 * not given as well. Throws CloudFormation's own error, but none where nothing changes.
 */
export async function startUpdate(home: Home, name: string, changes: Partial<Deployment>): Promise<StackRecord> {
  const stack = getStack(home, name);
  const request = requestOf(name, changes);
  if (changes.template === undefined) {
    const kept = Object.keys(stack.definition.parameters).filter((one) => !(one in (changes.parameters ?? {})));
    request.Parameters.push(...kept.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })));
  }
  try {
    await invoke(home, 'UpdateStack', request);
  } catch (error) {
    if ((error as Error).message.includes('No updates are to be performed')) return stack;
    throw withAdvice(error as Error, changes);
  }
  return stack;
}

/** Starts to delete the stack, by its name or id. Throws where there is none, or CloudFormation refuses. */
export async function startDelete(home: Home, nameOrId: string): Promise<StackRecord> {
  const stack = getStack(home, nameOrId);
  await invoke(home, 'DeleteStack', { StackName: stack.id });
  return stack;
}

/** How the operation ended that came after so many events of the stack. */
export function resultOf(home: Home, stack: StackRecord, eventsBefore: number): StackResult {
  const events = (eventsOf(home).get(stack.id) ?? []).slice(eventsBefore);
  return {
    id: stack.id,
    status: stack.status,
    outputs: Object.fromEntries(stack.outputs.map(({ name, value }) => [name, value])),
    failures: events
      .filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'))
      .map(({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`),
  };
}

/** How many events the stack has had. */
export function countEvents(home: Home, nameOrId: string): number {
  return eventsOf(home).get(findStack(home, nameOrId)?.id ?? '')?.length ?? 0;
}

/** Every stack in every account and Region that an operation is under way on. */
export function stacksInProgress(store: Store): StackRecord[] {
  return [...store.tables()]
    .filter(({ service, name }) => service === 'cloudformation' && name === 'stacks')
    .flatMap(({ table }) => [...table.values()] as StackRecord[])
    .filter(({ status }) => isInProgress(status));
}

function requestOf(StackName: string, { template, parameters = {}, tags, roleArn }: Partial<Deployment>) {
  const source = typeof template === 'string' ? { TemplateBody: template } : { TemplateURL: template?.url };
  const Capabilities: CloudFormation.Capability[] = [
    'CAPABILITY_IAM',
    'CAPABILITY_NAMED_IAM',
    'CAPABILITY_AUTO_EXPAND',
  ];
  return {
    StackName,
    ...(template === undefined ? { UsePreviousTemplate: true } : source),
    Parameters: Object.entries(parameters).map(
      ([ParameterKey, ParameterValue]): CloudFormation.Parameter => ({ ParameterKey, ParameterValue }),
    ),
    ...(tags && { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
    ...(roleArn !== undefined && { RoleARN: roleArn }),
    Capabilities,
  };
}

type Invoked = 'CreateStack' | 'UpdateStack' | 'DeleteStack';

function invoke<Name extends Invoked>({ cloud, account, region }: Home, operation: Name, input: object) {
  const as = { principal: accountPrincipal(account), region };
  return cloud.invoke<typeof CloudFormation, Name>(cloudformation, operation, input as never, as);
}
