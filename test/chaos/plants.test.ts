import { plantNames, sourcesWith } from './plants.ts';

test.each(plantNames)('%s still has a place to be planted in', (name) => {
  expect(sourcesWith(name).size).toBeGreaterThan(0);
});
