import type { NormalizedSchema } from '@smithy/core/schema';
import type { Type } from '@studio-resources/core';
import type { Definition } from '../definition.ts';
import { documentationOf } from '../docs.ts';
import { inputsOf, itemIn, itemOf, structureNamed, structuresOf } from '../structures.ts';
import { allowedValues, valuesHeading, valuesOf } from './allowed.ts';
import { whenRemoved } from './removal.ts';
import { sinceVersion } from './since.ts';
import { anchorOf, code, details, table } from './table.ts';
import type { ResourceText } from './text.ts';

const api = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_';

const columns = ['Property', 'Type', 'Allowed values', 'Default', 'A change', 'Since', ''];

/** The tables of all properties of a resource, to the bottom: its own, and then each structure of the API once. */
export function propertyTables(definition: Definition, text: Pick<ResourceText, 'words' | 'allowed'>): string[] {
  const structures = structuresOf(definition);
  const merged = mergedStructures(definition);
  const enumerations: string[] = [];
  const [own, ...inner] = ownTables(definition, text, enumerations);
  const nested = [...structures].map(([name, schema]) =>
    [
      `### ${name}`,
      `${usedBy(name, definition, structures)} In SageMaker's API: [${name}](${api}${name}.html).`,
      ...(schema.isUnionSchema() ? ['Exactly one of these.'] : []),
      structureTable(name, schema, definition, merged.has(name), enumerations),
    ].join('\n\n'),
  );
  const values = [...new Set(enumerations)].sort().map((name) => {
    const list = valuesOf(name).map(code).join(', ');
    return `### ${valuesHeading(name)}\n\n${details(`${valuesOf(name).length} values`, list)}`;
  });
  return [own!, ...inner, ...nested, ...values];
}

/** Of the properties themselves, and of each structure of the resource's own. */
function ownTables(
  definition: Definition,
  { words = {}, allowed: limits = {} }: Pick<ResourceText, 'words' | 'allowed'>,
  enumerations: string[],
): string[] {
  const inner: string[] = [];
  const rowOf = (name: string, path: string, type: Type<unknown>, change: string): string[] => {
    const input = inputsOf(definition).find((each) => memberOf(each, name));
    const schema = input && memberOf(input, name);
    const isOfApi = schema !== undefined && isAsInApi(type, schema);
    const allowed = isOfApi ? allowedValues(input!.getName(false)!, name, schema) : { text: '', enumerations: [] };
    enumerations.push(...allowed.enumerations);
    if (type.members) {
      const heading = type.words.startsWith('list of') ? `Items of ${path}` : path;
      const own = type.words.startsWith('list of') ? `${path}[]` : path;
      const rows = [...type.members].map(([member, one]) => rowOf(member, `${own}.${member}`, one, change));
      inner.push(`### ${heading}\n\n${table(columns, rows)}`);
    }
    const removal = isOfApi && type.missing && path === name ? whenRemoved(definition.type, input!, name, schema) : '';
    return [
      code(path),
      typeText(type, path),
      limits[path] ?? (allowed.text || acceptedBy(type)),
      defaultText(type),
      change === 'replaces' ? change : `${change}${removal}`,
      (isOfApi && sinceVersion(input!.getName(false)!, name)) || '',
      noteOf(definition, name, words[path] ?? words[name]),
    ];
  };
  const rows = [...definition.types].map(([name, type]) =>
    rowOf(name, name, type, definition.replacing.get(name) ?? 'in place'),
  );
  return [table(columns, rows), ...inner];
}

function memberOf(structure: NormalizedSchema, name: string): NormalizedSchema | undefined {
  return [...structure.structIterator()].find(([each]) => each === name)?.[1];
}

/** Whether a property takes what the API's member takes, or has a type of the resource's own. */
function isAsInApi({ words, members }: Type<unknown>, schema: NormalizedSchema): boolean {
  if (members) return false;
  const item = itemOf(words);
  return schema.isStringSchema()
    ? ['string', 'the ARN of an IAM role, not its name'].includes(words)
    : item !== 'object';
}

function structureTable(
  name: string,
  schema: NormalizedSchema,
  definition: Definition,
  isMerged: boolean,
  enumerations: string[],
): string {
  const required = requiredCount(schema);
  const rows = [...schema.structIterator()].map(([member, inner], place) => {
    const allowed = allowedValues(name, member, inner);
    enumerations.push(...allowed.enumerations);
    return [
      code(member),
      shapeText(inner),
      allowed.text,
      place < required ? 'required' : '',
      place < required || !isMerged ? '' : whenRemoved(definition.type, schema, member, inner).replace(/^; /, ''),
      sinceVersion(name, member) ?? '',
    ];
  });
  return table(['Member', 'Type', 'Allowed values', 'Default', 'When it is removed', 'Since'], rows);
}

