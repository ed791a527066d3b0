import type * as IAM from '@aws-sdk/client-iam';
import { suffix } from '../names.ts';
import { ResourceFailure } from '../resources/resource-type.ts';
import { iamClient } from './iam-role.ts';
import { nativeType } from './native-type.ts';
import { document, list, optional, required, text } from './property.ts';
import { type ServiceClient, undefinedIfNotFound } from './service-client.ts';

/** Whom a policy is for. */
interface PolicyTargets {
  Roles?: string[];
  Users?: string[];
}

const policy = nativeType({
  type: 'AWS::IAM::Policy',
  properties: {
    PolicyName: required(text),
    PolicyDocument: required(document),
    Roles: optional(list(text)),
    Users: optional(list(text)),
  },
  async create({ PolicyName, PolicyDocument, ...holders }, context) {
    if (!holders.Roles?.length && !holders.Users?.length) {
      throw new ResourceFailure('At least one of [Groups,Roles,Users] must be non-empty.');
    }
    const physicalId = `${context.stackName.slice(0, 4)}-${context.logicalId.slice(0, 4)}-${suffix(context.cloud.store)}`;
    context.initiated(physicalId);
    await put(iamClient(context), PolicyName, PolicyDocument, holders);
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update({ physicalId, values, old }, context) {
    const iam = iamClient(context);
    await put(iam, values.PolicyName, values.PolicyDocument, values);
    const isRenamed = values.PolicyName !== old.PolicyName;
    const dropped = (now: string[] = [], before: string[] = []) =>
      before.filter((one) => isRenamed || !now.includes(one));
    await drop(iam, old.PolicyName ?? '', {
      Roles: dropped(values.Roles, old.Roles),
      Users: dropped(values.Users, old.Users),
    });
    return { physicalId, attributes: { Id: physicalId } };
  },
  async delete(_, { PolicyName = '', ...holders }, context) {
    await drop(iamClient(context), PolicyName, holders);
  },
});

async function put(
  iam: ServiceClient<typeof IAM>,
  PolicyName: string,
  PolicyDocument: string,
  { Roles = [], Users = [] }: PolicyTargets,
) {
  for (const RoleName of Roles) await iam('PutRolePolicy', { RoleName, PolicyName, PolicyDocument });
  for (const UserName of Users) await iam('PutUserPolicy', { UserName, PolicyName, PolicyDocument });
}

async function drop(iam: ServiceClient<typeof IAM>, PolicyName: string, { Roles = [], Users = [] }: PolicyTargets) {
  for (const RoleName of Roles) await undefinedIfNotFound(iam('DeleteRolePolicy', { RoleName, PolicyName }));
  for (const UserName of Users) await undefinedIfNotFound(iam('DeleteUserPolicy', { UserName, PolicyName }));
}

/** How many versions of a managed policy IAM keeps. */
const MAX_VERSIONS = 5;

const managedPolicy = nativeType({
  type: 'AWS::IAM::ManagedPolicy',
  properties: {
    ManagedPolicyName: optional(text, 'replaces'),
    Description: optional(text, 'replaces'),
    Path: optional(text, 'replaces'),
    PolicyDocument: required(document),
    Roles: optional(list(text)),
    Users: optional(list(text)),
  },
  async create({ ManagedPolicyName, PolicyDocument, Description, Path, ...holders }, context) {
    const iam = iamClient(context);
    const PolicyName = ManagedPolicyName ?? context.inventName(128);
    const { Policy } = await iam('CreatePolicy', { PolicyName, PolicyDocument, Description, Path });
    const physicalId = Policy!.Arn!;
    context.initiated(physicalId);
    await attach(iam, physicalId, holders);
    return { physicalId, attributes: { PolicyArn: physicalId, PolicyId: Policy!.PolicyId } };
  },
  async update({ physicalId: PolicyArn, values, old, changed }, context) {
    const iam = iamClient(context);
    if (changed.has('PolicyDocument')) await putVersion(iam, PolicyArn, values.PolicyDocument);
    const added = (now: string[] = [], before: string[] = []) => now.filter((one) => !before.includes(one));
    await attach(iam, PolicyArn, { Roles: added(values.Roles, old.Roles), Users: added(values.Users, old.Users) });
    await detach(iam, PolicyArn, { Roles: added(old.Roles, values.Roles), Users: added(old.Users, values.Users) });
    const { Policy } = await iam('GetPolicy', { PolicyArn });
    return { physicalId: PolicyArn, attributes: { PolicyArn, PolicyId: Policy?.PolicyId } };
  },
  async delete(PolicyArn, _, context) {
    const iam = iamClient(context);
    const entities = await undefinedIfNotFound(iam('ListEntitiesForPolicy', { PolicyArn }));
    if (!entities) return;
    await detach(iam, PolicyArn, {
      Roles: (entities.PolicyRoles ?? []).map(({ RoleName }) => RoleName!),
      Users: (entities.PolicyUsers ?? []).map(({ UserName }) => UserName!),
    });
    const { Versions = [] } = await iam('ListPolicyVersions', { PolicyArn });
    for (const { VersionId, IsDefaultVersion } of Versions) {
      if (!IsDefaultVersion) await undefinedIfNotFound(iam('DeletePolicyVersion', { PolicyArn, VersionId }));
    }
    await undefinedIfNotFound(iam('DeletePolicy', { PolicyArn }));
  },
});

async function putVersion(iam: ServiceClient<typeof IAM>, PolicyArn: string, PolicyDocument: string): Promise<void> {
  const { Versions = [] } = await iam('ListPolicyVersions', { PolicyArn });
  const oldest = Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).at(-1);
  if (Versions.length >= MAX_VERSIONS && oldest) {
    await iam('DeletePolicyVersion', { PolicyArn, VersionId: oldest.VersionId });
  }
  await iam('CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: true });
}

async function attach(
  iam: ServiceClient<typeof IAM>,
  PolicyArn: string,
  { Roles = [], Users = [] }: PolicyTargets,
): Promise<void> {
  for (const RoleName of Roles) await iam('AttachRolePolicy', { RoleName, PolicyArn });
  for (const UserName of Users) await iam('AttachUserPolicy', { UserName, PolicyArn });
}

async function detach(
  iam: ServiceClient<typeof IAM>,
  PolicyArn: string,
  { Roles = [], Users = [] }: PolicyTargets,
): Promise<void> {
  for (const RoleName of Roles) await undefinedIfNotFound(iam('DetachRolePolicy', { RoleName, PolicyArn }));
  for (const UserName of Users) await undefinedIfNotFound(iam('DetachUserPolicy', { UserName, PolicyArn }));
}

export const policyTypes = [policy, managedPolicy];
