import type * as CloudTrail from '@aws-sdk/client-cloudtrail';
import type { ResourceContext } from '../resources/resource-type.ts';
import { type Door, doorTo, ifPresent } from './door.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { asIn, flag, list, optional, required, tags, text } from './property.ts';

const trailDoor = (context: ResourceContext) => doorTo<typeof CloudTrail>(context, 'cloudtrail');

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
    const door = trailDoor(context);
    const { EventSelectors, AdvancedEventSelectors, ...input } = values;
    const Name = TrailName ?? context.inventName(128);
    const { TrailARN } = await door('CreateTrail', { ...input, Name, KmsKeyId, TagsList: Tags });
    context.initiated(Name);
    await select(door, Name, { EventSelectors, AdvancedEventSelectors });
    if (IsLogging) await door('StartLogging', { Name });
    return { physicalId: Name, attributes: { Arn: TrailARN! } };
  },
  async update({ physicalId: Name, values, old, changed }, context) {
    const door = trailDoor(context);
    const {
      EventSelectors,
      AdvancedEventSelectors,
      TrailName: _,
      Tags,
      KMSKeyId: KmsKeyId,
      IsLogging,
      ...input
    } = values;
    const { TrailARN } = await door('UpdateTrail', { ...input, Name, KmsKeyId });
    if (changed.has('EventSelectors') || changed.has('AdvancedEventSelectors')) {
      await select(door, Name, { EventSelectors, AdvancedEventSelectors });
    }
    const { set, gone } = tagChanges(Tags, old.Tags);
    if (gone.length > 0) await door('RemoveTags', { ResourceId: TrailARN, TagsList: gone.map((Key) => ({ Key })) });
    if (set.length > 0) await door('AddTags', { ResourceId: TrailARN, TagsList: set });
    if (changed.has('IsLogging')) await door(IsLogging ? 'StartLogging' : 'StopLogging', { Name });
    return { physicalId: Name, attributes: { Arn: TrailARN! } };
  },
  async delete(Name, _, context) {
    await ifPresent(trailDoor(context)('DeleteTrail', { Name }));
  },
});

/** What a trail logs that does not log all management events, and no others. */
async function select(door: Door<typeof CloudTrail>, TrailName: string, selectors: Selectors): Promise<void> {
  const { EventSelectors, AdvancedEventSelectors } = selectors;
  if (EventSelectors || AdvancedEventSelectors) await door('PutEventSelectors', { TrailName, ...selectors });
}

export const cloudtrailTypes = [trail];
