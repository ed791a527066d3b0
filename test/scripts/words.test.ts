import { checkWords } from '../../scripts/check/words.ts';

const file = (path: string, ...lines: string[]) => ({ path, text: lines.join('\n') });
const found = (text: string) => checkWords([file('scripts/a.ts', text)]);

describe('a word of the list is found', () => {
  test.each([
    ['in a comment', '// Nobody waits.', 'nobody'],
    ['as an identifier', 'const doomed = 1;', 'doomed'],
    ['as a part of an identifier', 'if (isDoomed(one)) return;', 'doomed'],
    ['at the beginning of an identifier', 'doomedThings.clear();', 'doomed'],
    ['as a constant', 'const HAND_OVER = 1;', 'handOver'],
    ['with capitals in it', 'await takeAway(one);', 'takeAway'],
    ['in the name of a module', "import { a } from './take-away.ts';", 'takeAway'],
    ['as a phrase at the beginning of a sentence', 'Side by side they run.', 'side by side'],
    ['as a type', 'function f(to: Addressee) {}', 'Addressee'],
    ['in a template', '# Whoever launches it', 'whoever'],
    ['as a phrase', 'A space is in the way of it.', 'in the way'],
    ['over two lines of a comment', '/**\n * A space is in\n * the way of it.\n */', 'in the way'],
  ])('%s', (_, text, word) => {
    expect(found(text)).toEqual([expect.stringContaining(`"${word}" is not a word of the project; use `)]);
  });

  test('in a path', () => {
    expect(checkWords([file('scripts/side-by-side.ts')])).toEqual([
      'scripts/side-by-side.ts:0: "sideBySide" is not a word of the project; use mapConcurrent',
    ]);
  });

  test('each time, with its line', () => {
    const sources = [file('packages/local/src/a.ts', 'const a = 1;', '// Nobody', '', '// nobody')];
    expect(checkWords(sources).map((one) => one.split(': ')[0])).toEqual([
      'packages/local/src/a.ts:2',
      'packages/local/src/a.ts:4',
    ]);
  });
});

test.each([
  'their heirloom',
  'it is unaskedfor',
  'a stakeAwayFrom',
  'strikethrough',
  'the shape of the way',
  'a takeaway',
  'to take away what is left of it',
])('"%s" holds no word of the list', (text) => {
  expect(found(text)).toEqual([]);
});

test('folders that are not covered are silent', () => {
  expect(checkWords([file('handlers/a.ts', 'nobody')], ['scripts/'])).toEqual([]);
  expect(checkWords([file('handlers/a.ts', 'nobody')], ['scripts/', 'handlers/'])).toHaveLength(1);
});
