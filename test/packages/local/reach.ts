import { dateOf, handle } from '../../../packages/local/src/http.ts';
import type { Cloud } from '../../../packages/local/src/service.ts';
import { fetchFrom } from '../../../packages/local/src/virtual/fetch.ts';
import type { Send } from '../../../packages/local/src/virtual/http-module.ts';
import { requestHandler } from '../../../packages/local/src/virtual/request-handler.ts';

/** How SDK clients, and `fetch`, reach a cloud of this process: without a socket, and in no time. */
export function reach(cloud: Cloud) {
  const send: Send = (request, reply) => {
    handle(cloud, request).then(
      ({ headers, ...response }) => reply({ ...response, headers: { ...headers, ...dateOf(request.headers) } }),
      reply,
    );
    return () => {};
  };
  return { requestHandler: requestHandler({ during: (response) => response }, send), fetch: fetchFrom(send) };
}
