import {
  type Change,
  type ChangeSetType,
  type CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetInput,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import type { Pause } from '../start/stack.ts';

/** A change set that CloudFormation has made, with all of its changes. */
export interface ChangeSet {
  id: string;
  stackId: string;
  type: ChangeSetType;
  changes: Change[];
  /** As the stack will have them. */
  parameters: NonNullable<DescribeChangeSetCommandOutput['Parameters']>;
}

/** What CloudFormation says of a change set that changes nothing: of properties, and of transforms as well. */
const nothing = /didn't contain changes|No updates are to be performed/;

/**
 * Makes a change set, and waits for it; undefined where nothing would change.
 *
 * @throws Error with CloudFormation's reason where it refuses the change; no change set is left then
 */
export async function createChangeSet(
  client: CloudFormationClient,
  input: CreateChangeSetInput & { StackName: string; ChangeSetType: ChangeSetType },
  pause: Pause,
): Promise<ChangeSet | undefined> {
  const { StackName, ChangeSetType: type } = input;
  const refused = (reason: string | undefined, cause?: unknown) =>
    new Error(`Making a change set of ${StackName}: ${reason}`, { cause });
  const { Id: id = '', StackId: stackId = '' } = await client.send(new CreateChangeSetCommand(input)).catch((cause) => {
    throw refused((cause as Error).message, cause);
  });
  for (;;) {
    const { Status, StatusReason, Parameters = [], ...page } = await describe(client, id);
    if (Status === 'FAILED') {
      await discard(client, { id, stackId, type });
      if (nothing.test(StatusReason ?? '')) return undefined;
      throw refused(StatusReason);
    }
    if (Status === 'CREATE_COMPLETE') {
      const changes = [...(page.Changes ?? [])];
      for (let token = page.NextToken; token; ) {
        const next = await describe(client, id, token);
        changes.push(...(next.Changes ?? []));
        token = next.NextToken;
      }
      return { id, stackId, type, changes, parameters: Parameters };
    }
    await pause();
  }
}

function describe(client: CloudFormationClient, id: string, NextToken?: string) {
  return client.send(new DescribeChangeSetCommand({ ChangeSetName: id, NextToken }));
}

/** Deletes a change set that is not to be executed, with the empty stack that CloudFormation made for a new one. */
export async function discard(
  client: CloudFormationClient,
  { id, stackId, type }: Pick<ChangeSet, 'id' | 'stackId' | 'type'>,
): Promise<void> {
  await client.send(new DeleteChangeSetCommand({ ChangeSetName: id }));
  if (type === 'CREATE') await client.send(new DeleteStackCommand({ StackName: stackId }));
}
