import type { NormalizedSchema } from '@smithy/core/schema';
import type { Type } from '@studio-resources/core';
import { structureNamed } from '../../schemas/api.ts';
import { type Property, propertiesOf } from '../../schemas/properties.ts';
import type { Definition } from '../definition.ts';
import { apiPage, documentationOf } from '../docs.ts';
import { itemIn, mergedStructures, structuresOf } from '../structures.ts';
import { allowedValues, Enumerations } from './allowed.ts';
import { changeOf } from './removal.ts';
import { sinceVersion } from './since.ts';
import { anchorOf, code, details, table } from './table.ts';
import type { ResourceText } from './text.ts';

const columns = ['Property', 'Type', 'Allowed values', 'Default', 'A change', 'Since', ''];

/** True of all enumerations that are long: constraints.ts has the short ones only. */
const passedOn =
  'The values that this release knows. The function passes others on to SageMaker, so newer ones can be deployed.';

type Words = Pick<ResourceText, 'words' | 'allowed'>;

/** The tables of all properties of a resource, to the bottom: its own, and then each structure of the API once. */
export function propertyTables(definition: Definition, text: Words): string[] {
  const enumerations = new Enumerations();
  const merged = mergedStructures(definition);
  const own = ownTables(definition, text, enumerations);
  const nested = [...structuresOf(definition)].map(([name, { schema, property }]) =>
    [
      `### ${name}`,
      `${usedBy(name, definition)} In SageMaker's API: [${name}](${apiPage(name)}).`,
      ...(property.isUnion ? ['Exactly one of these.'] : []),
      structureTable(name, { schema, property }, { type: definition.type, isMerged: merged.has(name) }, enumerations),
    ].join('\n\n'),
  );
  const values = enumerations
    .lists()
    .map(([heading, list]) =>
      [`### ${heading}`, passedOn, details(`${list.length} values`, list.map(code).join(', '))].join('\n\n'),
    );
  return [...own, ...nested, ...values];
}

/** Of the properties themselves, and of each structure of the resource's own. */
function ownTables(definition: Definition, { words = {}, allowed = {} }: Words, enumerations: Enumerations): string[] {
  const inner: string[] = [];
  const rowOf = (path: string, property: Property, type: Type<unknown>, change: string): string[] => {
    const name = path.split('.').at(-1)!;
    const place = objectPlace(path, property);
    if (place) {
      const members = place.property.members!();
      const rows = [...members].map(([member, one]) =>
        rowOf(`${place.path}.${member}`, one, type.members!.get(member)!, change),
      );
      inner.push(`### ${place.heading}\n\n${table(columns, rows)}`);
    }
    const [structure, member] = type.api ?? [];
    return [
      code(path),
      typeText(property, place && `[object](#${anchorOf(place.heading)})`),
      allowed[path] ?? [wordsOf(type), allowedValues(name, property, enumerations)].filter(Boolean).join(', '),
      property.isRequired ? 'required' : property.default === undefined ? '' : code(JSON.stringify(property.default)),
      change === 'replaces' || path !== name ? change : `${change}${removal(definition, type)}`,
      (structure && sinceVersion(structure, member!)) || '',
      noteOf(definition, name, words[path] ?? words[name]),
    ];
  };
  const properties = propertiesOf(definition);
  const rows = [...definition.types].map(([name, type]) =>
    rowOf(name, properties.get(name)!, type, definition.replacing.get(name) ?? 'in place'),
  );
  return [table(columns, rows), ...inner];
}

/** Where a structure of the resource's own has its table: it itself, or the items of a list. */
function objectPlace(path: string, property: Property) {
  if (property.members && property.structure === undefined) return { path, property, heading: path };
  const { item } = property;
  return item?.members && item.structure === undefined
    ? { path: `${path}[]`, property: item, heading: `Items of ${path}` }
    : undefined;
}

function removal({ type: resource }: Definition, { api: member, missing }: Type<unknown>): string {
  if (!member || !missing) return '';
  const structure = structureNamed(member[0])!;
  return changeOf(resource, structure, member[1], structure.getMemberSchema(member[1]));
}

/** What a type of the resource's own accepts, where it says so in words and not as a choice. */
function wordsOf({ words, api: member, values, item, members }: Type<unknown>): string {
  const isPlain =
    /^(string|boolean|number|whole number|anything|object|string or object|ISO 8601 time|bytes in base64)$/;
  if (member || values || members || item || isPlain.test(words) || structureNamed(words)) return '';
  return words;
}

function structureTable(
  name: string,
  { schema, property }: { schema: NormalizedSchema; property: Property },
  { type, isMerged }: { type: string; isMerged: boolean },
  enumerations: Enumerations,
): string {
  const rows = [...property.members!()].map(([member, one]) => [
    code(member),
    typeText(one),
    allowedValues(member, one, enumerations),
    one.isRequired ? 'required' : '',
    one.isRequired || !isMerged
      ? ''
      : changeOf(type, schema, member, schema.getMemberSchema(member)).replace(/^; /, ''),
    sinceVersion(name, member) ?? '',
  ]);
  return table(['Member', 'Type', 'Allowed values', 'Default', 'A change', 'Since'], rows);
}

const kinds: Partial<Record<Property['kind'], string>> = { text: 'string', choice: 'string', integer: 'whole number' };

/** The type in words, with a link for a structure; `object` is that of one of the resource's own. */
function typeText({ kind, item, structure, orText }: Property, object = 'object'): string {
  if (item) return `${kind} of ${typeText(item, object)}`;
  if (kind !== 'structure') return kinds[kind] ?? kind;
  return structure === undefined ? `${orText ? 'string or ' : ''}${object}` : `[${structure}](#${anchorOf(structure)})`;
}

/** Where a structure of the API stands. */
function usedBy(name: string, definition: Definition): string {
  const inProperties = (path: string, { structure, members, item }: Property): string[] => {
    if (item) return inProperties(path, item);
    if (structure !== undefined) return structure === name ? [code(path)] : [];
    return [...(members?.() ?? [])].flatMap(([member, one]) => inProperties(`${path}.${member}`, one));
  };
  const properties = [...propertiesOf(definition)].flatMap(([path, property]) => inProperties(path, property));
  const others = [...structuresOf(definition)].flatMap(([other, { schema }]) =>
    [...schema.structIterator()].flatMap(([member, inner]) =>
      itemIn(inner).getName(false) === name ? [`[${other}](#${anchorOf(other)}).${code(member)}`] : [],
    ),
  );
  return `Of ${[...properties, ...others].join(', ')}.`;
}

function noteOf({ sources, aliases, sensitive }: Definition, name: string, words: string | undefined): string {
  const own = words ?? documentationOf(sources, name) ?? '';
  const others = [...aliases].filter(([, of]) => of === name).map(([alias]) => `${code(alias)} is accepted as well.`);
  const secret = sensitive.includes(name) ? ['Sensitive: logs, errors and responses do not show it.'] : [];
  return [own, ...others, ...secret].filter(Boolean).join(' ');
}
