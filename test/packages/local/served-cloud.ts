import type { Cloud } from '../../../packages/local/src/cloud.ts';
import { createCloud } from '../../../packages/local/src/create-cloud.ts';
import { listen } from '../../../packages/local/src/server.ts';
import type { Service } from '../../../packages/local/src/service.ts';
import { Store } from '../../../packages/local/src/store.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A cloud of these services behind a socket, at a time that moves only when the test moves it. */
export interface ServedCloud {
  cloud: Cloud;
  clock: VirtualClock;
  /** Options of an SDK client that calls as this account. */
  as(account: string, region?: string): ClientOptions;
  close(): Promise<void>;
}

export interface ClientOptions {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
}

/** Every caller may do everything, as far as IAM goes. */
export async function serveCloud(services: Service[]): Promise<ServedCloud> {
  const clock = new VirtualClock();
  const listener = await listen(0);
  const { endpoint } = listener;
  const cloud = createCloud({ clock, store: new Store(), endpoint, services, authorise() {} });
  listener.serve(cloud);
  return {
    cloud,
    clock,
    as: (account, region = 'us-east-1') => ({
      endpoint,
      region,
      credentials: { accessKeyId: account, secretAccessKey: 'secret' },
      maxAttempts: 1,
    }),
    async close() {
      cloud.close();
      await listener.close();
    },
  };
}
