import { untilNextLook } from '../../../packages/core/src/pace.ts';

/** When the looks are, in seconds, up to `end`. */
function looks(pace: { usually: number; every: number }, end: number): number[] {
  const times: number[] = [];
  for (let now = 0; now < end; now += untilNextLook(pace, now)) times.push(Math.round(now));
  return times;
}

test('there are a few quick looks, then few, then one each `every` seconds from a bit before the usual time', () => {
  expect(looks({ usually: 350, every: 2 }, 325)).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255, 315, 317, 319, 321, 323]);
});

test('a thing that takes as long as usual is seen within `every` seconds', () => {
  for (const usually of [5, 30, 120, 350, 900]) {
    const after = looks({ usually, every: 2 }, 2 * usually).find((time) => time >= usually);
    expect(after).toBeLessThanOrEqual(usually + 2);
  }
});

test('much later the looks are ever further apart, up to half a minute', () => {
  const late = [200, 300, 400].map((elapsed) => untilNextLook({ usually: 60, every: 2 }, elapsed));
  expect(late).toEqual([...late].sort((a, b) => a - b));
  expect(late[0]).toBeGreaterThan(2);
  expect(untilNextLook({ usually: 1, every: 2 }, 1e6)).toBe(30);
  expect(untilNextLook({ usually: 1, every: 60 }, 1e6)).toBe(60);
});

test('an hour of looks is few calls', () => {
  expect(looks({ usually: 350, every: 2 }, 3600).length).toBeLessThan(450);
});
