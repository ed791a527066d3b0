import type { NormalizedSchema } from '@smithy/core/schema';
import { readBlob, readNumber, readTimestamp, writeTimestamp } from './simple.ts';

/** Reads a parsed JSON value by its schema. What does not fit the schema is left as it is, for validation to refuse. */
export function readJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) {
    return schema.isListSchema() ? value.map((item) => readJson(schema.getValueSchema(), item) ?? null) : value;
  }
  if (typeof value === 'object') {
    if (schema.isMapSchema()) return mapValues(value, (item) => readJson(schema.getValueSchema(), item) ?? null);
    return schema.isStructSchema() ? readStruct(schema, value as Record<string, unknown>) : value;
  }
  if (schema.isTimestampSchema() && typeof value !== 'boolean') return readTimestamp(value as string | number);
  if (typeof value === 'string') {
    if (schema.isBlobSchema()) return readBlob(value);
    if (schema.isNumericSchema() && /^(NaN|-?Infinity)$/.test(value)) return readNumber(value);
  }
  return value;
}

function readStruct(schema: NormalizedSchema, value: Record<string, unknown>): Record<string, unknown> {
  const members = new Map(
    [...schema.structIterator()].map(([name, member]) => [jsonName(name, member), [name, member] as const]),
  );
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const [name, member] = members.get(key) ?? [key, undefined];
    if (item !== null) result[name] = member ? readJson(member, item) : item;
  }
  return result;
}

/** Makes of a value what `JSON.stringify` turns into its wire form. Members that the schema lacks are left out. */
export function writeJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined || schema.isDocumentSchema()) return value;
  if (value instanceof Date) return writeTimestamp(schema, value, 'epoch-seconds');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((item) => writeJson(schema.getValueSchema(), item));
  if (typeof value === 'object') {
    if (schema.isMapSchema()) return mapValues(value, (item) => writeJson(schema.getValueSchema(), item));
    const result: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const item = writeJson(member, (value as Record<string, unknown>)[name]);
      if (item !== undefined) result[jsonName(name, member)] = item;
    }
    return result;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}

function jsonName(name: string, member: NormalizedSchema): string {
  return member.getMergedTraits().jsonName ?? name;
}

function mapValues(value: object, change: (item: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}
