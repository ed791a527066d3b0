import { pollDelay } from '../../../../packages/core/src/waiting/poll.ts';

/** When the looks are, in seconds, up to `end`. */
function looks(pace: { expectedSeconds: number; pollIntervalSeconds: number }, end: number): number[] {
  const times: number[] = [];
  for (let now = 0; now < end; now += pollDelay(pace, now)) times.push(Math.round(now));
  return times;
}

/** How far they are apart from one time to another. */
function gaps(pace: { expectedSeconds: number; pollIntervalSeconds: number }, [from, to]: [number, number]): number[] {
  const found: number[] = [];
  for (let now = from; now < to; now += found.at(-1)!) found.push(pollDelay(pace, now));
  return found;
}

test('polls are frequent at first, then rare, and frequent again towards the expected time', () => {
  expect(looks({ expectedSeconds: 350, pollIntervalSeconds: 2 }, 160)).toEqual([
    0, 1, 3, 5, 8, 13, 21, 32, 49, 75, 99, 121, 141,
  ]);
  const wide = gaps({ expectedSeconds: 350, pollIntervalSeconds: 2 }, [100, 350]);
  expect(wide).toEqual([...wide].sort((a, b) => b - a));
});

test('from the expected time on, there is a poll every pollIntervalSeconds', () => {
  expect(new Set(gaps({ expectedSeconds: 350, pollIntervalSeconds: 2 }, [350, 470]))).toEqual(new Set([2]));
});

test('a resource that takes the expected time is noticed soon', () => {
  for (const expectedSeconds of [5, 30, 120, 350, 900]) {
    const after = looks({ expectedSeconds, pollIntervalSeconds: 2 }, 2 * expectedSeconds).find(
      (time) => time >= expectedSeconds,
    );
    expect(after).toBeLessThanOrEqual(expectedSeconds + 3);
  }
});

test('much later, the delay grows up to half a minute', () => {
  const late = [90, 120, 200].map((elapsed) => pollDelay({ expectedSeconds: 60, pollIntervalSeconds: 2 }, elapsed));
  expect(late).toEqual([...late].sort((a, b) => a - b));
  expect(late[0]).toBeGreaterThan(2);
  expect(pollDelay({ expectedSeconds: 1, pollIntervalSeconds: 2 }, 1e6)).toBe(30);
  expect(pollDelay({ expectedSeconds: 1, pollIntervalSeconds: 60 }, 1e6)).toBe(60);
});

test('polling for an hour takes few calls', () => {
  expect(looks({ expectedSeconds: 350, pollIntervalSeconds: 2 }, 3600).length).toBeLessThan(250);
});
