import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { failure, scheduleDeletion, stuckDuration } from './faults.ts';
import { type Kind, nouns } from './kinds.ts';
import { inUse, invalid, type Kept, type Status, tableOf } from './records.ts';
import { forgetTags } from './tags.ts';

/** A status that ends by itself: how long it takes (seconds, the shortest and the longest), and what comes after. */
interface Transition {
  seconds: readonly [number, number];
  to: Status | 'gone';
  failed: Status;
}

/** A deleted app stays listed for a day, in seconds. */
const listedFor = 86_400;

export const transitions: Record<Kind, Partial<Record<Status, Transition>>> = {
  domain: {
    Pending: { seconds: [330, 370], to: 'InService', failed: 'Failed' },
    Updating: { seconds: [20, 60], to: 'InService', failed: 'Update_Failed' },
    Deleting: { seconds: [180, 220], to: 'gone', failed: 'Delete_Failed' },
  },
  'user-profile': {
    Pending: { seconds: [15, 60], to: 'InService', failed: 'Failed' },
    Updating: { seconds: [5, 20], to: 'InService', failed: 'Update_Failed' },
    Deleting: { seconds: [10, 60], to: 'gone', failed: 'Delete_Failed' },
  },
  space: {
    Pending: { seconds: [5, 20], to: 'InService', failed: 'Failed' },
    Updating: { seconds: [5, 20], to: 'InService', failed: 'Update_Failed' },
    Deleting: { seconds: [15, 25], to: 'gone', failed: 'Delete_Failed' },
  },
  app: {
    Pending: { seconds: [60, 180], to: 'InService', failed: 'Failed' },
    Deleting: { seconds: [60, 300], to: 'Deleted', failed: 'Failed' },
    Deleted: { seconds: [listedFor, listedFor], to: 'gone', failed: 'Failed' },
  },
  image: {
    CREATING: { seconds: [5, 30], to: 'CREATED', failed: 'CREATE_FAILED' },
    UPDATING: { seconds: [5, 20], to: 'CREATED', failed: 'UPDATE_FAILED' },
    DELETING: { seconds: [5, 30], to: 'gone', failed: 'DELETE_FAILED' },
  },
  'image-version': {
    CREATING: { seconds: [20, 60], to: 'CREATED', failed: 'CREATE_FAILED' },
    DELETING: { seconds: [5, 30], to: 'gone', failed: 'DELETE_FAILED' },
  },
  'app-image-config': {},
  'code-repository': {},
  // A project's statuses are those of what it launches; only what is left of a deleted one ends by itself.
  project: { DeleteCompleted: { seconds: [300, 300], to: 'gone', failed: 'DeleteFailed' } },
  'model-package-group': { Deleting: { seconds: [1, 3], to: 'gone', failed: 'DeleteFailed' } },
  'model-package': {},
  model: {},
  'endpoint-config': {},
  endpoint: {
    Creating: { seconds: [150, 300], to: 'InService', failed: 'Failed' },
    Updating: { seconds: [200, 400], to: 'InService', failed: 'InService' },
    Deleting: { seconds: [5, 20], to: 'gone', failed: 'Failed' },
  },
};

/** What happens as a status ends. A text that it returns is the reason why it ends as a failure. */
export type Endings = {
  [K in Kind]?: Partial<Record<Status, (key: string, call: Call) => Promise<string | undefined>>>;
};

export interface StatusEnd {
  kind: Kind;
  key: string;
  step: number;
}

/** Puts a thing into a status, which ends by itself if it is one of `transitions`. */
export function enter(kind: Kind, record: Kept, status: Status, call: Call): void {
  record.shown.Status = status;
  delete record.shown.FailureReason;
  // Of an app, no time of change is shown.
  if (kind !== 'app') record.shown.LastModifiedTime = new Date(call.clock.now());
  record.step = call.cloud.store.next();
  const transition = transitions[kind][status];
  if (!transition) return;
  const settling: StatusEnd = { kind, key: record.key, step: record.step };
  if (status === 'Deleted') call.later(listedFor * 1000, 'settle', settling);
  else {
    const stuck = stuckDuration(kind, status, call);
    if (stuck === undefined) call.takes(transition.seconds, 'settle', settling);
    else call.later(stuck, 'settle', settling);
  }
  if (status === 'Pending' || status === 'CREATING') scheduleDeletion(kind, record, call);
}

/** The task that ends statuses. */
export function settle(endings: Endings) {
  return async ({ kind, key, step }: StatusEnd, call: Call): Promise<void> => {
    const record: Kept | undefined = tableOf(kind, call).get(key);
    const status = record?.shown.Status;
    const transition = status && transitions[kind][status];
    if (!record || record.step !== step || !transition) return;
    if (record.stepsToTake) return call.later(1_000, 'settle', { kind, key, step });
    const reason = failure(kind, status, call) ?? (await failureOf(endings[kind]?.[status]?.(key, call)));
    if (reason !== undefined) {
      enter(kind, record, transition.failed, call);
      record.shown.FailureReason = reason.slice(0, 1024);
    } else if (transition.to === 'gone') {
      tableOf(kind, call).delete(key);
      forgetTags(record.arn, call);
    } else {
      enter(kind, record, transition.to, call);
    }
  };
}

/** What another service refuses on the way fails the status, with that service's own words. */
async function failureOf(ending: Promise<string | undefined> | undefined): Promise<string | undefined> {
  try {
    return await ending;
  } catch (cause) {
    if (cause instanceof AwsError) return cause.message;
    throw cause;
  }
}

/**
 * Throws unless the thing can be updated or deleted in its present status. What AWS answers is known only for a space
 * that is Pending (a ValidationException); callers have to take either error as "not now".
 */
export function mustBeSettled(kind: Kind, { arn, shown: { Status } }: Kept, verb: 'update' | 'delete'): void {
  const message = `Unable to ${verb} ${nouns[kind]} [${arn}] because it is in ${Status} status.`;
  if (Status === 'Pending') throw invalid(message);
  if (Status === 'Updating' || Status === 'Deleting') throw inUse(message);
  // What failed to be created, or to be deleted, can only be deleted.
  if (verb === 'update' && (Status === 'Failed' || Status === 'Delete_Failed')) throw invalid(message);
}

/** Throws unless another thing can be made in this one. */
export function mustBeInService(kind: Kind, record: Kept, made: string): void {
  if (record.shown.Status === 'InService') return;
  throw invalid(`Unable to create ${made} because ${nouns[kind]} [${record.arn}] is not in InService status.`);
}
