import { CookieJar } from './cookies.ts';
import { RefusedError, UnavailableError } from './errors.ts';

/** A signed-in session with one Jupyter server. */
export interface Session {
  /** The server's URL without its query, so that it contains no secret and may be logged. */
  readonly url: string;
  /** Whether the server's own API responds. While the server starts, Studio responds in its place. */
  isReady(): Promise<boolean>;
  /** Calls the server's API. The body is parsed if it is JSON, and undefined otherwise. */
  call(method: 'GET' | 'POST' | 'DELETE', path: string): Promise<{ status: number; body: unknown }>;
  /** Opens a WebSocket. */
  connect(path: string): Promise<WebSocket>;
}

/** The timeout of a request, in milliseconds. */
const REQUEST_TIMEOUT = 20_000;

/** The maximum number of redirects of a sign-in. */
const MAX_REDIRECTS = 10;

/**
 * Signs in with a presigned URL, as a browser does. `root` is the server's path: `jupyter/default`.
 *
 * Throws RefusedError when the URL gives no access, UnavailableError when a retry can succeed. No error contains the
 * URL's query.
 */
export async function openSession(presignedUrl: string, root: string): Promise<Session> {
  const jar = new CookieJar();
  const landed = await follow(new URL(presignedUrl), jar);
  const base = new URL(`/${root}/`, landed);
  const url = `${base.origin}${base.pathname}`;
  // A page of the server sets the XSRF cookie that its API requires.
  if (jar.find(base, '_xsrf') === undefined) await follow(base, jar);

  return {
    url,
    async isReady() {
      const url = new URL('api/status', base);
      const response = await request(url, jar);
      if (isRefusal(response.status)) throw refused(url, response.status);
      return response.ok && isObject(await bodyOf(response));
    },
    async call(method, path) {
      const url = new URL(path, base);
      const response = await request(url, jar, { method, headers: xsrf(jar, base) });
      const { status } = response;
      if (isRefusal(status)) throw refused(url, status);
      if (status >= 500) throw unavailable(url, `it answers ${status}`);
      return { status, body: await bodyOf(response) };
    },
    connect(path) {
      const url = new URL(path, base);
      const headers = { ...cookies(jar, url), ...xsrf(jar, base), origin: url.origin };
      return waitUntilOpen(new WebSocket(url.href.replace(/^http/, 'ws'), { headers }), url);
    },
  };
}

/** Follows redirects within Studio; returns the last URL. */
async function follow(start: URL, jar: CookieJar): Promise<URL> {
  let url = start;
  for (let step = 0; step <= MAX_REDIRECTS; step += 1) {
    const response = await request(url, jar);
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      if (isRefusal(response.status)) throw refused(url, response.status);
      // 404 means that the server is still starting.
      if (!response.ok) throw unavailable(url, `it answers ${response.status}`);
      return url;
    }
    const next = new URL(location, url);
    if (!isWithin(next, start)) {
      throw new RefusedError(
        `Signing in at ${withoutQuery(url)}: it redirects to ${next.origin}, so the presigned URL has expired, or the permissions of its creator do not allow its use from here`,
      );
    }
    url = next;
  }
  throw new RefusedError(`Signing in at ${withoutQuery(start)}: it redirects too often`);
}

/** The same origin, or another host of the same Studio: `<space>.studio.<region>.sagemaker.aws`. */
function isWithin(next: URL, start: URL): boolean {
  if (next.origin === start.origin) return true;
  const studio = /\.studio\.[a-z0-9-]+\.sagemaker\.[a-z.]+$/.exec(start.hostname)?.[0];
  return studio !== undefined && next.protocol === 'https:' && next.hostname.endsWith(studio);
}

async function request(url: URL, jar: CookieJar, { method = 'GET', headers = {} }: RequestInit = {}) {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: { ...headers, ...cookies(jar, url) },
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT),
    });
  } catch (cause) {
    throw unavailable(url, 'it cannot be reached', cause);
  }
  jar.store(url, response.headers);
  return response;
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text());
  } catch {
    return undefined;
  }
}

function waitUntilOpen(socket: WebSocket, url: URL): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const fail = () => {
      socket.close();
      reject(unavailable(url, 'it opens no WebSocket'));
    };
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT);
    timeout.addEventListener('abort', fail);
    socket.addEventListener('error', fail);
    socket.addEventListener('close', fail);
    socket.addEventListener('open', () => {
      timeout.removeEventListener('abort', fail);
      socket.removeEventListener('close', fail);
      resolve(socket);
    });
  });
}

function cookies(jar: CookieJar, url: URL): Record<string, string> {
  const cookie = jar.headerFor(url);
  return cookie === undefined ? {} : { cookie };
}

/** The header that proves to the server that the client can read its cookies. */
function xsrf(jar: CookieJar, base: URL): Record<string, string> {
  const token = jar.find(base, '_xsrf');
  return token === undefined ? {} : { 'x-xsrftoken': token };
}

function isRefusal(status: number): boolean {
  return status === 401 || status === 403;
}

function refused(url: URL, status: number): RefusedError {
  return new RefusedError(
    `Calling ${withoutQuery(url)}: it answers ${status}, so the session has expired or was never authorized`,
  );
}

function unavailable(url: URL, why: string, cause?: unknown): UnavailableError {
  return new UnavailableError(`Calling ${withoutQuery(url)}: ${why}`, { cause });
}

/** The URL without its query, which may contain secrets. */
function withoutQuery({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
