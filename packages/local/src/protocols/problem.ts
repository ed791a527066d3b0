import { AwsError } from '../errors.ts';

/** A member's name, or the number of a list's item, or the key of a map's. */
export type Step = string | { item: number | string };

/** What is wrong with an input. Values that must not be shown are left out. */
export type Problem = { path: Step[] } & (
  | { kind: 'missing' }
  | { kind: 'unknown'; shape: string; members: string[] }
  | { kind: 'type'; value?: unknown; wanted: string }
  | { kind: 'constraint'; value?: unknown; rule: string }
);

/** The error with which a service answers an input that its model does not allow, and what is wrong with the input. */
export class InvalidInput extends AwsError {
  readonly problems: readonly Problem[];

  constructor(code: string, message: string, problems: readonly Problem[]) {
    super(code, message);
    this.problems = problems;
  }
}
