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
 * before it is made: a parameter for the resource, and below it one for each role. Only the opening of a register makes
 * the first; whatever comes late, when it is gone, cannot bring it back.
 */
const root = '/studio-resources/projects';

type Owner = Pick<Context, 'stackId' | 'logicalResourceId'>;

/** Bears this tag once the deletion of its resource has begun. */
const closing = 'studio-resources:closing';

/** What one resource has written down. */
export interface Register {
  /** Without, it is closed, and has only what somebody who was late has written down. */
  isOpen: boolean;
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

/** The registers of every resource in the account and Region, by its id. */
export async function listRegisters(): Promise<Map<string, Register>> {
  const found = new Map<string, { isOpen: boolean; roles: Map<string, number> }>();
  const pages = paginateGetParametersByPath({ client: ssm(), pageSize: 10 }, { Path: root, Recursive: true });
  for await (const { Parameters = [] } of pages) {
    for (const parameter of Parameters) {
      const [id = '', role] = parameter.Name!.slice(root.length + 1).split('/');
      const one = found.get(id) ?? { isOpen: false, roles: new Map<string, number>() };
      if (role === undefined) one.isOpen = true;
      else one.roles.set(parameter.Value!, millisecondsOf(parameter));
      found.set(id, one);
    }
  }
  return found;
}

/** Opens a resource's register, before it does anything else. */
export async function openRegister(owner: Owner): Promise<string> {
  const id = projectsId(owner);
  await put(`${root}/${id}`, 'open', owner);
  return id;
}

/** Notes that the resource is being deleted; in a register that is gone, there is nothing to note. */
export async function noteClosing(id: string): Promise<void> {
  const Tags = [{ Key: closing, Value: 'true' }];
  const command = new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: `${root}/${id}`, Tags });
  await ignoreErrors(['InvalidResourceId'], ssm().send(command));
}

/** What the tags of an open register tell. */
export interface RegisterTags {
  /** The resource of its id opened it. */
  isOwn: boolean;
  /** The deletion of that resource has begun. */
  isClosing: boolean;
}

/** Reads the tags of a register; undefined once it is gone. */
export async function tagsOfRegister(id: string): Promise<RegisterTags | undefined> {
  const command = new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: `${root}/${id}` });
  const found = await ignoreErrors(['InvalidResourceId'], ssm().send(command));
  if (!found) return undefined;
  const { TagList = [] } = found;
  return { isOwn: isMadeBy(id, TagList), isClosing: TagList.some(({ Key }) => Key === closing) };
}

/** The registers of other resources that these are, without those that are closed or closing. */
export async function othersOpen(
  id: string,
  registers: ReadonlyMap<string, Register>,
  isMeant: (register: Register) => boolean = () => true,
): Promise<Map<string, Register>> {
  const others = [...registers].filter(([other, register]) => other !== id && register.isOpen && isMeant(register));
  const open = await mapConcurrent(others, async (other) => {
    const tags = await tagsOfRegister(other[0]);
    return tags && !tags.isClosing ? [other] : [];
  });
  return new Map(open.flat());
}

/** Do these tags say that the resource of that id made what bears them? */
export function isMadeBy(id: string, tags: readonly Tag[] | undefined): boolean {
  const owner = ownerFromTags(tags);
  return owner !== undefined && projectsId(owner) === id;
}

/** Writes down that a role is about to be associated. */
export async function claimRole(id: string, roleArn: string, owner: Owner): Promise<void> {
  await ignoreErrors(['ParameterAlreadyExists'], put(nameOf(id, roleArn), roleArn, owner));
}

export async function forgetRole(id: string, roleArn: string): Promise<void> {
  await ignoreErrors(['ParameterNotFound'], ssm().send(new DeleteParameterCommand({ Name: nameOf(id, roleArn) })));
}

/** Deletes a register in which no role is left. */
export async function closeRegister(id: string): Promise<void> {
  await ignoreErrors(['ParameterNotFound'], ssm().send(new DeleteParameterCommand({ Name: `${root}/${id}` })));
}

async function put(Name: string, Value: string, owner: Owner): Promise<void> {
  const Description = 'Of Custom::StudioProjects: what it has associated with the portfolio of SageMaker';
  await ssm().send(new PutParameterCommand({ Name, Value, Description, Type: 'String', Tags: ownershipTags(owner) }));
}

/** ARNs have characters that names of parameters may not have. */
function nameOf(id: string, roleArn: string): string {
  return `${root}/${id}/${digest(roleArn)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function millisecondsOf({ LastModifiedDate }: Parameter): number {
  return LastModifiedDate?.getTime() ?? 0;
}
