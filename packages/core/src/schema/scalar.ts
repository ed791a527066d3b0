import { list, shown, type Type, type } from './type.ts';

const decimal = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Text. A number or a boolean, as a direct invocation may send it, becomes text too. */
export function string(): Type<string, false> {
  return type((value, place) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return place.wrong(`expected a string, got ${shown(value)}`);
  });
}

/** Text of that form, which `what` describes: `matching(/^\d{12}$/, 'the 12 digits of an account')`. */
export function matching(form: RegExp, what: string): Type<string, false> {
  const { read } = string();
  return type((value, place) => {
    const found = read(value, place);
    return found === undefined || form.test(found) ? found : place.wrong(`expected ${what}, got ${shown(value)}`);
  }, what);
}

/** A number, or CloudFormation's text of one: `"5"`, `"1.5"`. */
export function number(): Type<number, false> {
  return type((value, place) => {
    const read = typeof value === 'string' && decimal.test(value.trim()) ? Number(value) : value;
    return typeof read === 'number' && Number.isFinite(read)
      ? read
      : place.wrong(`expected a number, got ${shown(value)}`);
  }, 'number');
}

/** A whole number that JavaScript holds exactly. */
export function integer(): Type<number, false> {
  const { read } = number();
  return type((value, place) => {
    const found = read(value, place);
    if (found === undefined || Number.isSafeInteger(found)) return found;
    return place.wrong(`expected a whole number, got ${shown(value)}`);
  }, 'whole number');
}

/** A boolean, or CloudFormation's text of one: `"true"`, `"False"`. */
export function boolean(): Type<boolean, false> {
  return type((value, place) => {
    if (typeof value === 'boolean') return value;
    const text = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
    if (text === 'true') return true;
    if (text === 'false') return false;
    return place.wrong(`expected true or false, got ${shown(value)}`);
  }, 'boolean');
}

/** One of these texts, spelled exactly so. */
export function oneOf<const Values extends readonly string[]>(...values: Values): Type<Values[number], false> {
  return type(
    (value, place) =>
      values.find((allowed) => allowed === value) ??
      place.wrong(`expected one of ${values.join(', ')}; got ${shown(value)}`),
    values.join(' | '),
  );
}

/** A moment: an ISO 8601 date and time, or seconds since the epoch. */
export function timestamp(): Type<Date, false> {
  return type((value, place) => {
    const seconds = typeof value === 'number' || (typeof value === 'string' && decimal.test(value.trim()));
    const isDate = seconds || value instanceof Date || (typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value));
    const date = new Date(seconds ? Number(value) * 1000 : isDate ? (value as string | Date) : Number.NaN);
    return Number.isNaN(date.getTime())
      ? place.wrong(`expected an ISO 8601 time or seconds since the epoch, got ${shown(value)}`)
      : date;
  }, 'ISO 8601 time');
}

/** Bytes, written in base64. */
export function blob(): Type<Uint8Array, false> {
  return type((value, place) => {
    if (value instanceof Uint8Array) return value;
    const text = typeof value === 'string' ? value.replaceAll(/\s/g, '') : undefined;
    return text !== undefined && text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
      ? new Uint8Array(Buffer.from(text, 'base64'))
      : place.wrong(`expected bytes in base64, got ${shown(value)}`);
  }, 'bytes in base64');
}

/** Any JSON, passed on as it is: it is not known which of its strings are meant as numbers. */
export function json(): Type<unknown, false> {
  return type((value) => value, 'anything');
}

/** A list of texts, or one text with commas between them, as `!Join` and a plain parameter give it. */
export function strings(): Type<string[], false> {
  const texts = list(string());
  return type((value, place) => {
    if (typeof value === 'string') return separated(value);
    if (Array.isArray(value)) return texts.read(value, place);
    return place.wrong(`expected a list or a comma-separated string, got ${shown(value)}`);
  }, texts.words);
}

function separated(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
