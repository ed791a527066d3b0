import { type LocalCloudOptions, localArguments, readLocalArguments } from '@studio-resources/local';
import { helpText, readCommandLine, wrongCommandLine } from '../../packages/local/src/command-line.ts';

/** The options of `npm start --`: those of the local cloud, and what to deploy on it. */
export interface StartOptions extends LocalCloudOptions {
  once: boolean;
  /** The user's template, deployed instead of the example. */
  template?: string;
  parameters: Record<string, string>;
}

const startArguments = {
  template: {
    type: 'string',
    value: 'FILE',
    text: 'The template of the stack "studio". cloudformation/examples/studio.yaml if omitted',
  },
  parameters: {
    type: 'string',
    multiple: true,
    default: [] as string[],
    value: 'K=V …',
    text: "The values of the template's parameters",
  },
  once: {
    type: 'boolean',
    default: false,
    text: "Plays the whole life of the example's stack, deletes everything, and ends",
  },
  ...localArguments,
} as const;

/** What `npm start -- --help` prints. */
export const startHelp = helpText(
  `Usage: npm start -- [options]

Builds the zips, starts the local cloud, installs the provider, and creates a stack of a template. It serves until Ctrl-C or
SIGTERM.`,
  startArguments,
);

const help = 'npm start -- --help';

/** Reads the command line. Throws an Error that says what is wrong, and what is accepted. */
export function readOptions(args: string[]): StartOptions {
  const { values, positionals } = readCommandLine(args, { options: startArguments, help, allowPositionals: true });
  // `--parameters A=1 B=2`: all but the first are positionals.
  const parameters = readParameters([...values.parameters, ...positionals], help);
  if (values.once && values.template) {
    throw wrongCommandLine('--once uses the example and takes no --template', help);
  }
  return { ...readLocalArguments(values, help), once: values.once, template: values.template, parameters };
}

/** The values of parameters by their names, of `NAME=VALUE` each. */
export function readParameters(pairs: readonly string[], help: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const pair of pairs) {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(pair) ?? [];
    if (!name) throw wrongCommandLine(`"${pair}" is not of the form NAME=VALUE, as --parameters takes them`, help);
    parameters[name] = value!;
  }
  return parameters;
}
