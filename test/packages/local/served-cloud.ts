import { createCloud } from '../../../packages/local/src/create-cloud.ts';
import type { Cloud, Service } from '../../../packages/local/src/service.ts';
import { Store } from '../../../packages/local/src/store.ts';
import { reach } from './reach.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A cloud of these services for SDK clients, at a time that moves only when the test moves it. */
export interface ServedCloud {
  cloud: Cloud;
  clock: VirtualClock;
  /** Options of an SDK client that calls as this account. */
  as(account: string, region?: string): ClientOptions;
  /** The global `fetch`, into this cloud. */
  fetch: typeof globalThis.fetch;
  close(): void;
}

export interface ClientOptions {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
  requestHandler: ReturnType<typeof reach>['requestHandler'];
}

/** Every caller may do everything, as far as IAM goes. */
export function serveCloud(services: Service[]): ServedCloud {
  const clock = new VirtualClock();
  const endpoint = 'http://127.0.0.1:4566';
  const cloud = createCloud({ clock, store: new Store(), endpoint, services, authorise() {} });
  const { requestHandler, fetch } = reach(cloud);
  return {
    cloud,
    clock,
    as: (account, region = 'us-east-1') => ({
      endpoint,
      region,
      credentials: { accessKeyId: account, secretAccessKey: 'secret' },
      maxAttempts: 1,
      requestHandler,
    }),
    fetch,
    close: () => cloud.close(),
  };
}
