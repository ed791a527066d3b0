import type { Call } from '../../service.ts';
import type { Kind } from './kinds.ts';
import { all, type Kept, type Status, tableOf } from './records.ts';
import { forgetTags } from './tags.ts';

const during: Partial<Record<Status, 'create' | 'update' | 'delete'>> = {
  Pending: 'create',
  Updating: 'update',
  Deleting: 'delete',
  CREATING: 'create',
  UPDATING: 'update',
  DELETING: 'delete',
};

/** Milliseconds that a status lasts, where a rule says so. */
export function stuckDuration(kind: Kind, status: Status, { cloud, account }: Call): number | undefined {
  if (!during[status]) return undefined;
  const stuck = cloud.faults.inject('resource', ['stuck'], { account, kind, during: during[status] });
  return stuck && stuck.seconds * 1000;
}

/** The reason why a status ends as a failure, where a rule injects one. */
export function failure(kind: Kind, status: Status, { cloud, account }: Call): string | undefined {
  if (!during[status]) return undefined;
  return cloud.faults.inject('resource', ['failed'], { account, kind, during: during[status] })?.reason;
}

/** The resource that is deleted later. Another one of the same name may exist by then. */
interface ScheduledDeletion {
  kind: Kind;
  key: string;
  created: number;
}

/** Schedules the deletion of a new resource, where a rule injects one. */
export function scheduleDeletion(kind: Kind, { key, shown }: Kept, call: Call): void {
  const { cloud, account } = call;
  const deleted = cloud.faults.inject('resource', ['deleted'], { account, kind });
  const deletion: ScheduledDeletion = { kind, key, created: shown.CreationTime!.getTime() };
  if (deleted) call.later(deleted.seconds * 1000, 'deleteUnexpectedly', deletion);
}

/** The task that deletes a resource unexpectedly, with all that is in it. A domain's file system is kept. */
export function deleteUnexpectedly({ kind, key, created }: ScheduledDeletion, call: Call): void {
  const record: Kept<Owned> | undefined = tableOf(kind, call).get(key);
  if (record?.shown.CreationTime?.getTime() !== created) return;
  for (const within of ['app', 'space', 'user-profile'] as const) {
    for (const one of all(within, call, (other: Kept<Owned>) => isIn(other.shown, kind, record.shown))) {
      remove(within, one, call);
    }
  }
  if (kind === 'image') {
    for (const version of all('image-version', call, ({ shown }) => shown.ImageArn === record.arn)) {
      remove('image-version', version, call);
    }
  }
  remove(kind, record, call);
}

/** What says in what a thing is. */
interface Owned {
  CreationTime?: Date;
  DomainId?: string;
  UserProfileName?: string;
  SpaceName?: string;
}

function isIn(other: Owned, kind: Kind, { DomainId, UserProfileName, SpaceName }: Owned): boolean {
  if (other.DomainId !== DomainId || kind === 'app') return false;
  if (kind === 'domain') return true;
  return kind === 'space' ? other.SpaceName === SpaceName : other.UserProfileName === UserProfileName;
}

function remove(kind: Kind, { key, arn }: Pick<Kept, 'key' | 'arn'>, call: Call): void {
  tableOf(kind, call).delete(key);
  forgetTags(arn, call);
}
