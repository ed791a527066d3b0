/** What decides a run: everything that may go one way or another is drawn from it, in turn. */
export interface Randomness {
  /** From 0 to 1, without 1. */
  next(): number;
  /** Evenly between two numbers. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** Another source, which is the same in every equal run, however much is drawn from this one meanwhile. */
  fork(name: string): Randomness;
}

/** The same seed gives the same numbers (SplitMix32). */
export function randomness(seed: number): Randomness {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick: (from) => from[Math.floor(next() * from.length)]!,
    fork: (name) => randomness([...name].reduce((hash, letter) => mixSeeds(hash, letter.charCodeAt(0)), seed)),
  };
}

/** One seed of two numbers. */
export function mixSeeds(a: number, b: number): number {
  let mixed = Math.imul((a ^ 0x85ebca6b) + b, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x27d4eb2f);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
