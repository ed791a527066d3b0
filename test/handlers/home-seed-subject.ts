import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Sent, Subject } from '../subject.ts';

/** The parts of the contract that do not apply: what is missing is written anew, and no service knows of it. */
export const homeSeedLacks = ['taken names', 'collisions', 'failures', 'statuses', 'tags', 'losses'] as const;

/** Custom::HomeSeed, mocked or built. */
interface HomeSeedDependencies {
  DomainId: string;
  /** The paths of the homes of ada and grace, by these names. */
  homes: ReadonlyMap<string, string>;
  send(request: Sent): Promise<Answer>;
  /** Refuses the next GetObject. */
  refuse(code: string, message: string): void;
  close(): Promise<void>;
}

/** A seed of ada's home, to be held against the contract. */
export async function homeSeedSubject(around: HomeSeedDependencies): Promise<Subject> {
  const { DomainId, homes, send, refuse, close } = around;
  const homeOf = (id: string) => homes.get(id.split('/')[1]!)!;
  const records = (home: string) => {
    const folder = join(home, '.studio-resources');
    return existsSync(folder) ? readdirSync(folder).map((file) => file.replace('.json', '')) : [];
  };
  const filesIn = (home: string): string[] =>
    existsSync(home)
      ? readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => lstatSync(join(home, name)).isFile())
      : [];
  const nothing = async () => {
    throw new Error('Tampering with a seed: it has nothing of the kind');
  };
  const properties = {
    DomainId,
    UserProfileName: 'ada',
    Source: 's3://sources/one.zip',
    DeleteUnchanged: 'true',
  };

  return {
    world: {
      send,
      existing: async () =>
        [...homes].flatMap(([name, home]) => records(home).map((record) => `${DomainId}/${name}/${record}`)),
      async look(id) {
        const home = homeOf(id);
        const shown = filesIn(home).filter((name) => !name.startsWith('.studio-resources'));
        return Object.fromEntries(shown.map((name) => [name, readFileSync(join(home, name), 'utf8')]));
      },
      mutations: async () =>
        [...homes.values()].flatMap((home) =>
          filesIn(home).map((name) => `${name} ${lstatSync(join(home, name)).ino}`),
        ),
      refuseNext: async (_, code, message) => refuse(code, message),
      failNext: nothing,
      setStatus: nothing,
      async deleteBehindItsBack(id) {
        rmSync(homeOf(id), { recursive: true });
      },
      disown: nothing,
      close,
    },
    id: /^d-[a-z0-9]+\/(ada|grace)\/[0-9a-f]{16}$/,
    attributes: [],
    properties,
    shown: { 'README.md': 'one', 'examples/train.py': 'print(1)' },
    changed: { ...properties, Source: 's3://sources/two.zip' },
    changedShown: { 'README.md': 'two', 'examples/train.py': 'print(1)' },
    replacing: { ...properties, UserProfileName: 'grace' },
    strings: [{ ...properties, DeleteUnchanged: 'True' }, { 'README.md': 'one' }],
    wrong: [
      [{ ...properties, Sorce: 'x' }, 'Sorce: unknown property; did you mean Source?'],
      [{ ...properties, Source: 'one.zip' }, 'Source: expected the S3 URI of a zip or of a folder'],
      [{ ...properties, Destination: '../grace' }, 'Destination: expected a path within the home'],
      [{ ...properties, Overwrite: 'Sometimes' }, 'Overwrite: expected one of Never, IfUnchanged, Always'],
    ],
  };
}
