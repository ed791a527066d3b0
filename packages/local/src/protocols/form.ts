import type { NormalizedSchema } from '@smithy/core/schema';
import { readText } from './simple.ts';

/** A form's fields as a tree: `Tags.member.1.Key=a` is the text `a` at the end of four steps. */
interface Field {
  text?: string;
  parts: Map<string, Field>;
}

/** The two dialects of a query's form: EC2 numbers its lists directly and capitalises its names. */
export type Dialect = 'query' | 'ec2';

/** Reads a query's form by its schema. What does not fit is left as text or objects, for validation to refuse. */
export function readForm(schema: NormalizedSchema, fields: Iterable<[string, string]>, dialect: Dialect): unknown {
  const root: Field = { parts: new Map() };
  for (const [key, text] of fields) {
    let field = root;
    for (const step of key.split('.')) {
      let next = field.parts.get(step);
      if (!next) {
        next = { parts: new Map() };
        field.parts.set(step, next);
      }
      field = next;
    }
    field.text = text;
  }
  return schema.isUnitSchema() ? {} : readStruct(schema, root, dialect);
}

function readField(schema: NormalizedSchema, field: Field, dialect: Dialect): unknown {
  if (schema.isListSchema()) return readList(schema, field, dialect);
  if (schema.isMapSchema()) return readMap(schema, field, dialect);
  if (field.parts.size > 0) return schema.isStructSchema() ? readStruct(schema, field, dialect) : untyped(field);
  // A structure without members arrives as an empty text.
  if (schema.isStructSchema()) return field.text === '' ? {} : field.text;
  return readText(schema, field.text ?? '');
}

function readStruct(schema: NormalizedSchema, field: Field, dialect: Dialect): Record<string, unknown> {
  const members = new Map(
    [...schema.structIterator()].map(([name, member]) => [formName(name, member, dialect), [name, member] as const]),
  );
  const result: Record<string, unknown> = {};
  for (const [key, part] of field.parts) {
    const [name, member] = members.get(key) ?? [key, undefined];
    result[name] = member ? readField(member, part, dialect) : untyped(part);
  }
  return result;
}

function readList(schema: NormalizedSchema, field: Field, dialect: Dialect): unknown {
  const item = schema.getValueSchema();
  const flat = dialect === 'ec2' || schema.getMergedTraits().xmlFlattened;
  const items = flat ? field : field.parts.get(item.getMergedTraits().xmlName ?? 'member');
  if (!items) return field.text === '' ? [] : untyped(field);
  return numbered(items).map((part) => readField(item, part, dialect));
}

function readMap(schema: NormalizedSchema, field: Field, dialect: Dialect): unknown {
  const entries = schema.getMergedTraits().xmlFlattened ? field : field.parts.get('entry');
  if (!entries) return field.text === '' ? {} : untyped(field);
  const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? 'key';
  const valueSchema = schema.getValueSchema();
  const valueName = valueSchema.getMergedTraits().xmlName ?? 'value';
  const result: Record<string, unknown> = {};
  for (const entry of numbered(entries)) {
    const value = entry.parts.get(valueName);
    const key = entry.parts.get(keyName)?.text ?? '';
    result[key] = value ? readField(valueSchema, value, dialect) : '';
  }
  return result;
}

function numbered(field: Field): Field[] {
  return [...field.parts].sort(([a], [b]) => Number(a) - Number(b)).map(([, part]) => part);
}

function untyped(field: Field): unknown {
  if (field.parts.size === 0) return field.text;
  return Object.fromEntries([...field.parts].map(([name, part]) => [name, untyped(part)]));
}

function formName(name: string, member: NormalizedSchema, dialect: Dialect): string {
  const { xmlName, ec2QueryName } = member.getMergedTraits();
  if (dialect === 'query') return xmlName ?? name;
  if (typeof ec2QueryName === 'string') return ec2QueryName;
  const capital = xmlName ?? name;
  return capital[0]!.toUpperCase() + capital.slice(1);
}
