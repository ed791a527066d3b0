import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiPage } from '../reference/docs.ts';
import { typeOfText } from './text.ts';

/** A member of a structure of the API, as the SDK's declarations write it. */
export interface ApiMember {
  name: string;
  /** `string`, `UserSettings`, `CustomImage[]`, `Record<string, string>` */
  type: string;
  isRequired: boolean;
}

/**
 * The structures and enumerations of SageMaker's API, by the declarations of its SDK. The SDK's runtime schemas would not
 * do: they leave out what an enumeration accepts.
 */
export class ApiTypes {
  readonly #text: string;
  /** What has been named so far, with its declaration. */
  readonly #declared = new Map<string, string>();

  constructor(text = declarations()) {
    this.#text = text;
  }

  /**
   * The members of a structure.
   *
   * @throws Error if there is no such structure, or its declaration is in another form than the SDK's so far
   */
  members(structure: string): ApiMember[] {
    const body = this.#bodyOf(structure);
    if (body === undefined)
      throw new Error(`Reading ${structure} of SageMaker's API: its SDK declares no such structure`);
    const bare = body.replace(/\/\*\*.*?\*\//gs, '');
    const members = [...bare.matchAll(/^ {4}(\w+)(\??): (.+?) \| undefined;$/gm)];
    const lines = bare.split('\n').filter((line) => line.trim() !== '');
    if (members.length !== lines.length) {
      throw new Error(`Reading ${structure} of SageMaker's API: not every line declares a member:\n${bare}`);
    }
    return members.map(([, name, optional, type]) => ({ name: name!, type: type!, isRequired: optional === '' }));
  }

  /** The TypeScript type of a member: names in it are declared by `declarations`, too. */
  typeOf(type: string): string {
    const list = /^(\w+)\[\]$/.exec(type)?.[1];
    if (list) return listOf(this.nameOf(list));
    const value = /^Record<string, (\w+)>$/.exec(type)?.[1];
    if (value) return `{ readonly [name: string]: ${this.nameOf(value)} } | IResolvable`;
    return typeOfText(this.nameOf(type));
  }

  /** Is it a structure or an enumeration of the API? */
  has(name: string): boolean {
    return this.#bodyOf(name) !== undefined || this.#valuesOf(name) !== undefined;
  }

  /** Every structure and enumeration that types so far have named, in the order of their names. */
  declarations(): string[] {
    return [...this.#declared].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  }

  /** The name of a type that is neither a list nor a map; a structure or an enumeration is declared by that. */
  nameOf(name: string): string {
    if (name === 'string' || name === 'number' || name === 'boolean') return name;
    if (this.#declared.has(name)) return name;
    // Structures may be recursive.
    this.#declared.set(name, '');
    const values = this.#valuesOf(name);
    const union = this.#union(name);
    if (values) this.#declared.set(name, `export type ${name} = ${values.join(' | ')};`);
    else this.#declared.set(name, union ? `export type ${name} = ${union.join(' | ')};` : this.#structure(name));
    return name;
  }

  /** A union of the API takes exactly one of its members; undefined if it is none. */
  #union(name: string): string[] | undefined {
    const body = new RegExp(`^export declare namespace ${name} \\{\\n(.*?)^\\}`, 'ms').exec(this.#text)?.[1];
    const choices = [...(body ?? '').matchAll(/interface (\w+)Member \{.*?^ +\1: ([^;]+);/gms)];
    if (choices.length === 0) return undefined;
    return choices.map(([, own, type]) => {
      const others = choices.filter(([, other]) => other !== own).map(([, other]) => ` readonly ${other}?: never;`);
      return `{ readonly ${own}: ${this.typeOf(type!)};${others.join('')} }`;
    });
  }

  #structure(name: string): string {
    const members = this.members(name).map(
      ({ name: member, type, isRequired }) => `  readonly ${member}${isRequired ? '' : '?'}: ${this.typeOf(type)};`,
    );
    return [`/** [${name}](${apiPage(name)}) */`, `export interface ${name} {`, ...members, '}'].join('\n');
  }

  #bodyOf(name: string): string | undefined {
    return new RegExp(`^export interface ${name} \\{\\n(.*?)^\\}`, 'ms').exec(this.#text)?.[1];
  }

  #valuesOf(name: string): string[] | undefined {
    const body = new RegExp(`^export declare const ${name}: \\{\\n(.*?)^\\};`, 'ms').exec(this.#text)?.[1];
    return body === undefined
      ? undefined
      : [...body.matchAll(/: ("[^"]*");/g)].map(([, value]) => `'${JSON.parse(value!)}'`);
  }
}

/** A list's type; a token may stand for the list, or for a structure in it. */
export function listOf(item: string): string {
  if (item === 'string') return 'readonly string[]';
  const each = typeOfText(item);
  return `readonly ${each.includes(' ') ? `(${each})` : each}[] | IResolvable`;
}

function declarations(): string {
  const entry = fileURLToPath(import.meta.resolve('@aws-sdk/client-sagemaker'));
  const folder = join(dirname(dirname(entry)), 'dist-types/models');
  const names = readdirSync(folder).filter((name) => /^(enums|models_\d+)\.d\.ts$/.test(name));
  return names.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
}
