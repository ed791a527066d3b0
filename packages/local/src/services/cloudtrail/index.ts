import * as CloudTrail from '@aws-sdk/client-cloudtrail';
import { type Access, type Call, service } from '../../service.ts';
import { loggingOperations } from './logging.ts';
import { trailArn, trailsOf } from './records.ts';
import { tagOperations } from './tags.ts';
import { trailOperations } from './trails.ts';

function onTrail({ Name, TrailName }: { Name?: string; TrailName?: string }, call: Call): Access[] {
  return [{ resource: trailArn(Name ?? TrailName ?? '', call) }];
}

function onTagged({ ResourceId }: { ResourceId?: string }): Access[] {
  return [{ resource: ResourceId ?? '' }];
}

/** CloudTrail: trails, which decide which events EventBridge gets. They write no log files. */
export const cloudtrail = service('cloudtrail', 'cloudtrail', CloudTrail, {
  // A trail may be one for all Regions.
  scope: 'account',
  operations: { ...trailOperations, ...loggingOperations, ...tagOperations },
  access: {
    CreateTrail({ Name, TagsList = [] }, call) {
      const [{ resource }] = onTrail({ Name }, call) as [Access];
      return TagsList.length > 0 ? [{ resource }, { action: 'cloudtrail:AddTags', resource }] : [{ resource }];
    },
    UpdateTrail: onTrail,
    DeleteTrail: onTrail,
    GetTrail: onTrail,
    GetTrailStatus: onTrail,
    StartLogging: onTrail,
    StopLogging: onTrail,
    PutEventSelectors: onTrail,
    GetEventSelectors: onTrail,
    AddTags: onTagged,
    RemoveTags: onTagged,
    ListTags: ({ ResourceIdList = [] }) => ResourceIdList.map((resource) => ({ resource })),
    DescribeTrails: () => [{ resource: '*' }],
    ListTrails: () => [{ resource: '*' }],
  },
  tagsOf(arn, call) {
    const tags = trailsOf(call).get(arn)?.tags;
    return tags && Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  },
});
