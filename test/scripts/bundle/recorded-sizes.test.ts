import { sizeProblems } from '../../../scripts/bundle/recorded-sizes.ts';

const how = 'npm run build -- --record-sizes records its size';

test('a zip may grow by a twentieth and shrink', () => {
  expect(sizeProblems({ one: 105, two: 10 }, { one: 100, two: 100 })).toEqual([]);
});

test('a zip that has grown by more fails until its size is recorded', () => {
  expect(sizeProblems({ one: 106 }, { one: 100 })).toEqual([
    `one: has grown from 100 to 106 bytes, by more than 5 %; if that is meant, ${how}`,
  ]);
});

test('a new zip has to be recorded, and one that is gone must not be', () => {
  expect(sizeProblems({ new: 5 }, { old: 5 })).toEqual([
    `new: its size of 5 bytes is not recorded; ${how}`,
    `old: has a recorded size and is not built; ${how}`,
  ]);
});
