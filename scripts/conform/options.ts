import { helpText, readCommandLine, wrongCommandLine } from '../../packages/local/src/command-line.ts';
import type { Scenario } from './scenario.ts';

const conformArguments = {
  endpoint: { type: 'string', value: 'URL', text: 'The address of a local cloud to ask' },
  profile: { type: 'string', value: 'P', text: "The profile of the AWS CLI's configuration, to ask its account" },
  region: { type: 'string', value: 'R', text: 'The Region. That of the environment, or us-east-1, if omitted' },
  yes: { type: 'boolean', default: false, text: 'Creates what a run needs in an account, without asking' },
  json: {
    type: 'string',
    default: 'dist/conform.json',
    value: 'FILE',
    text: 'Where the results go. dist/conform.json if omitted',
  },
} as const;

/** What `npm run conform -- --help` prints. */
export const conformHelp = helpText(
  `Usage: npm run conform -- (--endpoint URL | --profile P) [options] [SCENARIO …]

Asks an endpoint, or an account, whether AWS does what the local cloud assumes of it. It runs all scenarios if none is named.`,
  conformArguments,
);

const help = 'npm run conform -- --help';

export interface ConformOptions {
  endpoint?: string;
  profile?: string;
  region?: string;
  /** Whether the user has confirmed what a run creates. */
  yes: boolean;
  json: string;
  scenarios: readonly Scenario[];
}

/** Reads the command line. Throws an Error that says what is wrong, and what is accepted. */
export function readOptions(args: string[], all: readonly Scenario[]): ConformOptions {
  const read = readCommandLine(args, { options: conformArguments, help, allowPositionals: true });
  const { values } = read;
  const named: readonly string[] = read.positionals;
  if ((values.endpoint === undefined) === (values.profile === undefined)) {
    const given = values.endpoint === undefined ? 'neither is given' : 'both are given';
    throw wrongCommandLine(`give either --endpoint or --profile; ${given}`, help);
  }
  if (values.endpoint !== undefined && !/^https?:$/.test(URL.parse(values.endpoint)?.protocol ?? '')) {
    throw wrongCommandLine(`--endpoint takes an address such as http://127.0.0.1:4566, not "${values.endpoint}"`, help);
  }
  const unknown = named.find((name) => all.every((one) => one.name !== name));
  if (unknown !== undefined) {
    const names = all.map(({ name }) => name).join(', ');
    throw wrongCommandLine(`there is no scenario "${unknown}". There are ${names}`, help);
  }
  const scenarios = named.length === 0 ? all : all.filter(({ name }) => named.includes(name));
  return { ...values, scenarios };
}

/** Whether this endpoint is on this machine, so that nothing costs anything. */
export function isLocal(endpoint: string | undefined): boolean {
  const host = endpoint === undefined ? '' : new URL(endpoint).hostname;
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);
}
