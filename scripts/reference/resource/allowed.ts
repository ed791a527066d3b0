import type { NormalizedSchema } from '@smithy/core/schema';
import { type Shape, serviceModel } from '../../../packages/local/src/protocols/service-model.ts';
import { anchorOf, code } from './table.ts';

const { shapes } = serviceModel('sagemaker');

/** More values than these are listed at the end of the page. */
const most = 8;

/** The heading under which the values of a long enumeration are listed. */
export function valuesHeading(shape: string): string {
  return `Values of ${shape}`;
}

/** What AWS's service model accepts as the value of a structure's member, in Markdown, with the long enumerations in it. */
export function allowedValues(
  structure: string,
  member: string,
  schema: NormalizedSchema,
): { text: string; enumerations: string[] } {
  const name = shapes[structure]?.members?.[member];
  const enumerations: string[] = [];
  return { text: name === undefined ? '' : words(name, schema, enumerations), enumerations };
}

/** All values of an enumeration. */
export function valuesOf(shape: string): readonly string[] {
  return shapes[shape]?.enum ?? [];
}

function words(name: string, schema: NormalizedSchema, enumerations: string[]): string {
  const shape = shapes[name] ?? {};
  if (schema.isListSchema()) {
    const each = shape.item ? words(shape.item, schema.getValueSchema(), enumerations) : '';
    return [range(shape, 'item'), each && `each ${each}`].filter(Boolean).join('; ');
  }
  if (schema.isMapSchema()) {
    const key = shape.key ? words(shape.key, schema.getKeySchema(), enumerations) : '';
    const value = shape.value ? words(shape.value, schema.getValueSchema(), enumerations) : '';
    return [range(shape, 'entry'), key && `keys: ${key}`, value && `values: ${value}`].filter(Boolean).join('; ');
  }
  if (schema.isStructSchema()) return '';
  if (shape.enum) return choice(name, shape.enum, enumerations);
  if (shape.number) return bounds(shape);
  const pattern = shape.pattern === undefined || isAnything(shape.pattern) ? '' : code(shape.pattern);
  return [range(shape, 'character'), pattern].filter(Boolean).join(', ');
}

function choice(name: string, values: readonly string[], enumerations: string[]): string {
  if (values.length <= most) return values.map(code).join(', ');
  enumerations.push(name);
  return `one of [${values.length} values](#${anchorOf(valuesHeading(name))})`;
}

function isAnything(pattern: string): boolean {
  return /^\^?(\.\*|\[\\s\\S\]\*|\(\?s\)\.\*|\.\+)\$?$/.test(pattern);
}

function bounds({ min, max }: Shape): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `${min} or more`;
  return max === undefined ? '' : `up to ${max}`;
}

function range({ min = 0, max }: Shape, what: string): string {
  if (max === undefined) return min > 0 ? `at least ${counted(min, what)}` : '';
  if (min === max) return counted(max, what);
  return min > 0 ? `${min} to ${counted(max, what)}` : `up to ${counted(max, what)}`;
}

function counted(count: number, what: string): string {
  const plural = what.endsWith('y') ? `${what.slice(0, -1)}ies` : `${what}s`;
  return `${count.toLocaleString('en')} ${count === 1 ? what : plural}`;
}
