import { STATUS_CODES } from 'node:http';
import { CookieJar } from './cookies.ts';
import { InvalidReplyError, RefusedError, UnavailableError } from './errors.ts';
import { SecretValues } from './secrets.ts';

/** The timeout of a request with its reply, in milliseconds. */
export const REQUEST_TIMEOUT = 20_000;

/** The API's replies are short. Also compressed, a reply is read up to this number of bytes. */
const MAX_BODY_BYTES = 1024 * 1024;

/** A reply of the server. */
export interface Reply {
  status: number;
  /** The header of a redirect. */
  location: string | null;
  /** Parsed if it is JSON, and undefined otherwise. */
  body: unknown;
  /** Why the server refuses, where it says so in words of its own. */
  reason?: string;
}

/** Requests with the cookies of a session. No error contains a secret, whatever the server repeats of it. */
export class HttpClient {
  readonly jar = new CookieJar();
  readonly secrets = new SecretValues();

  /**
   * Sends a request. Without `readsBody`, the reply's body is not read.
   *
   * Throws UnavailableError when a retry can succeed, InvalidReplyError when the reply is no HTTP, or too large.
   */
  async request(
    url: URL,
    {
      method = 'GET',
      headers = {},
      readsBody,
    }: { method?: string; headers?: Record<string, string>; readsBody: boolean },
  ): Promise<Reply> {
    this.secrets.addQuery(url);
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: { ...headers, ...this.cookies(url) },
        redirect: 'manual',
        signal: AbortSignal.timeout(REQUEST_TIMEOUT),
      });
    } catch (cause) {
      throw isInvalid(cause)
        ? this.invalid(url, 'it answers with headers that are too large or no HTTP')
        : this.unavailable(url, 'it cannot be reached', cause);
    }
    this.jar.store(url, response.headers);
    const { status, headers: received } = response;
    const reply = { status, location: received.get('location'), body: undefined, reason: reasonIn(response) };
    if (readsBody) return { ...reply, body: parsed(await this.#bodyOf(response, url)) };
    // What is left of it, and whether it ends, is of no interest.
    await response.body?.cancel().catch(() => {});
    return reply;
  }

  /** The header with the cookies of an origin. */
  cookies(url: URL): Record<string, string> {
    const cookie = this.jar.headerFor(url);
    return cookie === undefined ? {} : { cookie };
  }

  refused(url: URL, { status, reason }: Pick<Reply, 'status' | 'reason'>): RefusedError {
    const why = reason === undefined ? 'the session has expired or was never authorized' : this.secrets.redact(reason);
    return new RefusedError(`${this.calling(url)}: it answers ${status}, ${reason === undefined ? 'so ' : ''}${why}`);
  }

  unavailable(url: URL, why: string, cause?: unknown): UnavailableError {
    return new UnavailableError(`${this.calling(url)}: ${why}`, { cause });
  }

  invalid(url: URL, why: string): InvalidReplyError {
    return new InvalidReplyError(`${this.calling(url)}: ${why}`);
  }

  /** The URL as errors show it: without its query, and without a secret that the server put into its path or host. */
  shown({ origin, pathname }: URL): string {
    return this.secrets.redact(`${origin}${pathname}`).slice(0, 300);
  }

  private calling(url: URL): string {
    return `Calling ${this.shown(url)}`;
  }

  async #bodyOf(response: Response, url: URL): Promise<string> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    try {
      for await (const chunk of response.body ?? []) {
        bytes += chunk.length;
        // The end of the loop cancels the rest.
        if (bytes > MAX_BODY_BYTES) break;
        chunks.push(chunk);
      }
    } catch (cause) {
      throw this.unavailable(url, 'its reply breaks off', cause);
    }
    if (bytes > MAX_BODY_BYTES) throw this.invalid(url, `its reply is larger than ${MAX_BODY_BYTES} bytes`);
    return Buffer.concat(chunks).toString('utf8');
  }
}

/** Errors of the parser of HTTP, by the codes of Node's fetch (undici) and http. */
export function isInvalid(error: unknown): boolean {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth += 1) {
    const { code } = each as NodeJS.ErrnoException;
    if (/^HPE_|^UND_ERR_HEADERS_OVERFLOW$|^UND_ERR_HTTP_PARSER$/.test(String(code))) return true;
  }
  return false;
}

/** A status line may have a reason of its own. What is longer than a line is none. */
function reasonIn({ status, statusText }: Response): string | undefined {
  const isOwn = statusText !== '' && statusText !== STATUS_CODES[status];
  return isOwn ? statusText.slice(0, 200) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
