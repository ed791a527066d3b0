import { randomness } from '../../../packages/local/src/virtual/randomness.ts';
import type { Row, Section } from '../results.ts';
import { mean, quantile, spreadOf } from '../statistics.ts';
import { type Creation, contenders, draw, ours } from './draw.ts';
import { install } from './installation.ts';

/** Seconds that SageMaker takes for a domain: lognormal, with this median. */
const MEDIAN = 350;
const SIGMA = 0.15;

/** The counts are of the first so many draws, so that each run has the same. */
export const COUNTED = 8;

/**
 * US dollars in us-east-1: a transition by https://aws.amazon.com/step-functions/pricing/, and Lambda's first tier on x86 by
 * https://cloudchipr.com/blog/aws-lambda-pricing (2024); both read on 2026-12-01. Without what is free.
 */
const prices = { gigabyteSecond: 0.0000166667, invocation: 0.2 / 1_000_000, transition: 0.025 / 1000 };

/** What it takes from a domain that is ready to the response, at virtual time. */
export async function measureReady(draws: number): Promise<Section> {
  const installation = await install();
  const creations = new Map(contenders.map(({ name }) => [name, [] as Creation[]]));
  const seconds = durations(draws);
  for (let n = 0; n < draws; n += 1) {
    const drawn = await draw(installation, seconds[n]!, n + 1);
    for (const [name, creation] of drawn) creations.get(name)!.push(creation);
    if ((n + 1) % 100 === 0) console.error(`${n + 1} of ${draws} domains`);
  }
  const counted = creations.get(ours)!.slice(0, COUNTED);
  const sumOf = (key: keyof Creation) => counted.reduce((sum, creation) => sum + creation[key], 0);
  return {
    title: 'From a domain that is ready to the response',
    columns: {
      lag: 's',
      'lag, 99th percentile': 's',
      'describe calls': '',
      invocations: '',
      'billed time': 'GB-s',
      transitions: '',
      '1,000 domains': '$',
    },
    rows: [...creations].map(rowOf),
    chart: 'billed time',
    counts: {
      [`${ours}, ${COUNTED} domains: describe calls`]: sumOf('describeCalls'),
      [`${ours}, ${COUNTED} domains: invocations`]: sumOf('invocations'),
      [`${ours}, ${COUNTED} domains: state transitions`]: sumOf('transitions'),
    },
  };
}

function rowOf([subject, all]: [string, Creation[]]): Row {
  const meanOf = (key: keyof Creation) => mean(all.map((creation) => creation[key]));
  const lags = all.map(({ lag }) => lag);
  const [invocations, billed, transitions] = [meanOf('invocations'), meanOf('gigabyteSeconds'), meanOf('transitions')];
  const dollars = billed * prices.gigabyteSecond + invocations * prices.invocation + transitions * prices.transition;
  return {
    subject,
    values: {
      lag: spreadOf(lags),
      'lag, 99th percentile': quantile(lags, 0.99),
      'describe calls': meanOf('describeCalls'),
      invocations,
      'billed time': billed,
      transitions,
      '1,000 domains': 1000 * dollars,
    },
  };
}

/** So many durations in seconds, the same in each run; a longer run begins with those of a shorter one. */
export function durations(count: number): number[] {
  const chance = randomness(19);
  return Array.from({ length: count }, () => {
    // Box and Muller's normal deviate.
    const normal = Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next());
    return Math.round(MEDIAN * Math.exp(SIGMA * normal));
  });
}
