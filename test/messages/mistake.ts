import type { World } from './world.ts';

/** What a message has to have in it: a text, or a pattern. */
export type Sign = string | RegExp;

/** What a message is to tell. */
export type Part = 'property' | 'came' | 'cure';

/** Something that a new user does wrong, and how its message is rated. */
export interface Mistake {
  /** In the words of the page; no other mistake of the subject has the same. */
  readonly mistake: string;
  /** Makes it in the world; gives the message that the user reads. */
  readonly make: (world: World) => Promise<string> | string;
  /** How the message names what is wrong: the property, parameter, option or file. */
  readonly property: Sign;
  /** How it says what came, or that nothing did. */
  readonly came: Sign;
  /** How it says what to do: the accepted values, or a next step. */
  readonly cure: Sign;
  /** What AWS's own text lacks, to which nothing of ours can add. */
  readonly lacks?: readonly Part[];
}

/** The mistakes of one subject. */
export interface Subject {
  readonly title: string;
  readonly mistakes: readonly Mistake[];
}
