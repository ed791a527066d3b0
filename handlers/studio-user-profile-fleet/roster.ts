import { type Context, isTransient } from '@studio-resources/core';
import { mergeTags } from '@studio-resources/sagemaker/tags';
import { formats, type Row } from './file-format.ts';
import { digestOf, type InvalidMember, keyOf, type Member, memberOf, memberSchema, type Roster } from './member.ts';
import { readMembersFile } from './members-file.ts';
import { maxMembers, type Props } from './properties.ts';
import { notesOf, type Pin, requestCache } from './request-cache.ts';

/** Reads the desired members. Throws when that is impossible. An invalid line does not throw. */
export async function rosterOf(props: Props, ctx: Context): Promise<Roster> {
  const { Members, MembersS3Uri, MembersS3VersionId, Defaults } = props;
  const Tags = mergeTags(Defaults.Tags ?? [], await ctx.stackTags());
  const source = digestOf([Members, MembersS3Uri, MembersS3VersionId, Defaults, Tags]);
  const { rosters } = requestCache(ctx);
  const notes = notesOf(ctx);
  notes.pins ??= {};
  notes.pins[source] ??= {};
  const roster = rosters.get(source) ?? (await read({ ...props, Defaults: { ...Defaults, Tags } }, notes.pins[source]));
  rosters.set(source, roster);
  return roster;
}

/** Reads the members before an Update. When they can no longer be read, logs a warning and returns undefined. */
export async function previousRoster(old: Props, ctx: Context): Promise<Roster | undefined> {
  const notes = notesOf(ctx);
  if (notes.isBeforeLost) return undefined;
  try {
    return await rosterOf(old, ctx);
  } catch (error) {
    if (isTransient(error)) throw error;
    notes.isBeforeLost = true;
    ctx.log.warn('The members before the update cannot be read, so removed settings keep their values', {
      error,
    });
    return undefined;
  }
}

async function read(props: Props, pin: Pin): Promise<Roster> {
  const { Members, MembersS3Uri, MembersS3VersionId, Defaults } = props;
  if (MembersS3Uri === undefined) {
    const members = (Members ?? []).map((each, index) => memberOf(each, Defaults, `Members[${index}]`));
    return { members, invalid: [], digest: digestOf(members.map(({ key, digest }) => [key, digest])) };
  }
  const text = await readMembersFile({ MembersS3Uri, MembersS3VersionId }, pin);
  return ofRows(rowsIn(text, MembersS3Uri), props);
}

function rowsIn(text: string, uri: string): Row[] {
  const format = formats.find(({ ending }) => ending.test(uri));
  if (!format) throw new Error(`Reading ${uri}: its key has to end with .csv, .jsonl or .ndjson`);
  let rows: Row[];
  try {
    rows = format.rowsOf(text);
  } catch (cause) {
    throw new Error(`Reading ${uri}`, { cause });
  }
  if (rows.length <= maxMembers) return rows;
  throw new Error(
    `Reading ${uri}: it has ${rows.length} members, and at most ${maxMembers} are allowed; give the others to another resource`,
  );
}

function ofRows(rows: readonly Row[], { Defaults }: Props): Roster {
  const members = new Map<string, Member>();
  const invalid: InvalidMember[] = [];
  for (const row of rows) {
    const place = `line ${row.line}`;
    const read = memberIn(row);
    if ('reason' in read) {
      invalid.push({ place, ...read });
      continue;
    }
    const member = memberOf(read, Defaults, place);
    const same = members.get(member.key);
    if (!same) members.set(member.key, member);
    else
      invalid.push({
        place,
        name: member.name,
        reason: `that is the name of ${same.place} already, whatever its case`,
      });
  }
  const all = [...members.values()];
  return { members: all, invalid, digest: digestOf([all.map(({ key, digest }) => [key, digest]), invalid]) };
}

function memberIn(row: Row) {
  if ('problem' in row) return { name: row.name, reason: row.problem };
  const result = memberSchema['~standard'].validate(row.value);
  if (!result.issues) return result.value;
  const { UserProfileName: name } = row.value;
  const reason = result.issues.map(({ path = [], message }) => `${pathText(path)}: ${message}`).join('; ');
  return { name: typeof name === 'string' ? name : undefined, reason };
}

function pathText(path: readonly (PropertyKey | { key: PropertyKey })[]): string {
  const keys = path.map((step) => (typeof step === 'object' ? step.key : step));
  return keys.reduce<string>(
    (text, key) => text + (typeof key === 'number' ? `[${key}]` : `${text && '.'}${String(key)}`),
    '',
  );
}

/** The names of all listed members, including invalid ones. Their profiles are not removed. */
export function listedKeys({ members, invalid }: Roster): Set<string> {
  return new Set([...members.map(({ key }) => key), ...invalid.flatMap(({ name }) => (name ? [keyOf(name)] : []))]);
}
