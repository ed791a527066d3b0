import { StringDecoder } from 'node:string_decoder';
import type { Log, Status } from '@studio-resources/core';
import { type Session, withoutUrlSecrets, withTerminal } from '@studio-resources/jupyter';
import type { CommandSet } from './commands.ts';
import { directoryOf, runScript, statusScript } from './script.ts';

/** The state of a command: not started, running, ended without a status, or ended with an exit status. */
export interface Step {
  state: 'new' | 'running' | 'lost' | number;
  /** The request that started it. */
  attempt: string;
  /** The end of its output, if it failed. */
  tail: string;
}

/** A reconcile follows running commands for so many milliseconds. After that they continue without it. */
const maxFollowTime = 60_000;

/** The scripts report little; output beyond this limit is not theirs. */
const maxScriptOutput = 10_000_000;

/** A line of the scripts has at most 8 KB in base64; a longer one is not theirs. */
const maxLineLength = 32_768;

/** Reads the state of each command. */
export async function readSteps(session: Session, work: CommandSet, attempt: string): Promise<Step[]> {
  const steps = new Map<number, Step>();
  const heed = outputParser(work.commands.length, { onStep: (number, step) => steps.set(number, step) });
  await withTerminal(session, ({ run }) =>
    run(statusScript(work, attempt), {
      onOutput: heed,
      maxOutput: maxScriptOutput,
      signal: AbortSignal.timeout(maxFollowTime),
    }),
  );
  return work.commands.map((_, index) => {
    const step = steps.get(index + 1);
    if (!step) throw new Error(`Reading the state of command ${index + 1}: the terminal did not report it`);
    return step;
  });
}

/** Runs the remaining commands, and logs their output. A command that takes longer than a reconcile keeps running. */
export async function runCommands(session: Session, work: CommandSet, attempt: string, log: Log): Promise<void> {
  const of = work.commands.length;
  const decoders = new Map<number, StringDecoder>();
  let problem: string | undefined;
  const heed = outputParser(of, {
    onBegun: (command) => log.info('Running a command', { command, of }),
    onOutput(command, bytes) {
      const decoder = decoders.get(command) ?? new StringDecoder('utf8');
      decoders.set(command, decoder);
      log.info('Output', { command, of, output: withoutUrlSecrets(decoder.write(bytes)) });
    },
    onStep: (command, { state }) => log.info('State of a command', { command, of, state }),
    onProblem: (text) => {
      problem = withoutUrlSecrets(text);
    },
  });
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), maxFollowTime);
  try {
    await withTerminal(session, ({ run }) =>
      run(runScript(work, attempt), { onOutput: heed, maxOutput: maxScriptOutput, signal: stop.signal }),
    );
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    log.info('A command takes longer than a reconcile and continues in the background');
  } finally {
    clearTimeout(timer);
  }
  if (problem !== undefined) throw new Error(`Running commands at ${session.url}: ${problem}`);
}

/** The status of all commands together. */
export function statusOf(steps: readonly Step[], work: CommandSet, attempt: string): Status {
  const of = work.commands.length;
  const isIgnored = (index: number) => work.commands[index]!.IgnoreFailure;
  for (const [index, { state, attempt: begun, tail }] of steps.entries()) {
    const isFailed = state === 'lost' || (typeof state === 'number' && state !== 0);
    if (!isFailed || isIgnored(index) || begun !== attempt) continue;
    const how = state === 'lost' ? 'ended without an exit status' : `ended with the exit status ${state}`;
    const said = tail === '' ? 'it has written nothing' : `its output ends with ${JSON.stringify(tail)}`;
    const where = `~/${directoryOf(work)}/${index + 1}/log`;
    const rest = index + 1 < of ? '. Those after it were not run' : '';
    return { failed: `command ${index + 1} of ${of} ${how}; ${said}; all of it is in ${where}${rest}` };
  }
  const open = steps.findIndex(({ state }, index) => {
    if (state === 0 || (state === 'running' && work.commands[index]!.Background)) return false;
    return typeof state === 'string' ? !(state === 'lost' && isIgnored(index)) : !isIgnored(index);
  });
  return open < 0 ? 'ready' : { pending: `command ${open + 1} of ${of}` };
}

interface OutputHandlers {
  onBegun?(command: number): void;
  onOutput?(command: number, bytes: Buffer): void;
  onStep?(command: number, step: Step): void;
  onProblem?(text: string): void;
}

/**
 * Parses the lines that the scripts report about commands with the numbers 1 to `last`, and ignores all other terminal
 * output. The home's user can write to the terminal as well, so only lines of this form count.
 */
function outputParser(last: number, { onBegun, onOutput, onStep, onProblem }: OutputHandlers): (text: string) => void {
  const take = (line: string) => {
    const [kind, number = '', state = '', attempt = '', tail = ''] = line.split(' ');
    if (kind === '!') onProblem?.(line.slice(2));
    const command = /^\d{1,3}$/.test(number) ? Number(number) : 0;
    if (command < 1 || command > last) return;
    if (kind === '+') onBegun?.(command);
    else if (kind === '>') onOutput?.(command, Buffer.from(state, 'base64'));
    else if (kind === '=') onStep?.(command, { state: stateIn(state), attempt, tail: textIn(tail) });
  };
  let rest = '';
  let isTooLong = false;
  return (text) => {
    const lines = text.split('\n');
    for (const [index, piece] of lines.entries()) {
      isTooLong ||= rest.length + piece.length > maxLineLength;
      rest = isTooLong ? '' : rest + piece;
      if (index === lines.length - 1) break;
      if (!isTooLong) take(rest.replace(/\r$/, ''));
      [rest, isTooLong] = ['', false];
    }
  };
}

function stateIn(text: string): Step['state'] {
  if (text === 'new' || text === 'running') return text;
  // A shell's exit status is a byte.
  return /^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : 'lost';
}

function textIn(base64: string): string {
  return withoutUrlSecrets(Buffer.from(base64, 'base64').toString('utf8').trim());
}
