import type { Account } from './account.ts';
import type { Scenario } from './scenario.ts';

export interface Outcome {
  scenario: Scenario;
  verdict: 'agreed' | 'differs' | 'could not tell';
  /** What the endpoint does, or why it could not be told. */
  observed: string;
}

export interface Run {
  outcomes: Outcome[];
  /** What could not be removed, each with the reason. */
  left: string[];
}

/** Runs the scenarios one after the other, and then removes what they have created. `tell` hears of each as it ends. */
export async function runScenarios(
  scenarios: readonly Scenario[],
  account: Account,
  tell: (outcome: Outcome) => void = () => {},
  signal?: AbortSignal,
): Promise<Run> {
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios) {
    if (signal?.aborted) break;
    const outcome = await outcomeOf(scenario, account);
    outcomes.push(outcome);
    tell(outcome);
  }
  return { outcomes, left: await account.removeAll() };
}

async function outcomeOf(scenario: Scenario, account: Account): Promise<Outcome> {
  try {
    const observed = await scenario.observe(account);
    const { expected } = scenario;
    const agrees = typeof expected === 'string' ? observed === expected : expected.test(observed);
    return { scenario, verdict: agrees ? 'agreed' : 'differs', observed };
  } catch (error) {
    const { name, message } = error as Error;
    const [reason = ''] = message.split('\n');
    return { scenario, verdict: 'could not tell', observed: name === 'Error' ? reason : `${name}: ${reason}` };
  }
}
