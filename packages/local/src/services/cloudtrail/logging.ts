import type * as CloudTrail from '@aws-sdk/client-cloudtrail';
import { AwsError } from '../../errors.ts';
import { getOwnTrail, getTrail, type Operations, type TrailRecord } from './records.ts';

/** Sources of many events, which alone a trail can leave out. */
const canBeLeftOut = ['kms.amazonaws.com', 'rdsdata.amazonaws.com'];

export const loggingOperations: Operations = {
  StartLogging({ Name }, call) {
    const trail = getOwnTrail(Name, call);
    if (!trail.isLogging) Object.assign(trail, { isLogging: true, started: new Date(call.clock.now()) });
    return {};
  },

  StopLogging({ Name }, call) {
    const trail = getOwnTrail(Name, call);
    if (trail.isLogging) Object.assign(trail, { isLogging: false, stopped: new Date(call.clock.now()) });
    return {};
  },

  GetTrailStatus({ Name }, call) {
    const { isLogging, started, stopped } = getTrail(Name, call);
    return { IsLogging: isLogging, StartLoggingTime: started, StopLoggingTime: stopped };
  },

  PutEventSelectors({ TrailName, EventSelectors = [], AdvancedEventSelectors = [] }, call) {
    const trail = getOwnTrail(TrailName, call);
    const problem = problemWith(EventSelectors, AdvancedEventSelectors);
    if (problem) throw new AwsError('InvalidEventSelectorsException', problem);
    trail.selectors = EventSelectors.map((selector) => ({
      ...{ ReadWriteType: 'All' as const, IncludeManagementEvents: true, DataResources: [] },
      ...{ ExcludeManagementEventSources: [], ...selector },
    }));
    trail.advancedSelectors = AdvancedEventSelectors;
    trail.shown.HasCustomEventSelectors = true;
    const { TrailARN } = trail.shown;
    return AdvancedEventSelectors.length > 0
      ? { TrailARN, AdvancedEventSelectors }
      : { TrailARN, EventSelectors: trail.selectors };
  },

  GetEventSelectors({ TrailName }, call) {
    const { shown, selectors, advancedSelectors } = getTrail(TrailName, call);
    const { TrailARN } = shown;
    if (advancedSelectors.length > 0) return { TrailARN, AdvancedEventSelectors: advancedSelectors };
    return { TrailARN, EventSelectors: selectors.length > 0 ? selectors : [defaultSelector] };
  },
};

const defaultSelector: CloudTrail.EventSelector = {
  ...{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
};

function problemWith(
  selectors: readonly CloudTrail.EventSelector[],
  advanced: readonly CloudTrail.AdvancedEventSelector[],
): string | undefined {
  if (selectors.length > 0 === advanced.length > 0) return 'Specify either EventSelectors or AdvancedEventSelectors.';
  if (selectors.length > 5) return 'A trail can have up to five event selectors.';
  const sources = selectors.flatMap(({ ExcludeManagementEventSources = [] }) => ExcludeManagementEventSources);
  const unknown = sources.find((source) => !canBeLeftOut.includes(source));
  return unknown && `The management event source ${unknown} cannot be excluded.`;
}

/** Does the trail log calls to this source that change something? */
export function logsChanges({ isLogging, selectors, advancedSelectors }: TrailRecord, source: string): boolean {
  if (!isLogging) return false;
  if (advancedSelectors.length > 0) return advancedSelectors.some((selector) => selectsChanges(selector, source));
  return (selectors.length > 0 ? selectors : [defaultSelector]).some(
    ({ ReadWriteType, IncludeManagementEvents, ExcludeManagementEventSources = [] }) =>
      ReadWriteType !== 'ReadOnly' && IncludeManagementEvents && !ExcludeManagementEventSources.includes(source),
  );
}

/** All fields of an advanced selector have to fit. One that the local cloud does not know of the event fits nothing. */
function selectsChanges({ FieldSelectors = [] }: CloudTrail.AdvancedEventSelector, source: string): boolean {
  const event: Record<string, string> = { eventCategory: 'Management', readOnly: 'false', eventSource: source };
  return FieldSelectors.every(({ Field = '', Equals, NotEquals }) => {
    const value = event[Field];
    return value !== undefined && (Equals?.includes(value) ?? true) && !NotEquals?.includes(value);
  });
}
