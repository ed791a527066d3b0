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
import type { Context } from '@studio-resources/core';
import { clientConfig, ignoreErrors, mapConcurrent } from '../client/client.ts';
import { ownerFromTags, ownershipTags } from '../tags.ts';

/**
 * Who has associated what. Service Catalog's associations bear no tags, so each is written down in Parameter Store
 * before it is made: a parameter for the resource, and below it one for each role. Only the opening of a record makes
 * the first; whatever comes late, when it is gone, cannot bring it back.
 */
const root = '/studio-resources/projects';

type Owner = Pick<Context, 'stackId' | 'logicalResourceId'>;

/** Bears this tag once the deletion of its resource has begun. */
const deletingTag = 'studio-resources:closing';

/** What one resource has written down. */
export interface AssociationRecord {
  /** Without, it is closed, and has only what somebody who was late has written down. */
  isActive: boolean;
  /** The ARNs of the roles that it has associated, and when it set about it. */
  roles: ReadonlyMap<string, number>;
}

let client: SSMClient | undefined;

function ssm(): SSMClient {
  client ??= new SSMClient(clientConfig);
  return client;
}

/** The id of the resource of that stack and logical id: nobody else makes one of that name. */
export function projectsId({ stackId, logicalResourceId }: Owner): string {
  return `studio-projects-${digest(`${stackId} ${logicalResourceId}`)}`;
}

export function isProjectsId(id: string): boolean {
  return /^studio-projects-[0-9a-f]{16}$/.test(id);
}

/** The records of every resource in the account and Region, by its id. */
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

/** Opens a resource's record, before it does anything else. */
export async function createRecord(owner: Owner): Promise<string> {
  const id = projectsId(owner);
  await put(`${root}/${id}`, 'open', owner);
  return id;
}

/** Notes that the resource is being deleted; in a record that is gone, there is nothing to note. */
export async function markDeleting(id: string): Promise<void> {
  const Tags = [{ Key: deletingTag, Value: 'true' }];
  const command = new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: `${root}/${id}`, Tags });
  await ignoreErrors(['InvalidResourceId'], ssm().send(command));
}

/** What the tags of an open record tell. */
export interface RecordStatus {
  /** The resource of its id opened it. */
  isOwned: boolean;
  /** The deletion of that resource has begun. */
  isDeleting: boolean;
}

/** Reads the tags of a record; undefined once it is gone. */
export async function recordStatus(id: string): Promise<RecordStatus | undefined> {
  const command = new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: `${root}/${id}` });
  const found = await ignoreErrors(['InvalidResourceId'], ssm().send(command));
  if (!found) return undefined;
  const { TagList = [] } = found;
  return { isOwned: isOwnedById(id, TagList), isDeleting: TagList.some(({ Key }) => Key === deletingTag) };
}

/** The records of other resources that these are, without those that are closed or closing. */
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

/** Do these tags say that the resource of that id made what bears them? */
export function isOwnedById(id: string, tags: readonly Tag[] | undefined): boolean {
  const owner = ownerFromTags(tags);
  return owner !== undefined && projectsId(owner) === id;
}

/** Writes down that a role is about to be associated. */
export async function claimRole(id: string, roleArn: string, owner: Owner): Promise<void> {
  await ignoreErrors(['ParameterAlreadyExists'], put(parameterName(id, roleArn), roleArn, owner));
}

export async function releaseClaim(id: string, roleArn: string): Promise<void> {
  await ignoreErrors(
    ['ParameterNotFound'],
    ssm().send(new DeleteParameterCommand({ Name: parameterName(id, roleArn) })),
  );
}

/** Deletes a record in which no role is left. */
export async function deleteRecord(id: string): Promise<void> {
  await ignoreErrors(['ParameterNotFound'], ssm().send(new DeleteParameterCommand({ Name: `${root}/${id}` })));
}

async function put(Name: string, Value: string, owner: Owner): Promise<void> {
  const Description = 'Of Custom::StudioProjects: what it has associated with the portfolio of SageMaker';
  await ssm().send(new PutParameterCommand({ Name, Value, Description, Type: 'String', Tags: ownershipTags(owner) }));
}

/** ARNs have characters that names of parameters may not have. */
function parameterName(id: string, roleArn: string): string {
  return `${root}/${id}/${digest(roleArn)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function lastModifiedTime({ LastModifiedDate }: Parameter): number {
  return LastModifiedDate?.getTime() ?? 0;
}
