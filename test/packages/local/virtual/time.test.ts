import { NothingScheduled, VirtualTime } from '../../../../packages/local/src/virtual/virtual-time.ts';

const start = Date.parse('2026-11-21T06:24:00Z');
let time: VirtualTime;
beforeEach(() => {
  time = new VirtualTime(start);
});

/** Virtual milliseconds since the start. */
const passed = () => time.now() - start;
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
};

test('time stands still while no code waits, whatever is scheduled', async () => {
  const happened: number[] = [];
  time.after(10, () => happened.push(passed()));
  await turns(20);
  expect([passed(), happened]).toEqual([0, []]);
  await time.pass(5);
  expect([passed(), happened]).toEqual([5, []]);
  await turns(20);
  await time.pass(5);
  expect([passed(), happened]).toEqual([10, [10]]);
});

test('timers run in order of time, and at the same time in the order in which they were set', async () => {
  const order: string[] = [];
  time.after(20, () => order.push('late'));
  time.after(10, () => {
    order.push('first');
    time.after(0, () => order.push('third'));
  });
  time.after(10, () => order.push('second'));
  await time.pass(30);
  expect(order).toEqual(['first', 'second', 'third', 'late']);
});

test('a part of a millisecond counts as a whole one, and a time in the past is now', async () => {
  const at: number[] = [];
  time.after(0.2, () => at.push(passed()));
  time.after(-5, () => at.push(passed()));
  await time.pass(1);
  expect(at).toEqual([0, 1]);
});

test('a timer that is cancelled does not run', async () => {
  let happened = false;
  const cancel = time.after(10, () => {
    happened = true;
  });
  cancel();
  await time.pass(20);
  expect(happened).toBe(false);
});

test('between two timers, all work that is ready runs', async () => {
  const order: string[] = [];
  time.after(10, async () => {
    order.push('timer');
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    order.push('its promises');
  });
  time.after(11, () => order.push('next timer'));
  await time.pass(20);
  expect(order).toEqual(['timer', 'its promises', 'next timer']);
});

test('time passes only until the awaited promise is settled', async () => {
  const soon = new Promise<string>((resolve) => {
    time.after(70, () => resolve('there'));
  });
  expect(await time.during(soon)).toBe('there');
  expect(passed()).toBe(70);
  let isDone = false;
  time.after(5, () => {
    isDone = true;
  });
  await time.pass(100, () => isDone);
  expect(passed()).toBe(75);
});

test('a rejection is thrown at its time', async () => {
  const never = new Promise((_, reject) => {
    time.after(3, () => reject(new Error('refused')));
  });
  await expect(time.during(never)).rejects.toThrow('refused');
  expect(passed()).toBe(3);
});

test('several waits can run at once', async () => {
  const ends: string[] = [];
  const wait = async (ms: number) => {
    await time.pass(ms);
    ends.push(`${ms} at ${passed()}`);
  };
  await Promise.all([wait(30), wait(10), wait(20)]);
  expect(ends).toEqual(['10 at 10', '20 at 20', '30 at 30']);
});

test('time stands still until real work is done', async () => {
  const work = Promise.withResolvers<void>();
  void time.hold(work.promise);
  const passing = time.pass(1000);
  await turns(20);
  expect(passed()).toBe(0);
  work.resolve();
  await passing;
  expect(passed()).toBe(1000);
});

test('a wait that no timer can end fails at once, and the next wait works', async () => {
  await expect(time.during(new Promise(() => {}))).rejects.toThrow(NothingScheduled);
  await expect(time.during(new Promise(() => {}))).rejects.toThrow(
    'nothing is scheduled any more at 2026-11-21T06:24:00.000Z',
  );
  await time.pass(10);
  expect(passed()).toBe(10);
});
