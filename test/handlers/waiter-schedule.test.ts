import { studioDomain } from '../../handlers/studio-domain.ts';
import { defaultInlineSeconds, pollDelay, wholeSeconds } from '../../packages/core/src/waiting/poll.ts';

/** What a step takes, in seconds: a poll within an invocation, a transition of the waiter, the delivery of the response. */
const takes = { look: 0.1, transition: 0.2, delivery: 0.05 };

interface Wait {
  /** From ready to signalled, in seconds. */
  lag: number;
  looks: number;
  /** The seconds that Lambda bills. */
  billed: number;
}

/** Simulates the wait for a domain that is ready after so many seconds: first in `serve`, then in the waiter. */
function wait(ready: number): Wait {
  const pace = studioDomain.pace!.create!;
  let now = takes.look;
  let looks = 1;
  let pause = pollDelay(pace, now);
  for (; now < ready && now + pause <= (pace.inlineSeconds ?? defaultInlineSeconds); looks++) {
    now += pause + takes.look;
    pause = pollDelay(pace, now);
  }
  const inline = now;
  const inlineLooks = looks;
  while (now < ready) {
    now += takes.transition + wholeSeconds(pause) + takes.transition + takes.look;
    looks++;
    pause = pollDelay(pace, now);
  }
  return { lag: now - ready + takes.delivery, looks, billed: inline + (looks - inlineLooks) * takes.look };
}

/** Numbers between 0 and 1 that look random, the same each time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 1) / (2 ** 32 + 1);
  };
}

/** Creation times, lognormal around a median. */
function creationTimes(median: number, count: number): number[] {
  const next = randomNumbers(median);
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
    return median * Math.exp(0.15 * normal);
  });
}

function played(median: number) {
  const waits = creationTimes(median, 5_000).map(wait);
  const lags = waits.map(({ lag }) => lag).sort((a, b) => a - b);
  const mean = (of: (one: Wait) => number) => waits.reduce((sum, one) => sum + of(one), 0) / waits.length;
  return {
    median: lags[lags.length / 2]!,
    percentile99: lags[lags.length * 0.99]!,
    looks: mean(({ looks }) => looks),
    billed: mean(({ billed }) => billed),
  };
}

test('domains that take as long as usual are signalled within seconds, with few polls and little of Lambda’s time', () => {
  const { median, percentile99, looks, billed } = played(350);
  expect(median).toBeLessThanOrEqual(2);
  expect(percentile99).toBeLessThanOrEqual(10);
  expect(looks).toBeLessThanOrEqual(50);
  expect(billed).toBeLessThanOrEqual(6);
});

test.each([
  [250, 6, 20],
  [300, 4, 12],
  [400, 2, 10],
  [500, 4, 20],
])(
  'the schedule is not tuned to one value: with a median of %d s, it lags by %d s, and %d s at most',
  (time, ...lags) => {
    const { median, percentile99, looks } = played(time);
    expect(median).toBeLessThanOrEqual(lags[0]!);
    expect(percentile99).toBeLessThanOrEqual(lags[1]!);
    expect(looks).toBeLessThanOrEqual(110);
  },
);
