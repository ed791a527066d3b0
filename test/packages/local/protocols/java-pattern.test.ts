import { javaPattern } from '../../../../packages/local/src/protocols/java-pattern.ts';

describe('a pattern in the syntax of Java', () => {
  test.each([
    ['[a-z]+', ['a', 'abc'], ['', 'a1', 'ab\n']],
    ['a|b', ['a', 'b'], ['ab', 'ac']],
    ['^[a-z]*$', ['', 'a'], ['a b']],
    ['[\\w-.]+', ['a-.'], ['a b']],
    ['[a-zA-Z0-9-_]+', ['a-_9'], ['a.']],
    ['[^ ~^:?*\\[]+', ['a]b'], ['a[b', 'a^b']],
    ['\\p{Alnum}+', ['aZ9'], ['é']],
    ['[\\p{Alpha}\\-]+', ['a-b'], ['a1']],
    ['\\P{Alpha}', ['1'], ['a']],
    ['\\p{ASCII}*', ['a ~'], ['é']],
    ['[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*', ['Größe 1/2@x'], ['a#b']],
    ['[^\\x00-\\x1F\\x7F]+', ['a b'], ['a\u0001']],
    ['\\u002F[\\u0021-\\u007E]+\\u002F', ['/a/'], ['/a']],
    ['[\\uD800\\uDC00-\\uDBFF\\uDFFF]', ['😀'], ['a']],
    ['.', ['😀'], ['\n']],
    ['(?s).*', ['a\nb'], []],
    ['(?i)all|[0-9]{12}', ['ALL', '123456789012'], ['none']],
    ['(?!aws:)[a-z:]+', ['a:b'], ['aws:b']],
    ['[a-z-]+(?<!-)', ['a-b'], ['a-']],
    ['(\\/(?!\\.)+[^/]+){1,4}', ['/a/b'], ['/.a', '/a/b/c/d/e']],
    ['([a-z]*)${1,128}', ['ab'], ['a b']],
    ['\\s', [' ', '\t'], ['\u00a0']],
    ['[\\S]+', ['a\u00a0'], ['a b']],
    ['a}]', ['a}]'], ['a']],
    ['[a[bc]]+', ['abc'], ['d']],
    ['(a)\\1', ['aa'], ['ab']],
  ])('%j matches whole texts, as in Java', (pattern, matched, others) => {
    expect(matched.filter((text) => !javaPattern(pattern).test(text))).toEqual([]);
    expect(others.filter((text) => javaPattern(pattern).test(text))).toEqual([]);
  });

  test.each(['a*+', 'a{1,2}+', '(?>a)', '[a&&b]', '[a', '\\Qa\\E', '\\p{IsLatin}'])('%j is refused', (pattern) => {
    expect(() => javaPattern(pattern)).toThrow();
  });
});
