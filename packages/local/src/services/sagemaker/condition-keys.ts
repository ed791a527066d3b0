import type { Call } from '../../service.ts';
import { arnOf, profileKey, spaceKey, tableOf } from './records.ts';

type Context = Record<string, string | string[]>;
type Input = Record<string, unknown>;

/** The keys of what a request may name any number of times, by its members, at whatever depth. */
const lists: Record<string, string> = {
  InstanceType: 'InstanceTypes',
  AcceleratorType: 'AcceleratorTypes',
  InstanceTypes: 'InstanceTypes',
  Subnets: 'VpcSubnets',
  SubnetId: 'VpcSubnets',
  SubnetIds: 'VpcSubnets',
  SecurityGroups: 'VpcSecurityGroupIds',
  SecurityGroupIds: 'VpcSecurityGroupIds',
  SageMakerImageArn: 'ImageArns',
  SageMakerImageVersionArn: 'ImageVersionArns',
  LifecycleConfigArn: 'StudioLifecycleConfigArns',
  LifecycleConfigArns: 'StudioLifecycleConfigArns',
};

/** The keys of what a request says once, where they are not called as its member is. */
const values: Record<string, string> = {
  VolumeKmsKeyId: 'VolumeKmsKeyArn',
  S3KmsKeyId: 'DomainSharingOutputKmsKeyArn',
  EnableNetworkIsolation: 'NetworkIsolation',
  EnableInterContainerTrafficEncryption: 'InterContainerTrafficEncryption',
  EnableOnlineStore: 'FeatureGroupEnableOnlineStore',
  KeepAlivePeriodInSeconds: 'KeepAlivePeriod',
  ModelLifeCycleStage: 'ModelLifeCycle:Stage',
  ModelLifeCycleStageStatus: 'ModelLifeCycle:StageStatus',
};

/**
 * The condition key for a `KmsKeyId`, by its place in the request: at the top it encrypts a volume, in the configuration
 * of an output the output, in a store of a feature group that store. For other places, such as the data capture of an
 * endpoint, there is no condition key.
 */
const kmsKeys: [place: RegExp, key: string][] = [
  [/^$/, 'VolumeKmsKeyArn'],
  [/(^|\.)OfflineStoreConfig\./, 'FeatureGroupOfflineStoreKmsKeyArn'],
  [/(^|\.)OnlineStoreConfig\./, 'FeatureGroupOnlineStoreKmsKeyArn'],
  [/Output(Config|DataConfig)?$/, 'OutputKmsKeyArn'],
];

/** Their members have names that the caller makes up. */
const maps = new Set(['Environment', 'HyperParameters', 'StaticHyperParameters']);

/**
 * What policies can ask about a request, as far as its action takes it: its instance types, its VPC, its keys, whose
 * space it is about.
 */
export function conditionKeys(operation: string, input: Input, call: Call): Context {
  const context: Context = {};
  collect(input, '', context);
  for (const { Key, Value } of (input.VisibilityConditions ?? []) as { Key?: string; Value?: string }[]) {
    context[`SearchVisibilityCondition/${Key}`] = Value ?? '';
  }
  const of = { ...context, ...modelOf(input, call), ...ownership(operation, input, call) };
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [`sagemaker:${key}`, value]));
}

/** What a request itself says comes before what is said within its members. */
function collect(input: Input, path: string, context: Context): void {
  const nested: [place: string, value: Input][] = [];
  for (const [member, value] of Object.entries(input)) {
    if (value === undefined || maps.has(member)) continue;
    const place = path === '' ? member : `${path}.${member}`;
    const list = lists[member];
    if (list && isText(value)) context[list] = [...new Set([...(context[list] ?? []), ...[value].flat()])] as string[];
    else if (isScalar(value)) context[keyOf(member, path)] ??= String(value);
    else nested.push(...[value].flat().flatMap((item): [string, Input][] => (isObject(item) ? [[place, item]] : [])));
    // Policies can ask only whether there is one.
    if (member === 'OfflineStoreConfig') context.FeatureGroupOfflineStoreConfig = 'true';
  }
  for (const [place, value] of nested) collect(value, place, context);
}

function keyOf(member: string, path: string): string {
  if (member === 'KmsKeyId') return kmsKeys.find(([place]) => place.test(path))?.[1] ?? member;
  const within = path.endsWith('ModelLifeCycle') ? `ModelLifeCycle${member}` : member;
  return values[within] ?? member;
}

/** The models that a request is about; `ModelName` is a member of what else it may be about, too. */
function modelOf(input: Input, call: Call): Context {
  const names = new Set<string>();
  const look = (value: unknown): void => {
    for (const [member, item] of Object.entries(isObject(value) ? value : {})) {
      if (member === 'ModelName' && typeof item === 'string') names.add(item);
      else for (const one of [item].flat()) look(one);
    }
  };
  look(input);
  return names.size > 0 ? { ModelArn: [...names].map((name) => arnOf('model', name, call)) } : {};
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

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isObject(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}
