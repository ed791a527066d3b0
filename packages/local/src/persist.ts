import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cloud } from './service.ts';
import type { Store } from './store.ts';

/** Real milliseconds between a change and its being kept: long enough for a burst of calls to be kept as one. */
const saveDelay = 500;

/**
 * Brings back into the store what `keepState` kept in this directory, and returns the virtual time at which it was kept;
 * undefined when the directory holds nothing. Throws when what it holds cannot be read.
 */
export async function loadState(directory: string, store: Store): Promise<number | undefined> {
  const file = join(directory, 'state');
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`Loading state from ${file}: ${(cause as Error).message}`, { cause });
  }
  try {
    return store.load(bytes);
  } catch (cause) {
    const advice = 'It was not written by this version of the local cloud; remove it, or give another directory.';
    throw new Error(`Loading state from ${file}: ${(cause as Error).message}. ${advice}`, { cause });
  }
}

/**
 * Keeps the cloud's state in a directory, shortly after each call and when it is closed. A reader finds a whole state
 * at any time, never half of one.
 */
export async function keepState(directory: string, cloud: Cloud): Promise<{ close(): Promise<void> }> {
  await mkdir(directory, { recursive: true });
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  const save = async () => {
    const bytes = cloud.store.save(cloud.clock.now());
    const file = join(directory, 'state');
    await writeFile(`${file}.new`, bytes);
    await rename(`${file}.new`, file);
  };
  const saveInTurn = () => {
    timer = undefined;
    writing = writing.then(save).catch((cause) => console.error(`Keeping state in ${directory} failed:`, cause));
    return writing;
  };
  const changed = () => {
    timer ??= setTimeout(saveInTurn, saveDelay).unref();
  };
  cloud.events.on('exchange', changed);
  return {
    async close() {
      cloud.events.off('exchange', changed);
      clearTimeout(timer);
      await saveInTurn();
    },
  };
}
