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
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import type { Context, Holder } from '@studio-resources/core';
import { clientConfig, ignoreDeleteErrors, ignoreErrors, mapConcurrent } from '../client/client.ts';
import { ownershipTags } from '../ownership.ts';
import { isOwnedById } from './association-records.ts';
import { productsUsePolicy } from './products-use-policy.ts';

/** The observed state of a service role. */
export interface FoundServiceRole {
  role: ServiceRole;
  /** Undefined when the role does not exist. */
  arn?: string;
  /** The role exists and has its policy. A role that this resource did not create is taken as it is. */
  isComplete: boolean;
}

/** IAM's error codes for a missing role or policy. */
const notFoundCodes = ['NoSuchEntityException'];

let client: IAMClient | undefined;

function iam(): IAMClient {
  client ??= new IAMClient(clientConfig);
  return client;
}

/** The state of all service roles, for the resource with that id. */
export function findServiceRoles(id: string): Promise<FoundServiceRole[]> {
  return mapConcurrent(serviceRoles, async (role) => {
    const found = await findRole(role.name);
    if (!found) return { role, isComplete: false };
    return { role, arn: found.Arn, isComplete: !isOwnedById(id, found.Tags) || (await hasPolicy(role)) };
  });
}

/** Creates what is missing of a role. An existing role is taken as it is. */
export async function createServiceRole({ role, arn }: FoundServiceRole, ctx: Context): Promise<void> {
  const { name: RoleName, managedPolicy, policy } = role;
  if (!arn) {
    const command = new CreateRoleCommand({
      RoleName,
      Path: serviceRolePath,
      Description: 'For the templates of SageMaker Projects, made by Custom::StudioProjects',
      AssumeRolePolicyDocument: trustPolicy(role),
      Tags: ownershipTags(ctx),
    });
    const made = await ignoreErrors(['EntityAlreadyExistsException'], iam().send(command));
    // Another request has created it. The next reconcile reads its tags and policies.
    if (!made) return;
    ctx.log.info('Created a missing service role', { role: RoleName });
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

/** Deletes the roles that the resource with that id created, with all their policies. */
export async function deleteServiceRoles(id: string): Promise<void> {
  await mapConcurrent(await listServiceRoles(id), deleteRole);
}

/** Makes another stack and logical id the owner of the roles that the resource with that id owns. */
export async function transferServiceRoles(id: string, to: Holder): Promise<string[]> {
  const names = await listServiceRoles(id);
  await mapConcurrent(names, (RoleName) =>
    ignoreErrors(notFoundCodes, iam().send(new TagRoleCommand({ RoleName, Tags: ownershipTags(to) }))),
  );
  return names;
}

/** The names of the roles that the resource with that id created. */
export async function listServiceRoles(id: string): Promise<string[]> {
  const found = await mapConcurrent(serviceRoles, async ({ name }) => {
    const role = await findRole(name);
    return role && isOwnedById(id, role.Tags) ? [name] : [];
  });
  return found.flat();
}

async function deleteRole(RoleName: string): Promise<void> {
  const isGone = async () => !(await findRole(RoleName));
  for (const { PolicyArn } of await listAttachedPolicies(RoleName)) {
    await ignoreDeleteErrors(notFoundCodes, iam().send(new DetachRolePolicyCommand({ RoleName, PolicyArn })), isGone);
  }
  for (const PolicyName of await listInlinePolicies(RoleName)) {
    await ignoreDeleteErrors(notFoundCodes, iam().send(new DeleteRolePolicyCommand({ RoleName, PolicyName })), isGone);
  }
  await ignoreDeleteErrors(notFoundCodes, iam().send(new DeleteRoleCommand({ RoleName })), isGone);
}

async function findRole(RoleName: string): Promise<Role | undefined> {
  return (await ignoreErrors(notFoundCodes, iam().send(new GetRoleCommand({ RoleName }))))?.Role;
}

async function hasPolicy({ name, managedPolicy }: ServiceRole): Promise<boolean> {
  if (!managedPolicy) return (await listInlinePolicies(name)).length > 0;
  const attached = await listAttachedPolicies(name);
  return attached.some(({ PolicyArn }) => PolicyArn?.endsWith(`:policy/${managedPolicy}`));
}

async function listAttachedPolicies(RoleName: string): Promise<AttachedPolicy[]> {
  const pages = paginateListAttachedRolePolicies({ client: iam() }, { RoleName });
  const all = Array.fromAsync(pages, ({ AttachedPolicies = [] }) => AttachedPolicies);
  return ((await ignoreErrors(notFoundCodes, all)) ?? []).flat();
}

async function listInlinePolicies(RoleName: string): Promise<string[]> {
  const pages = paginateListRolePolicies({ client: iam() }, { RoleName });
  const all = Array.fromAsync(pages, ({ PolicyNames = [] }) => PolicyNames);
  return ((await ignoreErrors(notFoundCodes, all)) ?? []).flat();
}

/** A role that SageMaker's project templates use. All Regions of an account share it. */
export interface ServiceRole {
  name: string;
  /** The services that assume it. */
  services: readonly string[];
  /** The path and name of the AWS managed policy with its permissions. */
  managedPolicy?: string;
  /** The inline policy, where there is no AWS managed policy. */
  policy?: (partition: string) => object;
}

export const serviceRolePath = '/service-role/';

const prefix = 'AmazonSageMakerServiceCatalogProducts';

/** The role of one service, and the AWS managed policy for it. */
function ofService(part: string, path = 'service-role/'): ServiceRole {
  return {
    name: `${prefix}${part}Role`,
    services: [part.toLowerCase()],
    managedPolicy: `${path}${prefix}${part}ServiceRolePolicy`,
  };
}

/** All roles that SageMaker requires, as its console creates them. */
export const serviceRoles: readonly ServiceRole[] = [
  {
    name: `${prefix}LaunchRole`,
    services: ['servicecatalog'],
    managedPolicy: 'AmazonSageMakerAdmin-ServiceCatalogProductsServiceRolePolicy',
  },
  {
    name: `${prefix}UseRole`,
    services: [
      ...['apigateway', 'cloudformation', 'codebuild', 'codepipeline', 'events', 'firehose', 'glue', 'lambda'],
      ...['sagemaker', 'states'],
    ],
    policy: productsUsePolicy,
  },
  { name: `${prefix}ExecutionRole`, services: ['sagemaker'], managedPolicy: 'AmazonSageMakerFullAccess' },
  ofService('ApiGateway'),
  ofService('Cloudformation'),
  ofService('CodeBuild', ''),
  ofService('CodePipeline'),
  ofService('Events'),
  ofService('Firehose'),
  ofService('Glue'),
  ofService('Lambda'),
];

/** The ARN pattern of all of them. */
export const serviceRolesPattern = `arn:*:iam::*:role${serviceRolePath}${prefix}*`;

/**
 * The same with any path: IAM looks up a missing role without its path, and some accounts have roles without a path.
 */
export const serviceRolesAnywhere = `arn:*:iam::*:role/*${prefix}*`;

/** The ARN patterns of their AWS managed policies. */
export const serviceRolePolicies: readonly string[] = serviceRoles.flatMap(({ managedPolicy }) =>
  managedPolicy ? [`arn:*:iam::aws:policy/${managedPolicy}`] : [],
);

/** The ARN patterns of the roles with an inline policy. */
export const ownPolicyRoles: readonly string[] = serviceRoles.flatMap(({ name, policy }) =>
  policy ? [`arn:*:iam::*:role${serviceRolePath}${name}`] : [],
);

/** Lets the services assume the role. */
export function trustPolicy({ services }: ServiceRole): string {
  const Service = services.map((service) => `${service}.amazonaws.com`);
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  });
}
