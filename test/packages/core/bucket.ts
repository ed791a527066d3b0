import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What the bucket does with one PUT: answers a status; cuts the connection once it has all of it, or before it has the
 * body; never answers, or late; or takes it, and breaks off while it says so.
 */
export type Move = number | 'reset' | 'reset before the body' | 'hang' | 'late' | 'break off';

/** Those after which the answer is taken. */
const takes: readonly Move[] = [200, 'late', 'break off'];

export interface Put {
  readonly method?: string;
  readonly url?: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer as CloudFormation reads it. */
export interface Answer {
  Status: 'SUCCESS' | 'FAILED';
  Reason?: string;
  PhysicalResourceId: string;
  StackId: string;
  RequestId: string;
  LogicalResourceId: string;
  Data?: Record<string, string>;
}

export interface Bucket {
  /** A presigned URL of this bucket, with a secret in it. */
  readonly url: string;
  /** Every PUT that came in, whatever was done with it. */
  readonly puts: readonly Put[];
  /** The only answer that was taken. */
  answer(): Answer;
  close(): Promise<void>;
}

/** A response bucket on a real socket. It plays its moves in order, then takes everything. */
export async function responseBucket(...moves: Move[]): Promise<Bucket> {
  const puts: Put[] = [];
  const taken: Put[] = [];
  const server = createServer(async (request, response) => {
    const move = moves.shift() ?? 200;
    if (move === 'reset before the body') {
      puts.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.alloc(0) });
      request.socket.resetAndDestroy();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    const put = { method, url, headers, body: Buffer.concat(chunks) };
    puts.push(put);
    if (takes.includes(move)) taken.push(put);
    play(move, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.AWS_ENDPOINT_URL = origin;
  return {
    url: `${origin}/answers/arn%3Aaws%7CThing?X-Amz-Credential=AKIDEXAMPLE%2F20261121&X-Amz-Signature=5ecre7s1gnature`,
    puts,
    answer() {
      if (taken.length !== 1) throw new Error(`${taken.length} answers were taken, not one`);
      return JSON.parse(String(taken[0]?.body));
    },
    async close() {
      delete process.env.AWS_ENDPOINT_URL;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function play(move: Move, response: ServerResponse): void {
  if (move === 'hang') return;
  if (move === 'reset') response.destroy();
  else if (move === 'late') setTimeout(() => response.writeHead(200).end(), 300);
  else if (move === 'break off')
    response.writeHead(200, { 'content-length': 1000 }).write('<', () => response.destroy());
  else if (typeof move === 'number') response.writeHead(move).end('a body that is not read');
}
