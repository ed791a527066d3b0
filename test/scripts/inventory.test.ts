import { countInventory, describeInventory } from '../../scripts/start/inventory.ts';

const inventory = new Map([
  ['stacks', ['studio', 'studio-resources']],
  ['domains', []],
  ['log groups', Array.from({ length: 13 }, (_, at) => `/aws/lambda/studio-resources-number-${at}`)],
]);

test('a list is broken between names, at the width of the terminal', () => {
  const lines = describeInventory(inventory, 60);
  expect(lines[0]).toBe('  stacks: studio, studio-resources');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(lines.join('').match(/number-\d+/g)).toHaveLength(13);
});

test('a name that is longer than the terminal is wide keeps a line of its own', () => {
  const long = 'a'.repeat(70);
  expect(describeInventory(new Map([['buckets', ['b', long, 'c']]]), 40)).toEqual([
    '  buckets: b,',
    `    ${long},`,
    '    c',
  ]);
});

test('the last screen counts what exists, and names no log group', () => {
  expect(countInventory(inventory, 80)).toEqual(['  stacks 2, log groups 13']);
  expect(countInventory(new Map([['stacks', []]]), 80)).toEqual(['  nothing']);
});

test('an empty account has none of each kind, within the width', () => {
  const empty = new Map([...inventory.keys()].map((kind) => [kind, []]));
  expect(describeInventory(empty, 80)).toEqual(['  nothing (no stacks, domains, log groups)']);
});
