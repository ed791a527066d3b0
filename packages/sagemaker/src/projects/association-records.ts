import { createHash } from 'node:crypto';
import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  ListTagsForResourceCommand,
  type Parameter,
  PutParameterCommand,
  paginateGetParametersByPath,
  SSMClient,
  type Tag,
} from '@aws-sdk/client-ssm';
import type { Context, Holder } from '@studio-resources/core';
import { clientConfig, ignoreErrors, mapConcurrent } from '../client/client.ts';
import { holderHash, holderIn, ownershipTags } from '../ownership.ts';

/**
 * Records which resource has associated which role. Service Catalog's associations have no tags, so Parameter Store
 * gets a record before each association: one parameter for the resource, and below it one for each role. Only
 * `createRecord` creates the first; a late write cannot bring back a deleted record.
 */
const root = '/studio-resources/projects';

type Owner = Pick<Context, 'stackId' | 'logicalResourceId'>;

/** A record has this tag when the deletion of its resource has started. */
const deletingTag = 'studio-resources:closing';

/** The record of one resource. */
export interface AssociationRecord {
  /** False when only role parameters are left, from a request that wrote after the record's deletion. */
  isActive: boolean;
  /** The ARNs of the roles that it has associated, and the time of the attempt. */
  roles: ReadonlyMap<string, number>;
}

let client: SSMClient | undefined;

function ssm(): SSMClient {
  client ??= new SSMClient(clientConfig);
  return client;
}

/** The id of the resource with that stack and logical id. No other resource has the same. */
export function projectsId(owner: Owner): string {
  return `studio-projects-${holderHash(owner, 16)}`;
}

export function isProjectsId(id: string): boolean {
  return /^studio-projects-[0-9a-f]{16}$/.test(id);
}

/** The records of all resources in the account and Region, by resource id. */
export async function listRecords(): Promise<Map<string, AssociationRecord>> {
  const found = new Map<string, { isActive: boolean; roles: Map<string, number> }>();
  const pages = paginateGetParametersByPath({ client: ssm(), pageSize: 10 }, { Path: root, Recursive: true });
  for await (const { Parameters = [] } of pages) {
    for (const parameter of Parameters) {
      const [id = '', role] = parameter.Name!.slice(root.length + 1).split('/');
      const one = found.get(id) ?? { isActive: false, roles: new Map<string, number>() };
      if (role === undefined) one.isActive = true;
      else one.roles.set(parameter.Value!, lastModifiedTime(parameter));
      found.set(id, one);
    }
  }
  return found;
}

/** Creates a resource's record, before anything else. */
export async function createRecord(owner: Owner): Promise<string> {
  const id = projectsId(owner);
  await put(`${root}/${id}`, 'open', owner);
  return id;
}

/** Marks the resource as being deleted. A record that is gone needs no mark. */
export async function markDeleting(id: string): Promise<void> {
  const Tags = [{ Key: deletingTag, Value: 'true' }];
  const command = new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: `${root}/${id}`, Tags });
  await ignoreErrors(['InvalidResourceId'], ssm().send(command));
}

/** What the tags of a record say. */
export interface RecordStatus {
  /** The stack and logical id that its tags name. */
  holder?: Holder;
  /** The resource with that id created it. */
  isOwned: boolean;
  /** The deletion of that resource has started. */
  isDeleting: boolean;
}

/** Reads the tags of a record; undefined when it is gone. */
export async function recordStatus(id: string): Promise<RecordStatus | undefined> {
  const command = new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: `${root}/${id}` });
  const found = await ignoreErrors(['InvalidResourceId'], ssm().send(command));
  if (!found) return undefined;
  const { TagList = [] } = found;
  return {
    holder: holderOf(TagList),
    isOwned: isOwnedById(id, TagList),
    isDeleting: TagList.some(({ Key }) => Key === deletingTag),
  };
}

/** The records of other resources that match, without those that are gone or being deleted. */
export async function otherActiveRecords(
  id: string,
  records: ReadonlyMap<string, AssociationRecord>,
  matches: (record: AssociationRecord) => boolean = () => true,
): Promise<Map<string, AssociationRecord>> {
  const others = [...records].filter(([other, record]) => other !== id && record.isActive && matches(record));
  const open = await mapConcurrent(others, async (other) => {
    const tags = await recordStatus(other[0]);
    return tags && !tags.isDeleting ? [other] : [];
  });
  return new Map(open.flat());
}

/** Whether the resource with that id created what has these tags. */
export function isOwnedById(id: string, tags: readonly Tag[] | undefined): boolean {
  const owner = holderOf(tags);
  return owner !== undefined && projectsId(owner) === id;
}

function holderOf(tags: readonly Tag[] | undefined): Holder | undefined {
  return holderIn(new Map(tags?.map(({ Key, Value }) => [Key!, Value!])));
}

/** Records a role before its association. */
export async function claimRole(id: string, roleArn: string, owner: Owner): Promise<void> {
  await ignoreErrors(['ParameterAlreadyExists'], put(parameterName(id, roleArn), roleArn, owner));
}

export async function releaseClaim(id: string, roleArn: string): Promise<void> {
  await ignoreErrors(
    ['ParameterNotFound'],
    ssm().send(new DeleteParameterCommand({ Name: parameterName(id, roleArn) })),
  );
}

/** Deletes a record that has no roles left. */
export async function deleteRecord(id: string): Promise<void> {
  await ignoreErrors(['ParameterNotFound'], ssm().send(new DeleteParameterCommand({ Name: `${root}/${id}` })));
}

async function put(Name: string, Value: string, owner: Owner): Promise<void> {
  const Description = 'Of Custom::StudioProjects: what it has associated with the portfolio of SageMaker';
  await ssm().send(new PutParameterCommand({ Name, Value, Description, Type: 'String', Tags: ownershipTags(owner) }));
}

/** ARNs contain characters that parameter names may not have. */
function parameterName(id: string, roleArn: string): string {
  return `${root}/${id}/${createHash('sha256').update(roleArn).digest('hex').slice(0, 16)}`;
}

function lastModifiedTime({ LastModifiedDate }: Parameter): number {
  return LastModifiedDate?.getTime() ?? 0;
}
