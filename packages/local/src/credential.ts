import { type HttpRequest, parseUrl } from './protocols/adapter.ts';

/** What a request's signature says of its caller. */
export interface Credential {
  accessKeyId: string;
  sessionToken?: string;
  region: string;
  /** The service's signing name: `elasticfilesystem`. */
  service: string;
  /** Given when the signature is in the URL. */
  presigned?: Presigned;
}

/** The signature of a presigned URL. */
export interface Presigned {
  signature: string;
  /** Milliseconds since the epoch; not a number where the URL does not say. */
  expires: number;
  /** What else a Signature Version 4 is made over; S3's older Version 2 has none of it. */
  version4?: {
    /** `20261121T062400Z` */
    time: string;
    /** `20261121/us-east-1/s3/aws4_request` */
    scope: string;
    signedHeaders: string[];
  };
}

/** Reads the signature in a request's Authorization header or in its URL. Undefined when there is none. */
export function findCredential(request: HttpRequest): Credential | undefined {
  const authorization = request.headers.authorization ?? '';
  if (authorization.startsWith('AWS4-HMAC-SHA256 ')) {
    const [, scope] = /Credential=([^,\s]+)/.exec(authorization) ?? [];
    return fromScope(scope, request.headers['x-amz-security-token']);
  }
  const { query } = parseUrl(request.url);
  return query.has('AWSAccessKeyId') ? fromVersion2(query) : fromVersion4(query);
}

function fromScope(text = '', sessionToken: string | undefined, presigned?: Presigned): Credential | undefined {
  const [, accessKeyId, region, service] = /^(.+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request$/.exec(text) ?? [];
  if (!accessKeyId || !region || !service) return undefined;
  return { accessKeyId, sessionToken, region, service, presigned };
}

function fromVersion4(query: URLSearchParams): Credential | undefined {
  const get = (name: string) => query.get(`X-Amz-${name}`) ?? '';
  const time = get('Date');
  const text = get('Credential');
  return fromScope(text, query.get('X-Amz-Security-Token') ?? undefined, {
    signature: get('Signature'),
    expires: readTime(time) + Number(get('Expires') || Number.NaN) * 1000,
    version4: { time, scope: text.slice(text.indexOf('/') + 1), signedHeaders: get('SignedHeaders').split(';') },
  });
}

function fromVersion2(query: URLSearchParams): Credential {
  return {
    accessKeyId: query.get('AWSAccessKeyId') ?? '',
    sessionToken: query.get('x-amz-security-token') ?? undefined,
    // Only S3 ever took it, and it names no Region.
    region: 'us-east-1',
    service: 's3',
    presigned: {
      signature: query.get('Signature') ?? '',
      expires: Number(query.get('Expires') || Number.NaN) * 1000,
    },
  };
}

/** Milliseconds since the epoch of `20261121T062400Z`. */
function readTime(time: string): number {
  return Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
