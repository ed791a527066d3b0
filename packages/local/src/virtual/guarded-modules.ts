import { createRequire, isBuiltin } from 'node:module';

const nodeRequire = createRequire(import.meta.url);

/** By module: what would lead out of virtual time, whose order of events the machine must not decide. */
const openers: Record<string, readonly string[]> = {
  child_process: ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'],
  cluster: ['fork'],
  dgram: ['Socket', 'createSocket'],
  dns: ['lookup', 'lookupService', 'resolve', 'resolve4', 'resolve6', 'reverse'],
  'dns/promises': ['lookup', 'lookupService', 'resolve', 'resolve4', 'resolve6', 'reverse'],
  http2: ['connect', 'createSecureServer', 'createServer'],
  inspector: ['Session', 'open'],
  'inspector/promises': ['Session', 'open'],
  net: ['connect', 'createConnection', 'createServer'],
  tls: ['connect', 'createServer'],
  worker_threads: ['Worker'],
};

/** Methods, by class, that open something as well. */
const openingMethods: Record<string, Record<string, string>> = { net: { Server: 'listen', Socket: 'connect' } };

/**
 * A module of Node's as a function at virtual time may have it: libraries load many that they do not use, so what opens a
 * socket, a process or a thread throws only when it is called. Throws where Node has no such module: a function has what
 * its zip has, and nothing of this process's packages.
 */
export function guardedModule(name: string): unknown {
  if (!isBuiltin(name)) throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
  const bare = name.replace(/^node:/, '');
  const module = nodeRequire(name) as Record<string, unknown>;
  if (!openers[bare]) return module;
  const refused = openers[bare].map((member) => [member, refusing(`${bare}.${member}`)]);
  const classes = Object.entries(openingMethods[bare] ?? {}).map(([member, method]) => {
    const Opening = module[member] as new () => object;
    const Guarded = { [member]: class extends Opening {} }[member]!;
    Object.defineProperty(Guarded.prototype, method, { value: refusing(`${bare}.${member}.${method}`) });
    return [member, Guarded];
  });
  return { ...module, ...Object.fromEntries([...refused, ...classes]) };
}

/** A function, or a class, that says why it does nothing. */
export function refusing(what: string): (...args: unknown[]) => never {
  return function refused(): never {
    throw new Error(
      `Calling ${what}: a function at virtual time has no sockets, processes or threads of its own. Use startLocalCloud, whose functions are processes`,
    );
  };
}
