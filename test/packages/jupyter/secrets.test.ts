import { withoutUrlSecrets } from '@studio-resources/jupyter';
import { SecretValues } from '../../../packages/jupyter/src/secrets.ts';

test.each([
  ['http://127.0.0.1:8888/lab?token=abc123', 'http://127.0.0.1:8888/lab?token=[redacted]'],
  ['/auth?a=b&token=abc.def-_~ then more', '/auth?a=b&token=[redacted] then more'],
  ['"https://x/?access_token=abc"', '"https://x/?access_token=[redacted]"'],
  [
    'https://b.s3.amazonaws.com/k?X-Amz-Signature=ab12&X-Amz-Date=1',
    'https://b.s3.amazonaws.com/k?X-Amz-Signature=[redacted]&X-Amz-Date=1',
  ],
  ['https://b/k?X-Amz-Security-Token=a%2Fb#part', 'https://b/k?X-Amz-Security-Token=[redacted]#part'],
  ['git clone https://user:pw@host/x.git', 'git clone https://[redacted]@host/x.git'],
  ['https://host/?page=2&q=token', 'https://host/?page=2&q=token'],
  ['mail me@example.com', 'mail me@example.com'],
])('%s loses its secrets only', (text, expected) => {
  expect(withoutUrlSecrets(text)).toBe(expected);
});

test('a value is redacted in every form that a server can repeat it in', () => {
  const secrets = new SecretValues();
  secrets.addQuery(new URL('https://host/auth?token=AbC/dEf+gHi&n=1'));
  const text = 'https://abc/def ghi.example.com/AbC%2FdEf%20gHi and AbC/dEf gHi, page 1';
  expect(secrets.redact(text)).toBe('https://[redacted].example.com/[redacted] and [redacted], page 1');
});
