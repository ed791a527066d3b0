import { scaledClock, sleep } from '../../../packages/local/src/clock.ts';

test('time starts where it is told to, in whole milliseconds', async () => {
  const clock = scaledClock(1000, 5_000);
  await sleep(clock, 10);
  expect(clock.now()).toBeGreaterThanOrEqual(5_010);
  expect(Number.isInteger(clock.now())).toBe(true);
});

test('what is to happen later never happens too early, however fast the clock', async () => {
  const clock = scaledClock(60, 0);
  const early = await Promise.all(
    [30, 60, 90, 120, 150].map(async (ms) => {
      const due = clock.now() + ms;
      await sleep(clock, ms);
      return clock.now() < due;
    }),
  );
  expect(early).toEqual([false, false, false, false, false]);
});

test('what is taken back does not happen', async () => {
  const clock = scaledClock(1000, 0);
  const happened: string[] = [];
  const cancel = clock.after(10, () => happened.push('first'));
  cancel();
  await sleep(clock, 100);
  expect(happened).toEqual([]);
});

test('a wait that is longer than a timer can be does not end at once', async () => {
  const clock = scaledClock(1, 0);
  const happened: string[] = [];
  const cancel = clock.after(2 ** 31 + 1000, () => happened.push('too early'));
  await sleep(clock, 5);
  cancel();
  expect(happened).toEqual([]);
});
