export type { Exchange } from './cloud-events.ts';
export type { InjectedFault, Rule } from './faults/rule.ts';
export type { FailedInvocation } from './lambda/executor.ts';
export { type LocalCloud, type LocalCloudOptions, startLocalCloud } from './local.ts';
export { localArguments, readLocalArguments } from './options.ts';
export type { ClientOptions, Keys } from './virtual/client-options.ts';
export type { Deployment, StackResult } from './virtual/deployment.ts';
export type { SavedCloud, VirtualCloudOptions } from './virtual/options.ts';
export { startVirtualCloud, type VirtualCloud } from './virtual/virtual-cloud.ts';