/** The structures that settings reach without a list between: the API merges their members; a list it takes as a whole. */
function mergedStructures({ types }: Definition): Set<string> {
  const found = new Set<string>();
  const visit = (schema: NormalizedSchema): void => {
    const name = schema.getName(false);
    if (!schema.isStructSchema() || !name || found.has(name)) return;
    found.add(name);
    for (const [, member] of schema.structIterator()) visit(member);
  };
  const visitType = ({ words, members }: Type<unknown>): void => {
    for (const member of members?.values() ?? []) visitType(member);
    const structure = structureNamed(words);
    if (structure) visit(structure);
  };
  for (const type of types.values()) visitType(type);
  return found;
}

/** A structure's static schema lists its required members first and ends with their number. */
function requiredCount(structure: NormalizedSchema): number {
  const schema = structure.getSchema();
  return Array.isArray(schema) && typeof schema[6] === 'number' ? schema[6] : 0;
}

function usedBy(name: string, { types }: Definition, structures: ReadonlyMap<string, NormalizedSchema>): string {
  const properties = [...types].flatMap(([property, type]) => propertiesWith(name, property, type));
  const others = [...structures].flatMap(([other, schema]) =>
    [...schema.structIterator()].flatMap(([member, inner]) =>
      itemIn(inner).getName(false) === name ? [`[${other}](#${anchorOf(other)}).${code(member)}`] : [],
    ),
  );
  return `Of ${[...properties.map(code), ...others].join(', ')}.`;
}

function propertiesWith(name: string, path: string, { words, members }: Type<unknown>): string[] {
  const inner = [...(members ?? [])].flatMap(([member, one]) => propertiesWith(name, `${path}.${member}`, one));
  return itemOf(words) === name ? [path, ...inner] : inner;
}

function shapeText(schema: NormalizedSchema): string {
  if (schema.isListSchema()) return `list of ${shapeText(schema.getValueSchema())}`;
  if (schema.isMapSchema()) return `map of ${shapeText(schema.getValueSchema())}`;
  if (schema.isStructSchema()) return linked(schema.getName(false)!);
  if (schema.isBooleanSchema()) return 'boolean';
  if (schema.isNumericSchema()) return 'number';
  return schema.isDocumentSchema() ? 'anything' : 'string';
}

function linked(structure: string): string {
  return `[${structure}](#${anchorOf(structure)})`;
}

/** The type in words, with a link for a structure. */
function typeText({ words, members }: Type<unknown>, path: string): string {
  if (members) {
    const isList = words.startsWith('list of');
    return `${isList ? 'list of ' : ''}[${itemOf(words)}](#${anchorOf(isList ? `Items of ${path}` : path)})`;
  }
  const item = itemOf(words);
  if (structureNamed(item)) return `${words.slice(0, -item.length)}${linked(item)}`;
  if (isSimple(item)) return words;
  return words.startsWith('list of ') ? 'list of string' : 'string';
}

function isSimple(words: string): boolean {
  return /^(string|boolean|number|whole number|anything|object|string or object|ISO 8601 time|bytes in base64)$/.test(
    words,
  );
}

function isChoice(words: string): boolean {
  return /^\S+( \| \S+)+$/.test(words);
}

/** What a type of one's own accepts, which it says in words. */
function acceptedBy({ words, members }: Type<unknown>): string {
  if (isChoice(words)) return words.split(' | ').map(code).join(', ');
  const item = itemOf(words);
  return members || isSimple(item) || structureNamed(item) ? '' : item;
}

function defaultText({ missing }: Type<unknown>): string {
  if (!missing) return 'required';
  return missing.value === undefined ? '' : code(JSON.stringify(missing.value));
}

function noteOf({ sources, aliases, sensitive }: Definition, name: string, words: string | undefined): string {
  const own = words ?? documentationOf(sources, name) ?? '';
  const others = [...aliases].filter(([, of]) => of === name).map(([alias]) => `${code(alias)} is accepted as well.`);
  const secret = sensitive.includes(name) ? ['Sensitive: logs, errors and responses do not show it.'] : [];
  return [own, ...others, ...secret].filter(Boolean).join(' ');
}
