/** A browser takes cookies of this size, name and value together. */
const MAX_COOKIE_CHARACTERS = 4096;

/** Studio and Jupyter set some ten. A longer header than this is refused by their servers anyway. */
const MAX_CHARACTERS = 12_000;

/**
 * The cookies of a session. Each is sent only to the origin that set it. Further cookies than an origin may have are
 * not kept, and neither are those that no header may contain: an error would quote them.
 */
export class CookieJar {
  readonly #origins = new Map<string, Map<string, string>>();

  /** Stores the cookies that a response sets, and removes those that it expires. */
  store({ origin }: URL, headers: Headers): void {
    const cookies = this.#origins.get(origin) ?? new Map<string, string>();
    this.#origins.set(origin, cookies);
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const name = pair.slice(0, pair.indexOf('=')).trim();
      const value = pair.slice(pair.indexOf('=') + 1).trim();
      if (!pair.includes('=') || !isToken(name) || !isPrintable(value)) continue;
      cookies.delete(name);
      if (attributes.some(hasPassed) || name.length + value.length > MAX_COOKIE_CHARACTERS) continue;
      if (textOf(cookies).length + name.length + value.length < MAX_CHARACTERS) cookies.set(name, value);
    }
  }

  /** The value of a request's `Cookie` header; undefined when there are no cookies. */
  headerFor({ origin }: URL): string | undefined {
    return textOf(this.#origins.get(origin) ?? new Map()) || undefined;
  }

  /** The value of a cookie, without quotes. */
  find({ origin }: URL, name: string): string | undefined {
    return this.#origins
      .get(origin)
      ?.get(name)
      ?.replace(/^"(.*)"$/, '$1');
  }
}

function textOf(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

function isToken(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name);
}

function isPrintable(value: string): boolean {
  return /^[\x20-\x7e]*$/.test(value);
}

function hasPassed(attribute: string): boolean {
  const [name = '', value = ''] = attribute.trim().split('=');
  if (/^max-age$/i.test(name)) return Number(value) <= 0;
  return /^expires$/i.test(name) && Date.parse(value) < Date.now();
}
