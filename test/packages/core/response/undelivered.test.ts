import { respond } from '@studio-resources/core';
import { UndeliveredError } from '../../../../packages/core/src/errors.ts';
import { parseRequest } from '../../../../packages/core/src/request/parse-request.ts';
import { signedResponse } from '../../../../packages/core/src/response/signed-response.ts';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda } from '../event.ts';
import { stateSecret } from '../waiting/state-secret.ts';

const { bucket, lines } = bucketAndLog();
const secret = stateSecret();

function body(fields: object = {}): string {
  const { StackId, RequestId, LogicalResourceId } = event();
  const ids = { StackId, RequestId, LogicalResourceId };
  return JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'a', ...ids, ...fields });
}

/** A response as a function signs it, for the request of this bucket or for another one. */
async function signed(response: string, fields: object = {}): Promise<string> {
  const { invokedFunctionArn: reader } = lambda();
  const { identity } = await parseRequest(event({ ResponseURL: bucket.url, ...fields }), { reader });
  return signedResponse(response, identity, secret.key);
}

/** What Lambda sends the responder for a function that could not deliver a response. */
function failed(text: string) {
  const { name, message } = new UndeliveredError('Delivering: 503', true).withResponse(text);
  return {
    requestContext: { functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:things:$LATEST' },
    requestPayload: event({ ResponseURL: bucket.url }),
    responsePayload: { errorType: name, errorMessage: message, trace: [] },
  };
}

test('an undelivered response is sent again unchanged, byte by byte', async () => {
  await respond(failed(await signed(body())), lambda());
  expect(bucket.puts.map((put) => put.body.toString())).toEqual([body()]);
});

test('an undelivered response that was signed before the last rotation is sent', async () => {
  const text = await signed(body());
  secret.rotate();
  await respond(failed(text), lambda());
  expect(bucket.answer().Status).toBe('SUCCESS');
});

test.each<[string, () => Promise<string> | string]>([
  ['is not signed', () => body()],
  ['is signed for another request', () => signed(body({ RequestId: 'other' }), { RequestId: 'other' })],
  ['is signed for another response URL', () => signed(body(), { ResponseURL: `${bucket.url}2` })],
  ['is truncated', async () => (await signed(body())).slice(0, -10)],
  ['was changed', async () => (await signed(body())).replace('"a"', '"b"')],
  ['has the signature of another response', async () => (await signed(body())).replace('SUCCESS', 'SUCCESS ')],
  ['has no signature', async () => (await signed(body())).replace(/\.[\w-]+\./, '..')],
  ['names a key that does not exist', async () => (await signed(body())).replace(/^[\w-]+/, 'a'.repeat(36))],
  ['names a stage in place of a key', async () => (await signed(body())).replace(/^[\w-]+/, 'AWSCURRENT')],
])('an undelivered response that %s is not sent, and the request gets FAILED', async (_, text) => {
  await respond(failed(await text()), lambda());
  const { Status, Reason } = bucket.answer();
  expect(Status).toBe('FAILED');
  // Nothing of it comes through with the reason either.
  expect(Reason).toBe(
    'The function things ended without a response: UndeliveredError: Delivering: 503. Its log group /aws/lambda/things may say more',
  );
});

test('an undelivered response of which the key cannot be read is not sent, and the request gets FAILED', async () => {
  const text = await signed(body());
  secret.fail(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
  await respond(failed(text), lambda());
  expect(bucket.answer().Status).toBe('FAILED');
  expect(lines.text()).toContain('cannot be checked');
});
