/** A member's name, or the number of a list's item, or the key of a map's. */
export type Step = string | { item: number | string };

/** What is wrong with an input. Values that must not be shown are left out. */
export type Problem = { path: Step[] } & (
  | { kind: 'missing' }
  | { kind: 'unknown'; shape: string }
  | { kind: 'type'; value?: unknown; wanted: string }
  | { kind: 'constraint'; value?: unknown; rule: string }
);
