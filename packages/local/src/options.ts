import type { LocalCloudOptions } from './local.ts';

/** The command line options of the local cloud, as `node:util`'s parseArgs takes them. */
export const localArguments = {
  port: { type: 'string', default: '4566' },
  speed: { type: 'string', default: '60' },
  durations: { type: 'string', default: '1' },
  record: { type: 'string' },
  persist: { type: 'string' },
  files: { type: 'string' },
  faults: { type: 'string' },
  seed: { type: 'string' },
  jupyter: { type: 'string' },
} as const;

/**
 * Turns parsed arguments into options. Port 0 means any free one.
 *
 * Throws an Error that says which argument is wrong and what it takes.
 */
export function readLocalArguments(values: {
  port: string;
  speed: string;
  durations: string;
  record?: string;
  persist?: string;
  files?: string;
  faults?: string;
  seed?: string;
  jupyter?: string;
}) {
  const { record, persist, files, faults, seed, jupyter } = values;
  if (jupyter !== undefined && URL.parse(jupyter)?.protocol !== 'http:') {
    throw new Error(
      `Reading the command line: --jupyter takes the address of a Jupyter server, such as http://127.0.0.1:8888, not "${jupyter}"`,
    );
  }
  if (seed !== undefined && faults === undefined) {
    throw new Error(
      'Reading the command line: --seed decides where faults are injected, and takes --faults FILE beside it',
    );
  }
  return {
    port: wholeNumber('--port', values.port, 0, 65_535),
    speed: wholeNumber('--speed', values.speed, 1, 1_000),
    durations: factor('--durations', values.durations),
    record,
    persist,
    files,
    faults,
    seed: seed === undefined ? undefined : wholeNumber('--seed', seed, 0, Number.MAX_SAFE_INTEGER),
    jupyter,
  } satisfies LocalCloudOptions;
}

function factor(option: string, text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number > 0 && number <= 100) return number;
  throw new Error(`Reading the command line: ${option} takes a number above 0 and up to 100, not "${text}"`);
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isInteger(number) && number >= least && number <= most) return number;
  throw new Error(`Reading the command line: ${option} takes a whole number from ${least} to ${most}, not "${text}"`);
}
