import { type RequestState, transitions } from './phase.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The form in which a state is kept between two invocations. A form that this one cannot read has another version. States
 * of version 1 are not read: none of them is authenticated, and anybody could have made them.
 */
export const stateVersion = 2;

export type SavedState = RequestState & { readonly version: typeof stateVersion };

export function saveState(state: RequestState): SavedState {
  return { ...state, version: stateVersion };
}

/**
 * The state that was saved, by this version or by another one: an upgrade of the functions may come between two polls.
 * `problem` says why it cannot be read; undefined where it is no state at all.
 */
export function restoreState(saved: unknown): { state: RequestState } | { problem: string } | undefined {
  const fields: Fields = Object(saved);
  if (typeof fields.since !== 'number' || typeof fields.version !== 'number') return undefined;
  if (fields.version !== stateVersion) {
    return {
      problem: `its state has version ${fields.version}, and this function reads ${stateVersion}: the function was replaced by another version while the request was under way`,
    };
  }
  const { version: _, ...state } = saved as SavedState;
  return Object.hasOwn(transitions, String(state.phase?.name)) ? { state } : undefined;
}
