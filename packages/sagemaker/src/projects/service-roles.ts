import {
  type AttachedPolicy,
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  type Role,
} from '@aws-sdk/client-iam';
import type { Context } from '@studio-resources/core';
import { calls } from '../client/clients.ts';
import { deleteUnless, unless } from '../client/failures.ts';
import { sideBySide } from '../client/map-concurrent.ts';
import { ownershipTags } from '../ownership.ts';
import { isMadeBy } from './association-records.ts';
import { type ServiceRole, serviceRolePath, serviceRoles, trustPolicy } from './service-role-definitions.ts';

/** How one of the roles stands. */
export interface FoundServiceRole {
  role: ServiceRole;
  /** Undefined where there is none. */
  arn?: string;
  /** It is there, and may do what it has to. That of a role which somebody else made is not our business. */
  isComplete: boolean;
}

/** What IAM says of a role or a policy that is not there. */
const gone = ['NoSuchEntityException'];

let client: IAMClient | undefined;

function iam(): IAMClient {
  client ??= new IAMClient(calls);
  return client;
}

/** How the roles stand, for the resource of that id. */
export function findServiceRoles(id: string): Promise<FoundServiceRole[]> {
  return sideBySide(serviceRoles, async (role) => {
    const found = await findRole(role.name);
    if (!found) return { role, isComplete: false };
    return { role, arn: found.Arn, isComplete: !isMadeBy(id, found.Tags) || (await hasPolicy(role)) };
  });
}

/** Makes what is missing of a role; one that exists is taken as it is. */
export async function makeServiceRole({ role, arn }: FoundServiceRole, ctx: Context): Promise<void> {
  const { name: RoleName, managedPolicy, policy } = role;
  if (!arn) {
    const command = new CreateRoleCommand({
      RoleName,
      Path: serviceRolePath,
      Description: 'For the templates of SageMaker Projects, made by Custom::StudioProjects',
      AssumeRolePolicyDocument: trustPolicy(role),
      Tags: ownershipTags(ctx),
    });
    const made = await unless(['EntityAlreadyExistsException'], iam().send(command));
    // Somebody was quicker. Whose it is, and whether it has its policy, the next look tells.
    if (!made) return;
    ctx.log.info('Made a service role that was missing', { role: RoleName });
  }
  if (managedPolicy) {
    const PolicyArn = `arn:${ctx.partition}:iam::aws:policy/${managedPolicy}`;
    await iam().send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  }
  if (policy) {
    const PolicyDocument = JSON.stringify(policy(ctx.partition));
    await iam().send(new PutRolePolicyCommand({ RoleName, PolicyName: RoleName, PolicyDocument }));
  }
}

/** Deletes those of the roles that the resource of that id made, with whatever policies they have by now. */
export async function deleteServiceRoles(id: string): Promise<void> {
  await sideBySide(await listServiceRoles(id), deleteRole);
}

/** The names of those of the roles that the resource of that id made. */
export async function listServiceRoles(id: string): Promise<string[]> {
  const found = await sideBySide(serviceRoles, async ({ name }) => {
    const role = await findRole(name);
    return role && isMadeBy(id, role.Tags) ? [name] : [];
  });
  return found.flat();
}

async function deleteRole(RoleName: string): Promise<void> {
  const isGone = async () => !(await findRole(RoleName));
  for (const { PolicyArn } of await attachedPolicies(RoleName)) {
    await deleteUnless(gone, iam().send(new DetachRolePolicyCommand({ RoleName, PolicyArn })), isGone);
  }
  for (const PolicyName of await inlinePolicies(RoleName)) {
    await deleteUnless(gone, iam().send(new DeleteRolePolicyCommand({ RoleName, PolicyName })), isGone);
  }
  await deleteUnless(gone, iam().send(new DeleteRoleCommand({ RoleName })), isGone);
}

async function findRole(RoleName: string): Promise<Role | undefined> {
  return (await unless(gone, iam().send(new GetRoleCommand({ RoleName }))))?.Role;
}

async function hasPolicy({ name, managedPolicy }: ServiceRole): Promise<boolean> {
  if (!managedPolicy) return (await inlinePolicies(name)).length > 0;
  const attached = await attachedPolicies(name);
  return attached.some(({ PolicyArn }) => PolicyArn?.endsWith(`:policy/${managedPolicy}`));
}

async function attachedPolicies(RoleName: string): Promise<AttachedPolicy[]> {
  const pages = paginateListAttachedRolePolicies({ client: iam() }, { RoleName });
  const all = Array.fromAsync(pages, ({ AttachedPolicies = [] }) => AttachedPolicies);
  return ((await unless(gone, all)) ?? []).flat();
}

async function inlinePolicies(RoleName: string): Promise<string[]> {
  const pages = paginateListRolePolicies({ client: iam() }, { RoleName });
  const all = Array.fromAsync(pages, ({ PolicyNames = [] }) => PolicyNames);
  return ((await unless(gone, all)) ?? []).flat();
}
