import { type CommandOptions, helpText, readCommandLine, wrongCommandLine } from './command-line.ts';
import type { LocalCloudOptions } from './local.ts';

/** The command line options of the local cloud, as `node:util`'s parseArgs takes them, with what each is for. */
export const localArguments = {
  port: {
    type: 'string',
    default: '4566',
    value: 'P',
    text: 'The port on 127.0.0.1; 0 for any free port. 4566 if omitted',
  },
  speed: {
    type: 'string',
    default: '60',
    value: 'N',
    text: 'How many times as fast as in AWS time passes, also for functions. 60 if omitted',
  },
  durations: {
    type: 'string',
    default: '1',
    value: 'F',
    text: "How long the services take, as a multiple of AWS's durations. 1 if omitted",
  },
  record: {
    type: 'string',
    value: 'FILE',
    text: 'Appends each call, with its answer, as a line of JSON; secrets are left out. Injected faults too',
  },
  persist: { type: 'string', value: 'DIR', text: 'Keeps the state from one start to the next' },
  files: {
    type: 'string',
    value: 'DIR',
    text: 'The directory of the EFS file systems that functions mount, with a folder for each. A temporary one if omitted',
  },
  faults: { type: 'string', value: 'FILE', text: 'Injects faults by the rules in the file' },
  jupyter: {
    type: 'string',
    value: 'URL',
    text: 'The Jupyter server that presigned URLs of Studio lead to. If omitted, there is none',
  },
  seed: {
    type: 'string',
    value: 'S',
    text: 'Decides where rules with a rate inject faults: the same seed, with the same calls, gives the same faults. 1 if omitted',
  },
} as const satisfies CommandOptions;

/** What `npm run local -- --help` prints. */
export const localHelp = helpText(
  `Usage: npm run local -- [options], or studio-resources-local [options]

Starts the local cloud: the AWS services that Studio Resources and its templates use, on one port of this machine. It serves
until Ctrl-C or SIGTERM.`,
  localArguments,
);

const help = 'npm run local -- --help';

/** Reads the command line of `npm run local --`. Throws an Error that says which argument is wrong and what it takes. */
export function readLocalCommandLine(args: string[]): LocalCloudOptions {
  return readLocalArguments(readCommandLine(args, { options: localArguments, help }).values, help);
}

/**
 * Turns parsed arguments into options. Port 0 means any free one. `help` is the command that prints all options.
 *
 * Throws an Error that says which argument is wrong and what it takes.
 */
export function readLocalArguments(
  values: {
    port: string;
    speed: string;
    durations: string;
    record?: string;
    persist?: string;
    files?: string;
    faults?: string;
    seed?: string;
    jupyter?: string;
  },
  help = 'npm run local -- --help',
) {
  const { record, persist, files, faults, seed, jupyter } = values;
  const wrong = (problem: string) => wrongCommandLine(problem, help);
  const wholeNumber = (option: string, text: string, least: number, most: number) => {
    const number = Number(text);
    if (text.trim() !== '' && Number.isInteger(number) && number >= least && number <= most) return number;
    throw wrong(`${option} takes a whole number from ${least} to ${most}, not "${text}"`);
  };
  const factor = (option: string, text: string) => {
    const number = Number(text);
    if (text.trim() !== '' && number > 0 && number <= 100) return number;
    throw wrong(`${option} takes a number above 0 and up to 100, not "${text}"`);
  };
  if (jupyter !== undefined && URL.parse(jupyter)?.protocol !== 'http:') {
    throw wrong(`--jupyter takes the address of a Jupyter server, such as http://127.0.0.1:8888, not "${jupyter}"`);
  }
  if (seed !== undefined && faults === undefined) {
    throw wrong('--seed decides where faults are injected, and takes --faults FILE beside it');
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
