import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { foreignPageIn } from '../foreign-page.ts';
import type { Invocation } from './runner.ts';

/** The largest answer that Lambda takes: 6 MB and some room for its envelope. */
export const maxResponseBytes = 6 * 1024 * 1024 + 100;

/** What the runtime in an execution environment tells. Bodies are JSON, errors have errorType and errorMessage. */
export interface RuntimeEvents {
  /** The runtime asks for work: it is initialised, or done with the last invocation. */
  next(): void;
  response(requestId: string, body: Buffer, headers: IncomingHttpHeaders): void;
  error(requestId: string, body: Buffer, headers: IncomingHttpHeaders): void;
  initError(body: Buffer): void;
}

export interface RuntimeApi {
  /** `host:port`, for AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Hands an invocation to the runtime, when it next asks. `deadline` is in virtual milliseconds since the epoch. */
  offer(invocation: Invocation, deadline: number): void;
  close(): void;
}

/** Serves AWS's Runtime API (2018-06-01) to one execution environment. */
export async function serveRuntimeApi(events: RuntimeEvents): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  let offered: { invocation: Invocation; deadline: number } | undefined;

  function deliver(): void {
    if (!waiting || !offered) return;
    const { invocation, deadline } = offered;
    waiting.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': invocation.payload.byteLength,
      'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
      'Lambda-Runtime-Deadline-Ms': Math.floor(deadline),
      'Lambda-Runtime-Invoked-Function-Arn': invocation.invokedFunctionArn,
      'Lambda-Runtime-Trace-Id': invocation.traceId,
      ...(invocation.clientContext && {
        'Lambda-Runtime-Client-Context': Buffer.from(invocation.clientContext, 'base64').toString('latin1'),
      }),
    });
    waiting.end(invocation.payload);
    waiting = offered = undefined;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.replace('/2018-06-01/runtime/', '') ?? '';
    if (request.method === 'GET' && path === 'invocation/next') {
      waiting = response;
      events.next();
      deliver();
      return;
    }
    const body = await read(request);
    const outcome = /^invocation\/([^/]+)\/(response|error)$/.exec(path);
    if (request.method !== 'POST' || !(outcome || path === 'init/error')) {
      response.writeHead(404).end();
    } else if (!outcome) {
      // Without an answer: the process is ended first, so that what it logs does not depend on who is faster.
      events.initError(body);
    } else if (body.byteLength > maxResponseBytes) {
      response.writeHead(413).end();
      events.error(outcome[1]!, tooLarge, request.headers);
    } else if (outcome[2] === 'response' && !request.trailers['lambda-runtime-function-error-type']) {
      response.writeHead(202).end('{"status":"OK"}');
      events.response(outcome[1]!, body, request.headers);
    } else {
      response.writeHead(202).end('{"status":"OK"}');
      // A stream that breaks off says so after its body.
      const trailer = request.trailers['lambda-runtime-function-error-body'];
      events.error(outcome[1]!, trailer ? Buffer.from(trailer, 'base64') : body, request.headers);
    }
  }

  const server = createServer((request, response) => {
    // A page could otherwise take an invocation, or answer for the function.
    if (foreignPageIn(request) !== undefined) {
      response.writeHead(403, { connection: 'close' }).end();
      return;
    }
    handle(request, response).catch(() => response.destroy());
  });
  // The runtime waits for work as long as there is none.
  server.requestTimeout = server.headersTimeout = server.keepAliveTimeout = server.timeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    offer(invocation, deadline) {
      offered = { invocation, deadline };
      deliver();
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const tooLarge = Buffer.from(
  JSON.stringify({
    errorMessage: `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
    errorType: 'Function.ResponseSizeTooLarge',
  }),
);

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
