import { randomBytes } from 'node:crypto';
import { UnavailableError } from './errors.ts';
import { markerParser, type OutputToken } from './marks.ts';

/** How a command ended. */
export interface CommandResult {
  /** As the shell tells it: 128 and the signal's number where one ended it. */
  status: number;
  /** Output was left out, because there was more than was asked for. */
  isTruncated: boolean;
}

export interface RunOptions {
  /** Gets the output as it comes. */
  onOutput?(text: string): void;
  /** So many characters of output are given, and no more. */
  maxOutput?: number;
  /** Ends the command, as Ctrl-C does, and the wait for it; its terminal takes no other. */
  signal?: AbortSignal;
}

/** The shell that was to tell the exit status is gone: the command has killed it, or the server its terminal. */
export class ShellEndedError extends UnavailableError {
  override name = 'ShellEndedError';
}

/** What a shell is spoken with: `send` types, and `listen` hears all that comes until it is called again. */
export interface ShellConnection {
  send(text: string): void;
  listen(hear: (chunk: string) => void, onEnd: () => void): void;
}

/** A terminal that is not raw takes lines of less than 4096 bytes. */
const MAX_LINE_LENGTH = 3000;

/** A terminal ends by itself after so many seconds: whoever has opened it may be gone without having deleted it. */
export const MAX_LIFETIME_SECONDS = 120;

/** Commands are handed over as one argument, of which Linux takes 128 KB. */
export const MAX_COMMAND_BYTES = 100_000;

/**
 * Makes a terminal's shell run commands and tell their exit statuses. Whatever shell it is gives way to a plain one that
 * reads commands in base64, so that nothing in them is taken for something else. After each comes a mark with a nonce,
 * which is never typed in one piece: no echo can be mistaken for it.
 */
export function commandRunner(
  line: ShellConnection,
  longestLife = MAX_LIFETIME_SECONDS,
): (command: string, options?: RunOptions) => Promise<CommandResult> {
  const nonce = randomBytes(16).toString('hex');
  const read = markerParser(nonce);
  let started = false;

  /** Sends, and hears until there is such a mark; gives its number. */
  function sendUntilMarker(
    mark: string,
    text: string,
    { onText, signal }: { onText?(text: string): void; signal?: AbortSignal },
  ) {
    return new Promise<number>((resolve, reject) => {
      const abort = () => {
        // Ctrl-C: whatever goes on in the terminal says nothing more that nobody would hear.
        line.send('\x03');
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
      const ended = () =>
        settle(reject)(new ShellEndedError('Running a command: its shell has ended before it told how'));
      line.listen((chunk) => read(chunk).forEach(take), ended);
      line.send(text);
    });
  }

  return async (command, { onOutput, maxOutput = Number.POSITIVE_INFINITY, signal } = {}) => {
    if (Buffer.byteLength(command) > MAX_COMMAND_BYTES) {
      throw new Error(`Running a command: it has more than the ${MAX_COMMAND_BYTES} bytes that a shell takes`);
    }
    if (!started) await sendUntilMarker('ready', `${startScript(nonce, longestLife)}\n`, { signal });
    started = true;
    const code = Buffer.from(command).toString('base64');
    // Each line is acknowledged: a terminal's own buffer is small, and drops what is too much for it.
    for (let at = 0; at < code.length; at += MAX_LINE_LENGTH) {
      await sendUntilMarker('more', `${code.slice(at, at + MAX_LINE_LENGTH)}\n`, { signal });
    }
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

/** What makes of any shell the one that we speak with. Has no single quote, so that every shell quotes it alike. */
function startScript(nonce: string, longestLife: number): string {
  const code = [
    'm=$1$2',
    // By then its number may be that of another process, which has not our nonce.
    `{ (sleep ${longestLife}; grep -q "$1" /proc/$$/cmdline && kill -9 $$) </dev/null >/dev/null 2>&1 & }`,
    'say() { printf "\\n%s %s\\n" "$m" "$*"; }',
    'say ready',
    'while :; do s=',
    'while IFS= read -r l || exit; do [ "$l" = . ] && break; s=$s$l; say more; done',
    'c=$(printf %s "$s" | base64 -d)',
    'sh -c " $c" </dev/null',
    'say exit $?; done',
  ].join('; ');
  // The terminal makes nothing of what is written to it, and shows nothing of what is typed.
  // Nor is it kept as something that its user has typed.
  return ` unset HISTFILE 2>/dev/null; stty -echo -onlcr 2>/dev/null; exec sh -c '${code}' sh ${nonce.slice(0, 16)} ${nonce.slice(16)}`;
}
