export { type LocalCloud, type LocalCloudOptions, startLocalCloud } from './local.ts';
export { localArguments, readLocalArguments } from './options.ts';
export type { ClientOptions, Keys } from './virtual/client-options.ts';
export type { Deployment, StackResult } from './virtual/stacks.ts';
export {
  type SavedCloud,
  startVirtualCloud,
  type VirtualCloud,
  type VirtualCloudOptions,
} from './virtual/virtual-cloud.ts';
