import WebSocket from 'ws';
import { InvalidReplyError } from './errors.ts';
import { type HttpClient, isInvalid, REQUEST_TIMEOUT } from './http.ts';

/**
 * Node's own WebSocket has no limits: it keeps the parts of a message until it ends, and the answers to pings until the
 * server reads them.
 */
const limits = {
  // A terminal sends at most 64 KB at a time, which JSON may spell six times as long.
  maxPayload: 1024 * 1024,
  maxFragments: 1000,
  maxBufferedChunks: 1000,
  perMessageDeflate: false,
  handshakeTimeout: REQUEST_TIMEOUT,
  autoPong: false,
  followRedirects: false,
} as const satisfies WebSocket.ClientOptions;

/** A server sends a ping every 30 seconds. */
const MAX_PINGS = 1000;

/** A WebSocket with messages in JSON. */
export interface MessageSocket {
  send(message: unknown): void;
  /**
   * Receives each message, and the end with its error. Called once. An `onMessage` that throws ends the connection with
   * that error.
   */
  listen(onMessage: (message: unknown) => void, onEnd: (error?: Error) => void): void;
  close(): void;
}

/**
 * Opens a WebSocket.
 *
 * Throws RefusedError when the server denies access, and UnavailableError when it opens none.
 */
export function openSocket(url: URL, headers: Record<string, string>, http: HttpClient): Promise<MessageSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.href.replace(/^http/, 'ws'), { ...limits, headers });
    let pings = 0;
    // Without a listener, an error ends the process.
    socket.on('error', (cause) => {
      reject(
        isInvalid(cause)
          ? http.invalid(url, 'it opens no WebSocket, and answers with headers that are too large or no HTTP')
          : http.unavailable(url, 'it opens no WebSocket'),
      );
    });
    socket.on('close', () => reject(http.unavailable(url, 'it opens no WebSocket')));
    socket.on('unexpected-response', (request, { statusCode = 0 }) => {
      reject(
        statusCode === 401 || statusCode === 403
          ? http.refused(url, { status: statusCode })
          : http.unavailable(url, `it opens no WebSocket, and answers ${statusCode}`),
      );
      request.destroy();
    });
    socket.on('ping', (data: Buffer) => {
      pings += 1;
      if (pings > MAX_PINGS) socket.terminate();
      else socket.pong(data);
    });
    // What comes at once has to find its listener.
    socket.once('open', () => {
      socket.pause();
      resolve(messageSocket(socket, http.shown(url)));
    });
  });
}

function messageSocket(socket: WebSocket, shown: string): MessageSocket {
  const invalid = (why: string) => new InvalidReplyError(`Reading from ${shown}: ${why}`);
  return {
    send: (message) => socket.send(JSON.stringify(message), ignoreClosed),
    // The close handshake would wait for the server, and take further messages meanwhile.
    close: () => socket.terminate(),
    listen(onMessage, onEnd) {
      let problem: Error | undefined;
      const fail = (error: Error) => {
        problem ??= error;
        socket.terminate();
      };
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        if (problem) return;
        try {
          if (isBinary) throw invalid('a message is binary, and not JSON');
          onMessage(parse(data, invalid));
        } catch (error) {
          fail(error as Error);
        }
      });
      // The errors of the protocol, such as a message that is too large, have such codes.
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (/^WS_ERR_/.test(String(error.code)))
          fail(invalid(`it breaks the protocol of WebSockets: ${error.message}`));
      });
      socket.on('close', () => onEnd(problem));
      if (socket.readyState === WebSocket.CLOSED) onEnd();
      socket.resume();
    },
  };
}

function parse(data: Buffer, invalid: (why: string) => Error): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    throw invalid('a message is not JSON');
  }
}

/** The end of the connection is told to the listener. */
function ignoreClosed(): void {}
