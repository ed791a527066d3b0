import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

/** A part of the answers of a Jupyter server that an attack replaces. */
export interface Attack {
  /** Answers a request of HTTP; false leaves it to the server. */
  http?(request: IncomingMessage, response: ServerResponse): boolean | undefined;
  /** What the server does with a WebSocket once it is open. */
  socket?(socket: Socket): void;
}

/** What became of a client. `exit` is there when its process has ended. */
export interface Outcome {
  name?: string;
  message?: string;
  /** All that a log would show of the error. */
  shown?: string;
  result?: unknown;
  /** The most memory that its process has had. */
  megabytes: number;
  exit?: number | string;
}

export const token = 'eyJhbGciOiJIUzI1NiJ9.c2VjcmV0LXRva2Vu';

/** A Jupyter server that answers as an attack says, and a process that uses it. */
export class HostileJupyter {
  attack: Attack = {};
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #client?: { process: ChildProcess; lines: Interface };

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<HostileJupyter> {
    const server = createServer({ maxHeaderSize: 64 * 1024 });
    const jupyter = new HostileJupyter(server);
    server.on('request', (request, response) => {
      response.on('error', () => {});
      if (!jupyter.attack.http?.(request, response)) answer(request, response);
    });
    server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
      jupyter.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => jupyter.#sockets.delete(socket));
      if (jupyter.attack.http?.(request, socket as never)) return;
      const key = createHash('sha1').update(
        `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
      );
      const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
      socket.write(`${lines.join('\r\n')}\r\nSec-WebSocket-Accept: ${key.digest('base64')}\r\n\r\n`);
      jupyter.attack.socket?.(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return jupyter;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Has the client use the server; the process is the same until it ends. */
  async visit(attack: Attack, url = `${this.origin}/auth?token=${token}`): Promise<Outcome> {
    this.attack = attack;
    this.#client ??= startClient();
    const { process: child, lines } = this.#client;
    const answered = once(lines, 'line').then(([line]) => JSON.parse(line as string) as Outcome);
    const ended = once(child, 'exit').then(([code, signal]): Outcome => {
      this.#client = undefined;
      return { megabytes: 0, exit: code ?? signal };
    });
    child.stdin?.write(`${url}\n`);
    const outcome = await Promise.race([answered, ended]);
    for (const socket of this.#sockets) socket.destroy();
    return outcome;
  }

  async stop(): Promise<void> {
    await this.restart();
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Ends the client's process, so that the next one begins with little memory. */
  async restart(): Promise<void> {
    if (!this.#client) return;
    const { process: child, lines } = this.#client;
    this.#client = undefined;
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
    lines.close();
  }
}

/** What a Jupyter server answers. */
function answer({ method, url = '' }: IncomingMessage, response: ServerResponse): void {
  if (url.startsWith('/auth')) {
    response.writeHead(302, { location: '/jupyter/default/lab', 'set-cookie': ['session=one', '_xsrf=two'] }).end();
  } else if (method === 'DELETE') response.writeHead(204).end();
  else response.end(url.endsWith('api/terminals') ? '{"name": "1"}' : '{"started": "now"}');
}

function startClient() {
  // Garbage does not count: what is held at a time has to fit.
  const heap = ['--max-old-space-size=64', '--max-semi-space-size=4'];
  const args = [
    ...heap,
    '--conditions=studio-resources',
    '--no-warnings',
    join(import.meta.dirname, 'jupyter-client.ts'),
  ];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => {});
  return { process: child, lines: createInterface({ input: child.stdout }) };
}

/** A frame of a WebSocket, from the server: 0 continues, 1 is text, 2 binary, 8 closes, 9 is a ping. */
export function frame(opcode: number, payload: string | Buffer, { isLast = true } = {}): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.alloc(body.length < 126 ? 2 : body.length < 65_536 ? 4 : 10);
  head[0] = (isLast ? 0x80 : 0) | opcode;
  if (body.length < 126) head[1] = body.length;
  else if (body.length < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(body.length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(body.length), 2);
  }
  return Buffer.concat([head, body]);
}

/** The texts that a client types, from the frames of its WebSocket. */
function typed(chunk: Buffer, onText: (text: string) => void): Buffer {
  let rest = chunk;
  while (rest.length >= 6) {
    const short = rest[1]! & 0x7f;
    const at = short === 126 ? 4 : 2;
    const length = short === 126 ? rest.readUInt16BE(2) : short;
    if (rest.length < at + 4 + length) break;
    const mask = rest.subarray(at, at + 4);
    const body = rest.subarray(at + 4, at + 4 + length).map((byte, index) => byte ^ mask[index % 4]!);
    if ((rest[0]! & 0x0f) === 1) onText((JSON.parse(Buffer.from(body).toString()) as string[])[1]!);
    rest = rest.subarray(at + 4 + length);
  }
  return rest;
}

/** Plays a terminal's shell: takes scripts as the client types them, and has `run` write what they output. */
export function playShell(socket: Socket, run: (write: (output: string) => void, script: string) => void): void {
  let [nonce, code, rest] = ['', '', Buffer.alloc(0)];
  const write = (output: string) => void socket.write(frame(1, JSON.stringify(['stdout', output])));
  const mark = (text: string) => write(`\n${nonce} ${text}\n`);
  socket.on('data', (chunk) => {
    rest = typed(Buffer.concat([rest, chunk as Buffer]), (text) => {
      const [, first, second] = / sh ([0-9a-f]{16}) ([0-9a-f]{16})\n/.exec(text) ?? [];
      if (first) {
        nonce = `${first}${second}`;
        mark('ready');
      } else if (text === '.\n') {
        run(write, Buffer.from(code, 'base64').toString());
        code = '';
        mark('exit 0');
      } else {
        code += text.trim();
        mark('more');
      }
    }) as typeof rest;
  });
}

/** Writes chunks as fast as the other side reads them. */
export function flood(socket: Pick<Socket, 'write' | 'once' | 'destroyed'>, chunk: () => Buffer | string): void {
  const go = () => {
    while (!socket.destroyed) if (!socket.write(chunk())) return void socket.once('drain', go);
  };
  go();
}
