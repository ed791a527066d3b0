import { visibleFrom as lateFrom } from '../../faults/visibility.ts';
import type { Call } from '../../service.ts';
import type { Kind } from './kinds.ts';

/**
 * For how many seconds `Describe…` and `List…` may miss a new resource of Studio. AWS's own handlers of the native types wait 5
 * seconds for a domain to be found, and take ResourceNotFound in the first looks at other resources as a creation in progress.
 */
const usual = [2, 5] as const;

/** When something that is created now can be seen. */
export function visibleFrom(kind: Kind, call: Call): number {
  return lateFrom(kind, usual, call);
}
