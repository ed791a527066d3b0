import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { sleep } from '../../clock.ts';
import {
  type Caller,
  type PhysicalResource,
  type ResourceContext,
  ResourceFailure,
} from '../resources/resource-type.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { asIn, list, optional, replacesBy, required, type Tag, tags, text } from './property.ts';
import { pollUntil, type ServiceClient, serviceClient, undefinedIfNotFound } from './service-client.ts';

export const sagemakerClient = (caller: Caller) => serviceClient<typeof SageMaker>(caller, 'sagemaker');

/** Seconds between two polls of something that takes minutes. */
const POLL_SECONDS = 10;

interface Described {
  Status?: string;
  FailureReason?: string;
}

/** Seconds within which SageMaker knows everywhere of what was just made. */
const VISIBLE_WITHIN_SECONDS = 60;

/** Waits until something of Studio that was just made, or changed, is in service. */
export async function inService<T extends Described>(
  context: ResourceContext,
  name: string,
  read: () => Promise<T | undefined>,
): Promise<T> {
  const { clock } = context.cloud;
  const last = clock.now() + VISIBLE_WITHIN_SECONDS * 1000;
  // This part is not cancelled: what cannot be seen yet could not be deleted.
  while (!(await read()) && clock.now() < last) await sleep(clock, POLL_SECONDS * 1000);
  return pollUntil(context, POLL_SECONDS, async () => {
    const seen = await read();
    if (!seen) throw new ResourceFailure(`${name} does not exist any more`);
    if (seen.Status === 'InService') return seen;
    if (/Failed$/.test(seen.Status ?? '')) {
      throw new ResourceFailure(`${name} is in state ${seen.Status}: ${seen.FailureReason ?? ''}`);
    }
    return undefined;
  });
}

/** Deletes something of Studio once it is at rest, and waits until it is gone. */
export async function remove(
  context: ResourceContext,
  name: string,
  read: () => Promise<Described | undefined>,
  call: () => Promise<unknown>,
): Promise<void> {
  await pollUntil(
    context,
    POLL_SECONDS,
    async () => !/^(Pending|Updating)$/.test((await read())?.Status ?? '') || undefined,
  );
  await undefinedIfNotFound(call());
  await pollUntil(context, POLL_SECONDS, async () => {
    const seen = await read();
    if (seen?.Status === 'Delete_Failed')
      throw new ResourceFailure(`${name}: ${seen.FailureReason ?? 'Delete_Failed'}`);
    return seen === undefined || seen.Status === 'Deleted' || undefined;
  });
}

/** Brings the tags of something of SageMaker from `old` to `now`. */
export async function retagArn(
  sagemaker: ServiceClient<typeof SageMaker>,
  ResourceArn: string | undefined,
  now: Tag[] | undefined,
  old: Tag[] | undefined,
): Promise<void> {
  const { set, gone: TagKeys } = tagChanges(now, old);
  if (TagKeys.length > 0) await sagemaker('DeleteTags', { ResourceArn, TagKeys });
  if (set.length > 0) await sagemaker('AddTags', { ResourceArn, Tags: set });
}

/** Of the domain's properties, those that UpdateDomain takes as they are. */
const UPDATABLE = [
  ...(['AppSecurityGroupManagement', 'DefaultSpaceSettings', 'DefaultUserSettings', 'TagPropagation'] as const),
];

/** Of these, UpdateDomain requires the others as well. */
const NETWORK = ['AppNetworkAccessType', 'SubnetIds', 'VpcId'] as const;

const domain = nativeType({
  type: 'AWS::SageMaker::Domain',
  properties: {
    AppNetworkAccessType: optional(asIn<SageMaker.AppNetworkAccessType>()),
    AppSecurityGroupManagement: optional(asIn<SageMaker.AppSecurityGroupManagement>()),
    AuthMode: required(asIn<SageMaker.AuthMode>(), 'replaces'),
    DefaultSpaceSettings: optional(asIn<SageMaker.DefaultSpaceSettings>()),
    DefaultUserSettings: required(asIn<SageMaker.UserSettings>()),
    DomainName: required(text, 'replaces'),
    // UpdateDomain takes RStudio's settings in another form, and refuses them in this one.
    DomainSettings: optional(
      asIn<Omit<SageMaker.DomainSettings, 'RStudioServerProDomainSettings'>>(),
      replacesBy('RStudioServerProDomainSettings.DefaultResourceSpec'),
    ),
    KmsKeyId: optional(text, 'replaces'),
    SubnetIds: optional(list(text)),
    TagPropagation: optional(asIn<SageMaker.TagPropagation>()),
    Tags: optional(tags),
    // The registry has it as conditionalCreateOnly: a domain is replaced where UpdateDomain cannot change it, and that
    // adds a VPC to a domain without one only.
    VpcId: optional(text, (_, old) => old !== undefined),
  },
  async create(values, context) {
    const { DomainId } = await sagemakerClient(context)('CreateDomain', values);
    context.initiated(DomainId!);
    return domainMade(DomainId!, context);
  },
  async update({ physicalId: DomainId, values, old, changed }, context) {
    const sagemaker = sagemakerClient(context);
    const names = [...UPDATABLE.filter((name) => changed.has(name)), ...networkChange(changed)];
    const DomainSettingsForUpdate = changed.has('DomainSettings') ? values.DomainSettings : undefined;
    if (names.length > 0 || DomainSettingsForUpdate) {
      const members = Object.fromEntries(names.map((name) => [name, values[name]]));
      await sagemaker('UpdateDomain', { DomainId, ...members, DomainSettingsForUpdate });
    }
    const made = await domainMade(DomainId, context);
    await retagArn(sagemaker, made.attributes.DomainArn as string, values.Tags, old.Tags);
    return made;
  },
  async delete(DomainId, _, context) {
    const sagemaker = sagemakerClient(context);
    const read = () => undefinedIfNotFound(sagemaker('DescribeDomain', { DomainId }));
    // As AWS's own type does, it leaves the home file system.
    await remove(context, `Domain ${DomainId}`, read, () => sagemaker('DeleteDomain', { DomainId }));
  },
  imports: {
    identifier: ['DomainId'],
    async find({ DomainId }, caller) {
      const found = await undefinedIfNotFound(sagemakerClient(caller)('DescribeDomain', { DomainId }));
      return found && domainResource(found);
    },
  },
});

function networkChange(changed: ReadonlySet<string>): readonly (typeof NETWORK)[number][] {
  if (changed.has('AppNetworkAccessType') || changed.has('VpcId')) return NETWORK;
  return changed.has('SubnetIds') ? ['SubnetIds'] : [];
}

async function domainMade(DomainId: string, context: ResourceContext) {
  const read = () => undefinedIfNotFound(sagemakerClient(context)('DescribeDomain', { DomainId }));
  return domainResource(await inService(context, `Domain ${DomainId}`, read));
}

function domainResource(domain: SageMaker.DescribeDomainResponse): PhysicalResource {
  const { DomainId = '', DomainArn, Url, HomeEfsFileSystemId, SecurityGroupIdForDomainBoundary } = domain;
  const { SingleSignOnManagedApplicationInstanceId, SingleSignOnApplicationArn } = domain;
  const attributes = {
    ...{ DomainId, DomainArn, Url, HomeEfsFileSystemId, SecurityGroupIdForDomainBoundary },
    ...{ SingleSignOnManagedApplicationInstanceId, SingleSignOnApplicationArn },
  };
  return { physicalId: DomainId, attributes };
}

export const domainTypes = [domain];
