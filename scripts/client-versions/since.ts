import { fingerprint, type Structures } from './members.ts';

/** The first version with a member, by structure and member. Those that the oldest version has are left out. */
export type Since = Record<string, Record<string, string>>;

/** What was compared, and what came out. */
export interface ClientVersions {
  oldest: string;
  newest: string;
  /** How many versions the registry has between them, and how many of those were read. */
  available: number;
  read: number;
  since: Since;
}

/**
 * Finds since which version each member is there. `versions` go from the oldest to the newest; between two that have the
 * same members of these structures, none is read. A member that went and came again counts from its last coming.
 */
export async function compareVersions(
  versions: readonly string[],
  names: readonly string[],
  read: (version: string) => Promise<Structures>,
): Promise<ClientVersions> {
  const known = new Map<number, Promise<Structures>>();
  const at = (place: number) => {
    const before = known.get(place) ?? read(versions[place]!);
    known.set(place, before);
    return before;
  };
  const search = async (from: number, to: number): Promise<void> => {
    const [older, newer] = [await at(from), await at(to)];
    if (to - from < 2 || fingerprint(older, names) === fingerprint(newer, names)) return;
    const middle = Math.floor((from + to) / 2);
    await search(from, middle);
    await search(middle, to);
  };
  const last = versions.length - 1;
  await search(0, last);
  const places = [...known.keys()].sort((one, other) => one - other);
  const since: Since = {};
  for (const name of names) {
    for (const member of [...((await at(last)).get(name) ?? [])].sort()) {
      const first = await firstWith(places, async (place) => (await at(place)).get(name)?.has(member) === true);
      if (first > 0) since[name] = { ...since[name], [member]: versions[first]! };
    }
  }
  return { oldest: versions[0]!, newest: versions[last]!, available: versions.length, read: places.length, since };
}

/** The place from which on all have it. */
async function firstWith(places: readonly number[], has: (place: number) => Promise<boolean>): Promise<number> {
  let first = places.at(-1)!;
  for (const place of places.toReversed()) {
    if (!(await has(place))) break;
    first = place;
  }
  return first;
}
