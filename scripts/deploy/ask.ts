import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Ask } from './parameters.ts';

/** Asks at the terminal; undefined where the input or the output is none. Rejects when the user presses Ctrl-C or Ctrl-D. */
export function askAt(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Ask {
  if (!input.isTTY || !output.isTTY) return undefined;
  return async (question, { hidden = false } = {}) => {
    // readline echoes what is typed to its output.
    const echo = hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : output;
    const reading = createInterface({ input, output: echo, terminal: true });
    const left = new AbortController();
    reading.once('SIGINT', () => left.abort()).once('close', () => left.abort());
    if (hidden) output.write(question);
    try {
      return await reading.question(hidden ? '' : question, { signal: left.signal });
    } catch (cause) {
      throw new Error('Asking: no answer was given', { cause });
    } finally {
      reading.close();
      if (hidden) output.write('\n');
    }
  };
}
