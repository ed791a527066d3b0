import type { Property } from '../../schemas/properties.ts';
import { anchorOf, code } from './table.ts';

/** More values than these are listed at the end of the page. */
const most = 8;

/** The long enumerations of a page: by their values, the name of the first member that has them. */
export class Enumerations {
  readonly #names = new Map<string, string>();
  readonly #values = new Map<string, readonly string[]>();

  /** A link to where these values are listed. */
  link(member: string, values: readonly string[]): string {
    const key = values.join();
    const name = this.#names.get(key) ?? (this.#values.has(member) ? `${member} (${this.#values.size})` : member);
    this.#names.set(key, name);
    this.#values.set(name, values);
    return `[${values.length} values](#${anchorOf(heading(name))})`;
  }

  /** The values by the headings under which they are listed. */
  lists(): [heading: string, values: readonly string[]][] {
    return [...this.#values].map(([name, values]) => [heading(name), values]);
  }
}

function heading(name: string): string {
  return `Values of ${name}`;
}

/** What a member accepts beyond its type, in Markdown. */
export function allowedValues(member: string, property: Property, enumerations: Enumerations): string {
  const { kind, values, item, key, pattern } = property;
  if (item) {
    const each = allowedValues(member, item, enumerations);
    const keys = key ? allowedValues(member, key, enumerations) : '';
    const parts = [
      range(property, kind === 'map' ? 'entry' : 'item'),
      keys && `keys of ${keys}`,
      each && `each ${each}`,
    ];
    return parts.filter(Boolean).join('; ');
  }
  if (values) return values.length > most ? `one of ${enumerations.link(member, values)}` : values.map(code).join(', ');
  if (kind === 'number' || kind === 'integer') return bounds(property);
  if (kind !== 'text') return '';
  const form = pattern === undefined ? '' : plain(pattern);
  return [range(property, 'character'), form && !isAnything(form) ? code(form) : ''].filter(Boolean).join(', ');
}

/** A pattern is always meant for the whole text. */
function plain(pattern: string): string {
  return pattern.replace(
    /^\^(?:\(\?:(.*)\)|([^|]*))\$$/s,
    (_, grouped?: string, single?: string) => grouped ?? single ?? '',
  );
}

function isAnything(pattern: string): boolean {
  return /^(\.\*|\[\\s\\S\]\*|\.\+?|\.\{1,\d+\})$/.test(pattern);
}

function bounds({ min, max }: Pick<Property, 'min' | 'max'>): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `${min} or more`;
  return max === undefined ? '' : `up to ${max}`;
}

function range({ min = 0, max }: Pick<Property, 'min' | 'max'>, what: string): string {
  if (max === undefined) return min > 0 ? `at least ${counted(min, what)}` : '';
  if (min === max) return counted(max, what);
  return min > 0 ? `${min} to ${counted(max, what)}` : `up to ${counted(max, what)}`;
}

function counted(count: number, what: string): string {
  const plural = what.endsWith('y') ? `${what.slice(0, -1)}ies` : `${what}s`;
  return `${count.toLocaleString('en')} ${count === 1 ? what : plural}`;
}
