import { parseArgs } from 'node:util';
import type { Scenario } from './scenario.ts';

export const usage =
  'Usage: npm run conform -- (--endpoint URL | --profile P) [--region R] [--yes] [--json FILE] [SCENARIO …]';

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
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      endpoint: { type: 'string' },
      profile: { type: 'string' },
      region: { type: 'string' },
      yes: { type: 'boolean', default: false },
      json: { type: 'string', default: 'dist/conform.json' },
    },
  });
  if ((values.endpoint === undefined) === (values.profile === undefined)) {
    throw new Error(`Reading the command line: it takes either --endpoint or --profile.\n${usage}`);
  }
  if (values.endpoint !== undefined && !/^https?:$/.test(URL.parse(values.endpoint)?.protocol ?? '')) {
    throw new Error(
      `Reading the command line: --endpoint takes an address such as http://127.0.0.1:4566, not "${values.endpoint}".\n${usage}`,
    );
  }
  const unknown = positionals.find((name) => all.every((one) => one.name !== name));
  if (unknown !== undefined) {
    const names = all.map(({ name }) => name).join(', ');
    throw new Error(`Reading the command line: there is no scenario "${unknown}". There are ${names}`);
  }
  const scenarios = positionals.length === 0 ? all : all.filter(({ name }) => positionals.includes(name));
  return { ...values, scenarios };
}

/** Whether this endpoint is on this machine, so that nothing costs anything. */
export function isLocal(endpoint: string | undefined): boolean {
  const host = endpoint === undefined ? '' : new URL(endpoint).hostname;
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);
}
