import type { NormalizedSchema } from '@smithy/core/schema';

/** How a protocol writes a time unless the schema says otherwise. */
export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

/** The schema's numbers for timestamps with a format of their own; 4 leaves it to the protocol. */
const formats: Partial<Record<number, TimestampFormat>> = { 5: 'date-time', 6: 'http-date', 7: 'epoch-seconds' };

/** A value's text in a header, a label, a query string or a form. Undefined where there is none to write. */
export function writeText(schema: NormalizedSchema, value: unknown, format: TimestampFormat): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Date) return String(writeTimestamp(schema, value, format));
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return String(value);
}

/** Reads such a text by its schema. What cannot be read stays text, for validation to refuse. */
export function readText(schema: NormalizedSchema, text: string): unknown {
  if (schema.isBooleanSchema()) return text === 'true' ? true : text === 'false' ? false : text;
  if (schema.isNumericSchema()) return readNumber(text);
  if (schema.isTimestampSchema()) return readTimestamp(text);
  if (schema.isBlobSchema()) return readBlob(text);
  return text;
}

export function readNumber(text: string): number | string {
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return Number(text);
  return /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : text;
}

/** Reads a time in any of the formats, as AWS does. */
export function readTimestamp(value: string | number): Date | string | number {
  const seconds = typeof value === 'number' ? value : readNumber(value);
  const date = typeof seconds === 'number' ? new Date(Math.round(seconds * 1000)) : new Date(seconds);
  return Number.isNaN(date.getTime()) ? value : date;
}

export function writeTimestamp(schema: NormalizedSchema, value: Date, format: TimestampFormat): string | number {
  const type = schema.getSchema();
  switch ((typeof type === 'number' ? formats[type] : undefined) ?? format) {
    case 'date-time':
      return value.toISOString().replace('.000Z', 'Z');
    case 'http-date':
      return value.toUTCString();
    case 'epoch-seconds':
      return value.getTime() / 1000;
  }
}

export function readBlob(text: string): Uint8Array | string {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : text;
}
