/** The members of each structure of a client, by the structure's name. */
export type Structures = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads the structures from a client's declarations without comments: the text of `dist-types/ts3.4/models/*.d.ts`. */
export function structuresIn(declarations: string): Structures {
  const found = new Map<string, ReadonlySet<string>>();
  for (const [, name, body] of declarations.matchAll(/^export interface (\w+)(?: extends \w+)? \{\n([\s\S]*?)^\}/gm)) {
    found.set(name!, new Set([...body!.matchAll(/^ {2}(\w+)\??:/gm)].map(([, member]) => member!)));
  }
  return found;
}

/** Of some structures, the members, as one text by which versions are compared. */
export function fingerprint(structures: Structures, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => [name, [...(structures.get(name) ?? [])].sort()]));
}
