/** Parameters of a URL that give access, as Jupyter, Studio and AWS's presigned URLs name them. */
const parameter =
  /([?&;](?:(?:[\w-]*(?:token|signature|credential|password|secret|api_?key|authorization))|code|sig)=)[^&;#\s"'<>\\]+/gi;

/** The user and password of a URL. */
const user = /(\b[a-z][a-z\d+.-]*:\/\/)[^/?#\s"'<>@]+@/gi;

/** A text without the secrets of the URLs in it: `http://127.0.0.1:8888/lab?token=[redacted]`. */
export function withoutUrlSecrets(text: string): string {
  return text.replace(parameter, '$1[redacted]').replace(user, '$1[redacted]@');
}

/** The values that give access to a server. What is shown of it contains none of them, whatever the server repeats. */
export class SecretValues {
  readonly #values = new Set<string>();

  /** Takes the values of a URL's query. A short one is no secret, and would be found everywhere. */
  addQuery({ searchParams }: URL): void {
    for (const value of searchParams.values()) if (value.length >= 8) this.#values.add(value);
  }

  /** The text without the values, in whichever case a host has them. */
  redact(text: string): string {
    let clean = text;
    for (const value of this.#values) {
      for (const form of new Set([value, encodeURIComponent(value.toWellFormed())])) {
        const pattern = new RegExp(form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi');
        clean = clean.replace(pattern, '[redacted]');
      }
    }
    return clean;
  }
}
