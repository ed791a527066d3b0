import type { IncomingMessage } from 'node:http';

/** Names of this machine, and the host names with a bucket in front that S3 has. No DNS record of a stranger has one. */
const loopback = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;
const virtualHost = /^[a-z0-9.-]+\.(?:localhost|s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?)(?::\d+)?$/i;

/** Whether the request is for the local cloud's own name, and not for a bucket's. */
export function isForOwnName({ headers: { host = '' } }: Pick<IncomingMessage, 'headers'>): boolean {
  return loopback.test(host);
}

/**
 * Why a request is not to be answered: a web page of another origin sent it. Undefined for what SDKs, tools and pages of
 * the local cloud itself send. A caller of the local cloud can make it run code, so a page that its user happens to have
 * open must not; a browser adds these headers to what a page sends, and a page cannot change them.
 *
 * - `Host`: of a name that a stranger's DNS server resolves to 127.0.0.1, the page of that name is of the same origin.
 * - `Origin`: browsers send it with each request that may change something, and with WebSockets.
 * - `Sec-Fetch-Site`: tells of requests without an `Origin` as well, such as for an image (Fetch Metadata, W3C).
 */
export function foreignPageIn({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const { host = '', origin } = headers;
  if (!loopback.test(host) && !virtualHost.test(host)) {
    return `Host is ${shown(host)}, which is no name of the local cloud. Use 127.0.0.1, localhost or a bucket's name before .localhost`;
  }
  // What lies in a bucket may be a page, and is not the local cloud's own.
  if (origin !== undefined && !(loopback.test(host) && origin === `http://${host}`)) {
    return `Origin is ${shown(origin)}. Pages of other origins cannot use the local cloud`;
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'none' && site !== 'same-origin') {
    return `Sec-Fetch-Site is ${shown(String(site))}. Pages of other origins cannot use the local cloud; open the address itself`;
  }
  return undefined;
}

/** Whether a user follows a link, so that the browser shows the answer, and no page can read it. */
export function isNavigation({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

/**
 * Headers of what is not a page of the local cloud. No other page may embed it or take it for a script, and HTML that
 * lies in a bucket is shown without the local cloud's origin, so that it cannot call it.
 */
export const notAPage: Record<string, string> = {
  'content-security-policy': 'sandbox',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** A header as a refusal repeats it. */
function shown(value: string): string {
  return value === '' ? 'missing' : JSON.stringify(value.slice(0, 100));
}
