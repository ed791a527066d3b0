import { readSource } from '../../../../packages/local/src/cloudformation/template/source.ts';

/** The values are those of PyYAML, which the `aws` command line reads templates with. */
test.each<[title: string, text: string, value: unknown]>([
  ['a quoted text that closes at its key’s indent', "a:\n  b: '{\n    c\n  }'\nd: e", { a: { b: '{ c }' }, d: 'e' }],
  ['a quoted text that continues left of its key', 'a:\n  b: "c\nd\n\n e\\\n f"\n', { a: { b: 'c d\nef' } }],
  [
    'a map in braces whose lines are at its key’s indent',
    'a:\n  b: {\n  c: d,\n e: f\n  }\n',
    { a: { b: { c: 'd', e: 'f' } } },
  ],
  [
    'a list in brackets that closes at the margin',
    'a:\n  b: [\n    c,\n    { d: "e\nf" }\n]\n',
    { a: { b: ['c', { d: 'e f' }] } },
  ],
  ['several of them', 'a:\n  - "b\n  c"\n  - [d,\n  e]\n  - "f\n  g"\n', { a: ['b c', ['d', 'e'], 'f g'] }],
  ['a comment right after a quote', 'a: "b"#c\nd: e', { a: 'b', d: 'e' }],
  ['a question mark in a plain text of a block', 'a: b? c\nd: http://e?f', { a: 'b? c', d: 'http://e?f' }],
  ['a question mark in quotes in braces', 'a: { b: "c? d" }', { a: { b: 'c? d' } }],
  ['an explicit key in braces, over two lines', 'a: { ? b\n  : c }', { a: { b: 'c' } }],
  ['tabs in a comment, in quotes and in a block of text', 'a: "\t" #\t\nb: |\n  \tc\n', { a: '\t', b: '\tc\n' }],
])('%s is read', (_, text, value) => {
  expect(readSource(text).root).toEqual(value);
});

test.each<[title: string, text: string, place: string]>([
  ['a question mark in a plain text in braces', 'a: { b: c? d }', 'line 1, column 10'],
  ['a question mark in a plain text in brackets', 'a: [http://b?c]', 'line 1, column 13'],
  ['a key in braces over two lines', 'a: { b\n  c: d }', 'line 1, column 6'],
  ['a key in braces whose colon is on the next line', 'a: { "b"\n  : d }', 'line 1, column 6'],
  ['a tab after a key', 'a:\tb', 'line 1, column 3'],
  ['a tab before a comment', 'a: b\t# c', 'line 1, column 5'],
  ['a tab within a plain text', 'a: b\tc', 'line 1, column 5'],
  ['a short tag that touches what follows', 'a: { b: !Ref}', 'line 1, column 13'],
  ['an unprintable character', 'a: "b\u0007"', 'line 1, column 6'],
  ['a quoted text with the mark of a document', 'a:\n  "b\n---\n c"', 'line 2, column 5'],
])('%s is refused', (_, text, place) => {
  expect(() => readSource(text)).toThrow(`Template format error: YAML not well-formed. (${place})`);
});

test('a place is that of the text as it was written', () => {
  const { at } = readSource('a:\n  b: {\n  c: d,\n e: f }\n  g: h');
  expect([at('/a/b/e'), at('/a/g')]).toEqual([
    { line: 4, column: 2 },
    { line: 5, column: 3 },
  ]);
  expect(() => readSource('a:\n  b: {\n c: d?\n}')).toThrow('(line 3, column 6)');
});
