import type * as CloudTrail from '@aws-sdk/client-cloudtrail';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { openBucket } from './bucket.ts';
import { getOwnTrail, getTrail, type Operations, type TrailRecord, trailArn, trailsOf } from './records.ts';
import { checkTags } from './tags.ts';

const mostTrails = 5;

/** What an account may ask of a trail beside its logs in a bucket, and does not have here. */
const unsupportedMembers = [
  'SnsTopicName',
  'CloudWatchLogsLogGroupArn',
  'CloudWatchLogsRoleArn',
  'IsOrganizationTrail',
] as const;

function checkSupportedMembers(input: Partial<Record<(typeof unsupportedMembers)[number], unknown>>): void {
  const unknown = unsupportedMembers.find((name) => input[name]);
  if (!unknown) return;
  const message = `The local cloud's trails only decide which events EventBridge gets, and do not support ${unknown}.`;
  throw new AwsError('UnsupportedOperationException', message);
}

function checkName(name: string): void {
  const problem =
    name.length < 3 || name.length > 128
      ? 'Trail name must be between 3 and 128 characters.'
      : !/^[a-z0-9](?:[._-]?[a-z0-9])*$/i.test(name)
        ? 'Trail name must start with a letter or number, and contain only letters, numbers, periods, underscores, and dashes.'
        : undefined;
  if (problem) throw new AwsError('InvalidTrailNameException', problem);
}

function checkScope({ IsMultiRegionTrail, IncludeGlobalServiceEvents }: CloudTrail.Trail): void {
  if (!IsMultiRegionTrail || IncludeGlobalServiceEvents !== false) return;
  const message = 'Multi-Region trail must include global service events.';
  throw new AwsError('InvalidParameterCombinationException', message);
}

/** As the calls that change it answer. */
function responseOf({ shown: { HomeRegion: _, ...shown } }: TrailRecord): CloudTrail.CreateTrailResponse {
  return shown;
}

function isHomeRegion({ shown }: TrailRecord, { region }: Call): boolean {
  return shown.HomeRegion === region || shown.IsMultiRegionTrail === true;
}

export const trailOperations: Operations = {
  async CreateTrail({ EnableLogFileValidation = false, TagsList = [], Name = '', ...input }, call) {
    checkSupportedMembers(input);
    checkName(Name);
    checkTags(TagsList);
    const TrailARN = trailArn(Name, call);
    if (trailsOf(call).has(TrailARN)) {
      const message = `Trail ${Name} already exists for customer: ${call.account}`;
      throw new AwsError('TrailAlreadyExistsException', message);
    }
    const beside = [...trailsOf(call).values()].filter(({ shown }) => shown.HomeRegion === call.region);
    if (beside.length >= mostTrails) {
      const message = `User: ${call.account} already has ${mostTrails} trails in ${call.region}.`;
      throw new AwsError('MaximumNumberOfTrailsExceededException', message);
    }
    const { IncludeGlobalServiceEvents = true, IsMultiRegionTrail = false, S3BucketName = '', S3KeyPrefix } = input;
    checkScope({ IsMultiRegionTrail, IncludeGlobalServiceEvents });
    await openBucket(input, TrailARN, call);
    const trail: TrailRecord = {
      shown: {
        ...{ Name, TrailARN, HomeRegion: call.region, S3BucketName, S3KeyPrefix, KmsKeyId: input.KmsKeyId },
        ...{ IncludeGlobalServiceEvents, IsMultiRegionTrail, IsOrganizationTrail: false },
        ...{ LogFileValidationEnabled: EnableLogFileValidation, HasCustomEventSelectors: false },
      },
      isLogging: false,
      selectors: [],
      advancedSelectors: [],
      tags: TagsList,
    };
    trailsOf(call).set(TrailARN, trail);
    return responseOf(trail);
  },

  async UpdateTrail({ Name, EnableLogFileValidation, ...input }, call) {
    checkSupportedMembers(input);
    const trail = getOwnTrail(Name, call);
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    const shown = { ...trail.shown, ...given };
    shown.LogFileValidationEnabled = EnableLogFileValidation ?? shown.LogFileValidationEnabled;
    checkScope(shown);
    await openBucket(shown, shown.TrailARN, call);
    trail.shown = shown;
    return responseOf(trail);
  },

  DeleteTrail({ Name }, call) {
    trailsOf(call).delete(getOwnTrail(Name, call).shown.TrailARN);
    return {};
  },

  GetTrail: ({ Name }, call) => ({ Trail: getTrail(Name, call).shown }),

  DescribeTrails({ trailNameList = [], includeShadowTrails = true }, call) {
    const isAsked = ({ Name, TrailARN }: TrailRecord['shown']) =>
      trailNameList.length === 0 || trailNameList.some((one) => one === Name || one === TrailARN);
    return {
      trailList: [...trailsOf(call).values()]
        .filter((one) => isHomeRegion(one, call) && (includeShadowTrails || one.shown.HomeRegion === call.region))
        .map(({ shown }) => shown)
        .filter(isAsked),
    };
  },

  ListTrails: (_, call) => ({
    Trails: [...trailsOf(call).values()].map(({ shown: { Name, TrailARN, HomeRegion } }) => {
      return { Name, TrailARN, HomeRegion };
    }),
  }),
};
