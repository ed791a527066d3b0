import type { Deletion, Phase, RequestState } from './phase.ts';
import { transitions } from './phase.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The form in which a state is kept between two invocations. A form that this one cannot read has another version. */
export const stateVersion = 2;

export type SavedState = RequestState & { readonly version: typeof stateVersion };

export function saveState(state: RequestState): SavedState {
  return { ...state, version: stateVersion };
}

/**
 * The state that was saved, by this version or by an earlier one: an upgrade of the functions may come between two
 * polls. `problem` says why it cannot be read; undefined where it is no state at all.
 */
export function restoreState(saved: unknown): { state: RequestState } | { problem: string } | undefined {
  const fields: Fields = Object(saved);
  if (typeof fields.since !== 'number') return undefined;
  if (fields.version === undefined) return fromVersion1(fields);
  if (fields.version !== stateVersion) {
    return {
      problem: `its state has version ${fields.version}, and this function reads ${stateVersion}: the function was replaced by an earlier version while the request was under way`,
    };
  }
  const { version: _, ...state } = saved as SavedState;
  return Object.hasOwn(transitions, String(state.phase?.name)) ? { state } : undefined;
}

/** Version 1 had one bag of flags for all phases. */
function fromVersion1(fields: Fields): { state: RequestState } | undefined {
  const { operation, since, id, awaited, awaiting, notes } = fields as {
    operation: unknown;
    since: number;
    id?: string;
    awaited?: boolean;
    awaiting?: string;
    notes?: Record<string, unknown>;
  };
  const { planned, started, inDoubt, made, calledOff, calledOffSince, refusals, seen, missed, failedBefore, stale } =
    fields as Record<string, boolean & number & string>;
  const doomed = fields.doomed === undefined ? undefined : deletionFromVersion1(Object(fields.doomed));
  const reads = { seen: seen ?? false, missingReads: missed ?? 0 };
  const phase = ((): Phase | undefined => {
    switch (operation) {
      case 'create':
        return {
          name: 'creating',
          id,
          outcomeUnknown: inDoubt ?? false,
          createdByThisRequest: made ?? false,
          ...reads,
        };
      case 'update': {
        if (!planned || id === undefined) return { name: 'planning' };
        const update = { updateCalled: started ?? false, failureBefore: failedBefore, staleReads: stale ?? 0 };
        return { name: 'updating', id, ...update, ...reads, revertedReplacement: doomed };
      }
      case 'delete': {
        const { missingReads } = reads;
        if (!calledOff) return { name: 'deleting', id, missingReads, deletion: doomed };
        const failures = refusals ?? 0;
        return {
          name: 'cancelling',
          id,
          since: calledOffSince ?? since,
          missingReads,
          deletionFailures: failures,
          deletion: doomed,
        };
      }
      default:
        return undefined;
    }
  })();
  return phase && { state: { since, phase, expected: awaited, waitingFor: awaiting ?? '', notes } };
}

function deletionFromVersion1({ id, since, begun, seen, missed, failedBefore, inMotion }: Fields): Deletion {
  return {
    id,
    since,
    deleteCalled: begun,
    seen,
    missingReads: missed,
    failureBefore: failedBefore,
    wasTransitioning: inMotion,
  } as Deletion;
}
