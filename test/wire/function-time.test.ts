import { type FunctionProcesses, functionProcesses } from './function-cloud.ts';

/** A function's second is a millisecond here; what ends it is the test's clock, which stands still. */
const speed = 1000;

let local: FunctionProcesses;
beforeEach(async () => {
  local = await functionProcesses({ speed });
});
afterEach(() => local.close());

const waits = `
import timers, { setTimeout as named } from 'node:timers';
import { scheduler, setInterval as every, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const by = {
  global: (ms) => new Promise((done) => setTimeout(done, ms)),
  interval: (ms) => new Promise((done) => { const timer = setInterval(() => { clearInterval(timer); done(); }, ms); }),
  named: (ms) => new Promise((done) => named(done, ms)),
  module: (ms) => new Promise((done) => timers.setTimeout(done, ms)),
  promise: (ms) => sleep(ms),
  promisified: (ms) => promisify(setTimeout)(ms),
  scheduler: (ms) => scheduler.wait(ms),
  async iterator(ms) { for await (const _ of every(ms)) return; },
};
export const handler = async ({ way, ms }, context) => {
  const before = { date: Date.now(), made: new Date(), performance: performance.now(), left: context.getRemainingTimeInMillis() };
  await by[way](ms);
  return {
    date: Date.now() - before.date,
    made: new Date().getTime() - before.made.getTime(),
    performance: performance.now() - before.performance,
    left: before.left - context.getRemainingTimeInMillis(),
  };
};`;

test.each(['global', 'interval', 'named', 'module', 'promise', 'promisified', 'scheduler', 'iterator'])(
  'a function that waits 60 s by %s does so on the cloud’s clock, and every clock of it agrees',
  async (way) => {
    await local.create('waits', waits);
    const ms = 60_000;
    const { response } = await local.invoke('waits', { way, ms });
    for (const passed of Object.values(response as Record<string, number>)) {
      // Node's timers are early by a millisecond at most, and the clocks are read one after the other.
      expect(passed).toBeGreaterThanOrEqual(ms - 2 * speed);
    }
  },
);

test('a function’s time is the cloud’s', async () => {
  const source =
    'export const handler = async () => [new Date().toISOString(), Date(), new Date(0).getTime(), new Date() instanceof Date, new Date().constructor === Date];';
  await local.create('today', source);
  const { response } = await local.invoke('today');
  const [iso, text, zero, isDate, isConstructor] = response as [string, string, number, boolean, boolean];
  // It starts with the process, and goes on by itself.
  expect(Date.parse(iso)).toBeGreaterThan(local.clock.now());
  expect(iso).toMatch(/^2026-1[12]-/);
  expect(text).toMatch(/ GMT\+0000 /);
  expect([zero, isDate, isConstructor]).toEqual([0, true, true]);
});

test('timers can be cleared, and an invalid delay becomes the shortest one', async () => {
  const source = `
    export const handler = () => new Promise((resolve) => {
      const fired = [];
      clearTimeout(setTimeout(() => fired.push('cleared'), 1000));
      setTimeout(() => fired.push('at once'), 2 ** 40);
      setTimeout((...rest) => resolve([...fired, ...rest]), 60_000, 'with', 'arguments');
    });`;
  await local.create('timers', source);
  expect((await local.invoke('timers')).response).toEqual(['at once', 'with', 'arguments']);
});

test('network timeouts of Node stay in real time, so that scaled time does not slow the network', async () => {
  // The built-in fetch gives a server 300 s, with the global setTimeout. This one takes longer, as the function sees it.
  const source = `
    import { createServer } from 'node:http';
    import { setTimeout as sleep } from 'node:timers/promises';
    export const handler = async () => {
      const server = createServer(async (_, response) => { await sleep(400_000); response.end('late'); });
      await new Promise((done) => server.listen(0, done));
      const response = await fetch('http://127.0.0.1:' + server.address().port, { signal: AbortSignal.timeout(30_000) });
      return response.text();
    };`;
  await local.create('fetches', source);
  expect((await local.invoke('fetches')).response).toBe('late');
});
