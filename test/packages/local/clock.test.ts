import { jest } from '@jest/globals';
import { scaledClock, sleep } from '../../../packages/local/src/clock.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('time starts at the given instant, and advances in whole milliseconds', async () => {
  const clock = scaledClock(1.5, 5_000);
  expect(clock.now()).toBe(5_000);
  await jest.advanceTimersByTimeAsync(7);
  expect(clock.now()).toBe(5_010);
});

test('a task runs at its time, and never before, however fast the clock', async () => {
  const clock = scaledClock(60, 0);
  const happened: number[] = [];
  for (const ms of [30, 60, 90, 121]) void sleep(clock, ms).then(() => happened.push(clock.now()));
  await jest.advanceTimersByTimeAsync(1);
  expect(happened).toEqual([60, 60]);
  await jest.advanceTimersByTimeAsync(2);
  expect(happened).toEqual([60, 60, 120, 180]);
});

test('a task that is cancelled does not run', async () => {
  const clock = scaledClock(1000, 0);
  const happened: string[] = [];
  const cancel = clock.after(10_000, () => happened.push('first'));
  cancel();
  await jest.advanceTimersByTimeAsync(1000);
  expect(happened).toEqual([]);
});

test('a wait that is longer than the longest timer ends at its time', async () => {
  const clock = scaledClock(1, 0);
  const happened: number[] = [];
  clock.after(2 ** 31 + 1000, () => happened.push(clock.now()));
  await jest.advanceTimersByTimeAsync(2 ** 31 - 1);
  expect(happened).toEqual([]);
  await jest.advanceTimersByTimeAsync(1001);
  expect(happened).toEqual([2 ** 31 + 1000]);
});
