import { type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** From Studio's paths to a Jupyter server, whatever its own base URL is. */
export interface ProxyRoute {
  /** `/jupyter/default` */
  prefix: string;
  server: URL;
}

/** Hands a request on to the server, and its answer back. */
export function forward(incoming: IncomingMessage, outgoing: ServerResponse, route: ProxyRoute): void {
  const onward = request(addressOf(incoming, route), (response) => {
    outgoing.writeHead(response.statusCode ?? 502, rewriteResponseHeaders(response.headers, route));
    response.pipe(outgoing);
  });
  onward.on('error', () => {
    // Once it has begun, an answer can only be broken off.
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end();
  });
  outgoing.on('error', () => onward.destroy());
  incoming.pipe(onward);
}

/** Hands a WebSocket on to the server: once both have agreed on it, bytes pass both ways. */
export function forwardUpgrade(
  incoming: IncomingMessage,
  { socket, head }: { socket: Duplex; head: Buffer },
  route: ProxyRoute,
): void {
  const onward = request(addressOf(incoming, route));
  const refuse = (status: number) => socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\n`);
  onward.on('upgrade', (response, server, first) => {
    const lines = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
    socket.write(first);
    server.write(head);
    server.pipe(socket).pipe(server);
    // When either goes, so does the other.
    for (const [one, other] of [
      [server, socket],
      [socket, server],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  onward.on('response', (response) => {
    response.resume();
    refuse(response.statusCode ?? 502);
  });
  onward.on('error', () => refuse(502));
  socket.on('error', () => onward.destroy());
  onward.end();
}

function addressOf({ url = '/', method, headers }: IncomingMessage, { prefix, server }: ProxyRoute) {
  const rest = url.slice(prefix.length);
  const path = `${baseOf(server)}${rest.startsWith('/') ? rest : `/${rest}`}`;
  return { host: server.hostname, port: server.port || 80, method, path, headers };
}

/** The server names paths as it knows them. */
function rewriteResponseHeaders(headers: IncomingHttpHeaders, route: ProxyRoute): IncomingHttpHeaders {
  const { location, 'set-cookie': cookies } = headers;
  const base = baseOf(route.server);
  const outside = (path: string) => (path.startsWith(`${base}/`) ? route.prefix + path.slice(base.length) : path);
  return {
    ...headers,
    ...(location?.startsWith('/') && { location: outside(location) }),
    ...(cookies && {
      'set-cookie': cookies.map((one) => one.replace(/(; *path=)([^;]*)/i, (_, name, path) => name + outside(path))),
    }),
  };
}

function baseOf({ pathname }: URL): string {
  return pathname.replace(/\/$/, '');
}
