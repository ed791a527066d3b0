import { markerParser, type OutputToken } from '../../../packages/jupyter/src/marks.ts';

const nonce = 'c0ffee';

/** What is read of text that comes in pieces of that size. */
function read(text: string, size = text.length): { text: string; marks: string[] } {
  const reader = markerParser(nonce);
  const pieces: OutputToken[] = [];
  for (let at = 0; at < text.length; at += size) pieces.push(...reader(text.slice(at, at + size)));
  const texts = pieces.flatMap((piece) => ('text' in piece ? [piece.text] : []));
  const marks = pieces.flatMap((piece) => ('mark' in piece ? [`${piece.mark} ${piece.value}`.trim()] : []));
  return { text: texts.join(''), marks };
}

test.each([1, 2, 7, 1000])('marks are found among output that comes %d characters at a time', (size) => {
  expect(read(`one\n\nc0ffee more\ntwo\nc0ffee exit 12\nthree`, size)).toEqual({
    text: 'one\ntwothree',
    marks: ['more', 'exit 12'],
  });
  expect(read('a\r\nc0ffee ready\r\nb', size)).toEqual({ text: 'ab', marks: ['ready'] });
});

test.each([
  'c0ffee exit 0\nafter',
  'x c0ffee exit 0\nafter',
  '\nc0ffeeexit 0\nafter',
  '\nc0ffee\nafter',
  '\nc0ff\nafter',
])('%j contains no mark, and is text', (text) => {
  expect(read(text)).toEqual({ text, marks: [] });
  expect(read(text, 1)).toEqual({ text, marks: [] });
});

test('only text that may become a mark is held back', () => {
  const reader = markerParser(nonce);
  expect(reader('one\nc0f')).toEqual([{ text: 'one' }]);
  expect(reader('x')).toEqual([{ text: '\nc0fx' }]);
});
