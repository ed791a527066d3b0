import type {
  Capability,
  OnFailure,
  OperationEntry,
  ResourceStatus,
  StackStatus,
  Tag,
} from '@aws-sdk/client-cloudformation';
import { AwsError } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { Cloud } from '../service.ts';

/** What a caller says a stack shall be. */
export interface StackDefinition {
  templateBody: string;
  /** What its transform has made of it, in JSON; left out where it has nothing to do. */
  processedBody?: string;
  /** The parameters' values as text, before the parameter store is asked. */
  parameters: Record<string, string>;
  capabilities: Capability[];
  tags: Tag[];
  notificationArns: string[];
  description?: string;
}

/** A resource of a stack, and what is known of what it creates. Times are virtual milliseconds. */
export interface ResourceRecord {
  logicalId: string;
  type: string;
  /** Left out until the thing, or CloudFormation in its place, has an id. */
  physicalId?: string;
  status: ResourceStatus;
  reason?: string;
  updated: number;
  /** As last sent to the thing, evaluated. */
  properties: Record<string, unknown>;
  /** The same as people may see them: nothing that is NoEcho. */
  shownProperties: Record<string, unknown>;
  attributes: Record<string, unknown>;
  /** The attributes are not shown. */
  noEcho?: boolean;
  /** Its update failed: the resource may have its new properties, or those before. */
  isPartlyUpdated?: boolean;
  /** The resources that existed before this one because it needs them. */
  dependencies: string[];
  deletionPolicy?: string;
  updateReplacePolicy?: string;
  metadata?: unknown;
}

export interface OutputRecord {
  name: string;
  value: string;
  description?: string;
  exportName?: string;
}

/** The state before an update, for its rollback. */
export interface RollbackState {
  definition: StackDefinition;
  resources: Record<string, ResourceRecord>;
  outputs: OutputRecord[];
  imports: string[];
  noEcho: string[];
  resolvedParameters: Record<string, string>;
  /** The logical ids that the update has changed or started to change. */
  changedIds: string[];
}

/** A stack. Times are virtual milliseconds. */
export interface StackRecord {
  id: string;
  name: string;
  status: StackStatus;
  statusReason?: string;
  /** It has once been as its definition said: there is something to go back to. */
  stable: boolean;
  created: number;
  updated?: number;
  deleted?: number;
  definition: StackDefinition;
  /** The values of the parameters that come from the parameter store. */
  resolvedParameters: Record<string, string>;
  /** The parameters that are not shown. */
  noEcho: string[];
  /** Whose rights its calls have, where there is no role. */
  principal: Principal;
  roleArn?: string;
  onFailure: OnFailure;
  timeoutInMinutes?: number;
  terminationProtection: boolean;
  policy?: string;
  parentId?: string;
  rootId?: string;
  changeSetId?: string;
  clientRequestToken?: string;
  /** What was begun on it, oldest first. */
  operations?: OperationEntry[];
  resources: Record<string, ResourceRecord>;
  outputs: OutputRecord[];
  /** The names of the exports that it uses. */
  imports: string[];
  /** What an update has replaced or dropped, and what is deleted once it is done. */
  cleanup: ResourceRecord[];
  rollbackState?: RollbackState;
}

/** Where stacks live: an account in a Region of a cloud. */
export interface Home {
  readonly cloud: Cloud;
  readonly account: string;
  readonly region: string;
}

const SERVICE = 'cloudformation';

/** CloudFormation's table of that name. */
export function tableOf<T>({ cloud, account, region }: Home, name: string): Map<string, T> {
  return cloud.store.table<T>(SERVICE, { account, region }, name);
}

/** Every stack by its id, the deleted ones too. */
export function stacksOf(home: Home): Map<string, StackRecord> {
  return tableOf(home, 'stacks');
}

/** For how long CloudFormation describes a deleted stack, in milliseconds. */
const deletedShown = 90 * 24 * 3_600_000;

/** A stack by its id, for 90 days after its deletion as well, or by its name as long as it exists. */
export function findStack(home: Home, nameOrId: string | undefined): StackRecord | undefined {
  const stacks = stacksOf(home);
  const byId = stacks.get(nameOrId ?? '');
  if (byId) return isForgotten(home, byId) ? undefined : byId;
  return [...stacks.values()].find(({ name, status }) => name === nameOrId && status !== 'DELETE_COMPLETE');
}

/** It was deleted so long ago that CloudFormation no longer shows it. */
export function isForgotten({ cloud }: Home, { status, deleted = 0 }: StackRecord): boolean {
  return status === 'DELETE_COMPLETE' && cloud.clock.now() > deleted + deletedShown;
}

/** What the stack has, and what an update has removed from the template and not yet deleted. */
export function shownResources({ resources, cleanup }: StackRecord): Record<string, ResourceRecord> {
  const removed = cleanup.filter(({ logicalId }) => !resources[logicalId]);
  return { ...resources, ...Object.fromEntries(removed.map((resource) => [resource.logicalId, resource])) };
}

/** Throws `ValidationError`, in one of CloudFormation's two wordings, when there is none. */
export function getStack(home: Home, nameOrId: string | undefined, wording: 'with id' | 'brackets' = 'with id') {
  const stack = findStack(home, nameOrId);
  if (stack) return stack;
  const named = wording === 'with id' ? `Stack with id ${nameOrId}` : `Stack [${nameOrId}]`;
  throw new AwsError('ValidationError', `${named} does not exist`);
}

/** An operation is under way. */
export function isInProgress(status: string): boolean {
  return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';
}

/** The partition that a Region belongs to. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
