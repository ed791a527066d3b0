import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contents } from '../homes.ts';
import type { Sent } from '../observer.ts';
import { stacksIn } from '../play.ts';
import type { Finding, Scene } from '../scene.ts';
import { findUnmanagedDomain, unmanagedDomains } from '../unmanaged-domain.ts';
import { answerOf, keyOf } from './answers.ts';

/** What a resource asks for. */
interface Properties {
  UserProfileName?: string;
  Source?: string;
  Destination?: string;
  Overwrite?: string;
  DeleteUnchanged?: string;
}

/** Something in a home. */
interface Thing {
  /** From the home on. */
  path: string;
  /** The path in a finding. */
  where: string;
  uid: number;
  /** Undefined for a folder. */
  text?: string;
}

const records = '.studio-resources';

/** In homes is what stacks have put there, for whom it belongs to, and nothing that a deletion was to take along. */
export function homes(scene: Scene): Finding[] {
  const { domain, profiles } = findUnmanagedDomain(scene.world, unmanagedDomains.homes)!;
  const root = join(scene.world.files, domain.shown.HomeEfsFileSystemId!);
  if (!existsSync(root)) return missing(scene, 'none', []);
  const users = new Map(profiles.map(({ shown }) => [shown.HomeEfsFileSystemUid!, shown.UserProfileName]));
  const strays = readdirSync(root).filter((name) => !users.has(name));
  return [
    ...strays.map((name) => ({ rule: 'there is something beside the homes', detail: name })),
    ...[...users].flatMap(([uid, user]) => {
      const things = existsSync(join(root, uid)) ? [...thingsIn(join(root, uid), '', `${user}'s `)] : [];
      const owners = things.filter((thing) => thing.uid !== Number(uid) && !isUnfinished(thing, things, scene));
      return [
        ...owners.map(({ where, uid: of }) => ({
          rule: 'something in a home is not its user’s',
          detail: `${where}: ${of}`,
        })),
        ...missing(scene, user, things),
        ...left(scene, user, things),
      ];
    }),
  ];
}

/** A function that then crashed created it, and the deletion of the seed keeps all files. */
function isUnfinished({ path, uid, text }: Thing, things: readonly Thing[], scene: Scene): boolean {
  const isEmpty = text === undefined && !things.some((other) => other.path.startsWith(`${path}/`));
  return path !== '' && uid === 0 && isEmpty && keptBy(scene).length > 0;
}

function* thingsIn(home: string, path: string, where: string): Generator<Thing> {
  const at = join(home, path);
  const stats = lstatSync(at);
  yield { path, where: `${where}${path}`, uid: stats.uid, text: stats.isFile() ? readFileSync(at, 'utf8') : undefined };
  if (!stats.isDirectory()) return;
  for (const name of readdirSync(at).sort()) yield* thingsIn(home, join(path, name), where);
}

/** Everything that a stack has put into a home is there. */
function missing(scene: Scene, user: string, things: readonly Thing[]): Finding[] {
  const texts = new Map(things.map(({ path, text }) => [path, text]));
  return seedsIn(scene)
    .filter(({ status, properties }) => /^(CREATE|UPDATE)_COMPLETE$/.test(status) && isFor(user, properties))
    .flatMap(({ properties: { Source, Destination, Overwrite }, where }) =>
      Object.entries(contents[Number(/(\d)\.zip$/.exec(Source!)![1])]!).flatMap(([name, text]) => {
        const has = texts.get(`${Destination}/${name}`);
        // What was there first stays.
        const isFirst = Overwrite === 'Never' && contents.some((files) => files[name] === has);
        if (has === text || isFirst) return [];
        return [{ rule: 'a home lacks what a stack holds', detail: `${where}: ${user}'s ${name} is ${has}` }];
      }),
    );
}

/** A file without a holder exists only if it had to stay. */
function left(scene: Scene, user: string, things: readonly Thing[]): Finding[] {
  // CloudFormation still has to delete what it knows of by other ids.
  if (stacksIn(scene.world).some(({ status }) => status === 'UPDATE_ROLLBACK_FAILED')) return [];
  const held = seedsIn(scene).filter(({ properties }) => isFor(user, properties));
  const known = new Set([
    ...held.map(({ properties }) => properties.Destination),
    ...keptBy(scene).flatMap((one) => (isFor(user, one) ? [one.Destination] : [])),
  ]);
  return things.flatMap(({ path, where, text }) => {
    const names = path.split('/');
    const isRecord = names[0] === records;
    if (path === '' || (isRecord && text === undefined)) return [];
    const isKnown = isRecord ? [...known].some((folder) => text?.includes(`${folder}/`)) : known.has(names[0]);
    return isKnown ? [] : [{ rule: 'something is left in a home', detail: `${where}${text === undefined ? '/' : ''}` }];
  });
}

function seedsIn({ world }: Scene): { properties: Properties; status: string; where: string }[] {
  return stacksIn(world).flatMap(({ name, resources }) =>
    Object.values(resources)
      .filter(({ type, status }) => type === 'Custom::HomeSeed' && status !== 'DELETE_COMPLETE')
      .map(({ logicalId, properties, status }) => ({ properties, status, where: `${name}'s ${logicalId}` })),
  );
}

/** What was asked for by those whose deletion was to leave it there, or could not be done. */
function keptBy({ seen }: Scene): Properties[] {
  return seen.requests.flatMap((request) => {
    const properties = request.ResourceProperties as Properties;
    const answerTo = (one: Sent) => answerOf(seen.answers.find(({ key }) => key === keyOf(one)) ?? { body: '' });
    const isKept = properties.DeleteUnchanged !== 'true' || answerTo(request)?.Status === 'FAILED';
    if (request.RequestType !== 'Delete' || !isKept) return [];
    // After an update that failed, and whose rollback failed, its properties are not those of what it is about.
    const made = seen.requests.filter((one) => answerTo(one)?.PhysicalResourceId === request.PhysicalResourceId);
    return [properties, ...made.map(({ ResourceProperties }) => ResourceProperties as Properties)];
  });
}

function isFor(user: string, { UserProfileName }: Properties): boolean {
  return UserProfileName === undefined || UserProfileName === user;
}
