import type { AwsError } from '../../errors.ts';
import { isMap } from './intrinsics.ts';
import { type Source, templateError } from './source.ts';

/** A part of a template that is a map, read with errors that name its place. */
export class Section {
  readonly source: Source;
  readonly path: string;
  readonly members: Record<string, unknown>;

  constructor(source: Source, path: string, members: Record<string, unknown>) {
    this.source = source;
    this.path = path;
    this.members = members;
  }

  /** The error for this section, or for one of its members. */
  error(text: string, member?: string): AwsError {
    return templateError(text, this.source.at(member === undefined ? this.path : `${this.path}/${member}`));
  }

  get line(): number {
    return this.source.at(this.path).line;
  }

  /** The member of that name, which is a map; undefined when there is none. */
  findSection(name: string): Section | undefined {
    if (!Object.hasOwn(this.members, name)) return undefined;
    const members = this.members[name];
    const path = `${this.path}/${name}`;
    if (!isMap(members)) throw this.error(`Template format error: [${path}] Every ${name} object must be a map.`, name);
    return new Section(this.source, path, members);
  }

  /** Every member as a section; each must be a map, and its name letters and digits, unless `names` says more. */
  *named(kind: string, names = /^[A-Za-z0-9]{1,255}$/): Generator<[string, Section]> {
    for (const [name, members] of Object.entries(this.members)) {
      if (!names.test(name)) {
        throw this.error(`Template format error: ${kind} name ${name} is non alphanumeric.`, name);
      }
      if (!isMap(members)) {
        throw this.error(`Template format error: [${this.path}/${name}] Every ${kind} member must be an object.`, name);
      }
      yield [name, new Section(this.source, `${this.path}/${name}`, members)];
    }
  }

  /** Complains about a member that is none of `known`. */
  only(known: readonly string[], text: (member: string) => string): void {
    const unknown = Object.keys(this.members).find((member) => !known.includes(member));
    if (unknown !== undefined) throw this.error(text(unknown), unknown);
  }

  /** The member as a string; a number or a boolean is one too. */
  findText(name: string): string | undefined {
    if (!Object.hasOwn(this.members, name)) return undefined;
    const value = this.members[name];
    if (typeof value === 'object') {
      throw this.error(`Template format error: [${this.path}/${name}] Every ${name} member must be a string.`, name);
    }
    return String(value);
  }

  atMost(limit: number, kind: string): void {
    const count = Object.keys(this.members).length;
    if (count > limit) {
      throw this.error(`Template format error: Number of ${kind}, ${count}, is greater than maximum allowed, ${limit}`);
    }
  }
}
