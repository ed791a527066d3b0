import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, scaledClock } from '../../../packages/local/src/clock.ts';
import type { FailedInvocation } from '../../../packages/local/src/lambda/executor.ts';
import { type OpenCloud, openCloud } from '../../../packages/local/src/open-cloud.ts';
import type { Cloud } from '../../../packages/local/src/service.ts';
import { Store } from '../../../packages/local/src/store.ts';
import type { SavedCloud } from '../../../packages/local/src/virtual/options.ts';
import type { Setting } from '../cloud.ts';
import { usualLag } from '../fault-rules.ts';
import { type Caller, callerOf, type World } from '../world.ts';

/**
 * How many times as fast as AWS time goes by. On a much faster clock a moment's load would be minutes, and functions
 * would run out of time; so it is the services that are quick.
 */
const speed = 25;

/** The local cloud as `npm run local` starts it: its functions are processes, and reach it over sockets. */
export class WireCloud implements World {
  readonly time: Clock;
  readonly store: Store;
  readonly cloud: Cloud;
  readonly call: Caller;
  readonly files: string;
  /** The invocations whose process ended before they did. */
  readonly broken: FailedInvocation[];
  readonly #opened: OpenCloud;

  private constructor(time: Clock, store: Store, opened: OpenCloud, broken: FailedInvocation[], files: string) {
    this.time = time;
    this.store = store;
    this.cloud = opened.cloud;
    this.call = callerOf(opened.cloud);
    this.broken = broken;
    this.files = files;
    this.#opened = opened;
  }

  /** Opens a cloud on a free port; `jupyter` is where the server of every app is. No request gets a response before `serve`. */
  static async open({ seed, durations, rules }: Setting, from?: SavedCloud, jupyter?: string): Promise<WireCloud> {
    const store = new Store();
    const begun = from && store.load(from.state);
    // Durations are drawn from the store's numbers: other ones make another history.
    for (let count = seed % 9973; count > 0; count -= 1) store.next();
    const clock = scaledClock(speed, begun);
    const broken: FailedInvocation[] = [];
    const onFailure = (failure: FailedInvocation) => {
      // What a handler throws has a name of its own.
      if (/^(Runtime|Sandbox)\./.test(failure.errorType)) broken.push(failure);
    };
    const files = await mkdtemp(join(tmpdir(), 'studio-resources-chaos-files-'));
    const plan = { rules: [...rules, usualLag], seed };
    const opened = await openCloud({ files, port: 0, clock, store, durations, jupyter, faults: plan, onFailure });
    return new WireCloud(clock, store, opened, broken, files);
  }

  serve(): void {
    this.#opened.serve();
  }

  /** Ends every process, and frees the port. */
  async close(): Promise<void> {
    await this.#opened.close();
    await rm(this.files, { recursive: true, force: true });
  }
}
