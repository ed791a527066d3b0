import type { StateOf } from './definition.ts';
import { evaluatePath, type Json, StateFailure } from './step.ts';

type Wait = StateOf<'Wait'>;

/** The longest wait, in seconds. */
const longest = 99_999_999;

/** The virtual time, in milliseconds since the epoch, until which a Wait state waits from `now` on. */
export async function waitUntil(state: Wait, input: Json, context: object, now: number): Promise<number> {
  const at = (path: string) => evaluatePath(path, state.InputPath, input, context);
  if (state.Seconds !== undefined) return now + state.Seconds * 1000;
  if (state.SecondsPath !== undefined) {
    const seconds = await at(state.SecondsPath);
    if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0 && seconds <= longest) {
      return now + seconds * 1000;
    }
    throw mismatch('SecondsPath', state.SecondsPath, `an integer from 0 to ${longest}`, seconds);
  }
  const timestamp = state.TimestampPath === undefined ? state.Timestamp : await at(state.TimestampPath);
  const time = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(time)) throw mismatch('TimestampPath', state.TimestampPath ?? '', 'a timestamp', timestamp);
  return Math.max(now, time);
}

function mismatch(field: string, path: string, wanted: string, found: unknown): StateFailure {
  const cause = `The ${field} parameter does not reference ${wanted}: ${path} == ${JSON.stringify(found)}`;
  return new StateFailure({ error: 'States.Runtime', cause });
}
