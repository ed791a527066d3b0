import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Presigned } from './credential.ts';
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
  const scope = `${time.slice(0, 8)}/${of.region}/${of.service}/aws4_request`;
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${of.accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': `${of.expires}`,
    ...(of.sessionToken && { 'X-Amz-Security-Token': of.sessionToken }),
    'X-Amz-SignedHeaders': 'host',
  });
  const url = `${of.path}?${canonicalQuery(query)}`;
  const request = { method: of.method, url, headers: { host: new URL(of.origin).host } };
  const signature = version4(of.secretAccessKey, request, { time, scope, signedHeaders: ['host'] });
  return `${of.origin}${url}&X-Amz-Signature=${signature}`;
}

/** Whether a presigned request was signed with this secret, and is still what was signed. */
export function isSignedWith(secretAccessKey: string, request: HttpRequest, presigned: Presigned): boolean {
  const expected = Buffer.from(
    presigned.version4 ? version4(secretAccessKey, request, presigned.version4) : version2(secretAccessKey, request),
  );
  const given = Buffer.from(presigned.signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

type Signed = Pick<HttpRequest, 'method' | 'url' | 'headers'>;

function version4(secret: string, request: Signed, over: NonNullable<Presigned['version4']>): string {
  const { path, query } = parseUrl(request.url);
  const canonical = [
    request.method,
    path,
    canonicalQuery(query),
    ...over.signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    over.signedHeaders.join(';'),
    // A URL is signed before its body is known.
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', over.time, over.scope, createHash('sha256').update(canonical).digest('hex')];
  const key = over.scope.split('/').reduce<Buffer>((last, step) => hmac(last, step), Buffer.from(`AWS4${secret}`));
  return hmac(key, text.join('\n')).toString('hex');
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

/** Signature Version 2, with which older clients presign for S3, in path style. */
function version2(secret: string, { method, url }: Signed): string {
  const { path, query } = parseUrl(url);
  const get = (name: string) => query.get(name) ?? '';
  const amz = [...query]
    .filter(([name]) => name.toLowerCase().startsWith('x-amz-'))
    .map(([name, value]) => `${name.toLowerCase()}:${value}\n`);
  const named = [...query].filter(([name]) => /^(versionId|uploadId|partNumber|response-.+)$/.test(name));
  const parameters = named
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&');
  const resource = `${amz.sort().join('')}${path}${parameters && `?${parameters}`}`;
  const text = [method, get('content-md5'), get('content-type'), get('Expires'), resource].join('\n');
  return createHmac('sha1', secret).update(text).digest('base64');
}
