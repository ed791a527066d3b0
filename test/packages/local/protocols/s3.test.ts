import * as S3 from '@aws-sdk/client-s3';
import { handle } from '../../../../packages/local/src/http.ts';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { type ServedCloud, serveCloud } from '../served-cloud.ts';

const authorization =
  'AWS4-HMAC-SHA256 Credential=111111111111/20261121/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x';
let served: ServedCloud;

beforeEach(async () => {
  served = serveCloud([s3]);
  const client = new S3.S3Client(served.as('111111111111'));
  await client.send(new S3.CreateBucketCommand({ Bucket: 'data' }));
  client.destroy();
});

afterEach(() => served.close());

async function send(method: string, url: string, body = '', headers: Record<string, string> = {}) {
  const request = { method, url, headers: { authorization, ...headers }, body: Buffer.from(body) };
  const answer = await handle(served.cloud, request);
  return { ...answer, body: Buffer.from(answer.body).toString() };
}

const signed = { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER' };

test('chunks are joined, and their trailers are read', async () => {
  const body =
    '5;chunk-signature=0\r\nhello\r\n1;chunk-signature=1\r\n!\r\n0;chunk-signature=2\r\nx-amz-checksum-crc32: +rj3pw==\r\n\r\n';
  const put = await send('PUT', '/data/a', body, { ...signed, 'content-encoding': 'aws-chunked,gzip' });
  expect(put.status).toBe(400);
  expect(put.body).toContain('<Code>BadDigest</Code>');
  const right = body.replace('+rj3pw==', 'mobJYA==');
  expect((await send('PUT', '/data/a', right, { ...signed, 'content-encoding': 'aws-chunked,gzip' })).status).toBe(200);
  const got = await send('GET', '/data/a');
  expect(got.body).toBe('hello!');
  expect(got.headers['content-encoding']).toBe('gzip');
});

test.each(['5\r\nhel', '5', '0x\r\n'])('chunks that end too early are refused: %j', async (body) => {
  expect((await send('PUT', '/data/a', body, signed)).body).toContain('<Code>IncompleteBody</Code>');
});

test('a document that is not XML is refused', async () => {
  expect((await send('POST', '/data?delete', '<Delete>')).body).toContain('<Code>MalformedXML</Code>');
});

test('a method that S3 does not have is refused', async () => {
  const answer = await send('PATCH', '/data/a');
  expect([answer.status, answer.body]).toEqual([405, expect.stringContaining('<Code>MethodNotAllowed</Code>')]);
});

test('the error names an operation that the local cloud does not have', async () => {
  const answer = await send('GET', '/data?website');
  expect([answer.status, answer.body]).toEqual([
    501,
    expect.stringContaining('The local cloud does not implement s3:GetBucketWebsite'),
  ]);
});

test('an operation is recognised by its path, query and headers, with or without the x-id of newer SDKs', async () => {
  const operations: string[] = [];
  served.cloud.events.on('exchange', ({ operation }) => operations.push(operation));
  for (const [method, url, headers] of [
    ['GET', '/', {}],
    ['GET', '/data', {}],
    ['GET', '/data?list-type=2', {}],
    ['GET', '/data/?versions', {}],
    ['PUT', '/data/a/b/', {}],
    ['PUT', '/data/c', { 'x-amz-copy-source': '/data/a/b/' }],
    ['PUT', '/data/c?partNumber=1&uploadId=x', {}],
    ['POST', '/data/c?uploads', {}],
    ['GET', '/data/c?tagging', {}],
    ['HEAD', '/data/c?x-id=HeadObject', {}],
    ['DELETE', '/data/c?uploadId=x', {}],
    ['DELETE', '/data/c', {}],
  ] as const) {
    await send(method, url, '', headers);
  }
  expect(operations).toEqual([
    'ListBuckets',
    'ListObjects',
    'ListObjectsV2',
    'ListObjectVersions',
    'PutObject',
    'CopyObject',
    'UploadPart',
    'CreateMultipartUpload',
    'GetObjectTagging',
    'HeadObject',
    'AbortMultipartUpload',
    'DeleteObject',
  ]);
});
