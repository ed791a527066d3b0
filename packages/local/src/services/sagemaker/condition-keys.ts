import type { Call } from '../../service.ts';
import { arnOf, profileKey, spaceKey, tableOf } from './records.ts';

type Context = Record<string, string | string[]>;
type Input = Record<string, unknown>;

/** The keys of what a request may name any number of times, by its members, at whatever depth. */
const lists: Record<string, string> = {
  InstanceType: 'InstanceTypes',
  AcceleratorType: 'AcceleratorTypes',
  Subnets: 'VpcSubnets',
  SubnetIds: 'VpcSubnets',
  SecurityGroups: 'VpcSecurityGroupIds',
  SecurityGroupIds: 'VpcSecurityGroupIds',
  SageMakerImageArn: 'ImageArns',
  SageMakerImageVersionArn: 'ImageVersionArns',
  LifecycleConfigArn: 'StudioLifecycleConfigArns',
  LifecycleConfigArns: 'StudioLifecycleConfigArns',
};

/** The keys of what a request says once. */
const values: Record<string, string> = {
  VolumeKmsKeyId: 'VolumeKmsKeyArn',
  S3KmsKeyId: 'DomainSharingOutputKmsKeyArn',
  EnableNetworkIsolation: 'NetworkIsolation',
  EnableInterContainerTrafficEncryption: 'InterContainerTrafficEncryption',
  MaxRuntimeInSeconds: 'MaxRuntimeInSeconds',
  AppNetworkAccessType: 'AppNetworkAccessType',
  AuthMode: 'AuthMode',
  RemoteAccess: 'RemoteAccess',
};

/** A key encrypts the output of a job where it stands with the output's place; elsewhere, volumes. */
const outputs = new Set(['OutputDataConfig', 'ProcessingOutputConfig', 'TransformOutput']);

/** Their members have names that the caller makes up. */
const maps = new Set(['Environment', 'HyperParameters', 'StaticHyperParameters']);

/**
 * What policies can ask about a request, as far as its action takes it: its instance types, its VPC, its keys, whose
 * space it is about.
 */
export function conditionKeys(operation: string, input: Input, call: Call): Context {
  const context: Context = {};
  collect(input, '', context);
  const prefixed = Object.entries({ ...context, ...ownership(operation, input, call) });
  return Object.fromEntries(prefixed.map(([key, value]) => [`sagemaker:${key}`, value]));
}

function collect(input: Input, place: string, context: Context): void {
  for (const [member, value] of Object.entries(input)) {
    if (maps.has(member)) continue;
    const [list, single] = [lists[member], values[member] ?? (member === 'KmsKeyId' ? keyOf(place) : undefined)];
    if (list && isText(value)) context[list] = [...new Set([...(context[list] ?? []), ...[value].flat()])] as string[];
    else if (single && !isObject(value)) context[single] = String(value);
    else {
      for (const item of [value].flat()) if (isObject(item)) collect(item, member, context);
    }
  }
}

function keyOf(place: string): string {
  return outputs.has(place) ? 'OutputKmsKeyArn' : 'VolumeKmsKeyArn';
}

interface Space {
  DomainId?: string;
  SpaceName?: string;
  OwnershipSettings?: { OwnerUserProfileName?: string };
  SpaceSharingSettings?: { SharingType?: string };
}

/** Whose space a request is about, or that of an app, and whether others use it. Apps without a space have neither. */
function ownership(operation: string, input: Space, call: Call): Context {
  const { DomainId, SpaceName } = input;
  if (SpaceName === undefined) return {};
  const space: Space | undefined =
    operation === 'CreateSpace' ? input : tableOf('space', call).get(spaceKey(DomainId, SpaceName))?.shown;
  const owner = space?.OwnershipSettings?.OwnerUserProfileName;
  const type = space?.SpaceSharingSettings?.SharingType;
  return {
    ...(owner !== undefined && { OwnerUserProfileArn: profileArn(DomainId, owner, call) }),
    ...(type !== undefined && { SpaceSharingType: type }),
  };
}

/** A profile is named in any case, and shown as it was made. */
function profileArn(DomainId: string | undefined, name: string, call: Call): string {
  const profile = tableOf('user-profile', call).get(profileKey(DomainId, name));
  return profile?.arn ?? arnOf('user-profile', `${DomainId}/${name}`, call);
}

function isText(value: unknown): value is string | string[] {
  return typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
}

function isObject(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}
