import { parseArgs } from 'node:util';
import { type LocalCloudOptions, localArguments, readLocalArguments } from '@studio-resources/local';

/** The options of `npm start --`: those of the local cloud, and what to deploy on it. */
export interface StartOptions extends LocalCloudOptions {
  once: boolean;
  /** The user's template, deployed instead of the example. */
  template?: string;
  parameters: Record<string, string>;
}

export const usage =
  'Usage: npm start -- [--once] [--port P] [--speed N] [--faults FILE [--seed S]] [--durations N] [--record FILE] [--persist DIR] [--files DIR] [--jupyter URL] [--template FILE [--parameters K=V …]]';

/** Reads the command line. Throws an Error that says what is wrong, and what is accepted. */
export function readOptions(args: string[]): StartOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...localArguments,
      once: { type: 'boolean', default: false },
      template: { type: 'string' },
      parameters: { type: 'string', multiple: true, default: [] },
    },
  });
  const parameters: Record<string, string> = {};
  // `--parameters A=1 B=2`: all but the first are positionals.
  for (const pair of [...values.parameters, ...positionals]) {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(pair) ?? [];
    if (!name) throw new Error(`Reading the command line: "${pair}" is not of the form NAME=VALUE.\n${usage}`);
    parameters[name] = value!;
  }
  if (values.once && values.template) {
    throw new Error(`Reading the command line: --once uses the example and takes no --template.\n${usage}`);
  }
  return { ...readLocalArguments(values), once: values.once, template: values.template, parameters };
}
