import { EventEmitter } from 'node:events';
import http from 'node:http';
import { Readable, Writable } from 'node:stream';
import type { HttpRequest, HttpResponse } from '../protocols/adapter.ts';
import { refusing } from './guarded-modules.ts';

/** Takes a request to where it goes. `reply` is called once at most; the returned function hangs up. */
export type Send = (request: HttpRequest, reply: (answer: HttpResponse | Error) => void) => () => void;

/** Sets a timer; the returned function clears it. */
type After = (ms: number, run: () => void) => () => void;

interface Options {
  method?: string;
  protocol?: string;
  host?: string | null;
  hostname?: string | null;
  port?: number | string | null;
  path?: string | null;
  pathname?: string;
  search?: string;
  headers?: Record<string, string | number>;
  timeout?: number;
  signal?: AbortSignal;
}

/** `node:http`, or `node:https`, as far as a function uses it: its requests go to `send`, its timeouts are `after`'s. */
export function httpModule(send: Send, after: After): object {
  class Request extends Writable {
    readonly #chunks: Buffer[] = [];
    readonly #head: Omit<HttpRequest, 'body'>;
    readonly socket = new Socket();
    #answered = false;
    #hangUp = () => {};
    #stopTimer = () => {};

    constructor(where: URL | string | Options, ...rest: unknown[]) {
      super({ autoDestroy: false });
      const callback = rest.find((one) => typeof one === 'function') as ((response: Response) => void) | undefined;
      const options = optionsOf(where, rest[0]);
      this.#head = headOf(options);
      if (callback) this.once('response', callback);
      if (options.timeout) this.setTimeout(options.timeout);
      const abort = () => this.destroy(options.signal?.reason as Error);
      options.signal?.addEventListener('abort', abort, { once: true });
      this.once('close', () => options.signal?.removeEventListener('abort', abort));
      process.nextTick(() => this.emit('socket', this.socket));
    }

    override _write(chunk: Buffer, _encoding: string, done: () => void): void {
      this.#chunks.push(Buffer.from(chunk));
      done();
    }

    override _final(done: () => void): void {
      const request = { ...this.#head, body: Buffer.concat(this.#chunks) };
      this.#hangUp = send(request, (answer) => {
        if (this.destroyed) return;
        if (answer instanceof Error) {
          this.destroy(answer);
          return;
        }
        this.#answered = true;
        this.emit('response', new Response(answer));
        this.destroy();
      });
      done();
    }

    override _destroy(error: Error | null, done: (error: Error | null) => void): void {
      this.#hangUp();
      this.#stopTimer();
      done(error ?? (this.#answered ? null : socketHangUp()));
    }

    /** Emits `timeout` when there was no answer for so long. */
    setTimeout(ms: number, listener?: () => void): this {
      if (listener) this.once('timeout', listener);
      this.#stopTimer();
      if (ms > 0) this.#stopTimer = after(ms, () => this.emit('timeout'));
      return this;
    }
  }

  const request = (where: URL | string | Options, ...rest: unknown[]) => new Request(where, ...rest);
  const get = (where: URL | string | Options, ...rest: unknown[]) => request(where, ...rest).end();
  return { ...http, request, get, createServer: refusing('http.createServer') };
}

function socketHangUp(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

/** A connection that stands at once. */
class Socket extends EventEmitter {
  readonly connecting = false;

  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }
}

class Response extends Readable {
  readonly statusCode: number;
  readonly statusMessage = '';
  readonly headers: Record<string, string>;

  constructor({ status, headers, body }: HttpResponse) {
    super({ read() {} });
    this.statusCode = status;
    this.headers = headers;
    this.push(body);
    this.push(null);
  }
}

function optionsOf(where: URL | string | Options, more: unknown): Options {
  const given = typeof where === 'string' ? new URL(where) : where;
  const base: Options =
    given instanceof URL ? { hostname: given.hostname, port: given.port, path: given.pathname + given.search } : given;
  return { ...base, ...(typeof more === 'object' ? more : undefined) };
}

function headOf({ method = 'GET', hostname, host, port, path, headers = {} }: Options): Omit<HttpRequest, 'body'> {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const authority = `${hostname ?? host ?? 'localhost'}${port ? `:${port}` : ''}`;
  return { method, url: path ?? '/', headers: { host: authority, ...Object.fromEntries(named) } };
}
