const REDACTED = '[redacted]';

/** Keeps values out of texts. Grows while a request is read; what is redacted stays so. */
export interface Redactor {
  /** Redacts every text within `value`, at any depth. */
  hide(value: unknown): void;
  /** The text without what is redacted. */
  text(text: string): string;
}

/** Redacts the response URL whole, and each part of it with which another caller could send the response. */
export function redactor(responseUrl: string): Redactor {
  const hidden = new Set<string>(secretsIn(responseUrl));
  return {
    hide(value) {
      for (const leaf of leaves(value)) {
        hidden.add(leaf);
        // As an error message quotes it.
        hidden.add(JSON.stringify(leaf).slice(1, -1));
        hidden.add(encodeURIComponent(leaf.toWellFormed()));
      }
    },
    text(text) {
      // The longest first: a shorter one may be a part of it.
      const values = [...hidden].toSorted((a, b) => b.length - a.length);
      return values.reduce((clean, value) => clean.replaceAll(value, REDACTED), text);
    },
  };
}

/** Each in the forms that a message may have it in: as it is, decoded, and encoded as a part of another URL. */
function secretsIn(responseUrl: string): string[] {
  const url = URL.parse(responseUrl);
  if (!url) return responseUrl === '' ? [] : [responseUrl];
  const pairs = url.search.slice(1).split('&');
  const values = pairs
    .filter((pair) => /signature|token|credential|accesskeyid/i.test(pair.split('=')[0] ?? ''))
    .map((pair) => pair.slice(pair.indexOf('=') + 1));
  const parts = [responseUrl, url.href, url.search, url.search.slice(1), ...values];
  const forms = parts.flatMap((part) => {
    const encoded = encodeURIComponent(part.toWellFormed());
    try {
      return [part, decodeURIComponent(part), encoded];
    } catch {
      return [part, encoded];
    }
  });
  return forms.filter((form) => form.length > 1);
}

/** Texts of one or two characters, `true` and `false` are everywhere; redacting them would only show where they are. */
function leaves(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(leaves);
  const text = String(value ?? '');
  return text.length < 3 || /^(true|false)$/i.test(text) ? [] : [text];
}
