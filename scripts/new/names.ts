import { camelCase, pascalCase } from '../handlers.ts';

/** The one name of a resource, as each place spells it. */
export interface Names {
  /** `studio-thing`. */
  name: string;
  /** `StudioThing`. */
  id: string;
  /** `studioThing`. */
  exported: string;
  /** What its contract subject is called: `thing`. */
  subject: string;
}

export function namesOf(name: string): Names {
  return { name, id: pascalCase(name), exported: camelCase(name), subject: name.replace(/^studio-/, '') };
}

/** A text about one resource, with the names of another. AWS's own words, such as SpaceName, stay. */
export function renamed(text: string, from: Names, to: Names): string {
  const spellings: [string, string][] = [
    [`${from.subject}-subject`, `${to.subject}-subject`],
    [`${camelCase(from.subject)}Subject`, `${camelCase(to.subject)}Subject`],
    [from.name, to.name],
    [from.id, to.id],
    [from.exported, to.exported],
  ];
  return spellings.reduce((result, [old, own]) => result.replaceAll(old, own), text);
}
