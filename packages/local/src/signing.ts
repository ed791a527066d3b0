import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Credential } from './credential.ts';
import { type HttpRequest, parseUrl } from './protocols/adapter.ts';

/** What a presigned URL is made of. */
export interface Presigning {
  method: 'GET' | 'PUT';
  /** `http://127.0.0.1:4566`, or any other origin. */
  origin: string;
  /** Percent-encoded: `/bucket/key`. */
  path: string;
  service: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** Milliseconds since the epoch from which it holds, and for how many seconds. */
  at: number;
  expires: number;
}

/** A URL that carries its caller's signature, as S3 takes it for a GET or a PUT. */
export function presignedUrl(of: Presigning): string {
  const time = new Date(of.at).toISOString().replace(/[-:]|\.\d+/g, '');
  const date = time.slice(0, 8);
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${of.accessKeyId}/${date}/${of.region}/${of.service}/aws4_request`,
    'X-Amz-Date': time,
    'X-Amz-Expires': `${of.expires}`,
    ...(of.sessionToken && { 'X-Amz-Security-Token': of.sessionToken }),
    'X-Amz-SignedHeaders': 'host',
  });
  const scope = { date, region: of.region, service: of.service, signedHeaders: ['host'] };
  const headers = { host: new URL(of.origin).host };
  const request = { method: of.method, path: of.path, query, headers };
  const signature = signatureOf(request, scope, time, of.secretAccessKey);
  return `${of.origin}${of.path}?${canonicalQuery(query)}&X-Amz-Signature=${signature}`;
}

/** Whether a presigned request was signed with this secret, and is still what was signed. */
export function isSignedWith(secretAccessKey: string, request: HttpRequest, credential: Credential): boolean {
  const { path, query } = parseUrl(request.url);
  const time = query.get('X-Amz-Date') ?? '';
  const expected = signatureOf({ ...request, path, query }, credential, time, secretAccessKey);
  return (
    credential.signature.length === expected.length &&
    timingSafeEqual(Buffer.from(credential.signature), Buffer.from(expected))
  );
}

function signatureOf(
  request: { method: string; path: string; query: URLSearchParams; headers: Record<string, string> },
  scope: Pick<Credential, 'date' | 'region' | 'service' | 'signedHeaders'>,
  time: string,
  secretAccessKey: string,
): string {
  const canonical = [
    request.method,
    request.path,
    canonicalQuery(request.query),
    ...scope.signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    scope.signedHeaders.join(';'),
    // A URL is signed before its body is known.
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const place = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, place, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const steps = [scope.date, scope.region, scope.service, 'aws4_request'];
  const key = steps.reduce<Buffer>((secret, step) => hmac(secret, step), Buffer.from(`AWS4${secretAccessKey}`));
  return hmac(key, text).toString('hex');
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

/** RFC 3986: of the punctuation, only `-._~` stays as it is. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
