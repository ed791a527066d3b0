import type { Change, ChangeSetStatus, ChangeSetType, ExecutionStatus } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { ImportedResource } from '../engine/import-stack.ts';
import { type Home, type StackDefinition, type StackRecord, tableOf } from '../stack.ts';

/** A change set. Times are virtual milliseconds. */
export interface ChangeSetRecord {
  id: string;
  name: string;
  stackId: string;
  stackName: string;
  type: ChangeSetType;
  description?: string;
  created: number;
  status: ChangeSetStatus;
  statusReason?: string;
  executionStatus: ExecutionStatus;
  definition: StackDefinition;
  roleArn?: string;
  onFailure: StackRecord['onFailure'];
  onStackFailure?: 'DELETE' | 'DO_NOTHING' | 'ROLLBACK';
  noEcho: string[];
  changes: Change[];
  /** What it takes into the stack. */
  imports: ImportedResource[];
}

/** The change sets of an account in a Region, by their ids. */
export function changeSetsOf(home: Home): Map<string, ChangeSetRecord> {
  return tableOf(home, 'changeSets');
}

/** A change set by its ARN, or by its name and its stack's name or id. */
export function findChangeSet(home: Home, nameOrId: string, stack?: string): ChangeSetRecord | undefined {
  const all = changeSetsOf(home);
  const byId = all.get(nameOrId);
  if (byId) return byId;
  return [...all.values()].findLast(
    ({ name, stackId, stackName }) => name === nameOrId && (stackId === stack || stackName === stack),
  );
}

export function getChangeSet(home: Home, nameOrId: string | undefined, stack?: string): ChangeSetRecord {
  const found = findChangeSet(home, nameOrId ?? '', stack);
  if (found) return found;
  throw new AwsError('ChangeSetNotFound', `ChangeSet [${nameOrId}] does not exist`, { status: 404 });
}
