/**
 * Puts a function's process on the local cloud's clock, from outside: loaded before anything of the function, with
 * `?speed=<virtual per real>&now=<virtual ms>&at=<ns>` in its address, where `at` is what the machine's monotonic clock
 * read (`process.hrtime`, the same for every process) when virtual time was `now`.
 *
 * What the function itself waits for and reads is scaled: its timers, `Date` and `performance.now`. What Node waits for
 * on its behalf stays real (sockets, keep-alive, `fetch`, `AbortSignal.timeout`), or scaled time would make the network
 * look slow.
 */
import { syncBuiltinESMExports } from 'node:module';
import { performance } from 'node:perf_hooks';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';

const settings = new URL(import.meta.url).searchParams;
const speed = Number(settings.get('speed'));
const anchor = Number(settings.get('now'));
const anchorAt = BigInt(settings.get('at'));

/** The longest delay that Node takes; it warns about a longer one and uses 1 ms. */
const longestDelay = 2 ** 31 - 1;

function now() {
  return anchor + (Number(process.hrtime.bigint() - anchorAt) / 1e6) * speed;
}

function scale(delay) {
  return delay >= 1 && delay <= longestDelay ? Math.ceil(delay / speed) : delay;
}

/** Whether the code that called our caller is Node's own, such as the `fetch` built into it. */
function calledByNode(caller) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const site = {};
  try {
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = (_, sites) => sites;
    Error.captureStackTrace(site, caller);
    return site.stack[0]?.getFileName()?.startsWith('node:') ?? false;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function scaledTimers() {
  const real = { setTimeout, setInterval };
  const promises = { ...timersPromises };

  function scaledSetTimeout(run, delay, ...rest) {
    return real.setTimeout(run, calledByNode(scaledSetTimeout) ? delay : scale(delay), ...rest);
  }
  function scaledSetInterval(run, delay, ...rest) {
    return real.setInterval(run, calledByNode(scaledSetInterval) ? delay : scale(delay), ...rest);
  }
  Object.defineProperty(scaledSetTimeout, 'name', { value: 'setTimeout' });
  Object.defineProperty(scaledSetInterval, 'name', { value: 'setInterval' });

  timersPromises.setTimeout = (delay, value, options) => promises.setTimeout(scale(delay), value, options);
  timersPromises.setInterval = (delay, value, options) => promises.setInterval(scale(delay), value, options);
  timersPromises.scheduler.wait = (delay, options) => promises.setTimeout(scale(delay), undefined, options);
  scaledSetTimeout[promisify.custom] = timersPromises.setTimeout;

  timers.setTimeout = scaledSetTimeout;
  timers.setInterval = scaledSetInterval;
  globalThis.setTimeout = scaledSetTimeout;
  globalThis.setInterval = scaledSetInterval;
}

function virtualDate() {
  const RealDate = Date;
  const VirtualDate = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, args, newTarget) => Reflect.construct(target, args.length ? args : [now()], newTarget),
  });
  RealDate.now = () => Math.floor(now());
  RealDate.prototype.constructor = VirtualDate;
  globalThis.Date = VirtualDate;
}

function virtualPerformance() {
  const origin = now() - performance.now() * speed;
  Object.defineProperty(performance, 'now', { value: () => now() - origin, configurable: true, writable: true });
  Object.defineProperty(performance, 'timeOrigin', { value: origin, configurable: true });
}

scaledTimers();
virtualDate();
virtualPerformance();
syncBuiltinESMExports();
