import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/protocols';
import type { HttpRequest } from '@smithy/types';
import type { Send } from './http-module.ts';
import type { VirtualTime } from './virtual-time.ts';

/**
 * The `requestHandler` of an SDK client: its requests go into the cloud without a socket. Time passes until the response
 * is there.
 */
export function requestHandler(time: Pick<VirtualTime, 'during'>, send: Send) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: HttpRequest, { abortSignal }: { abortSignal?: unknown } = {}) {
      const { method, headers } = request;
      const body = await bytesIn(request.body);
      const sent = { method, url: urlOf(request), headers: lowerCase(headers), body };
      const response = await time.during(exchange(send, sent, abortSignal as AbortSignal | undefined));
      return {
        response: new HttpResponse({
          statusCode: response.status,
          headers: response.headers,
          body: Readable.from(response.body.length > 0 ? [Buffer.from(response.body)] : []),
        }),
      };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  };
}

/** Sends a request and gives its response; rejects where there is none, or it is aborted. */
export function exchange(send: Send, request: Parameters<Send>[0], signal?: AbortSignal) {
  return new Promise<Exclude<Parameters<Parameters<Send>[1]>[0], Error>>((resolve, reject) => {
    const hangUp = send(request, (answer) => {
      if (answer instanceof Error) reject(answer);
      else resolve(answer);
    });
    signal?.addEventListener?.('abort', () => {
      hangUp();
      reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
    });
  });
}

async function bytesIn(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) chunks.push(Buffer.from(chunk as string));
  return Buffer.concat(chunks);
}

function urlOf({ path, query = {} }: HttpRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) =>
      one === null ? encode(name) : `${encode(name)}=${encode(String(one))}`,
    ),
  );
  return pairs.length > 0 ? `${path}?${pairs.join('&')}` : path;
}

/** As the SDK signs it. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
