import {
  CloudFormationClient,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStacksCommand,
  paginateDescribeStackEvents,
  paginateListStackResources,
  type Stack,
  type StackEvent,
  type StackResourceDetail,
  type StackResourceSummary,
  StackStatus,
} from '@aws-sdk/client-cloudformation';
import { CORE_SCHEMA, defineMappingTag, defineScalarTag, defineSequenceTag, load } from 'js-yaml';
import type { Holder } from '../resource.ts';

let client: CloudFormationClient | undefined;

/** A stack by its ARN, undefined where there is none. Throws the service's other errors. */
export function findStack(StackName: string): Promise<Stack | undefined> {
  return ifExisting(async () => (await cloudformation().send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]);
}

const byPrefix = { matchByTagPrefix: true, identify: () => false };

/** With tags such as !Ref, which do not matter for the names. */
const schema = CORE_SCHEMA.withTags(
  defineScalarTag('!', { ...byPrefix, resolve: (source) => source }),
  defineSequenceTag('!', { ...byPrefix, create: (): unknown[] => [], addItem: (items, item) => void items.push(item) }),
  defineMappingTag('!', {
    ...byPrefix,
    create: () => new Map<unknown, unknown>(),
    addPair(map, key, value) {
      map.set(key, value);
      return '';
    },
    has: (map, key) => map.has(key),
    keys: (map) => map.keys(),
    get: (map, key) => map.get(key),
  }),
);

/** A resource of a stack, for 90 days after the stack's deletion as well; undefined where there is none. */
export function findStackResource(
  StackName: string,
  LogicalResourceId: string,
): Promise<StackResourceDetail | undefined> {
  const command = new DescribeStackResourceCommand({ StackName, LogicalResourceId });
  return ifExisting(async () => (await cloudformation().send(command)).StackResourceDetail);
}

/** A resource as a template has it: its policies, where they are texts. */
export interface TemplateResource {
  readonly deletionPolicy?: string;
  readonly updateReplacePolicy?: string;
}

/**
 * The resources of a stack's template by their logical ids, transforms applied. During an update it is the new template
 * (GetTemplate's reference does not say; the console shows it so). Resources whose condition is false are among them.
 *
 * @throws Error where the answer is not a template with resources
 */
export async function findTemplateResources(StackName: string): Promise<Map<string, TemplateResource>> {
  const command = new GetTemplateCommand({ StackName, TemplateStage: 'Processed' });
  const { TemplateBody = '' } = await cloudformation().send(command);
  const template = load(TemplateBody, { schema }) as { Resources?: object | null } | null;
  // Of no names at all, every logical id would count as renamed.
  if (!template?.Resources) throw new Error(`Reading the template of stack ${StackName}: it has no resources`);
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const resources = Object.entries(template.Resources).map(([logicalId, resource]) => {
    const { DeletionPolicy, UpdateReplacePolicy } = Object(resource);
    return [
      logicalId,
      { deletionPolicy: text(DeletionPolicy), updateReplacePolicy: text(UpdateReplacePolicy) },
    ] as const;
  });
  return new Map(resources);
}

/** The logical ids of a stack's resources by its template. */
export async function findLogicalIds(StackName: string): Promise<string[]> {
  return [...(await findTemplateResources(StackName)).keys()];
}

/**
 * All resources of a stack, also those that an update has removed from the template and not yet deleted. None where
 * there is no such stack.
 */
export async function listStackResources(StackName: string): Promise<StackResourceSummary[]> {
  const pages = paginateListStackResources({ client: cloudformation() }, { StackName });
  const all = Array.fromAsync(pages, ({ StackResourceSummaries = [] }) => StackResourceSummaries);
  return ((await ifExisting(() => all)) ?? []).flat();
}

const liveStatuses = Object.values(StackStatus).filter((status) => status !== 'DELETE_COMPLETE');

/** One page of the ARNs of the account's stacks in the Region, without deleted ones, and the token of the next page. */
export async function listStacks(NextToken?: string): Promise<{ stackIds: string[]; nextToken?: string }> {
  const command = new ListStacksCommand({ StackStatusFilter: liveStatuses, NextToken });
  const { StackSummaries = [], NextToken: nextToken } = await cloudformation().send(command);
  return { stackIds: StackSummaries.map(({ StackId = '' }) => StackId), nextToken };
}

/** Whether a resource of a stack has had such a status since then. `since` is in milliseconds since the epoch. */
export async function findEvent(
  StackName: string,
  LogicalResourceId: string,
  since: number,
  isSuch: (status: string | undefined) => boolean,
): Promise<boolean> {
  const isLater = ({ Timestamp }: StackEvent) => Timestamp !== undefined && Timestamp.getTime() >= since;
  const event = await findNewestEvent(
    StackName,
    (each) => !isLater(each) || (each.LogicalResourceId === LogicalResourceId && isSuch(each.ResourceStatus)),
  );
  return event !== undefined && isLater(event);
}

/** The newest event of a stack that matches; undefined where none does. CloudFormation keeps events for 90 days. */
export async function findNewestEvent(
  StackName: string,
  matches: (event: StackEvent) => boolean,
): Promise<StackEvent | undefined> {
  // The newest come first.
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client: cloudformation() }, { StackName })) {
    const event = StackEvents.find(matches);
    if (event) return event;
  }
  return undefined;
}

/**
 * Whether a logical id has retained the resource with that physical id by a DeletionPolicy, and has not deleted it since.
 * A rollback that deletes what the logical id had retained before deletes nothing.
 */
export async function hasRetained({ stackId, logicalResourceId }: Holder, physicalId: string): Promise<boolean> {
  let isDeleted = false;
  // From the newest on: the event of the stack that is older than a deletion says whether it was rolling back.
  const event = await findNewestEvent(stackId, ({ LogicalResourceId, PhysicalResourceId, ResourceStatus = '' }) => {
    if (isDeleted && PhysicalResourceId === stackId) {
      if (!ResourceStatus.includes('ROLLBACK')) return true;
      isDeleted = false;
    }
    if (LogicalResourceId !== logicalResourceId || PhysicalResourceId !== physicalId) return false;
    isDeleted ||= ResourceStatus === 'DELETE_COMPLETE';
    return ResourceStatus === 'DELETE_SKIPPED';
  });
  return event?.ResourceStatus === 'DELETE_SKIPPED';
}

/** Whether a stack, by its ARN, has ever come to the end of its creation, or of an update or import. */
export async function hasBeenComplete(StackName: string): Promise<boolean> {
  const event = await findNewestEvent(
    StackName,
    ({ PhysicalResourceId, ResourceStatus = '' }) =>
      PhysicalResourceId === StackName && /^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(ResourceStatus),
  );
  return event !== undefined;
}

/** Its calls may fail without harm, so it retries less than the clients of resources. */
function cloudformation(): CloudFormationClient {
  client ??= new CloudFormationClient({
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  return client;
}

async function ifExisting<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    // CloudFormation has no error code of its own for a stack that does not exist.
    if (error instanceof Error && error.name === 'ValidationError' && /does(n't| not) exist/.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}
