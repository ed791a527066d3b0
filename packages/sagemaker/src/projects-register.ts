import { createHash } from 'node:crypto';
import {
  DeleteParameterCommand,
  ListTagsForResourceCommand,
  type Parameter,
  PutParameterCommand,
  paginateGetParametersByPath,
  SSMClient,
  type Tag,
} from '@aws-sdk/client-ssm';
import type { Context } from '@studio-resources/core';
import { calls } from './clients.ts';
import { unless } from './failures.ts';
import { ownerIn, ownershipTags } from './ownership.ts';

/**
 * Who has associated what. Service Catalog's associations bear no tags, so each is written down in Parameter Store
 * before it is made: a parameter for the resource, and below it one for each role.
 */
const root = '/studio-resources/projects';

type Owner = Pick<Context, 'stackId' | 'logicalResourceId'>;

/** What one resource has written down. */
export interface Register {
  /** Its deletion has begun. */
  isClosing: boolean;
  /** When its portfolio was last enabled, or else it was made, in milliseconds since the epoch. */
  since: number;
  /** The ARNs of the roles that it has associated, and when it set about it. */
  roles: ReadonlyMap<string, number>;
}

let client: SSMClient | undefined;

function ssm(): SSMClient {
  client ??= new SSMClient(calls);
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
  const found = new Map<string, { head?: Parameter; roles: Map<string, number> }>();
  const pages = paginateGetParametersByPath({ client: ssm(), pageSize: 10 }, { Path: root, Recursive: true });
  for await (const { Parameters = [] } of pages) {
    for (const parameter of Parameters) {
      const [id = '', role] = parameter.Name!.slice(root.length + 1).split('/');
      const one = found.get(id) ?? { roles: new Map<string, number>() };
      if (role === undefined) found.set(id, { ...one, head: parameter });
      else found.set(id, { ...one, roles: one.roles.set(parameter.Value!, millisecondsOf(parameter)) });
    }
  }
  return new Map(
    [...found].flatMap(([id, { head, roles }]) =>
      head ? [[id, { isClosing: head.Value === 'closing', since: millisecondsOf(head), roles }]] : [],
    ),
  );
}

/** Opens a resource's register, before it does anything else. */
export async function openRegister(owner: Owner): Promise<string> {
  const id = projectsId(owner);
  await put(`${root}/${id}`, 'open', owner);
  return id;
}

/** Notes that the portfolio is being enabled now, or that the resource is being deleted. */
export async function noteInRegister(id: string, what: 'open' | 'closing'): Promise<void> {
  const Name = `${root}/${id}`;
  await ssm().send(new PutParameterCommand({ Name, Value: what, Type: 'String', Overwrite: true }));
}

/** Did the resource of that id open the register, as its tags tell? */
export async function isOwnRegister(id: string): Promise<boolean> {
  const command = new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: `${root}/${id}` });
  // What has just gone has no tags.
  const tags = await unless(['InvalidResourceId'], ssm().send(command));
  return isMadeBy(id, tags?.TagList);
}

/** Do these tags say that the resource of that id made what bears them? */
export function isMadeBy(id: string, tags: readonly Tag[] | undefined): boolean {
  const owner = ownerIn(tags);
  return owner !== undefined && projectsId(owner) === id;
}

/** Writes down that a role is about to be associated. */
export async function claimRole(id: string, roleArn: string, owner: Owner): Promise<void> {
  await unless(['ParameterAlreadyExists'], put(nameOf(id, roleArn), roleArn, owner));
}

export async function forgetRole(id: string, roleArn: string): Promise<void> {
  await unless(['ParameterNotFound'], ssm().send(new DeleteParameterCommand({ Name: nameOf(id, roleArn) })));
}

/** Deletes a register in which no role is left. */
export async function closeRegister(id: string): Promise<void> {
  await unless(['ParameterNotFound'], ssm().send(new DeleteParameterCommand({ Name: `${root}/${id}` })));
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
