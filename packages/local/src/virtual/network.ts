import type { Clock } from '../clock.ts';
import { ConnectionFault } from '../faults/connection-fault.ts';
import { dateOf, handle } from '../http.ts';
import type { Cloud } from '../service.ts';
import type { Send } from './http-module.ts';
import type { Randomness } from './randomness.ts';

/** Virtual milliseconds that a request takes on its way, and its response on the way back. */
const latency = [1, 60] as const;

/** Carries requests to the cloud and their responses back, each of which takes its time. `cloud` is asked for at each. */
export function network(clock: Clock, randomness: Randomness, cloud: () => Cloud): Send {
  return (request, reply) => {
    let isConnected = true;
    const respond = (response: Parameters<typeof reply>[0]) => {
      clock.after(randomness.between(...latency), () => {
        if (isConnected) reply(response);
      });
    };
    clock.after(randomness.between(...latency), () => {
      handle(cloud(), request).then(
        (response) => respond({ ...response, headers: { ...response.headers, ...dateOf(request.headers) } }),
        (cause: Error) => respond(cause instanceof ConnectionFault ? connectionError(cause) : cause),
      );
    });
    return () => {
      isConnected = false;
    };
  };
}

/** As Node's own network errors are. */
function connectionError({ message, code }: ConnectionFault): Error {
  return Object.assign(new Error(message), { code });
}
