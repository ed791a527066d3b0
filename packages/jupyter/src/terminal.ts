import { InvalidReplyError, RefusedError } from './errors.ts';
import { type CommandResult, commandRunner, type RunOptions, type ShellConnection } from './run.ts';
import type { Session } from './session.ts';
import type { MessageSocket } from './socket.ts';

/** A terminal of a Jupyter server. */
export interface Terminal {
  readonly name: string;
  /**
   * Runs a command in a shell of its own, one at a time.
   *
   * Throws ShellEndedError when the shell ends first, InvalidReplyError when the server sends what no terminal does, or
   * without end, and the signal's reason when that is aborted.
   */
  run(command: string, options?: RunOptions): Promise<CommandResult>;
  /** Deletes the terminal, with the shell and all processes in it. */
  close(): Promise<void>;
}

/** Opens a terminal. It closes itself after `longestLife` seconds, and ends the command that runs in it then. */
export async function openTerminal(session: Session, longestLife?: number): Promise<Terminal> {
  const { status, body } = await session.call('POST', 'api/terminals');
  const { name } = Object(body) as { name?: unknown };
  if (status !== 200 || typeof name !== 'string') {
    const why = status === 404 ? 'the server has no terminals; enable them' : `the server answers ${status}`;
    throw new RefusedError(`Opening a terminal at ${session.url}: ${why}`);
  }
  // It becomes a part of URLs.
  if (!/^[\w-]{1,100}$/.test(name)) {
    throw new InvalidReplyError(`Opening a terminal at ${session.url}: the server gives it a name that is none`);
  }
  const remove = async () => {
    // The terminal of a shell that has ended no longer exists.
    await session.call('DELETE', `api/terminals/${name}`);
  };
  try {
    const socket = await session.connect(`terminals/websocket/${name}`);
    return {
      name,
      run: commandRunner(shellConnection(socket, session.url), longestLife),
      async close() {
        // Until it is deleted, what runs in it may still produce output.
        await remove().finally(() => socket.close());
      },
    };
  } catch (error) {
    await remove().catch(() => {});
    throw error;
  }
}

/** Opens a terminal, calls `use` with it, and always deletes it. */
export async function withTerminal<T>(session: Session, use: (terminal: Terminal) => Promise<T>): Promise<T> {
  const terminal = await openTerminal(session);
  try {
    return await use(terminal);
  } finally {
    await terminal.close().catch(() => {});
  }
}

/** Wraps and unwraps the server's messages: `["stdin", "ls\n"]`, `["stdout", "…"]`. */
function shellConnection(socket: MessageSocket, url: string): ShellConnection {
  let onChunk = (_: string) => {};
  let onEnd = (_?: Error) => {};
  let ended: { error?: Error } | undefined;
  const end = (error?: Error) => {
    ended ??= { error };
    onEnd(ended.error);
  };
  socket.listen((message) => {
    const [kind, text] = Array.isArray(message) ? message : [];
    if (typeof kind !== 'string' || (kind === 'stdout' && typeof text !== 'string')) {
      throw new InvalidReplyError(`Reading a terminal at ${url}: a message is not a list of a kind and a text`);
    }
    if (kind === 'stdout') onChunk(text);
    else if (kind === 'disconnect') end();
  }, end);
  return {
    send: (text: string) => socket.send(['stdin', text]),
    listen(chunkListener: (chunk: string) => void, endListener: (error?: Error) => void) {
      [onChunk, onEnd] = [chunkListener, endListener];
      if (ended) endListener(ended.error);
    },
  };
}
