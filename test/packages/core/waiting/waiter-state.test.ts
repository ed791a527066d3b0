import { seal, unseal } from '../../../../packages/core/src/waiting/waiter-state.ts';

const secret = 'correct horse battery staple';

test('an encrypted text is decrypted with the same request and the same secret', () => {
  expect(unseal(seal('https://bucket/täglich?s=1', secret, 'request'), secret, 'request')).toBe(
    'https://bucket/täglich?s=1',
  );
});

test('encryption is different each time, and never shows the text', () => {
  const sealed = [seal('https://bucket', secret, 'request'), seal('https://bucket', secret, 'request')];
  expect(sealed[0]).not.toBe(sealed[1]);
  for (const one of sealed) expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('bucket');
});

const sealed = seal('https://bucket', secret, 'request');

test.each([
  ['another secret', sealed, 'another', 'request'],
  ['another request', sealed, secret, 'other'],
  ['a changed byte', `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`, secret, 'request'],
  ['an empty text', '', secret, 'request'],
  ['something that is no seal', 'nonsense', secret, 'request'],
])('%s decrypts nothing', (_, text, key, boundTo) => {
  expect(() => unseal(text, key, boundTo)).toThrow(/not sealed with this function's STATE_KEY for this request/);
});
