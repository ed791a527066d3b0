import { type ParseArgsConfig, parseArgs } from 'node:util';
import { distance } from 'fastest-levenshtein';

/** An option as `node:util`'s parseArgs takes it, with what a user is told of it. */
export interface CommandOption {
  type: 'string' | 'boolean';
  default?: string | boolean | string[];
  multiple?: boolean;
  /** What stands for its value: `FILE`. */
  value?: string;
  text: string;
}

/** The options of a command, by their names without the dashes. */
export type CommandOptions = Readonly<Record<string, CommandOption>>;

/** The error for a command line that cannot be read. `help` is the command that prints all options. */
export function wrongCommandLine(problem: string, help: string): Error {
  return new Error(`Reading the command line: ${problem}.\nRun ${help} for all options.`);
}

/** Whether the user asks what there is. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes('--help') || args.includes('-h');
}

/** The help: what `head` says of the command, and a line for each option. */
export function helpText(head: string, options: CommandOptions): string {
  const lines = Object.entries({ ...options, help: { text: 'Prints this' } as CommandOption });
  const names = lines.map(([name, { value }]) => `--${name}${value ? ` ${value}` : ''}`);
  const width = Math.max(...names.map((name) => name.length));
  return [head, '', 'Options:', ...lines.map(([, { text }], at) => `  ${names[at]!.padEnd(width)}  ${text}`)].join(
    '\n',
  );
}

/**
 * Reads arguments by the options. Throws an Error that names the argument that is wrong, what is accepted and, for a typing
 * error, what may be meant.
 */
export function readCommandLine<const O extends CommandOptions>(
  args: string[],
  { options, help, allowPositionals = false }: { options: O; help: string; allowPositionals?: boolean },
) {
  try {
    return parseArgs<{ args: string[]; options: O; allowPositionals: boolean }>({ args, options, allowPositionals });
  } catch (cause) {
    throw Object.assign(wrongCommandLine(problemOf(cause as NodeJS.ErrnoException, options), help), { cause });
  }
}

function problemOf({ code, message }: NodeJS.ErrnoException, options: NonNullable<ParseArgsConfig['options']>): string {
  const [, unknown] = /^Unknown option '(-[^']*)'/.exec(message) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && unknown) {
    const names = [...Object.keys(options), 'help'].map((name) => `--${name}`);
    return `there is no option ${unknown}${guess(unknown, names)}. The options are ${names.join(', ')}`;
  }
  // Node's own text goes on with advice on a value that begins with a dash.
  return message.split(/\.\s/)[0]!.replace(/\.$/, '');
}

/** `; did you mean X?` where one of the names is at most two typing errors away. */
export function guess(name: string, names: readonly string[]): string {
  const near = names.filter((one) => distance(name, one) <= 2).sort((a, b) => distance(name, a) - distance(name, b));
  return near.length > 0 ? ` (did you mean ${near[0]}?)` : '';
}
