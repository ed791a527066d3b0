import type { Cloud } from '../../packages/local/src/service.ts';
import type { ClientOptions } from '../../packages/local/src/virtual/client-options.ts';
import type { VirtualCloud } from '../../packages/local/src/virtual/virtual-cloud.ts';

/** A cloud that functions run in: at virtual time, or with processes. */
export type Place = Pick<VirtualCloud, 'logLines' | 'until' | 'close'> & {
  readonly cloud: Cloud;
  clientOptions(): SdkOptions;
};
export type SdkOptions = Pick<ClientOptions, 'endpoint' | 'region' | 'credentials'> & Partial<ClientOptions>;
