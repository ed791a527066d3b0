import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { invalid } from './records.ts';

/** What SageMaker puts into a domain's settings where the request leaves it out, and `DescribeDomain` then shows. */
const domainDefaults = {
  AutoMountHomeEFS: 'Enabled',
  DefaultLandingUri: 'studio::',
  StudioWebPortal: 'ENABLED',
  SpaceStorageSettings: { DefaultEbsStorageSettings: { DefaultEbsVolumeSizeInGb: 5, MaximumEbsVolumeSizeInGb: 100 } },
} as const satisfies SageMaker.UserSettings;

export function withDomainDefaults(settings: SageMaker.UserSettings): SageMaker.UserSettings {
  return merge<SageMaker.UserSettings>(domainDefaults, settings);
}

/** ARNs that the text `None` clears. */
const clearable = new Set([
  'LifecycleConfigArn',
  'BuiltInLifecycleConfigArn',
  'SageMakerImageVersionArn',
  'TrainingPlanArn',
]);

/**
 * Settings as an update leaves them: what it leaves out stays, at every depth; a list is replaced whole, and cleared by
 * an empty one; an ARN is cleared by `None`. Whether AWS merges a `DefaultResourceSpec` too is not documented; here it
 * is like everything else.
 */
export function merge<T extends object>(old: T | undefined, update: T | undefined): T {
  const merged: Record<string, unknown> = { ...old };
  for (const [member, value] of Object.entries(update ?? {})) {
    if (value === undefined) continue;
    if (clearable.has(member) && value === 'None') delete merged[member];
    else if (member === 'RStudioServerProAppSettings') merged[member] = mergeAccess(merged[member], value as object);
    else merged[member] = isPlain(value) ? merge(isPlain(merged[member]) ? merged[member] : {}, value) : value;
  }
  return merged as T;
}

/** Without access, there is no user group. */
function mergeAccess(old: unknown, update: object): object {
  const { UserGroup, ...rest }: Record<string, unknown> = { ...(old as object | undefined), ...update };
  return rest.AccessStatus === 'ENABLED' && UserGroup !== undefined ? { ...rest, UserGroup } : rest;
}

/** `DomainSettingsForUpdate` spells one member otherwise, and an empty list of security groups is taken and ignored. */
export function mergeDomainSettings(
  old: SageMaker.DomainSettings | undefined,
  update: SageMaker.DomainSettingsForUpdate,
): SageMaker.DomainSettings {
  const { RStudioServerProDomainSettingsForUpdate: RStudioServerProDomainSettings, SecurityGroupIds, ...rest } = update;
  return merge<SageMaker.DomainSettings>(old, {
    ...rest,
    ...(RStudioServerProDomainSettings && { RStudioServerProDomainSettings }),
    ...(SecurityGroupIds?.length && { SecurityGroupIds }),
  });
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The members that hand a role to SageMaker, or through it to another service. */
const roleMembers = new Set([
  'ExecutionRole',
  'ExecutionRoleArn',
  'DomainExecutionRoleArn',
  'AmazonForecastRoleArn',
  'AmazonBedrockRoleArn',
  'RoleArn',
  'ClusterRole',
  'ValidationRole',
]);

/** Every role in a request or in settings, at every depth. */
export function rolesIn(settings: unknown, members: ReadonlySet<string> = roleMembers): string[] {
  if (Array.isArray(settings)) return settings.flatMap((item) => rolesIn(item, members));
  if (!isPlain(settings)) return [];
  return Object.entries(settings).flatMap(([member, value]) =>
    members.has(member) && typeof value === 'string' ? [value] : rolesIn(value, members),
  );
}

/** The roles that SageMaker itself takes on. */
export function executionRolesIn(settings: unknown): string[] {
  return [...new Set(rolesIn(settings, new Set(['ExecutionRole', 'DomainExecutionRoleArn'])))];
}

/** Every security group in settings. */
export function securityGroupsIn(
  ...settings: ({ SecurityGroups?: string[]; SecurityGroupIds?: string[] } | undefined)[]
) {
  return [...new Set(settings.flatMap((one) => [...(one?.SecurityGroups ?? []), ...(one?.SecurityGroupIds ?? [])]))];
}

interface ClassicAppSettings {
  LifecycleConfigArns?: string[];
  DefaultResourceSpec?: SageMaker.ResourceSpec;
}

type RStudioSettings = Pick<SageMaker.UserSettings, 'RStudioServerProAppSettings'>;

/**
 * A user group goes only with access, as a request has it or the settings that it changes. (What SageMaker answers is
 * in terraform-provider-aws 33034.)
 */
export function checkUserGroup(what: string, request: RStudioSettings = {}, old: RStudioSettings = {}): void {
  const { UserGroup, AccessStatus = old.RStudioServerProAppSettings?.AccessStatus } =
    request.RStudioServerProAppSettings ?? {};
  if (UserGroup === undefined || AccessStatus === 'ENABLED') return;
  throw invalid(
    `Unable to ${what} with update to RStudioServerProAppSettings. Make sure AccessStatus is set to ENABLED if the UserGroup is provided.`,
  );
}

/** The rules between members that the API documents. */
export function checkSettings(settings: {
  JupyterServerAppSettings?: ClassicAppSettings;
  KernelGatewayAppSettings?: ClassicAppSettings;
}): void {
  for (const member of ['JupyterServerAppSettings', 'KernelGatewayAppSettings'] as const) {
    const { LifecycleConfigArns = [], DefaultResourceSpec } = settings[member] ?? {};
    if (LifecycleConfigArns.length > 0 && !DefaultResourceSpec) {
      throw invalid(`DefaultResourceSpec is required in ${member} when LifecycleConfigArns is specified.`);
    }
  }
}
