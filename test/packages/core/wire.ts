import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { Duplex } from 'node:stream';

/** What the other end does with one request. `taken` says whether it read the body and kept it nevertheless. */
export type Reply = { readonly status: number } | 'reset' | 'silence';

/** A request as its bytes came over the wire. */
export interface WireRequest {
  /** Scheme, host and port that the connection was opened to, as the URL's origin. */
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export interface Wire {
  /** Origins that a real connection was tried to, past the wire. Nothing should ever be here. */
  readonly escaped: readonly string[];
  restore(): void;
}

/**
 * Puts a wire in memory under Node's own HTTP clients: requests are written and replies parsed by Node, but nothing
 * leaves the process, and a silent socket times out by `globalThis.setTimeout`, so in whatever time that runs.
 */
export function wire(reply: (request: WireRequest) => Reply): Wire {
  const escaped: string[] = [];
  const originals = [http.Agent.prototype, https.Agent.prototype].map(
    (agent) => [agent, agent.createConnection] as const,
  );
  const connect = net.Socket.prototype.connect;
  for (const [agent] of originals) {
    const [scheme, usual] = agent === http.Agent.prototype ? ['http', 80] : ['https', 443];
    agent.createConnection = ({ host, port }) => {
      const authority = Number(port) === usual ? host : `${host}:${port}`;
      return new WireSocket(`${scheme}://${authority}`, reply) as unknown as Duplex;
    };
  }
  net.Socket.prototype.connect = function refuse(...args: unknown[]) {
    escaped.push(JSON.stringify(args[0]));
    throw new Error('A connection past the wire');
  };
  return {
    escaped,
    restore() {
      for (const [agent, createConnection] of originals) agent.createConnection = createConnection;
      net.Socket.prototype.connect = connect;
    },
  };
}

/** The client's end of a connection, with the server behind it. */
class WireSocket extends Duplex {
  readonly origin: string;
  readonly reply: (request: WireRequest) => Reply;
  received = Buffer.alloc(0);
  timer: ReturnType<typeof setTimeout> | undefined;

  constructor(origin: string, reply: (request: WireRequest) => Reply) {
    super();
    this.origin = origin;
    this.reply = reply;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.received = Buffer.concat([this.received, chunk]);
    const request = parsed(this.origin, this.received);
    done();
    if (request) this.answer(this.reply(request));
  }

  override _read(): void {}

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.timer);
    done(error);
  }

  answer(reply: Reply): void {
    if (reply === 'silence') return;
    if (reply === 'reset') {
      this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
      return;
    }
    this.push(`HTTP/1.1 ${reply.status} Scripted\r\ncontent-length: 4\r\nconnection: close\r\n\r\nbody`);
    this.push(null);
  }

  setTimeout(ms: number): this {
    clearTimeout(this.timer);
    this.timer = ms > 0 ? setTimeout(() => this.emit('timeout'), ms) : undefined;
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** The request, once as much of its body is there as its Content-Length says. */
function parsed(origin: string, received: Buffer): WireRequest | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = received.subarray(0, end).toString('latin1').split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = new Map(lines.map((line) => split(line)));
  const body = received.subarray(end + 4);
  if (body.byteLength < Number(headers.get('content-length') ?? 0)) return undefined;
  return { origin, method, path, headers, body };
}

function split(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
