import type { Rule } from '../../packages/local/src/faults/rule.ts';
import type { Cloud } from '../../packages/local/src/service.ts';
import type { Store } from '../../packages/local/src/store.ts';
import type { SavedCloud } from '../../packages/local/src/virtual/options.ts';
import { VirtualCloud } from '../../packages/local/src/virtual/virtual-cloud.ts';
import type { VirtualTime } from '../../packages/local/src/virtual/virtual-time.ts';
import { usualLag } from './fault-rules.ts';
import { account, type Caller, callerOf, region, type World } from './world.ts';

/** What makes one simulated cloud another than the next. */
export interface Setting {
  seed: number;
  /** How long the services take, as a multiple of what they take at AWS. */
  durations: number;
  rules: readonly Rule[];
}

/** A world at virtual time. */
export class SimulatedCloud implements World {
  readonly virtual: VirtualCloud;
  readonly time: VirtualTime;
  readonly store: Store;
  readonly cloud: Cloud;
  readonly call: Caller;
  readonly files: string;

  constructor({ seed, durations, rules }: Setting, from?: SavedCloud) {
    this.virtual = new VirtualCloud({ seed, durations, faults: [...rules, usualLag], account, region, from });
    this.time = this.virtual.time;
    this.cloud = this.virtual.cloud;
    this.store = this.cloud.store;
    this.call = callerOf(this.cloud);
    this.files = this.virtual.files;
    // Two stacks have up to four domains, and each may be replaced; two more have no stack.
    this.store.table<number>('sagemaker', { account, region }, 'quotas').set('Total domains', 10);
  }
}
