import { checkSizes } from '../../scripts/check/sizes.ts';

const file = (path: string, lines: number) => ({ path, text: 'line\n'.repeat(lines) });
const none = new Map<string, string>();

test('files up to the limit are silent, and so are those that are not TypeScript', () => {
  const sources = [
    file('packages/core/src/a.ts', 320),
    file('test/a.test.ts', 320),
    file('README.md', 1000),
    file('cloudformation/provider.yaml', 1000),
  ];
  expect(checkSizes(sources, none)).toEqual([]);
});

test('a file that is longer is found', () => {
  const sources = [file('handlers/a.ts', 321), file('scripts/a.ts', 321), file('test/a.test.ts', 321)];
  expect(checkSizes(sources, none)).toEqual([
    'handlers/a.ts: 321 lines; split it, at most 320 are allowed',
    'scripts/a.ts: 321 lines; split it, at most 320 are allowed',
    'test/a.test.ts: 321 lines; split it, at most 320 are allowed',
  ]);
});

test('a reason makes a long file silent, and is a finding itself once the file is short or gone', () => {
  const reasons = new Map([
    ['scripts/a.ts', 'generated'],
    ['scripts/b.ts', 'generated'],
    ['scripts/gone.ts', 'generated'],
  ]);
  expect(checkSizes([file('scripts/a.ts', 1000), file('scripts/b.ts', 10)], reasons)).toEqual([
    'scripts/check/sizes.ts: scripts/b.ts is not too long; remove its reason',
    'scripts/check/sizes.ts: scripts/gone.ts is not too long; remove its reason',
  ]);
});
