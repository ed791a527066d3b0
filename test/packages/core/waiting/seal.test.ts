import { isSigned, seal, sign, unseal } from '../../../../packages/core/src/waiting/seal.ts';

const secret = 'correct horse battery staple';

test('an encrypted text is decrypted with the same open text and the same secret', () => {
  expect(unseal(seal('https://bucket/täglich?s=1', secret, 'open'), secret, 'open')).toBe('https://bucket/täglich?s=1');
});

test('encryption is different each time, and never shows the text', () => {
  const sealed = [seal('https://bucket', secret, 'open'), seal('https://bucket', secret, 'open')];
  expect(sealed[0]).not.toBe(sealed[1]);
  for (const one of sealed) expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('bucket');
});

const sealed = seal('https://bucket', secret, 'open');

test.each([
  ['another secret', sealed, 'another', 'open'],
  ['another open text', sealed, secret, 'other'],
  ['a changed byte', `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`, secret, 'open'],
  ['a shorter tag', sealed.slice(0, 30), secret, 'open'],
  ['an empty text', '', secret, 'open'],
  ['something that is no seal', 'nonsense', secret, 'open'],
])('%s decrypts nothing', (_, text, key, open) => {
  expect(unseal(text, key, open)).toBeUndefined();
});

test('a signature is of use for one text and one secret', () => {
  const signature = sign('text', secret);
  expect(isSigned('text', secret, signature)).toBe(true);
  expect(isSigned('other', secret, signature)).toBe(false);
  expect(isSigned('text', 'another', signature)).toBe(false);
  for (const wrong of ['', `${signature}A`, signature.slice(1), signature.toLowerCase()]) {
    expect(isSigned('text', secret, wrong)).toBe(false);
  }
});
