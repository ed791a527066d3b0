import { createHook } from 'node:async_hooks';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { Server, Socket } from 'node:net';
import { type JestObject, spies } from './jest-object.ts';

/** The one that aws-sdk-client-mock makes its mocks with. */
const sinon: Sinon = createRequire(createRequire(import.meta.url).resolve('aws-sdk-client-mock'))('sinon');

interface Sinon {
  getFakes(): { rootObj?: Record<string, unknown>; propName: string }[];
  restore(): void;
}

const replaceable = ['Date', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'] as const;
const settleMs = 5_000;
// Powertools sets it as it loads, which is once for all files.
const setByDependencies = 'AWS_SDK_UA_APP_ID';

/** Remembers what the process has and how it is set up, so as to name what a test file left running or changed. */
export function watchLeaks(jest: JestObject) {
  const before = {
    env: { ...process.env },
    cwd: process.cwd(),
    listeners: listenerCounts(),
    handles: new Set(handles()),
  };
  const globals = replaceable.map((name) => [name, globalThis[name]] as const);
  const wait = globalThis.setTimeout;
  const timers = watchTimers();

  const restoreClock = () => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  };
  const running = () => [
    ...handles()
      .filter((handle) => !before.handles.has(handle))
      .map(describeHandle),
    ...timers.active().map(describeTimer),
  ];

  return {
    async find(): Promise<string[]> {
      const changed = [
        ...[...changedVariables(before.env)].map((name) => `another value of the environment variable ${name}`),
        ...(process.cwd() === before.cwd ? [] : [`another working directory, ${process.cwd()}`]),
        ...leftSpies(jest),
        ...leftMocks(),
        ...globals.filter(([name, value]) => globalThis[name] !== value).map(([name]) => `another globalThis.${name}`),
        ...moreListeners(before.listeners),
      ];
      restoreClock();
      // What was closed or killed is gone only some turns of the event loop later.
      const end = performance.now() + settleMs;
      while (running().length > 0 && performance.now() < end) {
        await new Promise((done) => timers.ignore(wait(done, 5)));
      }
      return [...new Set([...changed, ...running()])];
    },

    restore(): void {
      timers.stop();
      restoreClock();
      sinon.restore();
      for (const name of changedVariables(before.env)) {
        if (before.env[name] === undefined) delete process.env[name];
        else process.env[name] = before.env[name];
      }
      process.chdir(before.cwd);
    },
  };
}

function* changedVariables(before: NodeJS.ProcessEnv): Iterable<string> {
  for (const name of new Set([...Object.keys(before), ...Object.keys(process.env)])) {
    if (process.env[name] !== before[name] && name !== setByDependencies) yield name;
  }
}

function* leftSpies(jest: JestObject): Iterable<string> {
  for (const [object, properties] of jest[spies]) {
    for (const property of properties) {
      const own = Object.getOwnPropertyDescriptor(object, property);
      if (own && [own.value, own.get, own.set].some((part) => jest.isMockFunction(part))) {
        yield `a spy on ${String(property)} of ${nameOf(object)}`;
      }
    }
  }
}

const nameOf = (object: object) =>
  (object as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? object.constructor?.name ?? 'an object';

/** What `mockClient` has put in the place of a client's `send`, for all who use that client. */
function* leftMocks(): Iterable<string> {
  for (const fake of sinon.getFakes()) {
    const { rootObj, propName } = fake;
    if (rootObj?.[propName] === fake) yield `a mock of ${propName} of ${rootObj.constructor.name}`;
  }
}

// Those of jest-circus while a file runs.
const circusEvents = ['uncaughtException', 'unhandledRejection', 'rejectionHandled'];

const listenerCounts = () => new Map(process.eventNames().map((event) => [event, process.listenerCount(event)]));

function* moreListeners(before: Map<string | symbol, number>): Iterable<string> {
  for (const [event, count] of listenerCounts()) {
    const more = count - (before.get(event) ?? 0);
    if (more > 0 && !circusEvents.includes(String(event))) yield `a listener of process, on ${String(event)}`;
  }
}

/** Node documents only the names of what is active; the handles themselves tell which it is. */
function handles(): object[] {
  const own = new Set<unknown>([process.stdin, process.stdout, process.stderr]);
  const active = (process as unknown as { _getActiveHandles(): object[] })._getActiveHandles();
  return active.filter((handle) => !own.has(handle));
}

function describeHandle(handle: object): string {
  if (handle instanceof Server) return `a server that listens on ${JSON.stringify(handle.address())}`;
  if (handle instanceof Socket) return `a connection from ${end(handle.localPort)} to ${end(handle.remotePort)}`;
  if ('spawnargs' in handle) {
    const { pid, spawnargs } = handle as ChildProcess;
    return `the child process ${pid}: ${spawnargs.join(' ').slice(0, 200)}`;
  }
  return `a ${handle.constructor.name}`;
}
const end = (port: number | undefined) => (port === undefined ? 'a pipe' : `port ${port}`);

type Timer = NodeJS.Timeout & { _onTimeout: unknown; _idleTimeout: number };

function watchTimers() {
  const created = new Map<number, Timer>();
  const hook = createHook({
    init(id, type, _trigger, resource) {
      if (type === 'Timeout') created.set(id, resource as Timer);
    },
    destroy: (id) => created.delete(id),
    // Promises are many, and none of them keeps a process running.
    ...{ trackPromises: false },
  }).enable();
  const ignored = new WeakSet<NodeJS.Timeout>();
  return {
    active: () => [...created.values()].filter((timer) => timer.hasRef() && !ignored.has(timer)),
    ignore: (timer: NodeJS.Timeout) => ignored.add(timer),
    stop: () => hook.disable(),
  };
}

const describeTimer = ({ _idleTimeout, _onTimeout }: Timer) =>
  `a timer of ${_idleTimeout} ms that calls ${String(_onTimeout).replaceAll(/\s+/g, ' ').slice(0, 120)}`;
