import { parseArgs } from 'node:util';

/** What `npm start --` takes. */
export interface StartOptions {
  once: boolean;
  port: number;
  speed: number;
  record?: string;
  persist?: string;
  /** A template of one's own, deployed instead of the example. */
  template?: string;
  parameters: Record<string, string>;
}

export const usage = `npm start -- [--once] [--port P] [--speed N] [--record FILE] [--persist DIR] [--template FILE [--parameters K=V …]]`;

/** Reads the command line. Throws an Error that says what is wrong and how it is spelled right. */
export function readOptions(args: string[]): StartOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      once: { type: 'boolean', default: false },
      port: { type: 'string', default: '4566' },
      speed: { type: 'string', default: '60' },
      record: { type: 'string' },
      persist: { type: 'string' },
      template: { type: 'string' },
      parameters: { type: 'string', multiple: true, default: [] },
    },
  });
  const parameters: Record<string, string> = {};
  // `--parameters A=1 B=2`: all but the first come as positionals.
  for (const pair of [...values.parameters, ...positionals]) {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(pair) ?? [];
    if (!name) throw new Error(`Reading the command line: "${pair}" is not of the form NAME=VALUE.\n${usage}`);
    parameters[name] = value!;
  }
  if (values.once && values.template) {
    throw new Error(`Reading the command line: --once plays the example and takes no --template.\n${usage}`);
  }
  return {
    ...values,
    port: positiveInteger('--port', values.port, 65_535),
    speed: positiveInteger('--speed', values.speed, 1_000),
    parameters,
  };
}

function positiveInteger(option: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most) {
    throw new Error(
      `Reading the command line: ${option} takes a whole number from 1 to ${most}, not "${text}".\n${usage}`,
    );
  }
  return number;
}
