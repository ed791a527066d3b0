import { jest } from '@jest/globals';
import { untilStopped } from '../../../packages/local/src/stopped.ts';

const ppid = Object.getOwnPropertyDescriptor(process, 'ppid')!;
const signals = ['SIGINT', 'SIGTERM'] as const;
const listeners = signals.map((signal) => process.listeners(signal));

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
  Object.defineProperty(process, 'ppid', ppid);
  for (const [at, signal] of signals.entries()) {
    for (const one of process.listeners(signal)) if (!listeners[at]!.includes(one)) process.off(signal, one);
  }
});

/** What ends a command of that line of npm once its parent has become another, within a minute. */
async function endedBy(npm_lifecycle_script?: string): Promise<string | undefined> {
  let ended: string | undefined;
  untilStopped({ npm_lifecycle_script }).then((stop) => {
    ended = stop;
  });
  await jest.advanceTimersByTimeAsync(60_000);
  expect(ended).toBeUndefined();
  Object.defineProperty(process, 'ppid', { configurable: true, value: 1 });
  await jest.advanceTimersByTimeAsync(60_000);
  return ended;
}

test.each(['exec node cli.ts', 'npm run build && studio-resources-local > log 2>&1', 'studio-resources-local &> log'])(
  'npm that is gone ends what it runs as "%s"',
  async (line) => {
    expect(await endedBy(line)).toBe('npm has ended');
  },
);

test.each(['studio-resources-local & node tests.js', 'studio-resources-local > log 2>&1 &'])(
  'what a script puts into the background, as "%s", outlives its shell',
  async (line) => {
    expect(await endedBy(line)).toBeUndefined();
  },
);

test('what a shell has started outlives the shell', async () => {
  expect(await endedBy()).toBeUndefined();
});

test.each(signals)('%s ends it, once', async (signal) => {
  const stopped = untilStopped({});
  process.emit(signal);
  process.emit(signal);
  expect(await stopped).toBe(signal);
});
