import { type Home, tableOf } from '../stack.ts';

/** What a wait condition has been told. */
export interface Signal {
  /** Unique among the signals that count. */
  id: string;
  status: 'SUCCESS' | 'FAILURE';
  data: string;
  reason?: string;
}

/** The signals by what they are for: a wait condition handle's id, or a stack's id and a logical id. */
function signalsOf(home: Home): Map<string, Signal[]> {
  return tableOf(home, 'signals');
}

/** Keeps a signal, unless one of that id came before. */
export function addSignal(home: Home, receiver: string, signal: Signal): void {
  const signals = signalsOf(home).get(receiver) ?? [];
  if (!signals.some(({ id }) => id === signal.id)) signalsOf(home).set(receiver, [...signals, signal]);
}

export function findSignals(home: Home, receiver: string): readonly Signal[] {
  return signalsOf(home).get(receiver) ?? [];
}

export function dropSignals(home: Home, receiver: string): void {
  signalsOf(home).delete(receiver);
}
