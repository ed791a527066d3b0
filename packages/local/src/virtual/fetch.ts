import { noServer } from '../studio/front.ts';
import type { Send } from './http-module.ts';
import { exchange } from './request-handler.ts';

/** AWS's hosts of Studio: `d-abcdefghijkl.studio.us-east-1.sagemaker.aws`. */
const studio = /\.studio\.[a-z0-9-]+\.sagemaker\.aws$/;

/** The global `fetch`, whose requests go to `send`. */
export function fetchFrom(send: Send): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { host, pathname, search } = new URL(request.url);
    if (studio.test(host)) return new Response(null, { status: 403, statusText: noServer });
    const { status, headers, body } = await exchange(
      send,
      {
        method: request.method,
        url: pathname + search,
        headers: { host, ...Object.fromEntries(request.headers) },
        body: new Uint8Array(await request.arrayBuffer()),
      },
      request.signal,
    );
    const hasBody = status >= 200 && status !== 204 && status !== 205 && status !== 304 && body.length > 0;
    return new Response(hasBody ? Buffer.from(body) : null, { status, headers });
  };
}
