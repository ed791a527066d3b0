import type * as CloudTrail from '@aws-sdk/client-cloudtrail';
import type { ResourceContext } from '../resources/resource-type.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { asIn, flag, list, optional, required, tags, text } from './property.ts';
import { type ServiceClient, serviceClient, undefinedIfNotFound } from './service-client.ts';

const trailClient = (context: ResourceContext) => serviceClient<typeof CloudTrail>(context, 'cloudtrail');

interface Selectors {
  EventSelectors?: CloudTrail.EventSelector[];
  AdvancedEventSelectors?: CloudTrail.AdvancedEventSelector[];
}

const trail = nativeType({
  type: 'AWS::CloudTrail::Trail',
  properties: {
    AdvancedEventSelectors: optional(list(asIn<CloudTrail.AdvancedEventSelector>())),
    CloudWatchLogsLogGroupArn: optional(text),
    CloudWatchLogsRoleArn: optional(text),
    EnableLogFileValidation: optional(flag),
    EventSelectors: optional(list(asIn<CloudTrail.EventSelector>())),
    IncludeGlobalServiceEvents: optional(flag),
    IsLogging: required(flag),
    IsMultiRegionTrail: optional(flag),
    IsOrganizationTrail: optional(flag),
    KMSKeyId: optional(text),
    S3BucketName: required(text),
    S3KeyPrefix: optional(text),
    SnsTopicName: optional(text),
    Tags: optional(tags),
    TrailName: optional(text, 'replaces'),
  },
  async create({ TrailName, Tags, KMSKeyId: KmsKeyId, IsLogging, ...values }, context) {
    const client = trailClient(context);
    const { EventSelectors, AdvancedEventSelectors, ...input } = values;
    const Name = TrailName ?? context.inventName(128);
    const { TrailARN } = await client('CreateTrail', { ...input, Name, KmsKeyId, TagsList: Tags });
    context.initiated(Name);
    await putEventSelectors(client, Name, { EventSelectors, AdvancedEventSelectors });
    if (IsLogging) await client('StartLogging', { Name });
    return { physicalId: Name, attributes: { Arn: TrailARN! } };
  },
  async update({ physicalId: Name, values, old, changed }, context) {
    const client = trailClient(context);
    const {
      EventSelectors,
      AdvancedEventSelectors,
      TrailName: _,
      Tags,
      KMSKeyId: KmsKeyId,
      IsLogging,
      ...input
    } = values;
    const { TrailARN } = await client('UpdateTrail', { ...input, Name, KmsKeyId });
    if (changed.has('EventSelectors') || changed.has('AdvancedEventSelectors')) {
      await putEventSelectors(client, Name, { EventSelectors, AdvancedEventSelectors });
    }
    const { set, gone } = tagChanges(Tags, old.Tags);
    if (gone.length > 0) await client('RemoveTags', { ResourceId: TrailARN, TagsList: gone.map((Key) => ({ Key })) });
    if (set.length > 0) await client('AddTags', { ResourceId: TrailARN, TagsList: set });
    if (changed.has('IsLogging')) await client(IsLogging ? 'StartLogging' : 'StopLogging', { Name });
    return { physicalId: Name, attributes: { Arn: TrailARN! } };
  },
  async delete(Name, _, context) {
    await undefinedIfNotFound(trailClient(context)('DeleteTrail', { Name }));
  },
});

/** What a trail logs that does not log all management events, and no others. */
async function putEventSelectors(
  client: ServiceClient<typeof CloudTrail>,
  TrailName: string,
  selectors: Selectors,
): Promise<void> {
  const { EventSelectors, AdvancedEventSelectors } = selectors;
  if (EventSelectors || AdvancedEventSelectors) await client('PutEventSelectors', { TrailName, ...selectors });
}

export const cloudtrailTypes = [trail];
