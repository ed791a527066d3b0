import { createDomainConstraints, createImageConstraints } from '@studio-resources/sagemaker/constraints';
import { moduleOf } from '../../../scripts/schemas/constraints.ts';
import { anchored, patternOf } from '../../../scripts/schemas/pattern.ts';

test('each constrained shape is a constant, after those that it names', () => {
  const shapes = {
    MakeRequest: { members: { Name: 'Name', Kinds: 'Kinds', Tree: 'Tree', Free: 'Free', Tag: 'Tag' } },
    Name: { min: 1, max: 63, pattern: '[a-z]+' },
    Kinds: { max: 2, item: 'Kind' },
    Kind: { enum: ['A', 'B'] },
    Tree: { members: { Name: 'Name', Tree: 'Tree' } },
    Free: { pattern: '.*' },
    Tag: { pattern: '\\p{L}*', max: 9 },
  };
  expect(moduleOf({ shapes }, ['Make']).split('\n').slice(3)).toEqual([
    'const Name = { pattern: "^(?:[a-z]+)$", min: 1, max: 63 };',
    'const Kind = { values: ["A","B"] };',
    'const Kinds = { max: 2, item: Kind };',
    'const Tree = { members: { Name } };',
    'const Tag = { max: 9 };',
    'const MakeRequest = { members: { Name, Kinds, Tree, Tag } };',
    'export const makeConstraints: Constraints = MakeRequest;',
    '',
  ]);
});

test('the values of an enum that AWS extends often are left to the service', () => {
  const shapes = { MakeRequest: { members: { Type: 'AppInstanceType' } }, AppInstanceType: { enum: ['ml.t3.medium'] } };
  expect(moduleOf({ shapes }, ['Make'])).not.toContain('ml.t3.medium');
  expect(JSON.stringify(createDomainConstraints)).not.toContain('ml.t3.medium');
});

test('a pattern on which Node would take exponential time is another one that accepts the same', () => {
  const pattern = new RegExp(anchored(patternOf('https://([.\\-_a-zA-Z0-9]+/?){3,1016}')!), 'u');
  const texts = ['https://a.b/c/d', 'https://abc', 'https://abc/', 'https://ab', 'https://a//bc', 'https:///abc'];
  expect(texts.map((text) => pattern.test(text))).toEqual([true, true, true, false, false, false]);
  expect(pattern.test(`https://${'a'.repeat(1000)}!`)).toBe(false);
});

test('white space beyond ASCII is none, as in Java', () => {
  const matches = (java: string, text: string) => new RegExp(anchored(patternOf(java)!), 'u').test(text);
  expect(matches('\\/\\S*', '/データ\u3000一')).toBe(true);
  expect(matches('\\/\\S*', '/a b')).toBe(false);
  expect(matches('(?!\\s*$).+', ' \t')).toBe(false);
  expect(matches('[\\S\\s]+', ' \u3000a')).toBe(true);
});

test('no pattern takes exponential time on a text of the length that it is tried on', () => {
  const patterns = new Map<string, number>();
  const collect = (value: object): void => {
    const { pattern, max = 4096 } = value as { pattern?: string; max?: number };
    if (pattern !== undefined) patterns.set(pattern, max);
    for (const inner of Object.values(value)) if (typeof inner === 'object') collect(inner as object);
  };
  collect(createDomainConstraints);
  collect(createImageConstraints);
  expect(patterns.size).toBeGreaterThan(20);
  const refusing = new Set<string>();
  for (const [pattern, max] of patterns) {
    const start = /^\^\(\?:([a-z0-9:/]*)/.exec(pattern)![1]!;
    for (const filler of ['a', 'a-', '-', '0', 'a.', 'a/', ' ', '1.', 'arn:']) {
      const text = `${start}${filler.repeat(max)}`.slice(0, Math.min(max, 2000) - 1);
      if (!new RegExp(pattern, 'u').test(`${text}\u0000`)) refusing.add(pattern);
    }
  }
  expect([...refusing]).toEqual([...patterns.keys()]);
});
