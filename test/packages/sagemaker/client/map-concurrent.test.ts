import { mapConcurrent } from '../../../../packages/sagemaker/src/client/client.ts';

test('at most ten run at once, and the results keep the order of the items', async () => {
  let running = 0;
  let most = 0;
  const items = Array.from({ length: 35 }, (_, index) => index);
  const results = await mapConcurrent(items, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    return item * 2;
  });
  expect(most).toBe(10);
  expect(results).toEqual(items.map((item) => item * 2));
});

test('a failure does not prevent the other calls', async () => {
  const tried: number[] = [];
  const all = mapConcurrent([1, 2, 3], async (item) => {
    tried.push(item);
    if (item < 3) throw new Error(`number ${item}`);
  });
  await expect(all).rejects.toThrow('number 1');
  expect(tried).toEqual([1, 2, 3]);
});
