import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { frontAnswer, writeFront } from './browser/front.ts';
import { ConnectionFault } from './faults/connection-fault.ts';
import { foreignPageIn, isNavigation, notAPage } from './foreign-page.ts';
import { dateOf, handle } from './http.ts';
import type { HttpRequest } from './protocols/adapter.ts';
import type { Cloud } from './service.ts';
import { answerCredentials, asksForCredentials } from './studio/credentials.ts';
import { type StudioFront, studioFront } from './studio/front.ts';

/** The port, once it is taken. */
export interface Listener {
  /** `http://127.0.0.1:4566` */
  readonly endpoint: string;
  /** Answers requests from this cloud; until then they are answered 503. */
  serve(cloud: Cloud): void;
  /** Ends open connections and gives the port back. */
  close(): Promise<void>;
}

/** Listens on a port of 127.0.0.1; 0 takes any that is free. */
export function listen(port: number): Promise<Listener> {
  let cloud: Cloud | undefined;
  let studio: StudioFront | undefined;
  const upgraded = new Set<Duplex>();
  /** Links lead to Studio from the pages of others, as they do in AWS; nothing else does. */
  const refusalOf = (incoming: IncomingMessage) =>
    isNavigation(incoming) && studio?.isForStudio(incoming)
      ? foreignPageIn({ headers: { host: incoming.headers.host } })
      : foreignPageIn(incoming);
  const server = createServer((incoming, outgoing) => {
    const refusal = refusalOf(incoming);
    if (refusal !== undefined) {
      refuse(outgoing, refusal);
      return;
    }
    if (!cloud) {
      outgoing.writeHead(503, { 'retry-after': '1' }).end();
      return;
    }
    if (studio?.isForStudio(incoming)) {
      studio.respond(incoming, outgoing);
      return;
    }
    const front = frontAnswer(cloud, incoming);
    if (front) {
      writeFront(incoming, outgoing, front);
      return;
    }
    const answering = asksForCredentials(incoming) ? answerCredentials : respond;
    answering(cloud, incoming, outgoing).catch((cause) => {
      if (cause instanceof ConnectionFault) {
        incoming.socket.resetAndDestroy();
        return;
      }
      // A client that leaves before its request is complete wants no answer.
      if (incoming.complete)
        console.error(`Answering ${incoming.method} ${incoming.url?.split('?')[0]} failed:`, cause);
      outgoing.destroy();
    });
  });
  server.on('upgrade', (incoming, socket, head) => {
    if (foreignPageIn(incoming) !== undefined || !studio?.isForStudio(incoming)) {
      socket.destroy();
      return;
    }
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    studio.upgrade(incoming, socket, head);
  });
  // Clients keep idle connections for a while; one that is closed just as it is used again is an error to them.
  server.keepAliveTimeout = 65_000;
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(cause.code === 'EADDRINUSE' ? portTaken(port, cause) : cause);
    });
    server.listen(port, '127.0.0.1', () => {
      resolve({
        endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        serve(one) {
          cloud = one;
          studio = studioFront(one);
        },
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
            for (const socket of upgraded) socket.destroy();
          }),
      });
    });
  });
}

function refuse(outgoing: ServerResponse, why: string): void {
  // A client that sends a large body would wait for room, and never read the answer.
  outgoing.writeHead(403, { 'content-type': 'text/plain', connection: 'close', ...notAPage });
  outgoing.end(`Refusing the request: its ${why}.\n`);
}

function portTaken(port: number, cause: Error): Error {
  return new Error(
    `Listening on 127.0.0.1:${port}: the port is taken. Stop what uses it, or choose another with --port.`,
    { cause },
  );
}

async function respond(cloud: Cloud, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { status, headers, body } = await handle(cloud, await readRequest(incoming));
  if (incoming.method !== 'HEAD') headers['content-length'] = `${body.length}`;
  Object.assign(headers, dateOf(incoming.headers), notAPage);
  outgoing.writeHead(status, headers).end(body);
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { method: incoming.method ?? 'GET', url: incoming.url ?? '/', headers, body: Buffer.concat(chunks) };
}
