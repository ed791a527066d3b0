import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ada, grace, type HomeTree, mountHomes } from '../handlers/home-tree.ts';

const run = promisify(execFile);
let tree: HomeTree;

mountHomes((mounted) => {
  tree = mounted;
});

/** Seeds homes in a process of its own, in which garbage does not count. */
async function seedAll(uids: readonly number[], rounds = 1) {
  const client = join(import.meta.dirname, 'home-seed-client.ts');
  const heap = ['--max-old-space-size=128', '--max-semi-space-size=4'];
  const args = [...heap, '--conditions=studio-resources', '--no-warnings', client, JSON.stringify(uids.map(String))];
  const { stdout } = await run(process.execPath, [...args, String(rounds)], {
    env: { ...process.env, HOMES_PATH: tree.path },
  });
  return JSON.parse(stdout) as { problem?: string; megabytes: number };
}

/** Makes many homes with the same content: one is being read while nine others are. */
function fill(make: (at: (...names: string[]) => string) => void): number[] {
  const uids = Array.from({ length: 10 }, (_, index) => ada + 100 + index);
  for (const uid of uids) {
    tree.home(uid);
    make((...names) => tree.at(String(uid), ...names));
  }
  return uids;
}

const records = '.studio-resources';
const digest = 'ab'.repeat(32);

/** A record of some megabytes. */
function longRecord(size: number): string {
  const begun = Array.from({ length: size }, (_, index) => `"p${index}":["${digest}"]`);
  return `{"version":1,"resource":"mine","files":{},"begun":{${begun.join(',')}},"folders":[],"kept":[]}`;
}

test.each<[string, (at: (...names: string[]) => string) => void]>([
  [
    'files of 100 MB without content',
    (at) => {
      mkdirSync(at('examples/deep'), { recursive: true });
      for (const name of ['a.txt', 'examples/b.txt', 'examples/deep/c.txt']) {
        writeFileSync(at(name), '');
        truncateSync(at(name), 100 * 1024 * 1024);
      }
    },
  ],
  [
    'a hundred records that are as long as they may be',
    (at) => {
      mkdirSync(at(records));
      const record = longRecord(50_000);
      for (let index = 0; index < 100; index += 1) {
        const name = index.toString(16).padStart(16, '0');
        writeFileSync(at(records, `${name}.json`), record);
      }
      writeFileSync(at(records, '0123456789abcdef.json'), record);
    },
  ],
  [
    'a record of many small objects',
    (at) => {
      mkdirSync(at(records));
      const text = `{"version":1,"files":{},"begun":{"a":[${'{"b":[[]]},'.repeat(350_000)}{}]}}`;
      writeFileSync(at(records, '0123456789abcdef.json'), text);
    },
  ],
])('%s in ten homes at once take less than 256 MB, and are no error', async (_, make) => {
  const uids = fill(make);
  tree.home(grace);
  const { problem, megabytes } = await seedAll([...uids, grace]);
  expect(problem).toBeUndefined();
  expect(megabytes).toBeLessThan(256);
  expect(tree.read(`${grace}/examples/deep/c.txt`)).toContain('round 0');
});

test('folders with very many entries, also with names that are not UTF-8, are no error and take little memory', async () => {
  const uids = fill((at) => {
    for (const folder of ['', records, 'examples']) {
      mkdirSync(at(folder), { recursive: true });
      for (let index = 0; index < 2000; index += 1) writeFileSync(at(folder, `${'n'.repeat(200)}${index}`), '');
      writeFileSync(Buffer.concat([Buffer.from(`${at(folder)}/`), Buffer.from([0xff, 0xfe, 0x80])]), '');
    }
  });
  const { problem, megabytes } = await seedAll([...uids, grace], 5);
  expect(problem).toBeUndefined();
  expect(megabytes).toBeLessThan(256);
});

test('pipes, sockets, links, locked files and folders of one user block no other home', async () => {
  const home = tree.home(ada);
  tree.home(grace);
  mkdirSync(join(home, 'examples'), { mode: 0o000 });
  await run('mkfifo', [join(home, 'a.txt')]);
  const server = createServer().listen(join(home, 'examples/b.txt'));
  await once(server, 'listening');
  symlinkSync(tree.at(String(grace)), join(home, 'examples/deep'));
  tree.write(grace, `${grace}/own.txt`, 'of grace');
  linkSync(tree.at(`${grace}/own.txt`), join(home, 'linked'));
  chmodSync(join(home, 'linked'), 0o000);
  const { problem } = await seedAll([ada, grace], 5);
  server.close();
  expect(problem).toBeUndefined();
  expect(tree.read(`${grace}/own.txt`)).toBe('of grace');
});

/** Changes all in a home that a seed touches, as its user, for as long as it lives. */
const meddler = `
  const fs = require('node:fs');
  const [home, other, uid] = process.argv.slice(1);
  process.setgroups([]);
  process.setgid(1001);
  process.setuid(Number(uid));
  const at = (...names) => [home, ...names].join('/');
  const attempt = (change) => { try { change(); } catch {} };
  const changes = [
    () => fs.rmSync(at('examples'), { recursive: true }),
    () => fs.rmSync(at('.studio-resources'), { recursive: true }),
    () => fs.renameSync(at('examples'), at('aside' + Math.random())),
    () => fs.symlinkSync(other, at('examples')),
    () => fs.unlinkSync(at('examples')),
    () => fs.symlinkSync(other, at('.studio-resources')),
    () => fs.unlinkSync(at('.studio-resources')),
    () => fs.mkdirSync(at('a.txt')),
    () => fs.rmdirSync(at('a.txt')),
    () => fs.unlinkSync(at('a.txt')),
    () => fs.appendFileSync(at('a.txt'), 'more'.repeat(10_000)),
    () => fs.rmSync(at('examples/deep'), { recursive: true }),
    () => fs.writeFileSync(at('examples/deep'), ''),
    () => fs.unlinkSync(at('examples/deep')),
    () => { for (const name of fs.readdirSync(home)) if (name.startsWith('aside')) fs.rmSync(at(name), { recursive: true }); },
    () => { for (const name of fs.readdirSync(at('examples'))) fs.unlinkSync(at('examples', name)); },
    () => { for (const name of fs.readdirSync(home)) if (name.startsWith('.studio-resources-')) fs.unlinkSync(at(name)); },
  ];
  for (;;) attempt(changes[Math.floor(Math.random() * changes.length)]);
`;

test('a user who deletes and swaps files meanwhile makes no seeding fail, and reaches no other home', async () => {
  chmodSync(tree.path, 0o711);
  const homes = [ada, ada + 7].map((uid) => ({ home: tree.home(uid), uid }));
  tree.home(grace);
  tree.write(grace, `${grace}/own.txt`, 'of grace');
  const meddlers = homes.map(({ home, uid }) =>
    spawn(process.execPath, ['-e', meddler, home, tree.at(String(grace)), String(uid)]),
  );
  const { problem } = await seedAll([ada, ada + 7, grace], 150);
  for (const process of meddlers) {
    const ended = once(process, 'close');
    process.kill('SIGKILL');
    await ended;
  }
  expect(problem).toBeUndefined();
  expect(tree.list(String(grace)).filter((line) => !line.includes(records))).toEqual([
    expect.stringMatching(`^${grace}:1001 \\d+ own.txt$`),
  ]);
});
