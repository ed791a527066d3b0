import { RefusedError } from './errors.ts';
import { type CommandResult, commandRunner, type RunOptions } from './run.ts';
import type { Session } from './session.ts';

/** A terminal of a Jupyter server. */
export interface Terminal {
  readonly name: string;
  /**
   * Runs a command in a shell of its own, one at a time.
   *
   * Throws ShellEndedError when the shell ends first, and the signal's reason when that is aborted.
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
  const remove = async () => {
    // The terminal of a shell that has ended no longer exists.
    await session.call('DELETE', `api/terminals/${name}`);
  };
  try {
    const socket = await session.connect(`terminals/websocket/${name}`);
    return {
      name,
      run: commandRunner(shellConnection(socket), longestLife),
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
function shellConnection(socket: WebSocket) {
  let onChunk = (_: string) => {};
  let onEnd = () => {};
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
    onEnd();
  };
  socket.addEventListener('message', ({ data }) => {
    const [kind, text] = JSON.parse(String(data)) as [string, unknown];
    if (kind === 'stdout') onChunk(String(text));
    else if (kind === 'disconnect') end();
  });
  socket.addEventListener('close', end);
  return {
    send: (text: string) => socket.send(JSON.stringify(['stdin', text])),
    listen(chunkListener: (chunk: string) => void, endListener: () => void) {
      [onChunk, onEnd] = [chunkListener, endListener];
      if (hasEnded) endListener();
    },
  };
}
