import { randomBytes } from 'node:crypto';
import { InvalidReplyError, UnavailableError } from './errors.ts';
import { markerParser, type OutputToken } from './marks.ts';

/** The result of a command. */
export interface CommandResult {
  /** The exit status in the shell: 128 plus the signal's number after a signal. */
  status: number;
  /** Whether output beyond `maxOutput` was discarded. */
  isTruncated: boolean;
}

export interface RunOptions {
  /** Receives the output as it arrives. */
  onOutput?(text: string): void;
  /** The maximum number of characters of output. */
  maxOutput?: number;
  /** Aborts the command with Ctrl-C. Its terminal cannot be used after that. */
  signal?: AbortSignal;
}

/** The shell ended before it reported the exit status: the command killed it, or the server closed its terminal. */
export class ShellEndedError extends UnavailableError {
  override name = 'ShellEndedError';
}

/**
 * The connection to a shell: `send` types text, and `listen` receives output until it is called again. An `onChunk` that
 * throws ends the connection with that error.
 */
export interface ShellConnection {
  send(text: string): void;
  listen(onChunk: (chunk: string) => void, onEnd: (error?: Error) => void): void;
}

/** A terminal in canonical mode accepts lines of less than 4096 bytes. */
const MAX_LINE_LENGTH = 3000;

/** A terminal closes itself after so many seconds, in case the client that opened it is gone. */
export const MAX_LIFETIME_SECONDS = 120;

/** A command whose terminal shows more than this many characters is given up: a server could send without end. */
const MAX_RECEIVED_CHARACTERS = 32 * 1024 * 1024;

/** The shell gets a command as one argument, which Linux limits to 128 KB. */
export const MAX_COMMAND_BYTES = 100_000;

/**
 * Makes a terminal's shell run commands and report their exit statuses. It replaces the user's shell, whichever that
 * is, with sh, which reads commands in base64, so that no character has a special meaning. After each command comes a
 * marker with a nonce. The nonce is never typed in one piece, so an echo cannot look like a marker.
 */
export function commandRunner(
  connection: ShellConnection,
  longestLife = MAX_LIFETIME_SECONDS,
): (command: string, options?: RunOptions) => Promise<CommandResult> {
  const nonce = randomBytes(16).toString('hex');
  const read = markerParser(nonce);
  let started = false;
  let received = 0;

  /** Sends text and waits for a marker; returns its number. */
  function sendUntilMarker(
    mark: string,
    text: string,
    { onText, signal }: { onText?(text: string): void; signal?: AbortSignal },
  ) {
    return new Promise<number>((resolve, reject) => {
      const abort = () => {
        // Ctrl-C stops the output of the command, which has no reader any more.
        connection.send('\x03');
        reject(signal?.reason);
      };
      const settle = <T>(end: (value: T) => void) => {
        return (value: T) => {
          signal?.removeEventListener('abort', abort);
          end(value);
        };
      };
      const take = (piece: OutputToken) => {
        if ('text' in piece) onText?.(piece.text);
        else if (piece.mark === mark) settle(resolve)(Number(piece.value));
      };
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', abort);
      const ended = (
        error: Error = new ShellEndedError('Running a command: its shell has ended before it reported the exit status'),
      ) => settle(reject)(error);
      const heed = (chunk: string) => {
        received += chunk.length;
        if (received > MAX_RECEIVED_CHARACTERS) {
          const limit = `more than ${MAX_RECEIVED_CHARACTERS} characters`;
          throw new InvalidReplyError(`Running a command: its terminal shows ${limit} before the exit status`);
        }
        read(chunk).forEach(take);
      };
      connection.listen(heed, ended);
      connection.send(text);
    });
  }

  return async (command, { onOutput, maxOutput = Number.POSITIVE_INFINITY, signal } = {}) => {
    if (Buffer.byteLength(command) > MAX_COMMAND_BYTES) {
      throw new Error(`Running a command: it is larger than the limit of ${MAX_COMMAND_BYTES} bytes`);
    }
    if (!started) await sendUntilMarker('ready', `${startScript(nonce, longestLife)}\n`, { signal });
    started = true;
    const code = Buffer.from(command).toString('base64');
    // Each line is acknowledged, because the terminal's buffer is small and drops what does not fit.
    for (let at = 0; at < code.length; at += MAX_LINE_LENGTH) {
      await sendUntilMarker('more', `${code.slice(at, at + MAX_LINE_LENGTH)}\n`, { signal });
    }
    received = 0;
    let left = maxOutput;
    let isTruncated = false;
    const onText = (text: string) => {
      const given = text.slice(0, left);
      left -= given.length;
      isTruncated ||= given.length < text.length;
      if (given !== '') onOutput?.(given);
    };
    const status = await sendUntilMarker('exit', '.\n', { onText, signal });
    return { status, isTruncated };
  };
}

/**
 * Replaces any shell with the script that runs commands. It contains no single quote, so that every shell quotes it the
 * same way.
 */
function startScript(nonce: string, longestLife: number): string {
  const code = [
    'm=$1$2',
    // By then another process may have this process id, but not the nonce.
    `{ (sleep ${longestLife}; grep -q "$1" /proc/$$/cmdline && kill -9 $$) </dev/null >/dev/null 2>&1 & }`,
    'say() { printf "\\n%s %s\\n" "$m" "$*"; }',
    'say ready',
    'while :; do s=',
    'while IFS= read -r l || exit; do [ "$l" = . ] && break; s=$s$l; say more; done',
    'c=$(printf %s "$s" | base64 -d)',
    'sh -c " $c" </dev/null',
    'say exit $?; done',
  ].join('; ');
  // Turns off the terminal's processing of output and its echo. HISTFILE keeps the line out of the user's history.
  return ` unset HISTFILE 2>/dev/null; stty -echo -onlcr 2>/dev/null; exec sh -c '${code}' sh ${nonce.slice(0, 16)} ${nonce.slice(16)}`;
}
