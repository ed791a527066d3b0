import type { Account } from './account.ts';

/**
 * How sure we are. `documented`: AWS says so. `reported`: public issues or code say so. `unverified`: no source was
 * found, and our handlers work either way.
 */
export type Certainty = 'documented' | 'reported' | 'unverified';

/** One thing that the local cloud assumes of AWS, and how to see whether an endpoint agrees. */
export interface Scenario {
  /** Unique, in words with hyphens: `domain-missing`. */
  readonly name: string;
  /** What is assumed, as one sentence. */
  readonly fact: string;
  /** What is done to see it, as one sentence. */
  readonly asks: string;
  /** What `observe` gives if the endpoint agrees. */
  readonly expected: string | RegExp;
  /** Where AWS documents it, or who reports it. For `unverified`, what the local cloud chose. */
  readonly source: string;
  readonly certainty: Certainty;
  /** What is created for it, besides what scenarios share. */
  readonly makes?: string;
  /** What scenarios share that this one needs. */
  readonly needs?: readonly Shared[];
  /** What the endpoint does, in words. Any other error than the one that is asked for means that it could not be told. */
  observe(account: Account): Promise<string>;
}

/** What is created once, for all scenarios that need it. */
export type Shared = 'domain' | 'profile' | 'role' | 'network';

/** What shared things are, in the plan that a user confirms. They cost nothing while they exist unless it says so. */
export const sharedThings: Record<Shared, string> = {
  network: 'a VPC with one subnet, without gateways',
  role: 'a role that SageMaker may assume, without permissions',
  domain: 'a Studio domain with its EFS file system (empty), deleted with it',
  profile: 'a user profile in that domain',
};

/** A shared thing takes others along. */
const along: Record<Shared, readonly Shared[]> = {
  network: [],
  role: [],
  domain: ['network', 'role'],
  profile: ['network', 'role', 'domain'],
};

/** All shared things that these scenarios need, in the order in which they are created. */
export function sharedBy(scenarios: readonly Scenario[]): Shared[] {
  const needed = new Set(scenarios.flatMap(({ needs = [] }) => needs.flatMap((each) => [...along[each], each])));
  return (Object.keys(sharedThings) as Shared[]).filter((each) => needed.has(each));
}
