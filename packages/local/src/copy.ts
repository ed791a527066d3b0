import { isDate, isMap } from 'node:util/types';

/**
 * A deep copy of plain data, as it crosses from a caller to a service or back, so that neither can change what the
 * other keeps. Members that are undefined are left out.
 */
export function copyOf<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isDate(value)) return new Date(value.getTime());
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(copy);
  if (isMap(value)) return new Map([...value].map(([key, item]) => [key, copy(item)]));
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) result[key] = copy(item);
  }
  return result;
}
