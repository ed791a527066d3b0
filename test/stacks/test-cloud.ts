import type { Exchange } from '../../packages/local/src/cloud-events.ts';
import type { InjectedFault, Rule } from '../../packages/local/src/faults/rule.ts';
import type { Keys } from '../../scripts/start/clients.ts';
import type { Caller } from './caller.ts';

/**
 * A cloud that a test of stacks runs on: at virtual time in this process, or with CLOUD=wire, behind a socket and with
 * functions in processes. A test runs on both.
 */
export interface TestCloud extends Caller {
  readonly kind: 'virtual' | 'wire';
  /** A caller: another account, the owner of these keys, or the account in another Region. */
  as(who?: string | Keys, region?: string): Caller;
  /** The directory with the files of file systems, each in a directory of its own. */
  readonly files: string;
  /** Lets so many milliseconds of the cloud's time pass. */
  pass(ms: number): Promise<void>;
  /** What the apps of a user profile, by its ARN, call AWS with. */
  userKeys(userProfileArn: string): Promise<Keys>;
  /** Every call that was made so far, oldest first. */
  calls(): Promise<Exchange[]> | Exchange[];
  /** The faults that were injected so far, oldest first. */
  injectedFaults(): Promise<InjectedFault[]> | InjectedFault[];
  /** What a function has logged, oldest first. */
  logLines(functionName: string): Promise<string[]>;
  /** `fetch` for presigned URLs of the cloud. */
  fetch: typeof globalThis.fetch;
  stop(): Promise<void>;
}

/** How a test's cloud is made. */
export interface TestCloudOptions {
  /** The parameters of provider.yaml; false where no provider is installed. Its own defaults if left out. */
  provider?: Record<string, string> | false;
  faults?: Rule[];
  /** Decides where faults with a `rate` are injected; 1 if left out. */
  seed?: number;
}
