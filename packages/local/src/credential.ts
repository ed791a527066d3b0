import { type HttpRequest, parseUrl } from './protocols/adapter.ts';

/** What a request's Signature Version 4 says of its caller: in its Authorization header, or in a presigned URL. */
export interface Credential {
  accessKeyId: string;
  /** `20261121`. */
  date: string;
  region: string;
  /** The service's signing name: `elasticfilesystem`. */
  service: string;
  sessionToken?: string;
  signedHeaders: string[];
  signature: string;
  presigned: boolean;
}

/** Undefined when the request is not signed. */
export function findCredential(request: HttpRequest): Credential | undefined {
  const authorization = request.headers.authorization ?? '';
  if (authorization.startsWith('AWS4-HMAC-SHA256 ')) {
    const parts = Object.fromEntries(
      authorization
        .slice(17)
        .split(',')
        .map((part) => part.trim().split(/=(.*)/s) as [string, string]),
    );
    return read(parts.Credential, parts.SignedHeaders, parts.Signature, request.headers['x-amz-security-token'], false);
  }
  const { query } = parseUrl(request.url);
  const get = (name: string) => query.get(`X-Amz-${name}`) ?? undefined;
  return read(get('Credential'), get('SignedHeaders'), get('Signature'), get('Security-Token'), true);
}

function read(
  scope: string | undefined,
  signedHeaders = '',
  signature = '',
  sessionToken: string | undefined,
  presigned: boolean,
): Credential | undefined {
  const [, accessKeyId, date, region, service] =
    /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(scope ?? '') ?? [];
  if (!accessKeyId || !date || !region || !service) return undefined;
  return {
    accessKeyId,
    date,
    region,
    service,
    sessionToken,
    signedHeaders: signedHeaders.split(';'),
    signature,
    presigned,
  };
}
