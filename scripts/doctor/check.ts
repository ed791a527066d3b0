import type { Finding } from './finding.ts';
import type { Installation } from './installation.ts';

/** One thing that an installation has to be. It only reads. */
export interface Check {
  /** In two or three words: `log retention`. */
  readonly name: string;
  find(installation: Installation): Promise<Finding[]>;
}
