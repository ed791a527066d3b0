import { jest } from '@jest/globals';

export interface Lines {
  /** What was written, as one text. */
  text(): string;
  /** The same, and forgets it. */
  take(): string;
  /** The JSON lines among it. */
  json(): Record<string, unknown>[];
}

/** Keeps what the process writes while a test runs, instead of showing it. */
export function captured(): Lines {
  const written: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    }),
  );
  return {
    text: () => written.join(''),
    take() {
      // They remember every call, which a long test has no room for.
      for (const spy of spies) spy.mockClear();
      return written.splice(0).join('');
    },
    json: () =>
      written
        .flatMap((chunk) => chunk.split('\n'))
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line)),
  };
}
