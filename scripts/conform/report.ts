import type { Account } from './account.ts';
import type { Outcome, Run } from './run.ts';
import { type Scenario, sharedBy, sharedThings } from './scenario.ts';

/** What a run creates, and about what it costs: lines to confirm. */
export function plan(scenarios: readonly Scenario[], { identity, region, prefix }: Account): string[] {
  const made = scenarios.flatMap(({ name, makes }) => (makes ? [`  ${makes} (${name})`] : []));
  return [
    `Account ${identity.id}, Region ${region}, as ${identity.arn}`,
    `What is created has names that begin with ${prefix}, and is removed at the end:`,
    ...sharedBy(scenarios).map((each) => `  ${sharedThings[each]}`),
    ...made,
    'It costs less than one US dollar: requests, a few megabytes for less than an hour, and no instance.',
  ];
}

export function expectation({ expected }: Scenario): string {
  return typeof expected === 'string' ? expected : `matches ${expected}`;
}

/** One line for a scenario that has ended; more where it does not agree. */
export function outcomeLines({ scenario, verdict, observed }: Outcome): string[] {
  const line = `${verdict.padEnd(14)}  ${scenario.name.padEnd(38)}  ${scenario.fact}`;
  if (verdict === 'agreed') return [line];
  if (verdict === 'could not tell') return [line, `${' '.repeat(16)}${observed}`];
  return [line, `${' '.repeat(16)}expected: ${expectation(scenario)}`, `${' '.repeat(16)}observed: ${observed}`];
}

export function count({ outcomes }: Pick<Run, 'outcomes'>, verdict: Outcome['verdict']): number {
  return outcomes.filter((one) => one.verdict === verdict).length;
}

/** The last lines of a run. */
export function summary(run: Run): string[] {
  return [
    ...run.left.map((each) => `Not removed: ${each}`),
    `${count(run, 'agreed')} agreed, ${count(run, 'differs')} differ, ${count(run, 'could not tell')} could not be told`,
  ];
}

/** A run as JSON: the endpoint, and each scenario with its verdict. */
export function json(run: Run, where: { endpoint?: string; region: string; account: string }): string {
  const scenarios = run.outcomes.map(({ scenario, verdict, observed }) => ({
    name: scenario.name,
    verdict,
    fact: scenario.fact,
    asks: scenario.asks,
    expected: String(scenario.expected),
    observed,
    certainty: scenario.certainty,
    source: scenario.source,
  }));
  return `${JSON.stringify({ ...where, scenarios, left: run.left }, undefined, 2)}\n`;
}
