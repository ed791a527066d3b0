import dns from 'node:dns';
import { jest } from '@jest/globals';
import { type Log, UndeliveredError } from '@studio-resources/core';
import { deliver } from '../../packages/core/src/response/response.ts';
import { type Bucket, type Move, responseBucket } from '../packages/core/bucket.ts';

let bucket: Bucket;
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const amply = { log, context: { getRemainingTimeInMillis: () => 300_000 } };
const quick = { attempts: 4, silence: 10_000, pause: 0, longestPause: 0 };
const body = JSON.stringify({ Status: 'SUCCESS', Reason: 'für 🦊' });

async function bucketThat(...moves: Move[]): Promise<Bucket> {
  bucket = await responseBucket(...moves);
  return bucket;
}

afterEach(() => bucket.close());

test('a response is a PUT with an empty content type and its length in bytes', async () => {
  const { url, puts } = await bucketThat();
  await deliver(url, body, amply);
  expect(puts).toHaveLength(1);
  expect(puts[0]?.method).toBe('PUT');
  expect(puts[0]?.url).toBe(url.slice(url.indexOf('/answers')));
  expect(puts[0]?.headers).toMatchObject({
    'content-type': '',
    'content-length': String(Buffer.byteLength(body)),
  });
  expect(puts[0]?.headers['transfer-encoding']).toBeUndefined();
  expect(puts[0]?.body.toString()).toBe(body);
});

test('a 429, a 5xx and a reset are retried, with the same bytes', async () => {
  const { url, puts } = await bucketThat(503, 429, 'reset');
  await deliver(url, body, amply, quick);
  expect(puts.map((put) => put.body.toString())).toEqual([body, body, body, body]);
});

test('a silent socket is closed, and the response retried', async () => {
  const { url, puts } = await bucketThat('hang');
  // Long enough that the second attempt is not given up, however slow the machine.
  await deliver(url, body, amply, { ...quick, silence: 1000 });
  expect(puts).toHaveLength(2);
});

test('a connection that is reset before the body was sent is retried, with the whole body', async () => {
  const { url, puts, answer } = await bucketThat('reset before the body');
  await deliver(url, body, amply, quick);
  expect(puts).toHaveLength(2);
  expect(JSON.stringify(answer())).toBe(body);
});

test('a slow bucket is waited for', async () => {
  const { url, puts } = await bucketThat('late');
  await deliver(url, body, amply, quick);
  expect(puts).toHaveLength(1);
});

test('a response that was accepted is not sent again if the bucket’s reply breaks off', async () => {
  const { url, puts, answer } = await bucketThat('break off');
  await deliver(url, body, amply, quick);
  expect(puts).toHaveLength(1);
  expect(JSON.stringify(answer())).toBe(body);
});

describe('a host without an address', () => {
  afterEach(() => jest.restoreAllMocks());

  /** Makes the next so many look-ups of an address fail, as Node's own do. */
  function failLookups(count: number) {
    const real = dns.lookup;
    let failed = 0;
    const spy = jest.spyOn(dns, 'lookup').mockImplementation(((
      host: string,
      options: dns.LookupAllOptions,
      done: Done,
    ) => {
      failed += 1;
      if (failed > count) return real(host, options, done);
      const code = 'ENOTFOUND';
      setImmediate(() =>
        done(Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code, syscall: 'getaddrinfo' }), []),
      );
    }) as typeof dns.lookup);
    return () => spy.mock.calls.length;
  }
  type Done = (error: NodeJS.ErrnoException | null, found: dns.LookupAddress[]) => void;

  test('may have one a moment later', async () => {
    const { url, puts } = await bucketThat();
    const lookups = failLookups(2);
    await deliver(url.replace('127.0.0.1', 'localhost'), body, amply, quick);
    expect(lookups()).toBe(3);
    expect(puts.map((put) => put.body.toString())).toEqual([body]);
  });

  test('ends in an error that says so, and that a retry may help', async () => {
    const { url, puts } = await bucketThat();
    failLookups(99);
    await expect(deliver(url.replace('127.0.0.1', 'localhost'), body, amply, quick)).rejects.toMatchObject({
      message: expect.stringMatching(/^Delivering the response, attempt 4: .*getaddrinfo ENOTFOUND localhost$/),
      retryable: true,
    });
    expect(puts).toEqual([]);
  });
});

test.each([403, 400, 404, 307])('a %i is final', async (status) => {
  const { url, puts } = await bucketThat(status);
  await expect(deliver(url, body, amply, quick)).rejects.toMatchObject({
    name: 'UndeliveredError',
    message: `Delivering the response, attempt 1: the response URL answered ${status}`,
    retryable: false,
  });
  expect(puts).toHaveLength(1);
});

test('attempts end, and the error says that a retry may help', async () => {
  const { url, puts } = await bucketThat(500, 500, 500, 500, 500);
  const failure = deliver(url, body, amply, quick);
  await expect(failure).rejects.toBeInstanceOf(UndeliveredError);
  await expect(failure).rejects.toMatchObject({ retryable: true });
  expect(puts).toHaveLength(4);
});

test('no attempt starts when the function has no time left for it', async () => {
  const { url, puts } = await bucketThat(500, 500);
  const left = [5_000, 5_000, 1_500, 1_500];
  const hurried = { log, context: { getRemainingTimeInMillis: () => left.shift() ?? 0 } };
  await expect(deliver(url, body, hurried, quick)).rejects.toMatchObject({ retryable: true });
  expect(puts).toHaveLength(2);
});

test('pauses double up to the longest, less jitter', async () => {
  const { url } = await bucketThat(500, 500, 500);
  const waits: unknown[] = [];
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms: number) => {
    waits.push(ms);
    setImmediate(run);
  }) as typeof setTimeout);
  await deliver(url, body, amply, { ...quick, pause: 100, longestPause: 300 });
  jest.restoreAllMocks();
  expect(waits).toEqual([75, 150, 225]);
});
