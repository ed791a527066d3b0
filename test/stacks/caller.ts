import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Deployment, StackResult } from '../../packages/local/src/virtual/deployment.ts';
import { type ClientConfig, type Clients, clientsOf } from '../../scripts/start/clients.ts';
import { deleteStack, deployStack, type Ended, type Pause, updateStack } from '../../scripts/start/stack.ts';
import type { View } from '../../scripts/start/view.ts';

/** Shows nothing. */
const blind: View = { width: 80, say() {}, progress() {}, begin() {}, event() {}, tick() {}, end() {} };

/** A caller of a cloud: an account in a Region, a user, or a role's session. */
export interface Caller {
  /** Options of any SDK client that calls as this caller. */
  readonly clientOptions: ClientConfig;
  readonly clients: Clients;
  /** Creates the stack, or updates the one of that name, and follows it to its end. Throws if it is refused. */
  deploy(name: string, deployment: Deployment): Promise<StackResult>;
  /** Updates the stack, which keeps what is left out, and follows it to its end. */
  update(name: string, changes: Partial<Deployment>): Promise<StackResult>;
  /** Deletes the stack, by its name or id, and follows it to its end. */
  remove(nameOrId: string): Promise<StackResult>;
  /** Lets the cloud's time pass until the condition holds. `what` names it in the error if it never does. */
  until(condition: () => unknown, what: string): Promise<void>;
}

/** How time passes for a caller. */
export interface Waiting {
  /** Between two looks at a stack. */
  pause: Pause;
  until: Caller['until'];
}

export function callerOf(clientOptions: ClientConfig, { pause, until }: Waiting): Caller {
  const clients = clientsOf(clientOptions);
  const { cloudformation } = clients;
  const stackOf = async (name: string) =>
    (await cloudformation.send(new DescribeStacksCommand({ StackName: name }))).Stacks![0]!;
  return {
    clientOptions,
    clients,
    deploy: async (name, deployment) =>
      resultOf(await deployStack(cloudformation, blind, { name, ...deployment }, pause)),
    async update(name, { template, parameters = {}, ...rest }) {
      if (template !== undefined) return this.deploy(name, { template, parameters, ...rest });
      const changes = { stack: await stackOf(name), title: '', parameters };
      return resultOf(await updateStack(cloudformation, blind, changes, pause));
    },
    remove: async (name) => resultOf(await deleteStack(cloudformation, blind, await stackOf(name), pause)),
    until,
  };
}

function resultOf({ stack, failures }: Ended): StackResult {
  return {
    id: stack.StackId!,
    status: stack.StackStatus!,
    outputs: Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!])),
    failures: failures.map(
      ({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`,
    ),
  };
}
