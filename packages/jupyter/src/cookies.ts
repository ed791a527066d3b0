/** The cookies of a session. Each is sent only to the origin that set it. */
export class CookieJar {
  readonly #origins = new Map<string, Map<string, string>>();

  /** Stores the cookies that a response sets, and removes those that it expires. */
  store({ origin }: URL, headers: Headers): void {
    const cookies = this.#origins.get(origin) ?? new Map<string, string>();
    this.#origins.set(origin, cookies);
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const name = pair.slice(0, pair.indexOf('=')).trim();
      if (!pair.includes('=') || name === '') continue;
      if (attributes.some(hasPassed)) cookies.delete(name);
      else cookies.set(name, pair.slice(pair.indexOf('=') + 1).trim());
    }
  }

  /** The value of a request's `Cookie` header; undefined when there are no cookies. */
  headerFor({ origin }: URL): string | undefined {
    const cookies = [...(this.#origins.get(origin) ?? [])];
    return cookies.length > 0 ? cookies.map(([name, value]) => `${name}=${value}`).join('; ') : undefined;
  }

  /** The value of a cookie, without quotes. */
  find({ origin }: URL, name: string): string | undefined {
    return this.#origins
      .get(origin)
      ?.get(name)
      ?.replace(/^"(.*)"$/, '$1');
  }
}

function hasPassed(attribute: string): boolean {
  const [name = '', value = ''] = attribute.trim().split('=');
  if (/^max-age$/i.test(name)) return Number(value) <= 0;
  return /^expires$/i.test(name) && Date.parse(value) < Date.now();
}
