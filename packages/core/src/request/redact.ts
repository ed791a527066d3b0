const HIDDEN = '[redacted]';

/** Keeps values out of texts. Grows while a request is read; what is hidden stays so. */
export interface Redactor {
  /** Hides every text within `value`, however deep. */
  hide(value: unknown): void;
  /** The text without what is hidden. */
  text(text: string): string;
}

/** Hides the response URL whole, and by each part that lets somebody answer in our place. */
export function redactor(responseUrl: string): Redactor {
  const hidden = new Set<string>(secretsOf(responseUrl));
  return {
    hide(value) {
      for (const leaf of leaves(value)) {
        hidden.add(leaf);
        // As an error message quotes it.
        hidden.add(JSON.stringify(leaf).slice(1, -1));
        hidden.add(encoded(leaf));
      }
    },
    text(text) {
      // The longest first: a shorter one may be a part of it.
      const values = [...hidden].toSorted((a, b) => b.length - a.length);
      return values.reduce((clean, value) => clean.replaceAll(value, HIDDEN), text);
    },
  };
}

function secretsOf(responseUrl: string): string[] {
  const url = URL.parse(responseUrl);
  if (!url) return responseUrl === '' ? [] : [responseUrl];
  const pairs = url.search.slice(1).split('&');
  const values = pairs
    .filter((pair) => /signature|token|credential|accesskeyid/i.test(pair.split('=')[0] ?? ''))
    .map((pair) => pair.slice(pair.indexOf('=') + 1));
  const parts = [responseUrl, url.href, url.search, url.search.slice(1), ...values];
  return [...parts, ...parts.map(decoded), ...parts.map(encoded)].filter((part) => part.length > 1);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As a URL within a URL has it. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** One or two characters are in every text; hiding them would only say where they are. */
function leaves(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(leaves);
  return value === undefined || value === null || String(value).length < 3 ? [] : [String(value)];
}
