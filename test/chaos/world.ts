import type { Clock } from '../../packages/local/src/clock.ts';
import { accountPrincipal } from '../../packages/local/src/principal.ts';
import type { Cloud, Input, OperationName, Output, Service } from '../../packages/local/src/service.ts';
import type { Store } from '../../packages/local/src/store.ts';

export const account = '111122223333';
export const region = 'us-east-1';

/** A cloud that histories are played in, and what is there to be looked at. */
export interface World {
  readonly time: Clock;
  readonly store: Store;
  readonly cloud: Cloud;
  readonly call: Caller;
  /** The directory with the files of file systems, each in a directory of its own. */
  readonly files: string;
}

/** Calls a service as an account itself: that of the stacks, unless said otherwise. */
export type Caller = <M extends object, Name extends OperationName<M>>(
  service: Service<M>,
  operation: Name,
  input: Input<M, Name>,
) => Promise<Output<M, Name>>;

export function callerOf(cloud: Cloud, as = account): Caller {
  const principal = accountPrincipal(as);
  return (service, operation, input) => cloud.invoke(service, operation, input, { principal, region });
}
