import { withLiteralKeys } from '../../../scripts/bundle/literal-keys.ts';

test('a constant key of a schema becomes a literal', () => {
  const text = 'const _xN = "xmlName";\nconst _m = "min";\nvar Range = [1, { [_xN]: _m }];';
  expect(withLiteralKeys(text)).toBe('const _xN = "xmlName";\nconst _m = "min";\nvar Range = [1, { "xmlName": _m }];');
});

test('a key that is not a constant text stays as it is', () => {
  const text = 'const _n = 5;\nlet _x = "a";\nvar A = { [_n]: 1, [_x]: 2, [_unknown]: 3 };';
  expect(withLiteralKeys(text)).toBe(text);
});
