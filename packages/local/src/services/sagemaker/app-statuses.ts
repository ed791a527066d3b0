import type { Call } from '../../service.ts';
import { type AppRecord, all } from './records.ts';

/** The apps that keep what they are in from being deleted: failed and deleted ones do not. */
export function blockingApps(call: Call, where: (app: AppRecord['shown']) => boolean): AppRecord[] {
  return all('app', call, ({ shown }) => shown.Status !== 'Failed' && shown.Status !== 'Deleted' && where(shown));
}
