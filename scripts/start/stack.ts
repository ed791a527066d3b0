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

/** How often the events of a running operation are asked for, in real milliseconds. */
const lookEvery = 150;

const Capabilities = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'] as const;

/** How a stack operation ended. `failures` are the events that say why, oldest first. */
export interface Ended {
  stack: Stack;
  succeeded: boolean;
  failures: StackEvent[];
}

/** A stack as it is to be: its template is a text, or lies in S3. */
export interface Deployment {
  name: string;
  template: string | { url: string };
  parameters?: Record<string, string>;
}

/** Creates the stack, or brings one that exists up to date, and follows it to its end. */
export async function deployStack(
  client: CloudFormationClient,
  view: View,
  { name, template, parameters = {} }: Deployment,
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
    return follow(client, view, { id: StackId!, title: `Creating ${name}` });
  }
  return change(client, view, existing, `Updating ${name}`, () => client.send(new UpdateStackCommand(request)));
}

/** Changes parameters of the stack, keeping its template and its other parameters. */
export async function updateStack(
  client: CloudFormationClient,
  view: View,
  { stack, title, parameters }: { stack: Stack; title: string; parameters: Record<string, string> },
): Promise<Ended> {
  const kept = (stack.Parameters ?? []).filter(({ ParameterKey }) => !(ParameterKey! in parameters));
  return change(client, view, stack, title, () =>
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
    ),
  );
}

/** Deletes the stack and follows it to its end. */
export async function deleteStack(client: CloudFormationClient, view: View, stack: Stack): Promise<Ended> {
  return change(client, view, stack, `Deleting ${stack.StackName}`, () =>
    client.send(new DeleteStackCommand({ StackName: stack.StackId })),
  );
}

function parameterList(values: Record<string, string>): Parameter[] {
  return Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
}

async function change(
  client: CloudFormationClient,
  view: View,
  stack: Stack,
  title: string,
  start: () => Promise<unknown>,
): Promise<Ended> {
  const seen = new Set((await allEvents(client, stack.StackId!)).map(({ EventId }) => EventId!));
  try {
    await start();
  } catch (error) {
    if (!(error as Error).message.includes('No updates are to be performed')) throw error;
    return { stack, succeeded: true, failures: [] };
  }
  return follow(client, view, { id: stack.StackId!, title, seen });
}

async function follow(
  client: CloudFormationClient,
  view: View,
  { id, title, seen = new Set() }: { id: string; title: string; seen?: Set<string> },
): Promise<Ended> {
  view.begin(title);
  const failures: StackEvent[] = [];
  for (;;) {
    // The status is read before the events: whatever happened before the end is then among them.
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
    await sleep(lookEvery);
  }
}

async function findStack(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0];
  } catch (error) {
    if ((error as Error).message.includes('does not exist')) return undefined;
    throw error;
  }
}

async function allEvents(client: CloudFormationClient, id: string): Promise<StackEvent[]> {
  const pages = await Array.fromAsync(paginateDescribeStackEvents({ client }, { StackName: id }));
  return pages.flatMap(({ StackEvents }) => StackEvents ?? []);
}
