import { VirtualCloud } from '../../../../packages/local/src/virtual/virtual-cloud.ts';
import { answering, thingTemplate } from './thing.ts';

/** A stack's whole life under throttles; every call, every event's time and what the function wrote. */
async function life(seed: number): Promise<string[]> {
  const cloud = new VirtualCloud({ seed, faults: [{ on: 'call', fault: 'throttle', rate: 0.1, count: 5 }] });
  try {
    const made = await cloud.deploy('one', { template: thingTemplate(answering(5)) });
    await cloud.remove('one');
    return [
      JSON.stringify(made),
      ...(await cloud.logLines('provider')),
      ...cloud.calls().map((call) => JSON.stringify(call)),
    ];
  } finally {
    await cloud.discard();
  }
}

test('the same seed gives the same calls at the same times, and another seed others', async () => {
  const [one, again, other] = [await life(7), await life(7), await life(8)];
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
  expect(one.some((line) => line.includes('answering for thing-'))).toBe(true);
});

test('other load on the machine changes nothing', async () => {
  const quiet = await life(7);
  const busy = setInterval(() => {
    const end = performance.now() + 3;
    while (performance.now() < end);
  }, 1);
  try {
    expect(await life(7)).toEqual(quiet);
  } finally {
    clearInterval(busy);
  }
});

test('two clouds in one process are independent', async () => {
  const alone = [await life(1), await life(2)];
  expect(await Promise.all([life(1), life(2)])).toEqual(alone);
});
