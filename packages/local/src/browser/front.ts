import type { IncomingMessage, ServerResponse } from 'node:http';
import { isForOwnName, notAPage } from '../foreign-page.ts';
import type { Cloud } from '../service.ts';
import { version } from '../version.ts';
import { pageHeaders, pageOf } from './page.ts';

/** What is answered at a path, with a status of 200. */
interface Answer {
  headers: Record<string, string>;
  body: string;
}

/**
 * The answer to a request that is for no service of AWS: of a browser at the address itself, or of a script that asks whether
 * the local cloud is ready. Undefined for all else, such as S3's ListBuckets, which is a GET of `/` as well, and signed; no
 * bucket's name begins with `_`.
 */
export function frontAnswer(cloud: Cloud, { method, url, headers }: IncomingMessage): Answer | undefined {
  if ((method !== 'GET' && method !== 'HEAD') || headers.authorization !== undefined) return undefined;
  if (url === '/_health') {
    return { headers: { 'content-type': 'application/json', ...notAPage }, body: healthOf(cloud) };
  }
  if (url === '/' && isForOwnName({ headers }) && /\btext\/html\b/.test(headers.accept ?? '')) {
    return { headers: pageHeaders, body: pageOf(cloud) };
  }
  return undefined;
}

/**
 * The state of each service, in the form of LocalStack's `/_localstack/health`, which scripts poll until a service is there:
 * `{ "services": { "s3": "running" }, "version": "…" }`
 * (https://docs.localstack.cloud/aws/configuration/networking/internal-endpoints/).
 */
function healthOf(cloud: Cloud): string {
  const services = Object.fromEntries([...cloud.services.keys()].sort().map((id) => [id, 'running']));
  return `${JSON.stringify({ services, version }, null, 2)}\n`;
}

/** Writes the answer; the head alone where no more is asked for. */
export function writeFront({ method }: IncomingMessage, outgoing: ServerResponse, { headers, body }: Answer): void {
  outgoing.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(body) });
  outgoing.end(method === 'HEAD' ? undefined : body);
}
