import { RefusedError } from './errors.ts';
import { HttpClient } from './http.ts';
import type { MessageSocket } from './socket.ts';

/** A signed-in session with one Jupyter server. */
export interface Session {
  /** The server's URL without its query, so that it contains no secret and may be logged. */
  readonly url: string;
  /** Whether the server's own API responds. While the server starts, Studio responds in its place. */
  isReady(): Promise<boolean>;
  /** Calls the server's API. The body is parsed if it is JSON, and undefined otherwise. */
  call(method: 'GET' | 'POST' | 'DELETE', path: string): Promise<{ status: number; body: unknown }>;
  /** Opens a WebSocket. */
  connect(path: string): Promise<MessageSocket>;
}

/** The maximum number of redirects of a sign-in. */
const MAX_REDIRECTS = 10;

/**
 * Signs in with a presigned URL, as a browser does. `root` is the server's path: `jupyter/default`.
 *
 * Throws RefusedError when the URL gives no access, UnavailableError when a retry can succeed, InvalidReplyError when
 * the server replies what no Jupyter server does. No error contains the URL's query, or a cookie.
 */
export async function openSession(presignedUrl: string, root: string): Promise<Session> {
  const http = new HttpClient();
  const start = URL.parse(presignedUrl);
  if (!start || !/^https?:$/.test(start.protocol)) {
    throw new RefusedError('Signing in to a Jupyter server: its presigned URL is no URL of HTTP');
  }
  const landed = await follow(start, http);
  const base = new URL(`/${root}/`, landed);
  const url = http.shown(base);
  // A page of the server sets the XSRF cookie that its API requires.
  if (http.jar.find(base, '_xsrf') === undefined) await follow(base, http);

  return {
    url,
    async isReady() {
      const url = new URL('api/status', base);
      const reply = await http.request(url, { readsBody: true });
      const { status, body } = reply;
      if (isRefusal(status)) throw http.refused(url, reply);
      return status >= 200 && status < 300 && typeof body === 'object' && body !== null;
    },
    async call(method, path) {
      const url = new URL(path, base);
      const reply = await http.request(url, { method, headers: xsrf(http, base), readsBody: true });
      const { status, body } = reply;
      if (isRefusal(status)) throw http.refused(url, reply);
      if (status >= 500) throw http.unavailable(url, `it answers ${status}`);
      return { status, body };
    },
    async connect(path) {
      const url = new URL(path, base);
      // Off the start path: most requests end before there is a server to talk to.
      const { openSocket } = await import('./socket.ts');
      return openSocket(url, { ...http.cookies(url), ...xsrf(http, base), origin: url.origin }, http);
    },
  };
}

/** Follows redirects within Studio; returns the last URL. */
async function follow(start: URL, http: HttpClient): Promise<URL> {
  const signingIn = `Signing in at ${http.shown(start)}`;
  let url = start;
  for (let step = 0; step <= MAX_REDIRECTS; step += 1) {
    const reply = await http.request(url, { readsBody: false });
    const { status, location } = reply;
    if (status < 300 || status >= 400 || location === null) {
      if (isRefusal(status)) throw http.refused(url, reply);
      // 404 means that the server is still starting.
      if (status < 200 || status >= 300) throw http.unavailable(url, `it answers ${status}`);
      return url;
    }
    const next = URL.parse(location, url.href);
    if (!next) throw http.invalid(url, 'it redirects to what is no URL');
    if (!isWithin(next, start)) {
      throw new RefusedError(
        `${signingIn}: it redirects to ${http.secrets.redact(next.origin)}, so the presigned URL has expired, or the permissions of its creator do not allow its use from here`,
      );
    }
    url = next;
  }
  throw new RefusedError(`${signingIn}: it redirects too often`);
}

/** The same origin, or another host of the same Studio: `<space>.studio.<region>.sagemaker.aws`. */
function isWithin(next: URL, start: URL): boolean {
  // `fetch` refuses a URL with a user, with an error that shows it.
  if (next.username !== '' || next.password !== '') return false;
  if (next.origin === start.origin) return true;
  const studio = /\.studio\.[a-z0-9-]+\.sagemaker\.[a-z.]+$/.exec(start.hostname)?.[0];
  return studio !== undefined && next.protocol === 'https:' && next.hostname.endsWith(studio);
}

/** The header that proves to the server that the client can read its cookies. */
function xsrf({ jar }: HttpClient, base: URL): Record<string, string> {
  const token = jar.find(base, '_xsrf');
  return token === undefined ? {} : { 'x-xsrftoken': token };
}

function isRefusal(status: number): boolean {
  return status === 401 || status === 403;
}
