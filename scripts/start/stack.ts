import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  type Parameter,
  paginateDescribeStackEvents,
  type Stack,
  type StackEvent,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { View } from './view.ts';

/** The time between two polls of a running operation. */
export type Pause = () => Promise<unknown>;

const aMoment: Pause = () => sleep(150);

const Capabilities = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'] as const;

/** How a stack operation ended. `failures` are the events that say why, oldest first. */
export interface Ended {
  stack: Stack;
  succeeded: boolean;
  failures: StackEvent[];
}

/** The desired stack. Its template is a text, or in S3. */
export interface Deployment {
  name: string;
  template: string | { url: string };
  parameters?: Record<string, string>;
}

/** Creates or updates the stack, and follows the operation to its end. */
export async function deployStack(
  client: CloudFormationClient,
  view: View,
  { name, template, parameters = {} }: Deployment,
  pause?: Pause,
): Promise<Ended> {
  const request = {
    StackName: name,
    ...(typeof template === 'string' ? { TemplateBody: template } : { TemplateURL: template.url }),
    Parameters: parameterList(parameters),
    Capabilities: [...Capabilities],
  };
  const existing = await findStack(client, name);
  if (!existing) {
    const { StackId } = await client.send(new CreateStackCommand(request));
    return follow(client, view, { id: StackId!, title: `Creating ${name}`, pause });
  }
  const start = () => client.send(new UpdateStackCommand(request));
  return change(client, view, existing, { title: `Updating ${name}`, start, pause });
}

/** Changes parameters of the stack, keeping its template and its other parameters. */
export async function updateStack(
  client: CloudFormationClient,
  view: View,
  { stack, title, parameters }: { stack: Stack; title: string; parameters: Record<string, string> },
  pause?: Pause,
): Promise<Ended> {
  const kept = (stack.Parameters ?? []).filter(({ ParameterKey }) => !(ParameterKey! in parameters));
  const start = () =>
    client.send(
      new UpdateStackCommand({
        StackName: stack.StackId,
        UsePreviousTemplate: true,
        Parameters: [
          ...kept.map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true })),
          ...parameterList(parameters),
        ],
        Capabilities: [...Capabilities],
      }),
    );
  return change(client, view, stack, { title, start, pause });
}

/** Deletes the stack, and follows the operation to its end. */
export async function deleteStack(
  client: CloudFormationClient,
  view: View,
  stack: Stack,
  pause?: Pause,
): Promise<Ended> {
  const start = () => client.send(new DeleteStackCommand({ StackName: stack.StackId }));
  return change(client, view, stack, { title: `Deleting ${stack.StackName}`, start, pause });
}

function parameterList(values: Record<string, string>): Parameter[] {
  return Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
}

async function change(
  client: CloudFormationClient,
  view: View,
  stack: Stack,
  { title, start, pause }: { title: string; start: () => Promise<unknown>; pause: Pause | undefined },
): Promise<Ended> {
  const seen = new Set((await allEvents(client, stack.StackId!)).map(({ EventId }) => EventId!));
  try {
    await start();
  } catch (error) {
    if (!(error as Error).message.includes('No updates are to be performed')) throw error;
    return { stack, succeeded: true, failures: [] };
  }
  return follow(client, view, { id: stack.StackId!, title, seen, pause });
}

/** Follows an operation to its end: shows each event that is not in `seen`. */
export async function follow(
  client: CloudFormationClient,
  view: View,
  { id, title, seen = new Set(), pause = aMoment }: { id: string; title: string; seen?: Set<string>; pause?: Pause },
): Promise<Ended> {
  view.begin(title);
  const failures: StackEvent[] = [];
  for (;;) {
    // The status is read before the events, so that no event before the end is missed.
    const stack = (await findStack(client, id))!;
    for (const event of (await allEvents(client, id)).reverse()) {
      if (seen.has(event.EventId!)) continue;
      seen.add(event.EventId!);
      if (event.ResourceStatus?.endsWith('_FAILED')) failures.push(event);
      view.event(event);
    }
    if (!stack.StackStatus!.endsWith('_IN_PROGRESS')) {
      const succeeded = /^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(stack.StackStatus!);
      view.end(stack.StackStatus!);
      return { stack, succeeded, failures };
    }
    view.tick();
    await pause();
  }
}

/** The stack of that name or id; undefined where there is none. */
export async function findStack(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0];
  } catch (error) {
    if ((error as Error).message.includes('does not exist')) return undefined;
    throw error;
  }
}

/** The stack's events, the newest first. */
export async function allEvents(client: CloudFormationClient, id: string): Promise<StackEvent[]> {
  const pages = await Array.fromAsync(paginateDescribeStackEvents({ client }, { StackName: id }));
  return pages.flatMap(({ StackEvents }) => StackEvents ?? []);
}
