import fc from 'fast-check';
import { MAX_BODY_BYTES, responseBody } from '../../../../packages/core/src/response/response.ts';
import { stackId } from '../event.ts';

const to = {
  responseUrl: 'https://example.com',
  expectsResponse: true,
  stackId,
  requestId: 'request-1',
  logicalResourceId: 'MyThing',
  partition: 'aws',
  region: 'eu-west-1',
  account: '111122223333',
};
const where = 'the log group /aws/lambda/Thing, stream 2026/11/21/[$LATEST]abc';
const failed = (reason: string) => JSON.parse(responseBody(to, { status: 'FAILED', id: 'thing-one', reason }, where));
const succeeded = (attributes: Record<string, string>) =>
  responseBody(to, { status: 'SUCCESS', id: 'thing-one', attributes }, where);

test('a reason has no ANSI sequences and no control characters, and is on one line', () => {
  const reason = '\u001b[31mTypeError\u001b[0m:\r\n\tbad\u0000 \u0007thing\u009b1m\u0085 at\u007f end\n';
  expect(failed(reason).Reason).toBe('TypeError: bad thing at end');
});

test('an empty reason is replaced by a text that says so', () => {
  expect(failed('\n').Reason).toBe('failed without a reason');
});

test('a reason that is too long is cut at a whole character, and names the log stream with all of it', () => {
  const { Reason } = failed('🦊'.repeat(5000));
  expect(Reason).toMatch(
    /^(🦊)+… \(all of it is in the log group \/aws\/lambda\/Thing, stream 2026\/11\/21\/\[\$LATEST\]abc\)$/u,
  );
});

test('a body is JSON of at most 4096 bytes, and uses the available space', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 0, maxLength: 6000 }), (reason) => {
      const body = responseBody(to, { status: 'FAILED', id: 'thing-one', reason }, where);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_BODY_BYTES);
      const { Reason } = JSON.parse(body);
      expect(Reason).not.toMatch(/\p{Cc}/u);
      expect(Reason.isWellFormed()).toBe(true);
      if (Reason.includes('all of it is in')) expect(Buffer.byteLength(body)).toBeGreaterThan(MAX_BODY_BYTES - 8);
    }),
  );
});

test('a body of exactly 4096 bytes is sent whole', () => {
  const room = MAX_BODY_BYTES - Buffer.byteLength(succeeded({ Text: '' }));
  const body = succeeded({ Text: 'x'.repeat(room) });
  expect(Buffer.byteLength(body)).toBe(MAX_BODY_BYTES);
  expect(JSON.parse(body).Status).toBe('SUCCESS');
});

test('a success may have a reason, as far as the attributes leave room', () => {
  const body = (reason: string, length = 0) =>
    responseBody(to, { status: 'SUCCESS', id: 'thing-one', attributes: { Text: 'x'.repeat(length) }, reason }, where);
  expect(JSON.parse(body('1 of 2\nfailed'))).toMatchObject({ Status: 'SUCCESS', Reason: '1 of 2 failed' });
  expect(JSON.parse(body('\n'))).not.toHaveProperty('Reason');
  const cut = body('y'.repeat(5000), 3000);
  expect(Buffer.byteLength(cut)).toBe(MAX_BODY_BYTES);
  expect(JSON.parse(cut)).toMatchObject({ Status: 'SUCCESS', Reason: expect.stringMatching(/^y+… \(all of it is in/) });
  const room = MAX_BODY_BYTES - Buffer.byteLength(succeeded({ Text: '' }));
  expect(body('a reason', room)).toBe(succeeded({ Text: 'x'.repeat(room) }));
});

test('attributes that are too long make the response FAILED, with the real id and the names of the biggest', () => {
  const attributes = { Arn: 'a', Big: 'x'.repeat(3000), Bigger: 'é'.repeat(2000), Some: 'x'.repeat(50), Url: 'u' };
  const answer = JSON.parse(succeeded(attributes));
  expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'thing-one' });
  expect(answer.Reason).toMatch(/the biggest are Bigger \(4002 bytes\), Big \(3002 bytes\), Some \(52 bytes\)$/);
  expect(answer.Data).toBeUndefined();
});
